"""How deadlines look in a terminal: by themselves, or of all incidents. No model of the procedure is needed for it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, TypeAlias

from rich.console import Group, RenderableType
from rich.text import Text

from client.asked import who_is_asked
from console.moment import clock, named, span
from console.screen import grid

if TYPE_CHECKING:
    from client.glance import DueNow, OpenIncident
    from client.port import IncidentSummary
    from domain.report.due import Due

HOT = {"P1": "bold red", "P2": "bold yellow"}
OURS = "standfast"
"""Who owes what the software does itself."""
SOON = timedelta(minutes=5)
WHO = 12
"""How wide the column of names gets at most, so that what is to be done has its room."""
DueLine: TypeAlias = "Due | DueNow"
"""A running deadline, with or without the models of the procedure."""
Seen: TypeAlias = "IncidentSummary | OpenIncident"
"""An incident as the engine's list knows it."""


def left(due_at: datetime, now: datetime) -> Text:
    """What is left until a deadline, counted down; over in red, soon in yellow."""
    if due_at <= now:
        return Text(f"{span(now - due_at)} over", style="bold red")
    return Text(span(due_at - now), style="yellow" if due_at - now <= SOON else "")


def counted(number: int, what: str) -> str:
    """So many of something: 1 deadline, 2 deadlines."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def dues(
    found: Iterable[DueLine], now: datetime, zone: tzinfo = UTC, *, severities: Mapping[str, str] | None = None
) -> RenderableType:
    """Running deadlines, overdue longest first: how long, when, whose, what, and last the clause.

    Of several incidents, whose severities are given, each line says which one it is about. What reads alike, such as
    pages to several levels for one role, is one line at its first deadline.
    """
    made = grid(2 if severities is None else 3, who=WHO)
    alike = dict[tuple[str, ...], list[DueLine]]()
    for due in sorted(found, key=lambda due: due.order):
        alike.setdefault((due.incident, due.owner, due.called, due.doing, due.clause), []).append(due)
    for one, *more in alike.values():
        where = [] if severities is None else [_where(one, severities)]
        doing = f"{one.doing} ({1 + len(more)} times)" if more else one.doing
        who = Text(_who(one))
        made.add_row(left(one.due_at, now), clock(one.due_at, now, zone), *where, who, Text(doing), one.clause)
    return made if made.row_count else Text("Nothing is due.")


def _who(one: DueLine) -> str:
    """Whose it is; of what is nobody's yet, who is asked for it."""
    if one.called or one.owner == OURS:
        return one.called.split(" ")[0] or "Standfast"
    return who_is_asked(one.asked) or "somebody"


def _where(one: DueLine, severities: Mapping[str, str]) -> Text:
    severity = severities.get(one.incident, "")
    return Text(f"{severity} {one.incident.removeprefix('INC-')}".lstrip(), HOT.get(severity, ""))


def due_everywhere(found: Sequence[DueLine], incidents: Iterable[Seen], now: datetime, zone: tzinfo) -> RenderableType:
    """What is due in every incident, and in which time that is said."""
    lines = dues(found, now, zone, severities={one.id: one.severity for one in incidents})
    return Group(lines, *([Text(named(now, zone), style="dim")] if found else []))


def due_later(more: int, unasked: Sequence[Seen], *, now: datetime, zone: tzinfo) -> RenderableType:
    """What is not shown: how many deadlines, and in how many incidents that were not asked, from when on."""
    first = min((one.next_due_at for one in unasked if one.next_due_at), default=None)
    when = f" from {clock(first, now, zone)} on" if first else ""
    said = [f"Not shown: {counted(more, 'deadline')}"] if more else []
    said += [f"Not asked yet: {counted(len(unasked), 'incident')}{when}"] if unasked else []
    return Text(f"{'. '.join(said)}; `standfast due --all`", style="dim")
