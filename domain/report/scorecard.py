"""What an incident says of every clause of the procedure: met, late by how much, missed, not applicable, or waived.

A waived clause says by whom and why, whatever else happened. A clause with promises is judged by them, from the events
that say what became of each and from the clocks that still run: every promise kept is met; one kept after its deadline
is late by the longest delay; one that was never kept, or runs past its deadline, is missed. A clause without promises,
or with none here, is judged by its own judge.
"""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from domain.incident.clock import Clock
from domain.incident.clocks import Kept, Missed
from domain.incident.incident import Incident
from domain.procedure.sop import PROCEDURE
from domain.rule.clause import Clause
from domain.run.agenda import clocks
from domain.value.model import ClauseId, Shape, Span, write_span

Word = Literal["met", "late", "missed", "open", "not_applicable", "waived"]


class Verdict(Shape):
    """What one incident says of one clause."""

    clause: ClauseId
    title: str
    verdict: Word
    late: Span | None = None
    """How long after its deadline the latest promise was kept."""
    count: int = 0
    """How many promises were judged, where clocks judge."""
    why: str = ""
    by: str = ""
    """Who waived it."""

    @property
    def says(self) -> str:
        """The verdict in words."""
        words = f"late by {write_span(self.late)}" if self.late else self.verdict.replace("_", " ")
        return f"{words} by {self.by}" if self.by else words


class _Promise(NamedTuple):
    """One promise and what became of it; `stopped_at` is None while it runs, `broken` ones were never kept."""

    key: str
    says: str
    due_at: datetime
    stopped_at: datetime | None
    broken: bool = False

    @property
    def late(self) -> timedelta:
        return max(self.stopped_at - self.due_at, timedelta()) if self.stopped_at else timedelta()


def scorecard(incident: Incident, as_of: datetime) -> tuple[Verdict, ...]:
    """Every clause of the procedure in its order; complete once the incident is closed, `open` while a promise runs."""
    made = _promises(incident)
    return tuple(
        _verdict(incident, clause, list(made.get(clause.id, {}).values()), as_of)
        for clause in PROCEDURE.clauses.values()
    )


def _promises(incident: Incident) -> dict[str, dict[str, _Promise]]:
    """Every promise by clause and key: those that ended as the events say, then those that run.

    A miss whose clock is gone without another word was its last: nobody kept that promise.
    """
    made: dict[str, dict[str, _Promise]] = {}
    passed: dict[str, _Promise] = {}
    for event in incident.events:
        what = event.what
        if isinstance(what, Missed) and not what.stopped_at:
            passed[what.key] = _Promise(what.key, what.says, what.due_at, event.at, broken=True)
        elif isinstance(what, Kept | Missed) and what.stopped_at:
            broken = isinstance(what, Missed) and what.broken
            promise = _Promise(what.key, what.says, what.due_at, what.stopped_at, broken)
            made.setdefault(what.clause, {})[what.key] = promise
    for clock in clocks(incident):
        passed.pop(clock.key, None)
        if not (clock.wait or clock.void):
            broken = clock.broken or _stopped_itself(incident, clock)
            promise = _Promise(clock.key, clock.says, clock.due_at, clock.stopped_at, broken)
            made.setdefault(clock.clause, {}).setdefault(clock.key, promise)
    for key, promise in passed.items():
        made.setdefault(key.partition("/")[0], {}).setdefault(key, promise)
    return made


def _stopped_itself(incident: Incident, clock: Clock) -> bool:
    """Whether only its own passing stopped a promise: the matrix declared, the holding statement was posted."""
    missed = incident.missed.get(clock.key)
    return missed is not None and missed[1] == clock.stopped_at


def _verdict(incident: Incident, clause: Clause, made: list[_Promise], as_of: datetime) -> Verdict:
    waiver = incident.learning.waivers.get(clause.id)
    if waiver:
        by = incident.called(waiver.by)
        return Verdict(clause=clause.id, title=clause.text, verdict="waived", by=by, why=waiver.reason)
    if made:
        return _by_promises(incident, clause, made, as_of)
    judged = clause.judge(incident) if clause.judge else None
    failed: Word = "open" if clause.still and incident.closed_at is None else "missed"
    word: Word = "not_applicable" if judged is None else "met" if judged else failed
    return Verdict(clause=clause.id, title=clause.text, verdict=word, why=clause.judged_by)


def _by_promises(incident: Incident, clause: Clause, made: list[_Promise], as_of: datetime) -> Verdict:
    broken = [one for one in made if _is_broken(incident, clause, one, as_of)]
    if broken:
        why = "; ".join(f"{one.key} {one.says}" for one in broken)
        return Verdict(clause=clause.id, title=clause.text, verdict="missed", count=len(made), why=why)
    late = max(one.late for one in made)
    if late:
        why = "; ".join(one.key for one in made if one.late)
        return Verdict(clause=clause.id, title=clause.text, verdict="late", late=late, count=len(made), why=why)
    word: Word = "open" if any(one.stopped_at is None for one in made) else "met"
    return Verdict(clause=clause.id, title=clause.text, verdict=word, count=len(made))


def _is_broken(incident: Incident, clause: Clause, promise: _Promise, as_of: datetime) -> bool:
    """Past its deadline and never kept: it still runs, or only the incident's end stopped it."""
    if promise.stopped_at is None or promise.broken:
        return promise.broken or promise.due_at < as_of
    ends = [at for at, _ in incident.resolutions] + ([incident.closed_at] if incident.closed_at else [])
    return bool(promise.late) and not (clause.promise and clause.promise.outlives) and promise.stopped_at in ends
