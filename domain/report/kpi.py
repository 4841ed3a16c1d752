"""The key figures of the procedure over any period, with the count behind each and an honest "no data" (KPI).

What an incident adds to a figure is `procedure.figures.parts`; here parts are added up and held against targets.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, Protocol

from pydantic import Field

from domain.company.policy_follow_up import KpiTarget
from domain.procedure.figure_part import EPOCH, MICROSECOND, FigurePart
from domain.procedure.figures import KEY_FIGURES
from domain.value.model import ClauseId, Duration, Instant, Model, by_default, spoken, unsaid

FIGURES: tuple[ClauseId, ...] = tuple(KEY_FIGURES)
PLURAL = re.compile(r"s\b")
Split = Literal["service", "team", "severity", "person"]
"""What figures are split by."""


class Row(Protocol):
    """An incident as the figures need it; the view is one, and so is the records' overview."""

    @property
    def service(self) -> str: ...
    @property
    def team(self) -> str: ...
    @property
    def gravest(self) -> str: ...
    @property
    def left_out(self) -> str: ...
    @property
    def opened_at(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime | None: ...
    @property
    def parts(self) -> tuple[FigurePart, ...]: ...


class Scope(Model):
    """Which incidents are looked at: what ended in the period or was not over at its end; one service, team, severity.

    An incident belongs to the month of its first end, whatever is reopened later; until it ends, to every month. What
    ended after the period could not be counted in it, and is said.
    """

    since: Instant | None = None
    until: Instant | None = None
    service: str = ""
    team: str = ""
    severity: str = ""

    def holds(self, row: Row) -> bool:
        """Whether the incident is inside."""
        return (
            (self.until is None or row.opened_at < self.until)
            and (self.since is None or row.ended_at is None or row.ended_at >= self.since)
            and self.service in ("", row.service)
            and self.team in ("", row.team)
            and self.severity in ("", row.gravest)
        )


class Figure(Model):
    """One key figure: its value, the count behind it, and whether the target is met; `None` is "no data"."""

    clause: ClauseId
    title: str
    target: str
    span: Duration | None = None
    """The mean, where the figure is a time."""
    share: float | None = None
    """From 0 to 1, where the figure is a share."""
    mean: float | None = by_default(None)
    """How many each has, where the figure is a count."""
    count: int
    """What it was computed from: incidents, post-mortems or action items."""
    part: int = 0
    """Where it is a share, the n of its n of m; where it is a time, how many kept it."""
    judged: int = 0
    """Of how many is known whether they kept it."""
    unknown: int = 0
    """What could not be counted: never acknowledged, or not yet due."""
    waived: int = 0
    """What was waived by a named person; a miss before that counts."""
    incidents: int = Field(default=0, exclude_if=unsaid)
    """How many incidents it is of, where one may have many."""
    whole: int = Field(default=0, exclude_if=unsaid)
    """How many of them kept all of it."""
    met: bool | None = None

    @property
    def says(self) -> str:
        """The value for people, "no data" where there is none."""
        if self.span is not None:
            grain = timedelta(minutes=1) if self.span >= timedelta(days=1) else timedelta(seconds=1)
            return spoken(round(self.span / grain) * grain)
        if self.mean is not None:
            return f"{self.mean:.1f}"
        return "no data" if self.share is None else f"{self.share:.1%}"

    @property
    def counted(self) -> str:
        """The n of m behind the value, and what is left out of it."""
        figure = KEY_FIGURES.get(self.clause)
        of, left = (figure.of, figure.left) if figure else ("", "not counted")
        if self.mean is not None or (figure and figure.ages):
            return _so_many(self.count, of)
        words = [f"{self.part} of {_so_many(self.judged, of)}" if self.share is not None or self.span is None else ""]
        if self.span is not None:
            words = [_so_many(self.count, of), f"{self.part} of {self.judged} in time"]
        words += [f"{self.unknown} {left}"] if self.unknown else []
        words += [f"{self.waived} waived"] if self.waived else []
        if figure and figure.whole and self.incidents:
            words += [f"{figure.whole} in {self.whole} of {_so_many(self.incidents, 'incidents')}"]
        return ", ".join(words)


def _so_many(count: int, of: str) -> str:
    """1 incident with a known cause, 2 incidents with a known cause."""
    return f"{count} {PLURAL.sub('', of, count=1) if count == 1 else of}"


def sentence(clause: ClauseId, target: KpiTarget) -> str:
    """What the figure measures, as a sentence; the policy's own title where there is none, or no time to say."""
    promise = KEY_FIGURES[clause].promise if clause in KEY_FIGURES else ""
    if not promise or ("{within}" in promise and target.under is None):
        return target.title[:1].upper() + target.title[1:]
    of = " and ".join(target.severities) or "every incident"
    return promise.format(of=of, within=spoken(target.under) if target.under else "")


class KpiCounts(NamedTuple):
    """One figure's parts of one service, team and severity, added up; what is left out is counted by its reason."""

    service: str
    team: str
    severity: str
    left_out: str
    figure: str
    """Empty for the incidents themselves."""
    judged: int = 0
    kept: int = 0
    open: int = 0
    waived: int = 0
    timed: int = 0
    spent: int = 0
    incidents: int = 0
    """How many have anything judged."""
    whole: int = 0
    """How many of them kept all of it."""


class KpiReport(Model):
    """The figures of a scope as they stood at a moment, and those of each of its services, teams and severities."""

    scope: Scope
    as_of: Instant
    incidents: int
    running: int = 0
    """Those of them that were not over at the end of the period."""
    left_out: dict[str, int] = Field(default_factory=dict)
    """Incidents that no figure counts, by the reason: drills."""
    figures: tuple[Figure, ...]
    parts: dict[Split, dict[str, tuple[Figure, ...]]]


def tallies(row: Row, scope: Scope) -> Iterable[KpiCounts]:
    """What one incident adds to the sheet of a scope."""
    about = (row.service, row.team, row.gravest, row.left_out)
    later = scope.until is not None and row.ended_at is not None and row.ended_at >= scope.until
    yield KpiCounts(*about, "", judged=1, open=int(later or row.ended_at is None))
    for part in row.parts:
        if later:  # what ended afterwards is judged in the period of its end
            yield KpiCounts(*about, part.figure, open=part.judged + part.open)
        else:
            one, whole = int(part.judged > 0), int(0 < part.judged == part.kept)
            added = part.judged, part.kept, part.open, part.waived, part.timed, part.spent, one, whole
            yield KpiCounts(*about, part.figure, *added)


def sheet(
    found: Iterable[KpiCounts], targets: Mapping[ClauseId, KpiTarget], scope: Scope, as_of: datetime
) -> KpiReport:
    """The sheet of a scope from the tallies of the incidents inside."""
    every = list(found)
    inside = [one for one in every if not one.left_out]
    splits: tuple[Split, ...] = ("service", "team", "severity")
    out = Counter[str]()
    for one in every:
        out[one.left_out] += one.judged if one.left_out and not one.figure else 0
    return KpiReport(
        scope=scope,
        as_of=as_of,
        incidents=sum(one.judged for one in inside if not one.figure),
        running=sum(one.open for one in inside if not one.figure),
        left_out={reason: out[reason] for reason in sorted(out) if out[reason]},
        figures=figures(inside, targets, as_of),
        parts={by: split(inside, targets, by, as_of) for by in splits} | by_person(inside, targets, as_of),
    )


def measured(rows: Iterable[Row], targets: Mapping[ClauseId, KpiTarget], scope: Scope, as_of: datetime) -> KpiReport:
    """The sheet of a scope, incident by incident."""
    return sheet([one for row in rows if scope.holds(row) for one in tallies(row, scope)], targets, scope, as_of)


def measure(
    rows: Iterable[Row], targets: Mapping[ClauseId, KpiTarget], scope: Scope, as_of: datetime
) -> tuple[Figure, ...]:
    """The figures over a scope as they stood at a moment, incident by incident."""
    return measured(rows, targets, scope, as_of).figures


def figures(found: Sequence[KpiCounts], targets: Mapping[ClauseId, KpiTarget], as_of: datetime) -> tuple[Figure, ...]:
    """The figures of what was counted; a target that the policy lacks gives no figure."""
    return tuple(_figure(clause, targets[clause], found, as_of) for clause in FIGURES if clause in targets)


def split(
    found: Sequence[KpiCounts], targets: Mapping[ClauseId, KpiTarget], by: Split, as_of: datetime
) -> dict[str, tuple[Figure, ...]]:
    """The figures of each service, team or severity that was counted, by its name."""
    named: dict[str, list[KpiCounts]] = {}
    for one in found:
        named.setdefault(getattr(one, by), []).append(one)
    return {name: figures(named[name], targets, as_of) for name in sorted(named) if name}


def by_person(
    found: Iterable[KpiCounts], targets: Mapping[ClauseId, KpiTarget], as_of: datetime
) -> dict[Split, dict[str, tuple[Figure, ...]]]:
    """The figures that people have parts of, and no others, by their names; nothing where there are none."""
    named: dict[str, list[KpiCounts]] = {}
    for one in found:
        figure, _, person = one.figure.partition("/")
        if person:
            named.setdefault(person, []).append(one._replace(figure=figure))
    theirs = {one.figure: targets[one.figure] for of in named.values() for one in of if one.figure in targets}
    return {"person": {name: figures(named[name], theirs, as_of) for name in sorted(named)}} if theirs else {}


def _figure(clause: ClauseId, target: KpiTarget, found: Sequence[KpiCounts], as_of: datetime) -> Figure:
    about = [one for one in found if one.figure == clause]
    judged, kept, left, waived = (
        sum(getattr(one, name) for one in about) for name in ("judged", "kept", "open", "waived")
    )
    known = {"clause": clause, "title": target.title, "target": target.says, "judged": judged, "waived": waived}
    if clause in KEY_FIGURES and KEY_FIGURES[clause].whole:
        known |= {name: sum(getattr(one, name) for one in about) for name in ("incidents", "whole")}
    timed, spent = sum(one.timed for one in about), sum(one.spent for one in about)
    if target.at_least_each is not None:
        mean = spent / timed if timed else None
        enough = None if mean is None else mean >= target.at_least_each
        return Figure(**known, mean=mean, count=timed, part=kept, unknown=left, met=enough)
    if target.under is None:
        bad = clause in KEY_FIGURES and KEY_FIGURES[clause].bad
        part = judged - kept if bad else kept
        share = part / judged if judged else None
        return Figure(**known, share=share, count=judged, part=part, unknown=left, met=_share_met(target, share))
    if clause in KEY_FIGURES and KEY_FIGURES[clause].ages:
        age = max(as_of - EPOCH - spent * MICROSECOND / timed, timedelta()) if timed else None
        return Figure(**known, span=age, count=timed, met=age < target.under if age is not None else None)
    span = spent * MICROSECOND / timed if timed else None
    met = bool(span is not None and span < target.under) if judged else None
    return Figure(**known, span=span, count=timed, part=kept, unknown=judged + left - timed, met=met)


def _share_met(target: KpiTarget, share: float | None) -> bool | None:
    if share is None:
        return None
    return (target.at_least is None or share >= target.at_least) and (target.below is None or share < target.below)
