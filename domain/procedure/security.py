"""SCP-3 while it is fought: the mark that anybody sets and two people take back, and what customers are told then."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from domain.alerting.alert import Alert
from domain.alerting.scope import is_security
from domain.incident.entry import CALM, STANDFAST
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.security import CustomersAnswered, SecurityMarked, SecurityUnmarked, UnmarkAsked
from domain.port.any_duty import AnyDuty
from domain.port.chat import ArchiveRoom, VeilCard
from domain.port.message import Message
from domain.procedure.challenge import challenged
from domain.rule.act import Ask, Decision, IncidentAct, Typed
from domain.rule.people import held_by
from domain.rule.refusal import Refusal, settled
from domain.rule.ruleset import Ruleset
from domain.value.model import LongText


class MarkSecurity(IncidentAct):
    """Anybody marks an open incident as a security incident (SCP-3)."""

    deed = "mark a security incident"
    makes = (SecurityMarked,)
    label, form_title, verb, style = "Security incident", "A security incident", "security mark", "danger"
    submit = "Make it private"
    reason: Annotated[LongText, Ask("What makes it one?", "text", "Read in its private room alone.")]

    def decide(self, incident: Incident) -> Decision:
        """SCP-3: one person's word is enough; the matrix is asked again."""
        if incident.closed_at:
            return Refusal(f"{incident.id} is closed; declare a new incident for what is found later")
        if incident.secret:
            return settled(f"{incident.id} is a security incident already")
        return (SecurityMarked(reason=self.reason), *_by_the_matrix(incident, self.at))


class UnmarkSecurity(IncidentAct):
    """It is no security incident; a second person confirms it (SCP-3)."""

    deed = "take back a security mark"
    makes = (UnmarkAsked, SecurityUnmarked)
    label, verb = "No security incident", "security unmark"
    in_menu = False
    there = "security"
    reason: Annotated[str, Ask("Why is it none?", "text", "A second person confirms it.", optional=False)] = ""

    def decide(self, incident: Incident) -> Decision:
        """SCP-3: two people and a reason; never where personal data was breached."""
        marks = incident.secrecy
        if not incident.secret:
            return Refusal(f"{incident.id} is not marked as a security incident")
        if incident.learning.breach and incident.learning.breach.breach:
            return Refusal("personal data was breached, by the answer to the checkpoint: the mark stays")
        if marks.asked and marks.asked_by != self.by:
            return (SecurityUnmarked(reason=self.reason.strip() or marks.asked, asked_by=marks.asked_by),)
        if not self.reason.strip():
            return Refusal("give a reason; a second person then confirms it")
        return (UnmarkAsked(reason=self.reason),)


class TellCustomers(IncidentAct):
    """Are customers to be told of a security incident now? (SCP-3, COM-1)"""

    deed = "answer whether customers are told of a security incident"
    makes = (CustomersAnswered,)
    label, verb = "Tell customers?", "customers"
    submit = "Answer"
    in_menu = False
    typed = (
        Typed("customers yes", "Customers are to be told of it now.", ("reason",), {"tell": True}),
        Typed("customers no", "Customers are not to be told of it now, and why.", ("reason",), {"tell": False}),
    )
    there = "security"
    tell: Annotated[bool, Ask("Are customers to be told now?")]
    reason: Annotated[LongText, Ask("Why?", "text")]

    def decide(self, incident: Incident) -> Decision:
        """COM-1: for a security incident somebody says so with a reason; it may be said otherwise later."""
        if not incident.secret:
            return Refusal(f"{incident.id} is no security incident; customers are told by its severity")
        if incident.over:
            return Refusal(f"{incident.id} is {incident.phase}; reopen it first")
        before = incident.secrecy.answer
        if before and before.tell == self.tell:
            return Refusal(f"it was answered {'yes' if self.tell else 'no'} already: {before.reason}")
        return (CustomersAnswered(tell=self.tell, reason=self.reason),)


def _by_the_matrix(incident: Incident, at: datetime | None) -> tuple[Fact, ...]:
    """TRI-6: what the matrix says of a security incident of which nothing else is known."""
    moment = at or incident.events[-1].at
    known = Alert(source="", key="", title="", fired_at=moment, at=moment)
    return challenged(incident, *incident.policy.propose(known, incident.service, True))


def marked(incident: Incident, news: tuple[Alert, ...]) -> tuple[Fact, ...]:
    """SCP-3: an alert that says so marks the incident that it joins."""
    rule = incident.policy.alerts
    found = [one for one in news if one.title and one.state not in CALM and one.key not in incident.alerts]
    said = next((one for one in found if is_security(one, rule)), None)
    return () if incident.secret or said is None else (SecurityMarked(reason=f"an alert says so: {said.title}"),)


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """What stands in a room that anybody can read is veiled once the talk has moved, and the room archived."""
    for number, left in enumerate(incident.secrecy.left if incident.secrecy.private_room else (), 1):
        yield VeilCard(
            key=f"veil_card/{number}",
            incident=incident.id,
            clause="SCP-3",
            summary="veil what stands in the public room",
            room=left.room,
            ref=left.card,
            message=Message(title=incident.id, text="The talk goes on in a private room; who works on it is invited."),
        )
        if f"veil_card/{number}" in incident.done:
            yield ArchiveRoom(
                key=f"archive/left-{number}",
                incident=incident.id,
                clause="SCP-3",
                summary="archive the room that the talk has left",
                room=left.room,
            )


def _tell_marked(incident: Incident, event: Event, marked: SecurityMarked) -> Message:
    by = "Standfast" if event.by == STANDFAST else incident.called(event.by)
    text = f"SCP-3 {by} marked it as a security incident: {marked.reason}. The talk goes on in a private room."
    none = UnmarkSecurity.button("No security incident", asks=True)
    return Message(text=text, to=held_by(incident, "commander", "manager"), buttons=(TellCustomers.button(), none))


def _tell_asked(incident: Incident, event: Event, asked: UnmarkAsked) -> Message:
    text = f"SCP-3 {incident.called(event.by)} says that it is no security incident: {asked.reason}."
    confirm = UnmarkSecurity.button("Confirm", asks=False)
    return Message(
        text=f"{text} A second person must confirm.", to=held_by(incident, "commander", "manager"), buttons=(confirm,)
    )


RULES = Ruleset(duties=duties, tell={SecurityMarked: _tell_marked, UnmarkAsked: _tell_asked})
