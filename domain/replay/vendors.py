"""What the vendors did in an incident, and when: so that they do the same when it is played again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain.incident.effects import Done, Failed
from domain.incident.event import Event
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from domain.replay.run import NOTHING, VendorAnswer
from domain.simulation.incident import SimulatedVendors
from domain.value.key import DutyKey

LONGEST = timedelta(minutes=10)
"""No single try takes longer: after that the answer belongs to another try."""
NEAR = timedelta(minutes=1)
"""What was read then holds this long before it was read: a moment's difference is no other state of the world."""


@dataclass(frozen=True, slots=True)
class Try:
    """One try of a duty: when it began, and how it ended."""

    kind: str
    asked_at: datetime
    answer: VendorAnswer


def answers(events: Iterable[Event]) -> dict[str, list[VendorAnswer]]:
    """By duty: how each try ended, in order."""
    found: dict[str, list[VendorAnswer]] = {}
    for event in events:
        what = event.what
        if isinstance(what, Done):
            found.setdefault(what.key, []).append(VendorAnswer(event.at, what.outcome, event.number))
        elif isinstance(what, Failed) and what.duty != "record":
            said = VendorAnswer(event.at, NOTHING, event.number, what.said or "failed", what.retryable)
            found.setdefault(what.key, []).append(said)
    return found


@dataclass
class RecordedVendors:
    """Vendors that answer each duty when and how they did; `tries` learns when each was asked."""

    script: dict[str, list[VendorAnswer]]
    world: SimulatedVendors
    tries: dict[str, list[Try]] = field(default_factory=dict)

    def answer(self, duty: AnyDuty, now: datetime) -> VendorAnswer:
        """The old answer at its old moment; what was never asked then is answered at once."""
        waiting = self.script.get(duty.key, [])
        then = waiting[0] if waiting else None
        if then is None or then.at - now > LONGEST:
            return VendorAnswer(now, self.world.do(duty, now))
        waiting.pop(0)
        self.tries.setdefault(duty.key, []).append(Try(duty.kind, now, then))
        return replace(then, at=max(then.at, now))


@dataclass
class EstimatedVendors:
    """Vendors that take as long as they took then, and are away when they were away then."""

    tries: dict[str, list[Try]]
    world: SimulatedVendors

    def answer(self, duty: AnyDuty, now: datetime) -> VendorAnswer:
        """As it would have been answered then; at once where nothing tells."""
        own = self.tries.get(duty.key, []) if not duty.numbered else []
        away = _away(own, now) if own else self._kind_away(duty.kind, now)
        if away:
            pause = away.answer.at - away.asked_at if own else timedelta()
            return replace(away.answer, at=now + pause, number=0)
        last = own[-1] if own and not own[-1].answer.failure else None
        answered_at = now + (last.answer.at - last.asked_at) if last else now
        if duty.reads_state:
            return VendorAnswer(answered_at, self._state(duty, now))
        return VendorAnswer(answered_at, last.answer.outcome if last else self.world.do(duty, now))

    def _kind_away(self, kind: str, now: datetime) -> Try | None:
        """A failure of the same kind that lasted through this moment, with nothing of the kind done meanwhile."""
        alike = [tries for tries in self.tries.values() if tries[0].kind == kind]
        done = [one.asked_at for tries in alike for one in tries if not one.answer.failure]
        for tries in alike:
            away = _away(tries, now)
            if away and not any(tries[0].asked_at <= at <= now for at in done):
                return away
        return None

    def _state(self, duty: AnyDuty, now: datetime) -> Outcome:
        """The last thing that was read by then; nothing special before that."""
        series = duty.key.series
        read = [
            one
            for key, tries in self.tries.items()
            if DutyKey(key).series == series
            for one in tries
            if one.asked_at <= now + NEAR and not one.answer.failure
        ]
        last = max(read, key=lambda one: one.asked_at, default=None)
        return last.answer.outcome if last else self.world.do(duty, now)


def _away(tries: Sequence[Try], now: datetime) -> Try | None:
    """The failed try whose failure still held at a moment: until the next try that was answered, or its own end."""
    for number, one in enumerate(tries):
        until = tries[number + 1].asked_at if number + 1 < len(tries) else one.answer.at
        if one.answer.failure and one.asked_at <= now < until:
            return one
    return None
