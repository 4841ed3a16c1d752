"""The incidents of a period under their own policy and under another: every clause, the pages, the key figures."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from domain.company.policy import Policy
from domain.incident.clocks import Missed, Reminded
from domain.incident.effects import Done
from domain.incident.incident import Incident
from domain.procedure.sop import PROCEDURE
from domain.replay.difference import Difference, difference
from domain.replay.replay import LIMIT, Replay
from domain.report.kpi import Figure, Scope, measure
from domain.report.scorecard import scorecard
from domain.report.view import View, view
from domain.value.model import ClauseId, IncidentId, Model, said_count

NIGHT = (22, 7)
"""From when until when people sleep, in UTC: a page in these hours wakes them."""
JUDGED = ("met", "late", "missed")


class VerdictCounts(Model):
    """One clause over the incidents it applied to."""

    met: int = 0
    late: int = 0
    missed: int = 0


class PeopleLoad(Model):
    """What a policy asks of people."""

    pages: int = 0
    woken: int = 0
    """People paged in the night, each time counted."""
    reminders: int = 0
    misses: int = 0
    """Promises that were missed, however often that was said."""
    chases: int = 0
    """How often it was said again."""


class ClauseChange(Model):
    """One clause before and after."""

    clause: ClauseId
    title: str
    then: VerdictCounts
    replayed: VerdictCounts


class FigureChange(Model):
    """One key figure before and after, each against the target of its policy."""

    then: Figure
    replayed: Figure


class Changed(Model):
    """One incident that would have gone otherwise, in a few words."""

    incident: IncidentId
    title: str
    severity: str | None
    says: tuple[str, ...]


class Comparison(Model):
    """A period under its own policies and under another."""

    scope: Scope
    policies: tuple[str, ...]
    """The names of the policies that the incidents were opened under."""
    other: str
    incidents: int
    clauses: tuple[ClauseChange, ...]
    then: PeopleLoad
    replayed: PeopleLoad
    night: tuple[int, int]
    figures: tuple[FigureChange, ...]
    changed: tuple[Changed, ...]
    unproved: tuple[IncidentId, ...]
    """Incidents whose replay under their own policy does not repeat what happened."""
    limit: str = LIMIT


class Pair(NamedTuple):
    """One incident's replay with its differences."""

    played: Replay
    differs: Difference


def compare(played: Iterable[Replay], policy: Policy, scope: Scope, night: tuple[int, int] = NIGHT) -> Comparison:
    """Compare what happened in a period with what a policy would have brought about."""
    pairs = [Pair(one, difference(one, policy.name)) for one in played]
    before, after = [pair.played.before for pair in pairs], [pair.played.after for pair in pairs if pair.played.after]
    as_of = max((pair.played.until for pair in pairs), default=datetime.max)
    return Comparison(
        scope=scope,
        policies=tuple(sorted({one.opened.policy.name for one in before})),
        other=policy.name,
        incidents=len(pairs),
        clauses=_clauses(pairs),
        then=_load(before, night),
        replayed=_load(after, night),
        night=night,
        figures=_figures(before, after, policy, as_of),
        changed=tuple(_changed(pair) for pair in pairs if _is_changed(pair.differs)),
        unproved=tuple(pair.differs.incident for pair in pairs if pair.differs.control),
    )


def _clauses(pairs: Sequence[Pair]) -> tuple[ClauseChange, ...]:
    then, replayed = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for played, _ in pairs:
        then.update((one.clause, one.verdict) for one in scorecard(played.before, played.until))
        if played.after:
            replayed.update((one.clause, one.verdict) for one in scorecard(played.after, played.until))
    changes = [
        ClauseChange(
            clause=clause.id, title=clause.text, then=_tally(then, clause.id), replayed=_tally(replayed, clause.id)
        )
        for clause in PROCEDURE.clauses.values()
        if not clause.id.startswith("KPI-")
    ]
    return tuple(one for one in changes if (one.then, one.replayed) != (VerdictCounts(), VerdictCounts()))


def _tally(count: Counter[tuple[str, str]], clause: str) -> VerdictCounts:
    return VerdictCounts(**{word: count[clause, word] for word in JUDGED})


def _load(incidents: Iterable[Incident], night: tuple[int, int]) -> PeopleLoad:
    count = Counter[str]()
    for incident in incidents:
        missed = set[str]()
        for event in incident.events:
            match event.what:
                case Done(duty="page", outcome=outcome):
                    count["pages"] += 1
                    count["woken"] += max(len(outcome.people), 1) if _at_night(event.at, night) else 0
                case Reminded():
                    count["reminders"] += 1
                case Missed() as what:
                    count["chases"] += what.key in missed and what.stopped_at is None
                    missed.add(what.key)
        count["misses"] += len(missed)
    return PeopleLoad(**count)


def _at_night(at: datetime, night: tuple[int, int]) -> bool:
    begins, ends = night
    return begins <= at.hour or at.hour < ends if begins > ends else begins <= at.hour < ends


def _figures(
    before: Sequence[Incident], after: Sequence[Incident], policy: Policy, as_of: datetime
) -> tuple[FigureChange, ...]:
    """Both over the same incidents, as they stood at the end of what is known."""
    if not before:
        return ()
    own = max(before, key=lambda one: one.opened_at).opened.policy.targets
    then = {one.clause: one for one in measure(map(_row, before), own, Scope(), as_of)}
    replayed = {one.clause: one for one in measure(map(_row, after), policy.targets, Scope(), as_of)}
    return tuple(FigureChange(then=then[name], replayed=replayed[name]) for name in then if name in replayed)


def _row(incident: Incident) -> View:
    return view(incident, ())


def _is_changed(differs: Difference) -> bool:
    return bool(differs.unopened or differs.refusals or differs.changes)


def _changed(pair: Pair) -> Changed:
    """The incident with what is new and what is gone in it, the gravest first."""
    differs = pair.differs
    words = [f"not opened: {differs.unopened}"] if differs.unopened else []
    if not differs.unopened:
        for sort, name in (("page", "page"), ("miss", "miss"), ("reminder", "reminder")):
            marks = Counter(line.mark for line in differs.lines if line.sort == sort)
            for mark, count in ((mark, marks[mark]) for mark in ("only replayed", "only then", "moved")):
                words += [f"{count} {name}{_plural(name, count)} {mark}"] if count else []
        proposed = next(line for line in differs.lines if line.sort == "proposed")
        words += [f"proposed {proposed.replayed.partition(':')[0]}"] if proposed.mark != "same" else []
        words += [f"{said_count(len(differs.refusals), 'act')} refused"] if differs.refusals else []
    says = tuple(words) or ("moments moved",)
    return Changed(incident=differs.incident, title=differs.title, severity=differs.severity, says=says)


def _plural(name: str, count: int) -> str:
    return "" if count == 1 else "es" if name.endswith("s") else "s"
