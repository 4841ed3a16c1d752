"""What the records tell of an incident while neither engine nor worker does, or once the engine has let go of it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo

from rich.text import Text

from client.port import IncidentNotFound, Unanswered
from console import page
from console.code import UNANSWERED
from console.ending import CommandRefused
from console.moment import clock, moment_in
from console.older_policy import say_older
from console.screen import complain, show, show_json
from console.timeline_page import timeline
from domain.incident.event import Event
from domain.report.view import view
from domain.run import read as fold
from domain.run.agenda import owed
from domain.run.read import known_at
from domain.value.model import spoken

Teller = Callable[[Sequence[Event]], None]
"""Shows an incident that is read from its events."""


async def from_records(
    incident: str, why: Unanswered | IncidentNotFound, tell: Teller, afterwards: tzinfo | None = None
) -> int:
    """Tell it as far as it was recorded, and say so; raises `why` where the records have nothing of it.

    `afterwards` is in which time it is said what it did not take after its end, where people read it.
    """
    from client.restoring import recorded  # both cost a database's library, which an engine that answers does not need
    from console.database import opened

    try:
        async with opened() as records:
            events = await recorded(records, incident)
    except CommandRefused:
        events = []
    if not events:
        raise why
    gone = isinstance(why, IncidentNotFound)
    if gone:
        kept = fold.read(events, excusing=True)
        complain(f"Temporal does not know {incident} any more: this is what the records have.")
        if kept.closed_at:
            span = spoken(kept.policy.retention.histories)
            complain(f"It closed on {kept.closed_at:%d %b %Y}; the policy has Temporal keep it for {span}.")
        if kept.phase != "closed":
            complain(f"It is open by them, and none of its clocks rings: `standfast restore {incident}` lets it go on.")
    else:
        last = events[-1].heard_at
        complain(f"{why}")
        complain(f"This is what the records have, up to {last:%d %b %H:%M:%S} UTC: what happened since is not in it.")
    tell(events)
    if afterwards:
        await say_after(fold.read(events, excusing=True).phase, incident, afterwards)
    return 0 if gone else UNANSWERED


async def say_after(phase: str, incident: str, zone: tzinfo) -> None:
    """Say under an incident that has ended what people did for it and it did not take any more."""
    if phase == "closed":
        from console.inbox import say_not_taken  # costs a database's library, which what is open does not need

        await say_not_taken(incident, zone)


def as_view(as_json: bool, zone: tzinfo) -> Teller:
    """How it stood."""

    def tell(events: Sequence[Event]) -> None:
        incident = fold.read(events, excusing=True)
        seen = view(incident, tuple(duty.summary for duty in owed(incident) if not duty.one_try))
        show_json(seen) if as_json else show(page.view(seen, datetime.now(UTC), zone))
        if not as_json and seen.phase != "closed":
            say_older(events)

    return tell


def as_known(said: str, as_json: bool, zone: tzinfo) -> Teller:
    """How it was known at a moment: what was due and owed then."""

    def tell(events: Sequence[Event]) -> None:
        try:
            at = moment_in(said, events[0].at, zone)
        except ValueError:
            raise CommandRefused(f"--at: found {said!r}, expected 03:12, 25m, or a date with its time") from None
        now = max(datetime.now(UTC), events[-1].heard_at)
        if at > now:
            raise CommandRefused(f"--at: found {said!r}, which is still to come; expected a moment up to now")
        known = known_at(events, at)
        if known is None:
            opened_at = clock(events[0].at, now, zone)
            raise CommandRefused(f"--at: the incident was opened at {opened_at}; nothing was known before")
        seen = view(known, tuple(duty.summary for duty in owed(known)))
        if as_json:
            return show_json(seen)
        show(Text(f"As it was known at {at.astimezone(zone):%d %b %H:%M:%S}", "bold"))
        return show(page.view(seen, at, zone))

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
