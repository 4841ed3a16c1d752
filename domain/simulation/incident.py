"""A scenario played through the whole procedure without an engine: the same rules, a world that answers at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.alerting.alert import Alert
from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome, Role
from domain.port.internal import FindCompany, FindOpen, FindRepeats, TellIncident
from domain.port.notebook import ReviewDocument
from domain.port.status_page import DraftFromTemplate, PublishUpdate, ReadStatus
from domain.port.tracker import ReadItem
from domain.procedure.action_items import CloseItem
from domain.procedure.item_changes import ReopenItem
from domain.procedure.repeats import same_cause
from domain.run import progress as step
from domain.run.agenda import deadlines, owed
from domain.run.progress import ActResult
from domain.run.retry import Attempt, RetryWindow
from domain.simulation.scenario import Outage
from domain.value.act import WAYS, Act
from domain.value.elsewhere import Elsewhere
from domain.value.repeat import Repeat

LARGEST = 10_000
"""More rounds of duties than this in one moment are a fault of the rules."""


@dataclass(frozen=True, slots=True)
class DutyDone:
    """A duty that the world has done."""

    at: datetime
    duty: AnyDuty
    outcome: Outcome


@dataclass
class SimulatedVendors:
    """Every vendor at once: does a duty the moment it is asked, unless an outage hits it."""

    starts_at: datetime
    outages: list[Outage] = field(default_factory=list)
    effects: list[DutyDone] = field(default_factory=list)
    differs: str = ""
    """What the status page shows that it should not (COM-7)."""
    template: str = ""
    """The status page's own template; empty when it has none."""
    tell: Callable[[TellIncident, datetime], Outcome] | None = None
    """Has another incident decide an act; there is none where nothing is said (DET-7)."""
    elsewhere: Callable[[str], tuple[Elsewhere, ...]] = lambda incident: ()
    """What is being fought beside an incident (DET-7)."""
    company: Callable[[FindCompany], Outcome] = lambda duty: Outcome(text="nobody knows the company here")
    """What the company's catalog says of another service or team (DET-7)."""
    items: dict[tuple[str, str], str] = field(default_factory=dict)
    """How an action item of an incident stands in the tracker, as the story's own words of the tracker have it."""
    unwritten: Callable[[datetime], tuple[str, ...]] = lambda moment: ()
    """The headings of the post-mortem under which nobody has written by a moment (PM-3)."""
    past: Callable[[], Iterable[Repeat]] = tuple
    """The incidents that the archive knows of, as later ones know them (REP-1)."""

    def outage(self, duty: AnyDuty, now: datetime) -> Outage | None:
        """What keeps this duty from being done now."""
        return next((one for one in self.outages if one.hits(duty, now - self.starts_at)), None)

    def hear(self, incident: str, act: Act) -> None:
        """What the story has the tracker say is so when it is asked (ACT-2)."""
        if act.via not in WAYS and isinstance(act, CloseItem | ReopenItem):
            self.items[incident, act.item] = act.state if isinstance(act, CloseItem) else "open"

    def do(self, duty: AnyDuty, now: datetime) -> Outcome:
        """Do a duty and remember it."""
        outcome = self._outcome(duty, now)
        self.effects.append(DutyDone(now, duty, outcome))
        return outcome

    def _outcome(self, duty: AnyDuty, now: datetime) -> Outcome:
        outcome = duty.practised(f"{duty.kind}-{len(self.effects) + 1}")
        match duty:
            case PublishUpdate():
                return outcome.model_copy(update={"url": f"https://status.example/{outcome.ref}"})
            case TellIncident():
                return self.tell(duty, now) if self.tell else Outcome(text="there is no such incident")
            case FindCompany():
                return self.company(duty)
            case FindOpen():
                return Outcome(open=self.elsewhere(duty.incident))
            case FindRepeats():
                return Outcome(repeats=same_cause(duty, self.past()))
            case ReadItem():
                return outcome.model_copy(update={"text": self.items.get((duty.incident, duty.item), outcome.text)})
            case ReviewDocument():
                return outcome.model_copy(update={"unwritten": self.unwritten(now)})
            case ReadStatus():
                return Outcome(text=self.differs)
            case DraftFromTemplate():
                return Outcome(text=self.template)
        return outcome


@dataclass
class SimulatedIncident:
    """One incident under way: time passes in its exact moments, and everything owed is tried when it is due."""

    incident: Incident
    world: SimulatedVendors
    now: datetime
    done: Callable[[AnyDuty], None] = lambda duty: None
    """Called before each duty is tried; a test watches here."""
    patience: Mapping[Role, RetryWindow] = field(default_factory=dict)
    """How long a duty that fails is tried again before that is an event; at once where nothing is said."""
    trials: dict[str, tuple[AnyDuty, Attempt]] = field(default_factory=dict)
    """The duties under way, by key."""
    reckoned: tuple[int, datetime | None, tuple[AnyDuty, ...]] = (0, None, ())
    """The next ring and what is owed, reckoned once for each event."""

    def act(self, act: Act) -> ActResult:
        """Somebody does something; what follows at once, follows."""
        self.world.hear(self.incident.id, act)
        answer = step.receive(self.incident, act, self.now)
        self.settle()
        return answer

    def hear(self, alerts: Iterable[Alert], count: int = 1, unseen: int | None = None) -> None:
        """The monitors say more."""
        step.hear(self.incident, alerts, count, self.now, unseen)
        self.settle()

    def pass_until(self, moment: datetime) -> None:
        """Let time pass, stopping at every moment at which something is due."""
        self.settle()
        while (due := self.next_at()) is not None and due <= moment:
            self.now = max(due, self.now)
            self.settle()
        self.now = max(moment, self.now)

    def next_at(self) -> datetime | None:
        """The next moment at which a timer rings or a duty that waits may be tried."""
        ring, owed = self._reckon()
        idle = [duty for duty in owed if duty.key not in self.trials and not duty.awaits_turn(self.trials)]
        waits = [duty.not_before for duty in idle if duty.not_before]
        tries = [trial.again_at for _, trial in self.trials.values() if trial.again_at]
        return min([*waits, *tries, *([ring] if ring else [])], default=None)

    def settle(self) -> None:
        """Everything that has rung by now, and every duty that may be tried by now.

        What is owed at once begins at once, as the engine has it: one message cannot tell of another that left with it.
        """
        passed = 0
        for _ in range(LARGEST):
            if passed != self.incident.number:
                step.pass_time(self.incident, self.now)
                passed = self.incident.number
            _, owed = self._reckon()
            self._call_back({duty.key for duty in owed})
            again = [duty for duty, trial in self.trials.values() if trial.again_at and trial.again_at <= self.now]
            begun = [duty for duty in owed if self._may_begin(duty)]
            if not again and not begun:
                return
            for duty in [*again, *begun]:
                self._attempt(duty)
        raise RuntimeError(f"{self.incident.id}: duties have no end at {self.now}")

    def _may_begin(self, duty: AnyDuty) -> bool:
        return duty.key not in self.trials and _is_due(duty, self.now) and not duty.awaits_turn(self.trials)

    def _call_back(self, owed: set[str]) -> None:
        """A page that is owed no more is not tried again."""
        for key, (duty, _) in list(self.trials.items()):
            if duty.recallable and key not in owed:
                del self.trials[key]

    def _reckon(self) -> tuple[datetime | None, tuple[AnyDuty, ...]]:
        if self.reckoned[0] != self.incident.number:
            ring = min((one.rings_at for one in deadlines(self.incident) if one.rings_at), default=None)
            self.reckoned = (self.incident.number, ring, tuple(owed(self.incident)))
        return self.reckoned[1:]

    def _attempt(self, duty: AnyDuty) -> None:
        self.done(duty)
        _, trial = self.trials.pop(duty.key, (duty, Attempt(self.now)))
        outage = self.world.outage(duty, self.now)
        if outage is None:
            step.done(self.incident, duty, self.world.do(duty, self.now), self.now)
            return
        trial.times += 1
        patience = self.patience.get(duty.role) if outage.retryable else None
        trial.again_at = patience.next_try(trial.begun_at, trial.times, self.now) if patience else None
        if trial.again_at:
            self.trials[duty.key] = (duty, trial)
        else:
            step.failed(self.incident, duty, outage.said, outage.retryable, self.now)


def _is_due(duty: AnyDuty, now: datetime) -> bool:
    return duty.not_before is None or duty.not_before <= now
