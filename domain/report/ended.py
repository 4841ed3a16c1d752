"""Promises that were neither kept nor missed: no longer owed before their time had come, and what made it so."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from domain.incident.clocks import DeputyAsked, Kept, Missed, Reminded, WaitOver
from domain.incident.effects import Done, Failed
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.lifecycle import Closed, Reopened, Resolved
from domain.incident.relation import Retracted
from domain.incident.severity import SeverityDeclared
from domain.procedure.evidence import ClauseWaived
from domain.report.promises import ended_in_time
from domain.run.agenda import clocks
from domain.value.key import ClockKey
from domain.value.line import Names, in_words
from domain.value.model import ClauseId, Instant, Model

OUR_BOOKS = (Done, Failed, Kept, Missed, Reminded, WaitOver, DeputyAsked)
"""What is only written down of what happened."""
ENDINGS = (Resolved, Closed, Retracted, Reopened, SeverityDeclared, ClauseWaived)
"""What most of all makes that something is no longer owed."""


class EndedPromise(NamedTuple):
    """A promise whose clock is void, and the event that made it so; None where that was decided before."""

    clause: ClauseId
    key: str
    says: str
    due_at: datetime
    ended_at: datetime
    because: Event | None


class PromiseEnd(Model):
    """The same as people read it: what was promised, until when, since when nobody owes it, and why."""

    key: str
    says: str
    due_at: Instant
    ended_at: Instant
    why: str

    @property
    def clause(self) -> str:
        """Whose promise it was."""
        return ClockKey(self.key).clause


def ended(incident: Incident) -> Iterator[EndedPromise]:
    """Every promise that ended before its time."""
    then = dict[datetime, list[Event]]()
    for event in incident.events:
        if not isinstance(event.what, OUR_BOOKS):
            then.setdefault(event.at, []).append(event)
    for clock in clocks(incident):
        if ended_in_time(incident, clock) and not clock.wait and clock.stopped_at:
            why = sorted(then.get(clock.stopped_at, ()), key=lambda event: not isinstance(event.what, ENDINGS))
            because = why[0] if why else None
            yield EndedPromise(clock.clause, clock.key, clock.says, clock.due_at, clock.stopped_at, because)


def no_longer_owed(incident: Incident, names: Names) -> Iterator[PromiseEnd]:
    """The same in words; nothing that somebody wrote is quoted."""
    for one in ended(incident):
        why = "of what was decided before"
        if one.because:
            why = one.because.what.line(names)._replace(detail="").said_by(one.because.signed(names))
        yield PromiseEnd(key=one.key, says=in_words(one.says), due_at=one.due_at, ended_at=one.ended_at, why=why)
