"""An incident without an engine: time passes when told, and what is owed is done at once by a world that answers."""

from collections import deque
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from config.company import Company, Settings
from domain.alerting.alert import Alert
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.company.policy_text import RoomRule
from domain.incident_input import carry
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from domain.port.message import Message
from domain.procedure.detection import opened
from domain.procedure.public_postmortem import waiting
from domain.report.view import View, view
from domain.run import progress as step
from domain.run.agenda import deadlines, owed
from domain.run.progress import ActResult
from domain.value.incident_id import incident_id
from domain.value.repeat import Repeat
from tests.again import again
from tests.domain.wording import worded
from workflows.handler import ACTS

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
"""A Tuesday."""
COMPANY = Company(Settings())
CATALOG = COMPANY.catalog.model_copy(update={"vendors": {**COMPANY.catalog.vendors, "notebook": "notion"}})
POLICY = COMPANY.policy
BY_CLOCK = POLICY.model_copy(
    update={"room": POLICY.room.model_copy(update={"chases": "by_clock", "at_any_hour": RoomRule().at_any_hour})}
)
"""What is owed after the fight is chased as the line of each clock says, whatever the hour."""
CONTENTS = {
    "nature": "e-mail addresses of about 400 people, 400 records",
    "contact": "the data protection officer, dpo@harbourline.example",
    "consequences": "phishing",
    "measures": "keys revoked, people told",
}
"""The four contents of GDPR Article 33(3)."""


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def days(count: float) -> timedelta:
    return timedelta(days=count)


class Case:
    """One incident, its clock, and everything that was done to the world for it."""

    told: ClassVar[deque["Case"]] = deque(maxlen=20)
    """The last ones: of those that a test has told, each is read again from its events at its end."""

    def __init__(
        self,
        severity: str = "critical",
        title: str = "checkout 5xx error rate above 5 %",
        *,
        policy: Policy = POLICY,
        catalog: Catalog = CATALOG,
        seed: str = "first",
        at: datetime = NOON,
        drill: bool = False,
        earlier: tuple[Repeat, ...] = (),
        answers: Callable[[AnyDuty], Outcome | None] = lambda duty: None,
        slow: str = "",
        **said: Any,
    ) -> None:
        self.now, self.done, self._answers, self._acts = at, list[AnyDuty](), answers, 0
        fired: dict[str, Any] = {"source": "alertmanager", "key": seed, "service": "checkout", "fired_at": at, "at": at}
        self.slow = slow
        """A kind of duty that the world takes its time for."""
        self._alert = alert = Alert.model_validate({**fired, "title": title, "severity": severity, **said})
        first = opened(
            incident_id(seed), (alert,), "checkout", catalog, policy, group="checkout", drill=drill, earlier=earlier
        )
        self.incident = step.open_incident(first, "alertmanager", at)
        self._reckoned: tuple[int, tuple[AnyDuty, ...]] = (0, ())
        self._settle()
        self.told.append(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Case":
        """The same case a second time, which is read again at the end like every other."""
        copy = object.__new__(Case)
        copy.__dict__ = deepcopy(self.__dict__, memo)
        self.told.append(copy)
        return copy

    def acts(self, kind: str, by: str, **fields: Any) -> ActResult:
        """Somebody acts; the same act is delivered twice, as everything is."""
        self._acts += 1
        via = by if by in self.incident.catalog.vendors.values() else "cli"
        act = ACTS[kind].model_validate({"by": by, "id": f"act-{self._acts}", "via": via, **fields})
        answer = step.receive(self.incident, act, self.now)
        assert step.receive(self.incident, act, self.now).accepted == answer.accepted
        self._settle()
        return answer

    def recovers(self) -> None:
        """The alert recovers at its source."""
        self.passes(timedelta(minutes=1))
        calm = self._alert.model_copy(update={"state": "resolved", "at": self.now})
        for _ in range(2):
            step.hear(self.incident, [calm], 1, self.now)
            self._settle()

    def passes(self, span: timedelta) -> None:
        """Let time pass, stopping wherever a timer rings or a duty comes due."""
        until = self.now + span
        while (at := self._next_at()) is not None and at <= until:
            self.now = max(at, self.now)
            self._settle()
        self.now = until
        self._settle()

    def wakes(self) -> None:
        """What is to be done by now is done, late as it may be."""
        self._settle()

    def until(self, moment: datetime) -> None:
        self.passes(moment - self.now)

    def _next_at(self) -> datetime | None:
        rings = [one.rings_at for one in deadlines(self.incident) if one.rings_at]
        waits = [duty.not_before for duty in self._owed() if duty.not_before]
        return min((at for at in rings + waits if at > self.now), default=None)

    def _owed(self) -> tuple[AnyDuty, ...]:
        """What is owed, reckoned once for each event."""
        if self._reckoned[0] != self.incident.number:
            self._reckoned = (self.incident.number, tuple(owed(self.incident)))
        return self._reckoned[1]

    def _settle(self) -> None:
        """What the workflow does at every turn, until nothing is left to do now."""
        for _ in range(500):
            step.pass_time(self.incident, self.now)
            due = [duty for duty in self._owed() if duty.not_before is None or duty.not_before <= self.now]
            todo = [duty for duty in due if duty.kind != self.slow]
            if not todo:
                break
            for duty in todo:
                self.done.append(duty)
                step.done(self.incident, duty, self._outcome(duty), self.now)
                step.done(self.incident, duty, self._outcome(duty), self.now)
        else:
            raise AssertionError(f"never quiet: {todo}")

    def carried(self) -> None:
        """What a next run would read from the list is what this one knows, but for what is to be edited anyway."""
        again = carry(self.incident, 0).incident(self.now)
        assert again == replace(self.incident, shown=again.shown)
        assert [*owed(again)] == [*owed(self.incident)]

    def _outcome(self, duty: AnyDuty) -> Outcome:
        """What the world answers: a reference and a place to look, unless the test says otherwise."""
        text = duty.name if duty.kind == "open_room" else ""
        return self._answers(duty) or Outcome(ref=f"ref-{duty.key}", url=f"https://example.com/{duty.key}", text=text)

    def did(self, *kinds: str) -> list[Any]:
        """What was done to the world, of these kinds."""
        return [duty for duty in self.done if duty.kind in kinds]

    def said(self, clause: str) -> list[Message]:
        """What people were told of a clause."""
        return [duty.message for duty in self.did("say") if worded(duty).startswith(clause)]

    def alone(self, words: str) -> list[str]:
        """To whom alone these words were said, in order."""
        return [duty.person.id for duty in self.did("say") if duty.person and worded(duty).startswith(words)]

    def events(self, *kinds: str, clause: str = "") -> list[Any]:
        """What happened, of these kinds."""
        return [e for e in self.incident.events if e.what.kind in kinds and clause in ("", e.clause)]

    @property
    def phase(self) -> str:
        return self.incident.phase

    @property
    def view(self) -> View:
        return view(self.incident, ())


@again
def fought(severity: str = "P1", **said: Any) -> Case:
    """An incident that was acknowledged, declared and resolved in half an hour, by dana and jonas."""
    case = Case(**said)
    case.passes(timedelta(minutes=2))
    case.acts("acknowledge", "dana")
    case.acts("declare", "jonas", severity=severity, reason="as the matrix says")
    if case.incident.severity != severity:
        case.acts("declare", "dana", severity=severity)
    case.acts("take_role", "ines", role="comms")
    case.acts("join", "mira")
    case.acts("draft_update", "ines", body="We are on it.")
    case.acts("approve_update", "ines")
    if not case.incident.secret:
        case.acts("approve_mail", "ines")
    case.passes(timedelta(minutes=8))
    case.acts("post_finding", "dana", conditions="The pool is exhausted since Dana's deploy at 11:58.")
    case.acts("record_change", "jonas", change="rollback", description="back to build 41")
    case.passes(timedelta(minutes=10))
    assert case.acts("resolve", "jonas", summary="A bad deployment, rolled back by Dana Okafor.").accepted
    return case


def completed(case: Case, **fields: Any) -> ActResult:
    """The usual answers of a post-mortem, given by its owner."""
    case.acts("answer_breach", "mira", breach=False, reason="no personal data was touched")
    case.acts("add_item", "dana", title="Limit the pool per tenant", owner="dana")
    answer = case.acts("complete_postmortem", "mira", cause="capacity", **fields)
    accounts(case)
    return answer


def accounts(case: Case) -> None:
    """Customers get their account of what happened, where one waits for that."""
    if waiting(case.incident):
        case.acts("approve_public_postmortem", "ines")
