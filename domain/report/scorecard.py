"""What an incident says of every clause of the procedure: met, late by how much, missed, not applicable, or waived.

A clause with promises is judged by them, from the events that say what became of each and from the clocks that still
run: every promise kept is met; one kept after its deadline is late by the longest delay; one that was never kept, or
runs past its deadline, is missed, and a promise that repeats is missed again for each period that passes. A clause
without promises, or with none here, is judged by its own judge. A waiver says by whom and why: it holds from its moment
on, stands beside what was missed or late before, and never takes that away.
"""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from domain.incident.clock import Clock
from domain.incident.clocks import Kept, Missed
from domain.incident.incident import Incident
from domain.incident.severity import gravest
from domain.procedure.sop import PROCEDURE
from domain.rule.clause import Clause
from domain.run.agenda import clocks
from domain.value.calendar import counted
from domain.value.key import ClockKey
from domain.value.model import ClauseId, Duration, Model, format_duration

Word = Literal["met", "late", "missed", "open", "not_applicable", "waived"]


class Verdict(Model):
    """What one incident says of one clause."""

    clause: ClauseId
    title: str
    verdict: Word
    late: Duration | None = None
    """How long after its deadline the latest promise was kept."""
    count: int = 0
    """How many promises were judged, where clocks judge; one that repeats counts for each period that it was silent."""
    misses: int = 0
    """How many of them were not kept."""
    why: str = ""
    by: str = ""
    """Who waived it."""
    waiver: str = ""
    """The reason of the waiver."""

    @property
    def says(self) -> str:
        """The verdict in words."""
        words = f"late by {format_duration(self.late)}" if self.late else self.verdict.replace("_", " ")
        times = f" {self.misses} times" if self.misses > 1 else ""
        waived = "" if not self.by else f" by {self.by}" if self.verdict == "waived" else f", then waived by {self.by}"
        return f"{words}{times}{waived}"

    @property
    def told(self) -> str:
        """The same with the reason of a waiver, as evidence has it."""
        return f"{self.says}: {self.waiver}" if self.waiver else self.says


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
        made.setdefault(ClockKey(key).clause, {}).setdefault(key, promise)
    return made


def _stopped_itself(incident: Incident, clock: Clock) -> bool:
    """Whether only its own passing stopped a promise: the matrix declared, the holding statement was posted."""
    missed = incident.missed.get(clock.key)
    return missed is not None and missed[1] == clock.stopped_at


def _verdict(incident: Incident, clause: Clause, made: list[_Promise], as_of: datetime) -> Verdict:
    known = incident.learning.waivers
    waiver = known.get(clause.id) or known.get(clause.waived_with)
    judged = _by_promises(incident, clause, made, as_of) if made else _by_judge(incident, clause)
    if waiver is None or (waiver is not known.get(clause.id) and judged.verdict == "met"):
        return judged
    beside = {"by": incident.called(waiver.by), "waiver": waiver.reason}
    if judged.verdict in ("missed", "late"):
        return judged.model_copy(update=beside)
    return Verdict(clause=clause.id, title=clause.text, verdict="waived", why=waiver.reason, **beside)


def _by_judge(incident: Incident, clause: Clause) -> Verdict:
    judged = clause.judge(incident) if clause.judge else None
    failed: Word = "open" if clause.still and incident.closed_at is None else "missed"
    word: Word = "not_applicable" if judged is None else "met" if judged else failed
    return Verdict(clause=clause.id, title=clause.text, verdict=word, why=clause.judged_how)


def _by_promises(incident: Incident, clause: Clause, made: list[_Promise], as_of: datetime) -> Verdict:
    known = {"clause": clause.id, "title": clause.text}
    missed = {
        one.key: _missed(incident, clause, one, as_of) for one in made if _is_broken(incident, clause, one, as_of)
    }
    count = len(made) + sum(missed.values()) - len(missed)
    if missed:
        why = "; ".join(f"{one.key} {one.says}" for one in made if one.key in missed)
        return Verdict(verdict="missed", count=count, misses=sum(missed.values()), why=why, **known)
    late = [one for one in made if one.late]
    if late:
        # Whoever is late for longer than a period has missed the periods between.
        misses = sum(_missed(incident, clause, one, as_of) for one in late)
        more = {"count": len(made) + misses - len(late), "misses": misses if misses > len(late) else 0}
        why, longest = "; ".join(one.key for one in late), max(one.late for one in late)
        return Verdict(verdict="late", late=longest, why=why, **more, **known)
    word: Word = "open" if any(one.stopped_at is None for one in made) else "met"
    return Verdict(verdict=word, count=len(made), **known)


def _missed(incident: Incident, clause: Clause, promise: _Promise, as_of: datetime) -> int:
    """How many misses a promise is that was not kept in time: where it repeats, one for every period that passed."""
    rule, severity = incident.policy.clocks.get(clause.id), gravest(incident)
    every = rule.span(severity) if rule and clause.promise and clause.promise.repeats else None
    if not every:
        return 1
    hours = incident.policy.hours(clause.id, severity)
    return 1 + counted(promise.due_at, max(promise.stopped_at or as_of, promise.due_at), hours) // every


def _is_broken(incident: Incident, clause: Clause, promise: _Promise, as_of: datetime) -> bool:
    """Past its deadline and never kept: it still runs, or only the incident's end stopped it."""
    if promise.stopped_at is None or promise.broken:
        return promise.broken or promise.due_at < as_of
    ends = [at for at, _ in incident.resolutions] + ([incident.closed_at] if incident.closed_at else [])
    return bool(promise.late) and not (clause.promise and clause.promise.outlives) and promise.stopped_at in ends
