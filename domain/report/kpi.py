"""The key figures of the procedure over any period, with the count behind each and an honest "no data" (KPI-1..6)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, Protocol

from domain.company.policy_follow_up import Target
from domain.value.model import ClauseId, Moment, Shape, Span, write_span

FIGURES: tuple[ClauseId, ...] = ("KPI-1", "KPI-2", "KPI-3", "KPI-4", "KPI-5", "KPI-6")
Part = Literal["service", "team", "severity"]
"""What figures are split by."""
COUNTED = {
    "KPI-1": ("incidents", "never acknowledged"),
    "KPI-2": ("incidents", "never resolved"),
    "KPI-3": ("incidents", "never resolved"),
    "KPI-4": ("post-mortems", "still in time"),
    "KPI-5": ("action items", "still in time"),
    "KPI-6": ("incidents with a known cause", "without one"),
}
"""What each figure was computed from, and what could not be counted."""


class Row(Protocol):
    """An incident as the figures need it; the records' overview is one."""

    @property
    def id(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def team(self) -> str: ...
    @property
    def severity(self) -> str | None: ...
    @property
    def drill(self) -> bool: ...
    @property
    def fired_at(self) -> datetime: ...
    @property
    def acknowledged_at(self) -> datetime | None: ...
    @property
    def resolved_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def root_cause(self) -> str | None: ...
    @property
    def repeat_of(self) -> str | None: ...
    @property
    def postmortem_due_at(self) -> datetime | None: ...
    @property
    def postmortem_completed_at(self) -> datetime | None: ...
    @property
    def items_due(self) -> int: ...
    @property
    def items_in_time(self) -> int: ...


class Scope(Shape):
    """Which incidents are looked at: those that ended in the period, of one service, team or severity if wanted."""

    since: Moment | None = None
    until: Moment | None = None
    service: str = ""
    team: str = ""
    severity: str = ""

    def holds(self, row: Row) -> bool:
        """Whether the incident is inside: it ended at its resolution, or when it closed without one; drills never."""
        ended_at = row.resolved_at or row.closed_at
        return (
            not row.drill
            and ended_at is not None
            and (self.since is None or ended_at >= self.since)
            and (self.until is None or ended_at < self.until)
            and self.service in ("", row.service)
            and self.team in ("", row.team)
            and self.severity in ("", row.severity)
        )


class Figure(Shape):
    """One key figure: its value, the count behind it, and whether the target is met; `None` is "no data"."""

    clause: ClauseId
    title: str
    target: str
    span: Span | None = None
    """The mean, where the figure is a time."""
    share: float | None = None
    """From 0 to 1, where the figure is a share."""
    count: int
    """What it was computed from: incidents, post-mortems or action items."""
    unknown: int = 0
    """What could not be counted: never acknowledged, or not yet due."""
    met: bool | None = None

    @property
    def says(self) -> str:
        """The value for people, "no data" where there is none."""
        if self.span is not None:
            return _written(self.span)
        return "no data" if self.share is None else f"{self.share:.1%}"

    @property
    def counted(self) -> str:
        """The count behind the value, and what is left out of it."""
        what, left_out = COUNTED.get(self.clause, ("", "not counted"))
        return f"{self.count} {what}" + (f", {self.unknown} {left_out}" if self.unknown else "")


class Tally(NamedTuple):
    """Incidents of one service, team and severity, counted; every figure is made of these, and they add up.

    One incident is a tally too. The records make the same of many incidents at once, within the database.
    """

    service: str
    team: str
    severity: str | None
    incidents: int
    acknowledged: int
    acknowledged_in: int
    """Microseconds from the firing to the acknowledgement, all of them together."""
    resolved: int
    resolved_in: int
    postmortems: int
    """Post-mortems that are owed."""
    postmortems_judged: int
    """Those complete or due by now; the others are still in time."""
    postmortems_in_time: int
    items_due: int
    items_in_time: int
    causes: int
    """Incidents whose cause is known; of the others nobody can say whether they repeat one."""
    repeats: int


def tally(row: Row, as_of: datetime) -> Tally:
    """What one incident adds to the figures as they stood at a moment."""
    due, done = row.postmortem_due_at, row.postmortem_completed_at
    acknowledged_in, resolved_in = took(row.fired_at, row.acknowledged_at), took(row.fired_at, row.resolved_at)
    return Tally(
        *(row.service, row.team, row.severity, 1),
        *(int(acknowledged_in is not None), acknowledged_in or 0),
        *(int(resolved_in is not None), resolved_in or 0),
        postmortems=int(due is not None),
        postmortems_judged=int(due is not None and (done is not None or due <= as_of)),
        postmortems_in_time=int(due is not None and done is not None and done <= due),
        items_due=row.items_due,
        items_in_time=row.items_in_time,
        causes=int(bool(row.root_cause)),
        repeats=int(bool(row.root_cause and row.repeat_of)),
    )


def took(start: datetime, end: datetime | None) -> int | None:
    """Microseconds from one moment to a later one; a clock at the source that runs ahead takes none back."""
    return None if end is None else max(end - start, timedelta()) // timedelta(microseconds=1)


class Sheet(Shape):
    """The figures of a scope as they stood at a moment, and those of each of its services, teams and severities."""

    scope: Scope
    as_of: Moment
    incidents: int
    figures: tuple[Figure, ...]
    parts: dict[Part, dict[str, tuple[Figure, ...]]]


def sheet(tallies: Iterable[Tally], targets: Mapping[ClauseId, Target], scope: Scope, as_of: datetime) -> Sheet:
    """The sheet of a scope from the tallies of the incidents inside."""
    inside = list(tallies)
    parts: tuple[Part, ...] = ("service", "team", "severity")
    return Sheet(
        scope=scope,
        as_of=as_of,
        incidents=sum(one.incidents for one in inside),
        figures=figures(inside, targets),
        parts={by: split(inside, targets, by) for by in parts},
    )


def measure(
    rows: Iterable[Row], targets: Mapping[ClauseId, Target], scope: Scope, as_of: datetime
) -> tuple[Figure, ...]:
    """The six figures over a scope as they stood at a moment, incident by incident."""
    return figures([tally(row, as_of) for row in rows if scope.holds(row)], targets)


def figures(tallies: Sequence[Tally], targets: Mapping[ClauseId, Target]) -> tuple[Figure, ...]:
    """The six figures of what was counted; a target that the policy lacks gives no figure."""
    return tuple(_figure(clause, targets[clause], tallies) for clause in FIGURES if clause in targets)


def split(tallies: Sequence[Tally], targets: Mapping[ClauseId, Target], by: Part) -> dict[str, tuple[Figure, ...]]:
    """The figures of each service, team or severity that was counted, by its name."""
    parts: dict[str, list[Tally]] = {}
    for one in tallies:
        parts.setdefault(getattr(one, by) or "", []).append(one)
    return {name: figures(parts[name], targets) for name in sorted(parts) if name}


def _figure(clause: ClauseId, target: Target, tallies: Sequence[Tally]) -> Figure:
    about = [one for one in tallies if not target.severities or one.severity in target.severities]
    count, kept, total = _counted(clause, about)
    if clause in ("KPI-1", "KPI-2", "KPI-3"):
        return _mean(clause, target, timedelta(microseconds=kept), count, total - count)
    return _share(clause, target, kept, count, total - count)


def _counted(clause: ClauseId, about: Sequence[Tally]) -> tuple[int, int, int]:
    """What was counted, what of it was kept (or the time it took), and how much there was to count."""
    match clause:
        case "KPI-1":
            names = "acknowledged", "acknowledged_in", "incidents"
        case "KPI-2" | "KPI-3":
            names = "resolved", "resolved_in", "incidents"
        case "KPI-4":
            names = "postmortems_judged", "postmortems_in_time", "postmortems"
        case "KPI-5":
            names = "items_due", "items_in_time", "items_due"
        case _:
            names = "causes", "repeats", "incidents"
    count, kept, total = (sum(getattr(one, name) for one in about) for name in names)
    return count, kept, total


def _mean(clause: ClauseId, target: Target, spent: timedelta, count: int, unknown: int) -> Figure:
    mean = spent / count if count else None
    met = mean < target.under if mean is not None and target.under else None
    words = f"under {_written(target.under)}" if target.under else "none"
    return Figure(clause=clause, title=target.title, target=words, span=mean, count=count, unknown=unknown, met=met)


def _share(clause: ClauseId, target: Target, part: int, count: int, unknown: int) -> Figure:
    share = part / count if count else None
    met = None
    if share is not None:
        met = (target.at_least is None or share >= target.at_least) and (target.below is None or share < target.below)
    least = f"at least {target.at_least:.0%}" if target.at_least is not None else ""
    words = least or (f"under {target.below:.0%}" if target.below is not None else "none")
    return Figure(clause=clause, title=target.title, target=words, share=share, count=count, unknown=unknown, met=met)


def _written(span: timedelta) -> str:
    """A mean to the second."""
    return write_span(timedelta(seconds=round(span.total_seconds())))
