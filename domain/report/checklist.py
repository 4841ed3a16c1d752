"""What is done and what is left in each stage of an incident: read from the clauses, their promises and the duties."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from domain.incident.entry import STANDFAST
from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.procedure.sop import PROCEDURE
from domain.report.scorecard import WORDS, Verdict, Word, scorecard
from domain.run.agenda import deadlines, owed
from domain.value.line import in_words
from domain.value.model import ClauseId, Instant, Model

LEARNED = "learned"
"""The stage of what follows the fight."""
STAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("taken", ("DET", "ACK")),
    ("triaged", ("TRI",)),
    ("fought", ("SCP", "WAR", "COM", "FIX")),
    ("ended", ("RES",)),
    (LEARNED, ("PM", "ACT", "REP", "GDP")),
)
"""The stages in their order, each with the chapters of the SOP that complete it; the others measure."""
AGAIN_AND_AGAIN = "fought"
"""Where a promise stands that each fulfilment starts again: it is left for as long as it is fought."""
State = Literal["done", "late", "never", "waived", "open", "overdue"]
FROM_VERDICT: dict[Word, State] = {
    "met": "done",
    "late": "late",
    "missed": "never",
    "waived": "waived",
    "open": "open",
}
LEFT: tuple[State, ...] = ("open", "overdue")


class ChecklistLine(Model):
    """One line of the checklist: what a clause asks for, and how that stands."""

    clause: ClauseId
    says: str
    state: State
    owner: str = ""
    """Who owes it, while it is left: a person where a role has its holder, else the role."""
    due_at: Instant | None = None

    @property
    def said(self) -> str:
        """The state in the words that every verdict has."""
        return next((WORDS[word] for word, state in FROM_VERDICT.items() if state == self.state), self.state)

    @property
    def left(self) -> bool:
        """Whether something must still be done."""
        return self.state in LEFT


class ChecklistPhase(Model):
    """One stage of an incident with everything that its clauses ask for by now."""

    name: str
    steps: tuple[ChecklistLine, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing of it is left."""
        return not any(step.left for step in self.steps)


def checklist(incident: Incident, as_of: datetime) -> tuple[ChecklistPhase, ...]:
    """Every stage that the incident has reached; what no clause asks for in it is left out."""
    steps = list(_steps(incident, as_of))
    found = (
        ChecklistPhase(name=name, steps=tuple(step for step in steps if stage(step.clause) == name))
        for name, _ in STAGES
    )
    return tuple(stage for stage in found if stage.steps)


def stage(clause: str) -> str:
    """The stage that a clause belongs to; empty where it only measures."""
    promise, chapter = PROCEDURE.clauses[clause].promise, clause.partition("-")[0]
    if promise and promise.repeats:
        return AGAIN_AND_AGAIN
    return next((name for name, chapters in STAGES if chapter in chapters), "")


def _steps(incident: Incident, as_of: datetime) -> Iterator[ChecklistLine]:
    """Clause by clause: what runs, else how it came out, then what the software itself owes for it."""
    for verdict in scorecard(incident, as_of):
        running = list(_running(incident, verdict.clause, as_of))
        yield from running
        if not running and verdict.verdict != "not_applicable":
            yield ChecklistLine(clause=verdict.clause, says=_asked(verdict), state=FROM_VERDICT[verdict.verdict])
        for duty in owed(incident):
            if duty.clause == verdict.clause and is_left(duty, as_of):
                yield ChecklistLine(clause=verdict.clause, says=in_words(duty.summary), state="open", owner="Standfast")


def is_left(duty: AnyDuty, as_of: datetime) -> bool:
    """Whether the world waits for a duty now: what is only looked at again later is nobody's debt."""
    later = duty.not_before is not None and duty.not_before > as_of and not duty.tried
    return duty.is_waited_for and not (duty.upkeep or later)


def _running(incident: Incident, clause: str, as_of: datetime) -> Iterator[ChecklistLine]:
    for one in deadlines(incident):
        if one.clause == clause and one.ring != "wait":
            state: State = "overdue" if one.due_at < as_of else "open"
            owner = _owner(incident, one.owner)
            yield ChecklistLine(clause=clause, says=in_words(one.says), state=state, owner=owner, due_at=one.due_at)


def _owner(incident: Incident, name: str) -> str:
    """Who owes it: the software, a person, or a role that nobody holds, by its title."""
    if name == STANDFAST:
        return "Standfast"
    role = incident.policy.roles.get(name)
    return incident.called(incident.holders.get(name, role.title if role else name))


def _asked(verdict: Verdict) -> str:
    """What a clause asks for: its promise, else what it is judged by."""
    clause = PROCEDURE.clauses[verdict.clause]
    return clause.promise.what if clause.promise else clause.judged_by
