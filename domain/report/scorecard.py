"""What an incident says of every clause of the procedure: met, late by how much, missed, not applicable, or waived.

A clause with promises is judged by them, from the events that say what became of each and from the clocks that still
run: every promise kept is met; one kept after its deadline is late by the longest delay; one that was never kept, or
runs past its deadline, is missed, and a promise that repeats is missed again for each period that passes. A clause
without promises, or with none here, is judged by its own judge. A waiver says by whom and why: it holds from its moment
on, stands beside what was missed or late before, and never takes that away.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from domain.incident.incident import Incident
from domain.incident.severity import gravest
from domain.procedure.sop import PROCEDURE
from domain.report.ended import PromiseEnd, no_longer_owed
from domain.report.promises import PromiseRun, is_broken, promises, state_of
from domain.rule.clause import Clause
from domain.rule.names import InRoom
from domain.value.calendar import counted
from domain.value.key import ClockKey
from domain.value.model import ClauseId, Duration, Model, said_outcome, unsaid

Word = Literal["met", "late", "missed", "open", "not_applicable", "waived"]
WORDS: dict[Word, str] = {
    "met": "kept",
    "late": "late",
    "missed": "never kept",
    "open": "running",
    "waived": "waived",
    "not_applicable": "did not apply",
}
"""What people read for each verdict, the same everywhere, in the order in which they are counted."""
ALWAYS: tuple[Word, ...] = ("met", "late", "missed")
"""Counted also where there is none."""
OVERDUE = "overdue"
"""What people read of `missed` while it can still be done, in the evidence too."""
KEY = re.compile(r"^[A-Z]{2,3}-\d+(?:/\S+)?(?: |$)")
"""The key of a clock before what it was about."""


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
    overdue: bool = Field(default=False, exclude_if=unsaid)
    """Whether what is missed can still be done: none of its promises is over."""
    by: str = ""
    """Who waived it."""
    waiver: str = ""
    """The reason of the waiver."""
    ended: tuple[PromiseEnd, ...] = Field(default=(), exclude_if=unsaid)
    """Its promises that were neither kept nor missed, for nobody owed them any more, and why."""

    @property
    def spoken(self) -> str:
        """The verdict as people say it: kept, 3 min late, never kept, running, waived by Mira."""
        words = said_outcome(-self.late) if self.late else WORDS[self.verdict]
        times = f", {self.misses} times" if self.misses > 1 else ""
        waived = "" if not self.by else f" by {self.by}" if self.verdict == "waived" else f", then waived by {self.by}"
        return f"{words}{times}{waived}"

    @property
    def now(self) -> str:
        """The same while the incident goes on: what is overdue and runs on is not yet said to be never kept."""
        return self.spoken.replace(WORDS["missed"], OVERDUE, 1) if self.overdue else self.spoken

    @property
    def said(self) -> str:
        """What it asks for in people's words: the promises that were late or never kept, else the clause."""
        clause = PROCEDURE.clauses[self.clause]
        about = filter(None, (KEY.sub("", one) for one in self.why.split("; ")))
        stated = map(clause.promise.stated, about) if clause.promise and self.count else ()
        words = "; ".join(dict.fromkeys(stated)) or clause.said
        return f"{words} ({self.waiver})" if self.waiver else words

    @property
    def told(self) -> str:
        """The same with the reason of a waiver, as evidence has it."""
        return f"{self.now}: {self.waiver}" if self.waiver else self.now


def scorecard(incident: Incident, as_of: datetime) -> tuple[Verdict, ...]:
    """Every clause of the procedure in its order; complete once the incident is closed, `open` while a promise runs."""
    made, gone = promises(incident), dict[str, list[PromiseEnd]]()
    for one in no_longer_owed(incident, InRoom(incident)):
        gone.setdefault(ClockKey(one.key).clause, []).append(one)
    return tuple(
        _verdict(incident, clause, list(made.get(clause.id, {}).values()), as_of).model_copy(
            update={"ended": tuple(gone.get(clause.id, ()))}
        )
        for clause in PROCEDURE.clauses.values()
    )


def said_counts(found: Iterable[Verdict]) -> str:
    """How many clauses came out how: kept, late and never kept always, the rest where there is any."""
    count = Counter(OVERDUE if one.overdue else one.verdict for one in found)
    named: list[tuple[str, str]] = [*WORDS.items(), (OVERDUE, OVERDUE)]
    return ", ".join(f"{count[word]} {words}" for word, words in named if count[word] or word in ALWAYS)


def _verdict(incident: Incident, clause: Clause, made: list[PromiseRun], as_of: datetime) -> Verdict:
    known = incident.learning.waivers
    waiver = known.get(clause.id) or known.get(clause.waived_with)
    by_itself = _by_promises(incident, clause, made, as_of) if made else _by_judge(incident, clause)
    judged = _as_it_came(incident, clause, by_itself)
    if waiver is None or (waiver is not known.get(clause.id) and judged.verdict == "met"):
        return judged
    beside = {"by": incident.called(waiver.by), "waiver": waiver.reason}
    if _failed_before(incident, clause, made, judged, waiver.at, as_of):
        return judged.model_copy(update=beside)
    return Verdict(clause=clause.id, title=clause.text, verdict="waived", why=waiver.reason, **beside)


def _as_it_came(incident: Incident, clause: Clause, judged: Verdict) -> Verdict:
    """What was promised was done, and is not met while something is wanting all the same."""
    lacks = clause.lacks(incident) if clause.lacks and judged.verdict in ("met", "late") else ""
    if not lacks or (judged.verdict == "late" and incident.closed_at is None):
        return judged
    word: Word = "open" if incident.closed_at is None else "missed"
    return judged.model_copy(update={"verdict": word, "late": None, "why": lacks})


def _failed_before(
    incident: Incident, clause: Clause, made: list[PromiseRun], judged: Verdict, waived_at: datetime, as_of: datetime
) -> bool:
    """Whether it was late or missed by a promise that was due before the waiver; what was due later was not held."""
    due = [one for one in made if one.due_at <= waived_at]
    then = _by_promises(incident, clause, due, as_of) if made else judged
    return judged.verdict in ("missed", "late") and then.verdict in ("missed", "late")


def _by_judge(incident: Incident, clause: Clause) -> Verdict:
    judged = clause.judge(incident) if clause.judge else None
    late = judged if isinstance(judged, timedelta) else None
    failed: Word = "open" if clause.still and incident.closed_at is None else "missed"
    word: Word = "not_applicable" if judged is None else "late" if late is not None else "met" if judged else failed
    return Verdict(clause=clause.id, title=clause.text, verdict=word, late=late, why=clause.judged_how)


def _by_promises(incident: Incident, clause: Clause, made: list[PromiseRun], as_of: datetime) -> Verdict:
    known = {"clause": clause.id, "title": clause.text}
    missed = {one.key: _missed(incident, clause, one, as_of) for one in made if is_broken(incident, one, as_of)}
    count = len(made) + sum(missed.values()) - len(missed)
    if missed:
        why = "; ".join(f"{one.key} {one.says}" for one in made if one.key in missed)
        states = {state_of(incident, one, as_of) for one in made}
        overdue = "overdue" in states and "never" not in states
        return Verdict(verdict="missed", count=count, misses=sum(missed.values()), why=why, overdue=overdue, **known)
    late = [one for one in made if one.late]
    if late:
        # Whoever is late for longer than a period has missed the periods between.
        misses = sum(_missed(incident, clause, one, as_of) for one in late)
        more = {"count": len(made) + misses - len(late), "misses": misses if misses > len(late) else 0}
        why, longest = "; ".join(f"{one.key} {one.says}" for one in late), max(one.late for one in late)
        return Verdict(verdict="late", late=longest, why=why, **more, **known)
    word: Word = "open" if any(one.stopped_at is None for one in made) else "met"
    return Verdict(verdict=word, count=len(made), **known)


def _missed(incident: Incident, clause: Clause, promise: PromiseRun, as_of: datetime) -> int:
    """How many misses a promise is that was not kept in time: where it repeats, one for every period that passed."""
    rule, severity = incident.policy.clocks.get(clause.id), gravest(incident)
    every = rule.span(severity) if rule and clause.promise and clause.promise.repeats else None
    if not every:
        return 1
    hours = incident.policy.hours(clause.id, severity)
    return 1 + counted(promise.due_at, max(promise.stopped_at or as_of, promise.due_at), hours) // every
