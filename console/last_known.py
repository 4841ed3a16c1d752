"""What the records tell of many incidents: while Temporal does not answer, and of what it has let go of."""

from collections.abc import AsyncIterator, Callable, Collection
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from client.port import OPEN, IncidentFilter, IncidentNotFound, IncidentSummary, Unanswered
from client.restoring import recorded
from console import due_page as page
from console.code import UNANSWERED
from console.database import every_incident, opened
from console.ending import CommandRefused
from console.screen import complain, show, show_json
from domain.report.due import Due
from domain.report.view import view
from domain.run import read as fold
from domain.value.model import said_count
from domain.value.private import Private
from records.overview import Overview
from records.store import Records


class Known(NamedTuple):
    """An incident as far as it was recorded, and what was due in it then."""

    seen: IncidentSummary
    due: tuple[Due, ...] = ()


async def last_known(why: Unanswered | IncidentNotFound, wanted: IncidentFilter) -> list[Known]:
    """The incidents that are wanted, the newest first, and a word that they are from the records.

    Raises `why` where the records are away too, or where Temporal answers and knows no such incident.
    """
    if isinstance(why, IncidentNotFound):
        raise why
    try:
        async with opened() as records:
            rows = [row async for row in _rows(records, wanted)]
            found = [await _known(records, row) for row in rows if _is_wanted(row, wanted)]
    except CommandRefused:
        raise why from None
    complain(str(why))
    complain("This is what the records have: what happened since they were written last is not in it.")
    return [one for one in found if wanted.severity in ("", one.seen.severity.rstrip("?"))]


async def let_go(wanted: IncidentFilter, seen: Collection[str], *, quiet: bool) -> list[IncidentSummary]:
    """What is over and wanted, and not among those that Temporal has: it lets go of them after their time.

    A program, which reads `quiet`, is told nothing beside.
    """
    say: Callable[[str], None] = (lambda words: None) if quiet else complain
    try:
        async with opened() as records:
            rows = [row async for row in _rows(records, wanted) if row.phase == "closed" and row.id not in seen]
            found = [(await _known(records, row)).seen for row in rows if _is_wanted(row, wanted)]
    except CommandRefused as error:
        say(f"What Temporal has let go of is not in this list: {error}")
        return []
    older = [one for one in found if wanted.severity in ("", one.severity)]
    if older:
        say(f"Temporal has let go of {said_count(len(older), 'incident')} of this list, which the records tell.")
    return older


async def tell_due(
    why: Unanswered | IncidentNotFound, one: str, most: int | None, *, as_json: bool, zone: tzinfo
) -> int:
    """What was due, in one incident or in all of them; so many lines at most."""
    found, now = [known for known in await last_known(why, OPEN) if one in ("", known.seen.id)], datetime.now(UTC)
    due = sorted((line for known in found for line in known.due), key=lambda line: line.order)
    shown, seen = due[:most], [known.seen for known in found]
    show_json(shown) if as_json else show(page.due_everywhere(shown, seen, now, zone))
    if len(due) > len(shown):
        show(page.due_later(len(due) - len(shown), (), now=now, zone=zone))
    return UNANSWERED


def _rows(records: Records, wanted: IncidentFilter) -> AsyncIterator[Overview]:
    """Those that are over only where they are asked for."""
    return every_incident(records, open_only=not (wanted.every or wanted.phase == "closed"))


def _is_wanted(row: Overview, wanted: IncidentFilter) -> bool:
    fought = wanted.every or wanted.phase or wanted.followed_up or row.phase != "resolved"
    return bool(fought) and wanted.phase in ("", row.phase) and wanted.service in ("", row.service)


async def _known(records: Records, row: Overview) -> Known:
    """What is over needs no reading of its events: nothing is due in it."""
    told = IncidentSummary(
        id=row.id,
        title=str(Private(row.title, row.kind == "security")),
        phase=row.phase,
        severity=row.severity or "",
        service=row.service,
        commander=row.commander or "",
        kind=row.kind,
        opened_at=row.opened_at,
    )
    if row.phase == "closed" or not (events := await recorded(records, row.id)):
        return Known(told)
    seen = view(fold.read(events, excusing=True), ())
    rings = [one.due_at for one in seen.due if one.rings_at is not None]
    severity = seen.severity or f"{seen.proposed}?"
    return Known(told.model_copy(update={"severity": severity, "next_due_at": min(rings, default=None)}), seen.due)
