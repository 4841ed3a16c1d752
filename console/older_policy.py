"""Whether an incident goes by an older policy than the file's: it keeps the one that it opened under."""

from collections.abc import Sequence

from rich.text import Text

from config.company import Settings, load
from config.place import InvalidFile
from console.screen import show
from domain.company.policy import Policy
from domain.incident.event import Event
from domain.incident.opening import Opened
from domain.incident.record import PolicyAdopted

OF_THE_MACHINE = frozenset({"board"})
"""What the environment may say in the file's place."""


def say_older(events: Sequence[Event]) -> None:
    """Say in one line which parts of the file are others now; nothing where none is, or where it cannot be read."""
    file = Settings().standfast_policy
    try:
        now = load(file, Policy)
    except InvalidFile:
        return  # the doctor says it
    kept = [event.what.policy for event in events if isinstance(event.what, Opened | PolicyAdopted)]
    names = [name for name in Policy.model_fields if kept and getattr(kept[-1], name) != getattr(now, name)]
    if changed := [name for name in names if name not in OF_THE_MACHINE]:
        show(
            Text(f"It keeps the policy that it opened under; {file} says otherwise now: {', '.join(changed)}", "yellow")
        )
