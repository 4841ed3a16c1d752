"""Every promise that an incident made by the clock, and what became of it: what scorecard and board are read from."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from domain.incident.clock import Clock
from domain.incident.clocks import Kept, Missed
from domain.incident.entry import STANDFAST
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.lifecycle import unresolved_end
from domain.procedure.sop import PROCEDURE
from domain.run.agenda import clocks
from domain.value.key import ClockKey
from domain.value.model import said_outcome, said_span

Deeds = dict[datetime, list[Event]]
State = Literal["kept", "late", "never", "running", "overdue"]


class PromiseRun(NamedTuple):
    """One run of a promise and what became of it; `stopped_at` is None while it runs, `broken` ones were never kept."""

    key: str
    says: str
    due_at: datetime
    stopped_at: datetime | None
    broken: bool = False
    owner: str = ""
    started_at: datetime | None = None
    """None where only its verdict is known, which does not say since when it ran."""
    event: int = 0
    """The number of the event that says what became of it, or that it passed; 0 while there is none."""

    @property
    def clause(self) -> str:
        """Whose promise it is."""
        return ClockKey(self.key).clause

    @property
    def late(self) -> timedelta:
        """How long after its deadline it was kept."""
        return max(self.stopped_at - self.due_at, timedelta()) if self.stopped_at else timedelta()


def promises(incident: Incident) -> dict[str, dict[str, PromiseRun]]:
    """Every promise by clause and key: those that ended as the events say, then those that run.

    A miss whose clock is gone without another word was its last: nobody kept that promise.
    """
    made: dict[str, dict[str, PromiseRun]] = {}
    passed: dict[str, PromiseRun] = {}
    for event in incident.events:
        what = event.what
        if isinstance(what, Missed) and not what.stopped_at:
            passed[what.key] = PromiseRun(
                what.key, what.says, what.due_at, event.at, broken=True, owner=what.owner, event=event.number
            )
        elif isinstance(what, Kept | Missed) and what.stopped_at:
            broken = isinstance(what, Missed) and what.broken
            ended = what.key, what.says, what.due_at, what.stopped_at, broken, what.owner, None, event.number
            made.setdefault(what.clause, {})[what.key] = PromiseRun(*ended)
    for clock in clocks(incident):
        said = passed.pop(clock.key, None)
        if not (clock.wait or ended_in_time(incident, clock)):
            broken = clock.broken or clock.void or _stopped_itself(incident, clock)
            known = made.setdefault(clock.clause, {})
            one = PromiseRun(clock.key, clock.says, clock.due_at, clock.stopped_at, broken, clock.owner)
            one = known.setdefault(clock.key, one._replace(event=said.event if said else 0))
            known[clock.key] = one._replace(started_at=clock.started_at)
    for key, promise in passed.items():
        made.setdefault(ClockKey(key).clause, {}).setdefault(key, promise)
    return made


def ended_in_time(incident: Incident, clock: Clock) -> bool:
    """Void, neither kept nor missed. What ended at the very moment in which it was said to be missed was missed."""
    said = clock.key in incident.passed and clock.stopped_at is not None and clock.stopped_at <= clock.due_at
    return clock.void and not said


def is_broken(incident: Incident, promise: PromiseRun, as_of: datetime) -> bool:
    """Past its deadline and never kept: it still runs, or only the incident's end stopped it."""
    if promise.stopped_at is None or promise.broken:
        return promise.broken or promise.due_at < as_of
    ends = [at for at, _ in incident.resolutions] + ([end] if (end := unresolved_end(incident)) else [])
    clause = PROCEDURE.clauses[promise.clause]
    return bool(promise.late) and not (clause.promise and clause.promise.outlives) and promise.stopped_at in ends


def state_of(incident: Incident, promise: PromiseRun, as_of: datetime) -> State:
    """What one promise came to by a moment."""
    if promise.stopped_at is None and not promise.broken:
        return "overdue" if promise.due_at < as_of else "running"
    if is_broken(incident, promise, as_of):
        return "never"
    return "late" if promise.late else "kept"


def spoken(promise: PromiseRun, state: State, as_of: datetime) -> str:
    """The verdict on one promise as people say it, the same everywhere: `kept, 8 min early`, `1 min late`."""
    if state in ("running", "overdue"):
        left = said_span(abs(promise.due_at - as_of))
        return f"running, {left} left" if state == "running" else f"overdue, {left}"
    return said_outcome(promise.due_at - (promise.stopped_at or promise.due_at), broken=state == "never")


def deeds(incident: Incident) -> Deeds:
    """What people did, by its moment: at such a moment a promise is kept."""
    found: Deeds = {}
    for event in incident.events:
        if event.by != STANDFAST and not isinstance(event.what, Kept | Missed):
            found.setdefault(event.at, []).append(event)
    return found


def proof(promise: PromiseRun, done: Deeds) -> Iterator[int]:
    """The numbers of the events that made a verdict: what somebody did at that moment, then what was said of it."""
    found = done.get(promise.stopped_at, []) if promise.stopped_at and not promise.broken else []
    before = [event for event in found if not promise.event or event.number < promise.event]
    if before:
        yield next((event for event in before if event.clause == promise.clause), before[-1]).number
    if promise.event:
        yield promise.event


def _stopped_itself(incident: Incident, clock: Clock) -> bool:
    """Whether only its own passing stopped a promise: the matrix declared, the holding statement was posted."""
    missed = incident.missed.get(clock.key)
    return missed is not None and missed[1] == clock.stopped_at
