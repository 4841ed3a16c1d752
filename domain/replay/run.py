"""One incident under way outside the engine: time passes in its exact moments, and vendors take their time.

Unlike a simulated play, what is owed is under way until its vendor answers, as it is in the engine: so the old moments
of vendors can be kept when an incident is played again.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from domain.incident.entry import STANDFAST
from domain.incident.incident import Incident
from domain.incident.opening import Opened
from domain.incident.record import Refused
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from domain.procedure.acknowledgement import Acknowledge, is_silent
from domain.procedure.roles import TakeRole
from domain.replay.input import ReplayInput
from domain.run import progress as step
from domain.run.agenda import deadlines, owed
from domain.value.act import Act

LARGEST = 100_000
"""More turns than this are a fault of the rules."""
LAST = 10**9
"""After everything else of its moment."""


NOTHING = Outcome()
"""What comes of a duty that could not be done."""


@dataclass(frozen=True, slots=True)
class VendorAnswer:
    """When a vendor answers, and what: an outcome, or why not. `number` orders the answers of one moment."""

    at: datetime
    outcome: Outcome = NOTHING
    number: int = 0
    failure: str = ""
    retryable: bool = True


class VendorModel(Protocol):
    """Every vendor at once: each says when and how it answers."""

    def answer(self, duty: AnyDuty, now: datetime) -> VendorAnswer:
        """What becomes of a duty that is begun now."""
        ...


@dataclass
class ReplayRun:
    """The incident, the moment it is in, and the duties that are under way."""

    incident: Incident
    vendors: VendorModel
    now: datetime
    begun: dict[str, tuple[AnyDuty, VendorAnswer]] = field(default_factory=dict)
    reckoned: tuple[int, list[AnyDuty], list[datetime]] = (0, [], [])
    """By the number of the last event: what is owed, and when timers ring."""

    def take(self, cue: ReplayInput) -> step.ActResult:
        """Somebody does something, or the monitors say more, now."""
        if cue.act:
            return step.receive(self.incident, _made_by(self.incident, cue.act), self.now)
        if cue.refused and isinstance(cue.refused.what, Refused):
            step.refused_then(self.incident, cue.refused, cue.refused.what, self.now)
            return step.ActResult(False, cue.refused.what.reason)
        step.hear(self.incident, cue.alerts, cue.count, self.now, cue.unseen)
        return step.ActResult(True, "heard")

    def until(self, moment: datetime, number: int = LAST) -> None:
        """Let time pass up to a moment; of that moment's answers only those before a number are in yet."""
        for _ in range(LARGEST):
            step.pass_time(self.incident, self.now)
            self._begin()
            key = min(self.begun, key=self._place, default=None)
            ends_at = self.begun[key][1].at if key else None
            rings_at = self._rings_at()
            if rings_at and rings_at <= moment and (ends_at is None or rings_at <= ends_at):
                self.now = max(rings_at, self.now)
            elif key and self._place(key) < (moment, number):
                self._end(key)
            else:
                self.now = max(moment, self.now)
                return
        raise RuntimeError(f"{self.incident.id}: more than {LARGEST} turns until {moment}")

    def finish(self) -> None:
        """Let pass what needs nobody any more: waits of the procedure, up to the close."""
        while self.incident.phase != "closed":
            running = deadlines(self.incident)
            due = [one.rings_at for one in running if one.rings_at]
            if not due or any(one.ring != "wait" or one.owner != STANDFAST for one in running):
                return
            self.until(min(due))

    def _place(self, key: str) -> tuple[datetime, int]:
        answer = self.begun[key][1]
        return answer.at, answer.number

    def _reckon(self) -> None:
        """What is owed and what rings, once for each event."""
        if self.reckoned[0] != self.incident.number:
            rings = [one.rings_at for one in deadlines(self.incident) if one.rings_at]
            self.reckoned = (self.incident.number, list(owed(self.incident)), rings)

    def _rings_at(self) -> datetime | None:
        """The next moment at which a timer rings or a duty that waits may be tried."""
        self._reckon()
        _, owing, rings = self.reckoned
        waits = [duty.not_before for duty in owing if duty.not_before and duty.key not in self.begun]
        return min([*rings, *waits], default=None)

    def _begin(self) -> None:
        """Everything that may be tried by now and is not under way."""
        self._reckon()
        for duty in self.reckoned[1]:
            if duty.key not in self.begun and (duty.not_before is None or duty.not_before <= self.now):
                self.begun[duty.key] = (duty, self.vendors.answer(duty, self.now))

    def _end(self, key: str) -> None:
        """A vendor answers."""
        duty, answer = self.begun.pop(key)
        self.now = max(answer.at, self.now)
        if answer.failure:
            step.failed(self.incident, duty, answer.failure, answer.retryable, self.now)
        else:
            step.done(self.incident, duty, answer.outcome, self.now)


def open_again(opened: Opened, by: str, at: datetime, vendors: VendorModel) -> ReplayRun:
    """The incident at its first moment."""
    return ReplayRun(step.open_incident(opened, by, at), vendors, at)


def _made_by(incident: Incident, act: Act) -> Act:
    """ACK-5: who took over from a silent on-call acknowledged, of which the events say the role alone."""
    if isinstance(act, TakeRole) and act.role == incident.policy.role("on_call") and is_silent(incident):
        return Acknowledge(id=act.id, by=act.by, via=act.via, at=act.at, proof=act.proof)
    return act
