"""An incident that is lived through, and a diary of it: plain moments, written down by whoever presses the buttons."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from domain.procedure.cause_told import HearCause
from domain.procedure.company_search import found
from domain.procedure.repeats import as_earlier
from domain.run import progress as step
from tests.domain.learn.case import CATALOG, POLICY, Case, days

MINUTE = timedelta(minutes=1)
CALM = POLICY.model_copy(
    update={
        "severities": {
            name: one.model_copy(update={"wake": (), "mail": False}) for name, one in POLICY.severities.items()
        }
    }
)
"""The shipped policy without what is in no figure and costs half the time: roles that are woken, mails to accounts."""
Moments = list[datetime]


@dataclass
class Item:
    """An action item, as its owner knows it."""

    begun: datetime
    due: datetime
    done: datetime | None = None
    declined: datetime | None = None
    late: bool = False
    """Whether its day passed while it was open."""


@dataclass
class Diary:
    """What happened, as somebody with a pencil wrote it down; nothing here was asked of the product."""

    fired: datetime
    proposed: str
    left_out: str = ""
    acknowledged: datetime | None = None
    declared: list[tuple[datetime, str]] = field(default_factory=list)
    corrected_at: datetime | None = None
    """When a severity was put right after the end, if that made it a P1 or P2."""
    ends: Moments = field(default_factory=list)
    reopened: Moments = field(default_factory=list)
    public: Moments = field(default_factory=list)
    """When the stand-in of the status page was written to."""
    written: datetime | None = None
    waived: datetime | None = None
    items: list[Item] = field(default_factory=list)
    cause: str = ""
    failed: str = ""
    """What failed, where the cause is a category: the same thing again is a repetition, another thing is none."""
    pages: dict[str, list[tuple[str, datetime]]] = field(default_factory=dict)
    """Whom each page woke, and when."""
    commanded: datetime | None = None
    runbook: bool = True
    """Whether there is one for it."""
    blip: bool = False
    """Over before anybody came: nothing was restored by anybody, and nothing is to be learnt from it."""
    seen: datetime = field(init=False)
    """The last moment at which anybody looked."""

    def __post_init__(self) -> None:
        self.seen = self.fired


class Life:
    """One incident of the year: every step is done to the product and noted in the diary."""

    def __init__(self, year: "list[Life]", at: datetime, name: str, *, severity: str = "critical", **said: Any) -> None:
        proposed = {"critical": "P1", "warning": "P2", "low": "P3"}[severity]
        self.name, self._year, self.diary = name, year, Diary(at, proposed, failed="checkout")
        year.append(self)
        if said.get("drill"):
            self.diary.left_out = "drill"
        self.case = Case(severity, seed=name, at=at, answers=self._world, policy=CALM, **said)

    def _world(self, duty: AnyDuty) -> Outcome | None:
        """The status page, the archive of the year, and the other incidents."""
        at = self.case.now if hasattr(self, "case") else self.diary.fired
        if duty.kind == "publish_update" and at not in self.diary.public:
            self.diary.public.append(at)
        if duty.kind == "page":
            self.diary.pages[duty.key] = [(person.id, at) for person in duty.people]
            return Outcome(ref=f"page-{duty.key}", people=tuple(person.id for person in duty.people))
        if duty.kind == "find_company":
            return found(duty, CATALOG, POLICY)
        others = [one for one in self._year if one is not self]
        if duty.kind == "find_repeats":
            return Outcome(repeats=tuple(as_earlier(one.case.incident) for one in others))
        if duty.kind == "tell_incident" and not isinstance(duty.act, HearCause):
            return Outcome(ref=duty.other)
        if duty.kind == "tell_incident":
            other = next(one for one in others if one.case.incident.id == duty.other)
            other.case.now = max(at, other.case.now)
            heard = step.receive(other.case.incident, duty.act, other.case.now)
            return Outcome(ref=duty.other if heard.accepted else "")
        return None

    def does(self, kind: str, by: str, **fields: Any) -> datetime:
        """Somebody acts and is heard; answers when."""
        answer = self.case.acts(kind, by, **fields)
        assert answer.accepted, (self.name, kind, answer.text)
        self.diary.seen = self.case.now
        return self.case.now

    def wait(self, minutes: float) -> "Life":
        """Minute by minute, as an engine would."""
        self.case.passes(minutes * MINUTE)
        self.diary.seen = self.case.now
        return self

    def leap(self, span: timedelta) -> "Life":
        """A long time at once: nobody looks in between, and what rang meanwhile rings late."""
        self.case.now += span
        self.case.wakes()
        self.diary.seen = self.case.now
        for item in self.diary.items:
            item.late = item.late or (not (item.done or item.declined) and item.due <= self.case.now)
        return self

    def acknowledge(self, *, claims: float | None = None) -> "Life":
        """A claimed minute counts, unless five minutes had passed by then: a miss on record stays one."""
        fired, now = self.diary.fired, self.case.now
        claimed = fired + claims * MINUTE if claims is not None else None
        self.does("acknowledge", "dana", **({"at": claimed} if claimed else {}))
        self.diary.acknowledged = claimed if claimed and now < fired + 5 * MINUTE else now
        return self

    def declare(self, severity: str) -> "Life":
        """By two people, so that it may be lower than anything else."""
        self.does("declare", "jonas", severity=severity, reason="as it looks now")
        self.case.acts("declare", "dana", severity=severity, reason="as it looks now")
        assert self.case.incident.severity == severity
        self.diary.declared.append((self.case.now, severity))
        self.diary.commanded = self.diary.commanded or self.case.now
        return self

    def update(self) -> "Life":
        self.case.acts("take_role", "ines", role="comms")
        self.does("approve_update", "ines")
        return self

    def resolve(self) -> "Life":
        self.diary.ends.append(self.does("resolve", "jonas", summary="over"))
        return self

    def reopen(self) -> "Life":
        self.diary.reopened.append(self.does("reopen", "dana", reason="it is back"))
        return self

    def close_as(self, how: str) -> "Life":
        self.diary.ends.append(self.does("close_as", "jonas", how=how, reason="a load test"))
        self.diary.left_out = how.replace("_", " ")
        return self

    def merge(self) -> "Life":
        self.does("merge", "dana", into="INC-00000", reason="the same outage")
        self.diary.ends.append(self.case.now)
        self.diary.left_out = "merged"
        return self

    def corrected(self, service: str) -> "Life":
        """It was another service's; what failed is another thing then."""
        self.does("correct", "jonas", reason="it is theirs", service=service)
        self.diary.failed = service
        return self

    def recovers(self, *, blip: bool = False) -> "Life":
        """By itself, a minute later; a blip, where the ladder had not been through once."""
        self.diary.blip = blip
        self.case.recovers()
        self.diary.ends.append(self.case.now)
        self.diary.seen = self.case.now
        return self

    def end_drill(self) -> "Life":
        self.diary.ends.append(self.does("end_drill", "jonas"))
        return self

    def blames(self, cause: str) -> "Life":
        self.does("name_cause", "dana", cause=cause, title="as it is called here")
        self.diary.cause = cause
        return self

    def item(self) -> "Life":
        at = self.does("add_item", "mira", title=f"Limit the pool, {len(self.diary.items)}", owner="dana")
        self.diary.items.append(Item(at, due=at + days(14)))
        return self

    def done(self, number: int = 1) -> "Life":
        self.diary.items[number - 1].done = self.does("close_item", "jira", item=f"item-{number}")
        return self

    def undone(self, number: int = 1) -> "Life":
        self.does("reopen_item", "jira", item=f"item-{number}", reason="in progress again")
        self.diary.items[number - 1].done = None
        return self

    def declined(self, number: int = 1) -> "Life":
        at = self.does("close_item", "mira", item=f"item-{number}", state="declined", reason="nobody needs it")
        self.diary.items[number - 1].declined = at
        return self

    def write(self) -> "Life":
        """The post-mortem, with one item more."""
        self.does("answer_breach", "mira", breach=False, reason="no personal data was touched")
        self.item()
        self.diary.written = self.does("complete_postmortem", "mira")
        return self

    def waive(self) -> "Life":
        self.diary.waived = self.does("waive_clause", "mira", clause="PM-1", reason="written elsewhere")
        return self
