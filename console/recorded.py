"""What the records tell of an incident while neither engine nor worker does."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo

from client.port import Unanswered
from console import page
from console.code import UNANSWERED
from console.ending import CommandRefused
from console.screen import complain, show, show_json
from console.timeline_page import timeline
from domain.incident.event import Event
from domain.report.view import view
from domain.run import read as fold
from domain.run.agenda import owed

Teller = Callable[[Sequence[Event]], None]
"""Shows an incident that is read from its events."""


async def from_records(incident: str, why: Unanswered, tell: Teller) -> int:
    """Tell it as far as it was recorded, and say so; raises `why` where the records have nothing of it."""
    from client.restoring import recorded  # both cost a database's library, which an engine that answers does not need
    from console.database import opened

    try:
        async with opened() as records:
            events = await recorded(records, incident)
    except CommandRefused:
        events = []
    if not events:
        raise why
    last = events[-1].heard_at
    complain(f"{why}")
    complain(f"This is what the records have, up to {last:%d %b %H:%M:%S} UTC: what happened since is not in it.")
    tell(events)
    return UNANSWERED


def as_view(as_json: bool, zone: tzinfo) -> Teller:
    """How it stood."""

    def tell(events: Sequence[Event]) -> None:
        incident = fold.read(events, excusing=True)
        seen = view(incident, tuple(duty.summary for duty in owed(incident) if not duty.one_try))
        show_json(seen) if as_json else show(page.view(seen, datetime.now(UTC), zone))

    return tell


def as_timeline(after: int, as_json: bool, *, zone: tzinfo, every: bool) -> Teller:
    """What happened after a number."""

    def tell(events: Sequence[Event]) -> None:
        if as_json:
            show_json([event for event in events if event.number > after])
            return
        incident = fold.read(events, excusing=True)
        show(timeline(incident, datetime.now(UTC), zone, after=after, every=every))

    return tell
