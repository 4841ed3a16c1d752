"""Where the board of an incident is."""

import os

from domain.value.incident_id import spelled

BOARD = "http://127.0.0.1:8080"
"""Where the board is, unless STANDFAST_BOARD_URL says otherwise."""


def address(incident: str = "") -> str:
    """The page of an incident, which may be spelled as people do; without one the list."""
    board = os.environ.get("STANDFAST_BOARD_URL", BOARD).rstrip("/")
    return f"{board}/incidents/{spelled(incident)}" if incident else f"{board}/"
