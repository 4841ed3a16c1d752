"""A small language for stories about one incident: alerts, acts, time; then what happened and what is owed."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from config.company import SHIPPED, load
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.incident.clock import Deadline
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident.pages import rings_on
from domain.port.any_duty import AnyDuty
from domain.port.chat import Say
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.postmortem import CompletePostmortem, WaiveItems
from domain.procedure.public_postmortem import ApprovePublicPostmortem, waiting
from domain.report.scorecard import scorecard
from domain.run.agenda import deadlines, owed
from domain.run.progress import ActResult
from domain.simulation.incident import DutyDone, SimulatedIncident
from domain.simulation.scenario import Outage, Scenario, ScenarioAlert
from domain.value.act import Act
from tests.domain.simulated import begin
from tests.domain.wording import called, worded

START = datetime(2025, 3, 4, 3, 0, tzinfo=UTC)
CRITICAL: dict[str, Any] = {"title": "5xx error rate above 5%", "severity": "critical"}
"""An alert the shipped matrix proposes as P1 on the shipped checkout."""


@cache
def policy() -> Policy:
    """The policy as it ships."""
    return load(SHIPPED / "policy.yaml", Policy)


@cache
def catalog() -> Catalog:
    """The company as it ships."""
    return load(SHIPPED / "catalog.yaml", Catalog)


def changed(model: Any, **over: Any) -> Any:
    """A policy or a catalog that differs in some fields, checked again."""
    data = model.model_dump()
    for path, value in over.items():
        *parents, last = path.split("__")
        place = data
        for parent in parents:
            place = place[parent]
        place[last] = value
    return type(model).model_validate(data)


class Story:
    """One incident, opened by its first alert; every method is a sentence of the story or a question about it."""

    def __init__(
        self, rules: Policy | None = None, company: Catalog | None = None, service: str = "checkout", **first: Any
    ) -> None:
        scenario = {k: first.pop(k) for k in ("by", "kind", "outages") if k in first}
        sound = ScenarioAlert(**{**CRITICAL, "service": service, **first})
        self.play: SimulatedIncident = begin(
            Scenario(name="story", service=service, starts_at=START, alerts=(sound,), **scenario),
            rules or policy(),
            company or catalog(),
        )
        self.answer = ActResult(True, "")

    @property
    def incident(self) -> Incident:
        return self.play.incident

    def phase(self) -> str:
        """Where in the procedure the incident is."""
        return self.incident.phase

    def severity(self) -> str | None:
        """The declared severity."""
        return self.incident.severity

    @property
    def now(self) -> timedelta:
        """How far the story is."""
        return self.play.now - START

    def passes(self, **span: float) -> "Story":
        """Time passes: `passes(minutes=5)`."""
        self.play.pass_until(self.play.now + timedelta(**span))
        return self

    def at(self, **span: float) -> "Story":
        """Time passes until so long after the start."""
        self.play.pass_until(START + timedelta(**span))
        return self

    def acts(self, *acts: Act) -> "Story":
        """People do things, one after the other."""
        for act in acts:
            self.answer = self.play.act(act)
        return self

    def learns(self) -> "Story":
        """Everything the follow-up asks for: no breach, nothing to be done, a known cause."""
        return self.acts(
            AnswerBreach(by="mira", breach=False, reason="no personal data"),
            WaiveItems(by="mira", reason="the rollback mended it"),
            CompletePostmortem(by="mira", cause="bad-deploy", title="A bad deployment"),
        ).accounts()

    def accounts(self) -> "Story":
        """Customers get their account of what happened, where one waits for that."""
        held = self.incident.holders
        by = held.get("comms") or held.get("commander") or ""
        return self.acts(ApprovePublicPostmortem(by=by)) if waiting(self.incident) and by else self

    def hears(self, count: int = 1, **sound: Any) -> "Story":
        """A monitor says something more: the first alert in another state, or another alert."""
        heard = ScenarioAlert(**{**CRITICAL, "service": self.incident.opened.service, "after": self.now, **sound})
        self.play.hear([heard.alert(START)], count)
        return self

    def fails(self, role: str, kind: str = "", *, retryable: bool = True, **span: float) -> "Story":
        """A vendor is away from now on, for a span or for good."""
        ends = self.now + timedelta(**span) if span else timedelta(days=365)
        window = {"begins": self.now, "ends": ends, "kind": kind, "retryable": retryable}
        self.play.world.outages.append(Outage.model_validate({"role": role, **window}))
        return self

    def mends(self) -> "Story":
        """Every vendor is back."""
        self.play.world.outages.clear()
        return self

    @property
    def refused(self) -> str:
        """Why the last act was refused; empty when it was not."""
        return "" if self.answer.accepted else self.answer.text

    def events(self, kind: str, clause: str = "") -> list[Event]:
        """What happened, of one kind."""
        return [e for e in self.incident.events if e.what.kind == kind and e.clause.startswith(clause)]

    def last(self, kind: str) -> Any:
        """The last thing of a kind that happened."""
        return self.events(kind)[-1].what

    def keys(self, kind: str) -> list[str]:
        """The clocks that were reminded of, missed, kept or rang, in order."""
        return [str(getattr(event.what, "key", "")) for event in self.events(kind)]

    def when(self, kind: str, key: str = "") -> list[timedelta]:
        """When things of a kind happened, from the start; only of one clock if named."""
        return [e.at - START for e in self.events(kind) if not key or getattr(e.what, "key", "") == key]

    def done(self, kind: str) -> list[AnyDuty]:
        """The duties of a kind that the world has done."""
        return [effect.duty for effect in self.effects(kind)]

    def effects(self, kind: str) -> list[DutyDone]:
        """The same with when and what came of it."""
        return [effect for effect in self.play.world.effects if effect.duty.kind == kind]

    def said(self) -> list[str]:
        """Everything that was said in the room or under the headline."""
        return [worded(duty) for duty in self.done("say") if isinstance(duty, Say)]

    def told(self, words: str) -> set[str]:
        """Who was called by name in what was said with these words."""
        says = [duty for duty in self.done("say") if isinstance(duty, Say)]
        return {person for say in says if words in worded(say) for person in called(say)}

    def paged(self) -> list[tuple[int, tuple[str, ...]]]:
        """Who was paged at which minute."""
        return [
            (minute_of(e), tuple(person.id for person in getattr(e.duty, "people", ()))) for e in self.effects("page")
        ]

    def ladder(self) -> list[tuple[int, tuple[str, ...]]]:
        """The same of the calls for the on-call engineer alone."""
        calls = [effect for effect in self.effects("page") if not rings_on(effect.duty.key.partition("/")[2])]
        return [(minute_of(one), tuple(person.id for person in getattr(one.duty, "people", ()))) for one in calls]

    def due(self, key: str) -> Deadline:
        """The running deadline of one clock."""
        return next(one for one in deadlines(self.incident) if one.key == key)

    def verdict(self, clause: str) -> str:
        """What the scorecard says of a clause."""
        return next(one.verdict for one in scorecard(self.incident, self.play.now) if one.clause == clause)

    def running(self) -> set[str]:
        """The keys of the clocks that run."""
        return {one.key for one in deadlines(self.incident)}

    def owes(self) -> list[str]:
        """The keys of everything owed."""
        return [duty.key for duty in owed(self.incident)]


def minute_of(effect: DutyDone) -> int:
    """In which minute after the start the world did something."""
    return round((effect.at - START).total_seconds() / 60)


def minutes(*counts: float) -> list[timedelta]:
    """Spans of so many minutes."""
    return [timedelta(minutes=count) for count in counts]
