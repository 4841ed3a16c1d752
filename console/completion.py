"""What TAB offers beside the names of commands: people of the catalog, and incidents that are open."""

import asyncio

import typer

from client.port import OPEN, IncidentSummary
from config.company import Company, Settings
from console.reach import Opener, reach

PATIENCE = 1.0
"""Seconds that the engine is waited for; who presses TAB waits for no more."""
Offer = tuple[str, str]
"""What is offered, and what is said of it."""


def people(incomplete: str) -> list[Offer]:
    """Whose id begins so; nobody where the catalog cannot be read."""
    try:
        known = Company(Settings()).catalog.people.values()
    except Exception:
        return []
    return [(one.id, one.name) for one in known if not one.left and one.id.startswith(incomplete)]


def incidents(context: typer.Context, incomplete: str) -> list[Offer]:
    """The open incidents whose id begins so, as it is typed; none where the engine does not answer."""
    try:
        listed = asyncio.run(_open(context.find_root().obj or reach))
    except Exception:
        return []
    typed = incomplete.upper()
    found = ((one, one.id if "INC-".startswith(typed[:4]) else one.id[4:]) for one in listed)
    begun = ((one, id) for one, id in found if id.startswith(typed))
    return [(incomplete + id[len(incomplete) :], f"{one.severity} {one.service}") for one, id in begun]


async def _open(opener: Opener) -> tuple[IncidentSummary, ...]:
    async with asyncio.timeout(PATIENCE), opener() as link:
        return await link.list_incidents(OPEN)
