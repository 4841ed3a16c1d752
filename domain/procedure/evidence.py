"""SOC: what may be waived, by a named person with a reason, and that it is seen."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator

from domain.company.policy import Policy
from domain.incident.clock import Clock
from domain.incident.entry import Waiver
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.record import Refused
from domain.port.message import Message
from domain.rule.act import Ask, Decision, IncidentAct, Typed
from domain.rule.clause import Clause
from domain.rule.names import InRoom
from domain.rule.refusal import Refusal, final
from domain.rule.ruleset import Ruleset
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Instant, LongText, ShortText, spoken


class Snoozed(Fact):
    """A clause's reminders keep quiet for a while, for a reason."""

    sign_of_life = True
    minor = True
    clause: ClauseId
    until: Instant
    reason: str

    def apply(self, incident: Incident, event: Event) -> None:
        incident.snoozed[self.clause] = self.until

    def line(self, names: Names) -> Line:
        return Line(f"snoozed {self.clause} until {self.until:%d %b %H:%M} UTC", self.reason)


class ClauseWaived(Fact):
    """A clause is not held in this incident, for a reason."""

    told = True
    minor = True
    clause: ClauseId
    reason: str

    def apply(self, incident: Incident, event: Event) -> None:
        """The first waiver of a clause counts."""
        incident.learning.waivers.setdefault(self.clause, Waiver(event.at, event.by, self.reason))

    def line(self, names: Names) -> Line:
        return Line(f"waived {self.clause}", self.reason, "warn")


QUIET_FOR = (("15", "15 minutes"), ("30", "30 minutes"), ("60", "an hour"))
"""How long somebody who has no time to reckon keeps reminders quiet."""


def _as_text(minutes: object) -> object:
    """A number, as a scenario or a JSON body says it, is the choice of the same name."""
    return str(minutes) if isinstance(minutes, int) else minutes


class Snooze(IncidentAct):
    """A clause's reminders keep quiet until a moment, for a reason; its deadline stays."""

    makes = (Snoozed,)
    label, form_title, verb = "Quiet for a while", "Keep reminders quiet", "snooze"
    submit = "Keep quiet"
    typed = (
        Typed("snooze", arguments=("clause", "until"), needs=("until",), names={"until": "span"}, without=("minutes",)),
    )
    clause: Annotated[str, Ask("Which promise?", choose="promise", case="upper")]
    minutes: Annotated[
        Literal["15", "30", "60"] | None, BeforeValidator(_as_text), Ask("Quiet for how long?", options=QUIET_FOR)
    ] = None
    until: Annotated[
        Instant | None, Ask("Quiet until when?", "moment", "The deadline stays; only the reminders keep quiet.")
    ] = None
    reason: Annotated[ShortText, Ask("Why?", "line")]

    def decide(self, incident: Incident) -> Decision:
        """Reminders of one clause keep quiet for a while; the deadline itself stays."""
        if self.clause not in incident.policy.clocks:
            return Refusal(f"clause: found {self.clause!r}, expected one of {', '.join(incident.policy.clocks)}")
        rule, now = incident.policy.snooze, self.at or incident.events[-1].at
        if self.clause in rule.never:
            return Refusal(f"{self.clause} is owed to others, and nobody silences it: {', '.join(rule.never)}")
        until = self.until or (now + timedelta(minutes=int(self.minutes)) if self.minutes else None)
        if until is None:
            return Refusal("until: found nothing, expected for how long, or until when")
        if until > now + rule.longest:
            span = spoken(rule.longest)
            return Refusal(f"until: found {until:%d %b %H:%M}, expected a moment within {span}; snooze again then")
        return (Snoozed(clause=self.clause, until=until, reason=self.reason),)


class WaiveClause(IncidentAct):
    """A clause is not held in this incident, by whom and why (SOC-1); which may be is the policy's to say."""

    makes = (ClauseWaived,)
    label, verb = "Waive a clause", "waive"
    submit = "Waive, on record"
    clause: Annotated[ClauseId, Ask("What is not held here?", choose="waivable", case="upper")]
    reason: Annotated[LongText, Ask("Why is it not held here?", "text")]

    def decide(self, incident: Incident) -> Decision:
        """A clause that the policy lets be waived is not held any more; the record says by whom and why."""
        if incident.closed_at:
            return final(incident)
        if incident.catalog.person_called(self.by) is None:
            return Refusal(
                f"by: found {self.by!r}, expected somebody of the catalog: only a named person waives a clause"
            )
        allowed = incident.policy.waivable
        if self.clause not in allowed:
            return Refusal(
                f"clause: found {self.clause!r}, expected one that may be waived: {', '.join(allowed) or 'none'}"
            )
        if self.clause in incident.learning.waivers:
            return Refusal(f"{self.clause} was waived already: {incident.learning.waivers[self.clause].reason}")
        return (ClauseWaived(clause=self.clause, reason=self.reason),)


def unless_waived(incident: Incident, clock: Clock) -> Clock:
    """A running clock of a waived clause stops and chases nobody; so do all at a drill's end, and of what was none.

    What had passed its deadline before the waiver was missed, and stays so.
    """
    if not clock.running:
        return clock
    is_none = incident.closed_reason == "drill_over" or incident.retracted
    if incident.closed_at and is_none:
        return replace(clock, stopped_at=max(incident.closed_at, clock.started_at), void=True)
    waiver = incident.learning.waivers.get(clock.clause)
    if waiver is None or clock.wait:
        return clock
    stopped_at = max(waiver.at, clock.started_at)
    return replace(clock, stopped_at=stopped_at, void=stopped_at <= clock.due_at, broken=stopped_at > clock.due_at)


def _tell_waived(incident: Incident, event: Event, waived: ClauseWaived) -> Message:
    who = incident.catalog.short(event.by)
    return Message(text=f"{waived.clause} *{who} waived {waived.clause}*: {waived.reason}")


def _explain_keeping(policy: Policy) -> list[str]:
    kept = policy.retention
    inbox, deployed, histories = map(spoken, (kept.inbox, kept.deployments, kept.histories))
    left, held = policy.erasure.leavers_after, policy.erasure.held
    leavers = (
        f"Whoever left the company is due for it {spoken(left)} after the last incident that knew them." if left else ""
    )
    return [
        "Events, suppressed alerts and checkpoints are kept for ever: they are the evidence. Somebody who asks for it"
        " is taken out of them by `standfast audit erase`.",
        *filter(None, [leavers, *(f"Nobody is taken out of {one}: {why}." for one, why in held.items())]),
        f"Webhooks that were handed on are kept for {inbox}, then their counts alone; what waits, until it is taken.",
        f"Deployments are kept for {deployed}, closed incidents in Temporal for {histories} at least; the doctor says "
        "where its namespace keeps less.",
        "Documents, messages and tickets are kept by the vendors that hold them, for as long as is set there.",
    ]


def _gapless(incident: Incident) -> bool:
    return [event.number for event in incident.events] == list(range(1, len(incident.events) + 1))


SOC_1 = Clause(
    "SOC-1",
    "Every decision, escalation, message, deadline met or missed is an audit record that cannot be "
    "altered unnoticed, exportable for a period as SOC 2 evidence.",
    judged_by="the events are numbered without a gap; the records prove the rest",
    judge=_gapless,
    explain=_explain_keeping,
)


def _tell_refused(incident: Incident, event: Event, fact: Refused) -> Message:
    """What was sent without waiting for an answer, and why it does not count."""
    return Message(text=f"{event.clause} {fact.line(InRoom(incident)).said_by(incident.called(event.by))}")


RULES = Ruleset(
    clauses=(SOC_1,),
    tell={ClauseWaived: _tell_waived, Refused: _tell_refused},
)
