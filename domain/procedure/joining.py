"""DET-7: an incident that is another's is merged with it; each is told by the other, of a merge and of a link."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from domain.company.account import Account
from domain.company.component_state import ComponentState
from domain.incident.alerts import AlertSeen, AlertsJoined
from domain.incident.entry import CALM, STANDFAST
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.relation import (
    Linked,
    MergeAsked,
    Merged,
    RelationRefused,
    TookIn,
    Unlinked,
)
from domain.incident.severity import outage_began
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome
from domain.port.internal import TellIncident
from domain.port.message import Button, Message
from domain.procedure.challenge import challenged
from domain.procedure.data_breach import must_answer
from domain.procedure.linking import Other, TakeLink, TakeUnlink, Why, told_of_links, unfit
from domain.procedure.mail_accounts import to_hear_elsewhere
from domain.procedure.public_update import felt_since, on_page, on_the_page
from domain.procedure.retraction import DET_7, unsettled
from domain.procedure.severity import Declare
from domain.rule.act import Ask, Decision, IncidentAct
from domain.rule.people import held_by
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.value.model import IncidentId, Instant, Severity, by_default, unsaid


class Merge(IncidentAct):
    """This is another incident: its alerts and people go on there, and this one closes (DET-7)."""

    deed = "merge an incident into another"
    makes = (MergeAsked,)
    label, verb = "Merge into another", "merge"
    submit = "Merge them"
    into: Annotated[Other, Ask("Into which incident?", choose="incident", example="INC-00000")]
    reason: Why = ""

    def decide(self, incident: Incident) -> Decision:
        """DET-7: the other one must take it in first; until then this one goes on."""
        why = unfit(incident, self.into)
        if not why and (left := unsettled(incident, merged=True)):
            why = f"{left}. Or link the two, and each shows the other: link {self.into}"
        if why:
            return Refusal(why)
        if incident.relations.merging:
            return ()
        return (MergeAsked(into=self.into, reason=self.reason),)


class TakeIn(IncidentAct):
    """Another incident is this one: told by that incident, with its alerts and people (DET-7)."""

    makes = (TookIn,)
    object = "incident"
    incident: IncidentId
    title: str
    service: str = ""
    group: str = ""
    severity: Severity | None = None
    alerts: tuple[AlertSeen, ...] = ()
    people: tuple[str, ...] = ()
    room: str = ""
    felt: bool = False
    began: Instant | None = by_default(None)
    components: dict[str, ComponentState] = Field(default_factory=dict, exclude_if=unsaid)
    mailed: dict[str, tuple[Account, ...]] = Field(default_factory=dict, exclude_if=unsaid)
    reason: str = ""
    secret: bool = False
    unanswered: bool = Field(default=False, exclude_if=unsaid)
    """Whether it has a checkpoint to pass that is to be passed here (SCP-3)."""
    drill: bool = False
    more: bool = False
    """Only what else fires; the incident itself was taken in before."""

    def decide(self, incident: Incident) -> Decision:
        """DET-7: an open incident takes in what turned out to be itself."""
        firing = any(alert.state not in CALM for alert in self.alerts)
        if incident.closed_at:
            return Refusal(f"{incident.id} is closed")
        if incident.over and firing:
            return Refusal(f"{incident.id} is resolved, and what was to be merged still fires; reopen it first")
        if incident.relations.merging:
            return Refusal(f"{incident.id} is being merged into {incident.relations.merging[1]} itself")
        if self.drill != incident.opened.drill:
            return Refusal("a drill and an incident are never the same")
        if self.secret and not incident.secret:
            return Refusal(f"a security incident keeps its subject to itself; merge {incident.id} into it (SCP-3)")
        if self.unanswered and not must_answer(incident):
            answer = f"the breach checkpoint of {incident.id} is answered, and that of {self.incident} is not"
            return Refusal(f"{answer}; answer that first, or link the two: link {incident.id}")
        if self._leaves_the_page(incident):
            shown = f"customers read of {self.incident} on the status page and not of {incident.id}"
            return Refusal(f"{shown}; link the two (link {incident.id}), or merge them once customers are told of both")
        if self.more:
            fresh = tuple(alert for alert in self.alerts if alert != incident.alerts.get(alert.key))
            return (AlertsJoined(alerts=fresh, count=len(fresh), unseen=incident.unseen),) if fresh else ()
        said = self.model_dump(include=set(TookIn.model_fields) - {"kind", "clause", "alerts"})
        return (TookIn(alerts=self.alerts, **said), *self._worse(incident))

    def _leaves_the_page(self, incident: Incident) -> bool:
        """Whether customers would read that it is over, or told elsewhere, while a secret goes on (SCP-3)."""
        shown = bool(self.components) and not self.secret and not self.more
        return incident.policy.updates.shown_apart and shown and incident.secret and not on_page(incident)

    def _worse(self, incident: Incident) -> tuple[Fact, ...]:
        """TRI-6: what joined by itself asks for its own severity; a person who merges is offered to declare it."""
        if self.by != STANDFAST or self.severity not in incident.policy.severities or incident.over:
            return ()
        return challenged(incident, self.severity, f"{self.incident} of {self.service} was {self.severity}")


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """The other incident is told, by whoever may: a workflow of its own."""
    into = incident.relations.merging or _merged(incident)
    if into:
        yield _tell(
            incident, f"merge-{into[0]}-{len(incident.moments(AlertsJoined))}", into[1], _take_in(incident, into[0])
        )

    for about, other, act in told_of_links(incident):
        yield _tell(incident, about, other, act)


def _merged(incident: Incident) -> tuple[int, str] | None:
    """What it is merged into: alerts that came while the other one was told are told to it as well."""
    asked = [event.number for event, _ in incident.all(MergeAsked)] if incident.relations.merged_into else []
    return (asked[-1], incident.relations.merged_into) if asked else None


def _tell(incident: Incident, about: str, other: str, act: TakeIn | TakeLink | TakeUnlink) -> TellIncident:
    key = f"tell_incident/{about}"
    return TellIncident(
        key=key,
        incident=incident.id,
        clause=DET_7.id,
        summary=f"tell {other} of {incident.id}",
        other=other,
        act=act.model_copy(update={"id": f"{incident.id}/{key}", "via": "standfast", "proof": incident.id}),
    )


def _take_in(incident: Incident, number: int) -> TakeIn:
    """Everything that goes on there; who asked for it says so there too."""
    asked = incident.events[number - 1]
    people = incident.people([*incident.holders.values(), incident.acknowledged_by, incident.opened_by])
    return TakeIn(
        by=asked.by,
        incident=incident.id,
        title=str(incident.title),
        service=incident.service.name,
        group=incident.corrections.group(incident.opened.group),
        severity=incident.likely,
        alerts=tuple(incident.alerts.values()),
        people=tuple(person.id for person in people),
        room=incident.room_name,
        felt=felt_since(incident) is not None,
        began=outage_began(incident) if incident.policy.severities[incident.likely].chased else None,
        components=_broken(incident),
        mailed=to_hear_elsewhere(incident),
        reason=getattr(asked.what, "reason", ""),
        secret=incident.secret,
        unanswered=incident.policy.learn.one_checkpoint and incident.secret and must_answer(incident),
        drill=incident.opened.drill,
        more=incident.retracted,
    )


def _broken(incident: Incident) -> dict[str, ComponentState]:
    """The components that the status page shows otherwise than working, for it and for what it took in."""
    states: dict[str, ComponentState] = {}
    for taken in incident.relations.taken_in.values():
        states |= taken.components
    shown = on_the_page(incident)
    states |= (shown.shown or {}) if shown else {}
    return {name: state for name, state in states.items() if state != "operational"}


def follow(incident: Incident, duty: AnyDuty, outcome: Outcome) -> tuple[Fact, ...]:
    """What the other incident answered: it has it, or why not."""
    if not isinstance(duty, TellIncident) or not isinstance(duty.act, TakeIn | TakeLink | TakeUnlink):
        return ()
    act = duty.act
    if isinstance(act, TakeUnlink):
        return (Unlinked(incident=duty.other, reason=act.reason),)  # one that has ended keeps what it showed
    if not outcome.ref:
        if isinstance(act, TakeIn) and act.more:
            return ()
        refused = RelationRefused(incident=duty.other, by=act.by, reason=outcome.text)
        to_merge = isinstance(act, TakeIn) if incident.policy.alerts.refuses_apart else None
        return (refused.model_copy(update={"to_merge": to_merge}),)
    if isinstance(act, TakeIn):
        where = Merged(into=outcome.ref, room=outcome.text, url=outcome.url, on_page=outcome.on_page, reason=act.reason)
        return () if act.more else (where,)
    return (Linked(incident=duty.other, title=outcome.title, room=outcome.text, reason=act.reason),)


def unfollowed(duty: TellIncident, into: str) -> Outcome | None:
    """Why what another incident was to be told is not told to the one that it was merged into; None where it is."""
    if into == duty.incident:
        return Outcome(text=f"it was merged into {into} itself")
    return None if isinstance(duty.act, TakeIn) else Outcome(text=f"it was merged into {into}; link to that one")


def _tell_merged(incident: Incident, event: Event, merged: Merged) -> Message:
    where = f": go on in #{merged.room}" if merged.room else ""
    why = f". {merged.reason}" if merged.reason else ""
    people = incident.people([*incident.holders.values(), incident.acknowledged_by])
    return Message(text=f"DET-7 merged into {merged.into}{where}{why}", to=people)


def _tell_took_in(incident: Incident, event: Event, took: TookIn) -> Message:
    room = f" (its room was #{took.room})" if took.room else ""
    text = f"DET-7 {incident.called(event.by)} merged {took.incident} into this: {took.title}{room}"
    worse = took.severity in incident.policy.severities and incident.policy.lower(incident.likely, took.severity or "")
    rise: tuple[Button, ...] = ()
    if worse and took.severity:
        text += f". It was {took.severity}; this is {incident.likely}"
        rise = (Declare.at_once(took.severity),)
    people = (*held_by(incident, "commander", "on_call"), *incident.people(took.people))
    return Message(text=text, to=tuple(dict.fromkeys(people)), buttons=rise)


def _tell_refused(incident: Incident, event: Event, refused: RelationRefused) -> Message | None:
    if refused.by == STANDFAST and any(one.incident == refused.incident for one in incident.opened.repeats):
        return None  # it ended meanwhile; at the opening it was said that it had been seen before (REP-1)
    text = f"DET-7 {refused.incident} was not told, and this goes on as it was: {refused.reason}"
    return Message(text=text, to=incident.people([refused.by]))


RULES = Ruleset(
    duties=duties,
    done=follow,
    tell={Merged: _tell_merged, TookIn: _tell_took_in, RelationRefused: _tell_refused},
)
