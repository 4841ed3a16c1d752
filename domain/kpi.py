"""The key figures of the procedure over any period, with the count behind each and an honest "no data" (KPI-1..6)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol

from domain.aim import Target
from domain.shape import Clause, Moment, Shape, Span, write_span

FIGURES: tuple[Clause, ...] = ("KPI-1", "KPI-2", "KPI-3", "KPI-4", "KPI-5", "KPI-6")


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

    clause: Clause
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


def measure(rows: Iterable[Row], targets: Mapping[Clause, Target], scope: Scope, as_of: datetime) -> tuple[Figure, ...]:
    """The six figures over a scope as they stood at a moment; a target that the policy lacks gives no figure."""
    inside = [row for row in rows if scope.holds(row)]
    return tuple(_figure(clause, targets[clause], inside, as_of) for clause in FIGURES if clause in targets)


def split(
    rows: Sequence[Row],
    targets: Mapping[Clause, Target],
    scope: Scope,
    as_of: datetime,
    by: Literal["service", "team", "severity"],
) -> dict[str, tuple[Figure, ...]]:
    """The figures of each service, team or severity that the scope has, by its name."""
    names = sorted({name for row in rows if scope.holds(row) and (name := getattr(row, by))})
    return {name: measure(rows, targets, scope.model_copy(update={by: name}), as_of) for name in names}


def _figure(clause: Clause, target: Target, rows: list[Row], as_of: datetime) -> Figure:
    about = [row for row in rows if not target.severities or row.severity in target.severities]
    if clause in ("KPI-1", "KPI-2", "KPI-3"):
        ends = [(row.fired_at, row.acknowledged_at if clause == "KPI-1" else row.resolved_at) for row in about]
        spans = [max(end - start, timedelta()) for start, end in ends if end]
        return _mean(clause, target, spans, len(about) - len(spans))
    return _share(clause, target, *{"KPI-4": _postmortems, "KPI-5": _items, "KPI-6": _repeats}[clause](about, as_of))


def _postmortems(rows: list[Row], as_of: datetime) -> tuple[int, int, int]:
    """Completed in time, of those completed or due by now; the others are still in time."""
    owed = [(row.postmortem_due_at, row.postmortem_completed_at) for row in rows if row.postmortem_due_at]
    judged = [(due, done) for due, done in owed if due and (done or due <= as_of)]
    return sum(1 for due, done in judged if done and done <= due), len(judged), len(owed) - len(judged)


def _items(rows: list[Row], as_of: datetime) -> tuple[int, int, int]:
    return sum(row.items_in_time for row in rows), sum(row.items_due for row in rows), 0


def _repeats(rows: list[Row], as_of: datetime) -> tuple[int, int, int]:
    """Repetitions among the incidents whose cause is known; of the others nobody can say."""
    known = [row for row in rows if row.root_cause]
    return sum(1 for row in known if row.repeat_of), len(known), len(rows) - len(known)


def _mean(clause: Clause, target: Target, spans: list[timedelta], unknown: int) -> Figure:
    mean = sum(spans, timedelta()) / len(spans) if spans else None
    met = mean < target.under if mean is not None and target.under else None
    words = f"under {_written(target.under)}" if target.under else "none"
    return Figure(
        clause=clause, title=target.title, target=words, span=mean, count=len(spans), unknown=unknown, met=met
    )


def _share(clause: Clause, target: Target, part: int, count: int, unknown: int) -> Figure:
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
