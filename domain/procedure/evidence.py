"""SOC: what may be waived, by a named person with a reason, and that it is seen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Literal

from domain.company.policy import Policy
from domain.incident.clock import Clock
from domain.incident.entry import Waiver
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.record import Refused
from domain.port.message import Message
from domain.procedure.action_items import in_time, is_judged
from domain.procedure.postmortem import completed_at, due_at, is_owed
from domain.rule.act import Ask, Decision, IncidentAct, Typed
from domain.rule.clause import Clause, Judge
from domain.rule.names import InRoom
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.value.line import Line, Names
from domain.value.model import ClauseId, Moment, ShortText, Text


class Snoozed(Fact):
    """A clause's reminders keep quiet for a while, for a reason."""

    sign_of_life = True
    minor = True
    kind: Literal["snoozed"] = "snoozed"
    clause: ClauseId
    until: Moment
    reason: str

    def apply(self, incident: Incident, event: Event) -> None:
        """Until when the clause's reminders keep quiet."""
        incident.snoozed[self.clause] = self.until

    def line(self, names: Names) -> Line:
        """Which reminders keep quiet until when."""
        return Line(f"snoozed {self.clause} until {self.until:%d %b %H:%M} UTC", self.reason)


class ClauseWaived(Fact):
    """A clause is not held in this incident, for a reason."""

    told = True
    minor = True
    kind: Literal["clause_waived"] = "clause_waived"
    clause: ClauseId
    reason: str

    def apply(self, incident: Incident, event: Event) -> None:
        """The first waiver of a clause counts."""
        incident.learning.waivers.setdefault(self.clause, Waiver(event.at, event.by, self.reason))

    def line(self, names: Names) -> Line:
        """What is not held here."""
        return Line(f"waived {self.clause}", self.reason, "warn")


class Snooze(IncidentAct):
    """A clause's reminders keep quiet until a moment, for a reason; its deadline stays."""

    makes = (Snoozed,)
    label, verb = "Snooze reminders", "snooze"
    typed = (Typed("snooze", arguments=("clause", "until"), names={"until": "span"}),)
    kind: Literal["snooze"] = "snooze"
    clause: Annotated[str, Ask("Clause, such as WAR-4", "line", case="upper")]
    until: Annotated[Moment, Ask("Quiet until when?", "moment", "The deadline stays; only the reminders keep quiet.")]
    reason: Annotated[ShortText, Ask("Why?", "line")]

    def decide(self, incident: Incident) -> Decision:
        """Reminders of one clause keep quiet for a while; the deadline itself stays."""
        if self.clause not in incident.policy.clocks:
            return Refusal(f"clause: found {self.clause!r}, expected one of {', '.join(incident.policy.clocks)}")
        return (Snoozed(clause=self.clause, until=self.until, reason=self.reason),)


class WaiveClause(IncidentAct):
    """A clause is not held in this incident, by whom and why (SOC-1); which may be is the policy's to say."""

    makes = (ClauseWaived,)
    label, verb = "Waive a clause", "waive"
    kind: Literal["waive_clause"] = "waive_clause"
    clause: Annotated[ClauseId, Ask("Clause, such as WAR-4", "line", case="upper")]
    reason: Annotated[Text, Ask("Why is it not held here?", "text")]

    def decide(self, incident: Incident) -> Decision:
        """A clause that the policy lets be waived is not held any more; the record says by whom and why."""
        if incident.phase == "closed":
            return Refusal(f"{incident.id} is closed; its record is final")
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
    """A running clock of a waived clause stops and chases nobody; so do all at a drill's end, and of what was none."""
    is_none = incident.closed_reason == "drill_over" or incident.retracted
    if incident.closed_at and is_none and clock.running:
        return replace(clock, stopped_at=max(incident.closed_at, clock.started_at), void=True)
    waiver = incident.learning.waivers.get(clock.clause)
    if waiver is None or clock.wait or not clock.running:
        return clock
    return replace(clock, stopped_at=max(waiver.at, clock.started_at), void=True)


def _tell_waived(incident: Incident, event: Event, waived: ClauseWaived) -> Message:
    return Message(text=f"{waived.clause} was waived by {incident.called(event.by)}: {waived.reason}")


def _within(clause: str, end: Callable[[Incident], datetime | None]) -> Judge:
    """Whether this incident alone would meet a figure's target."""

    def judge(incident: Incident) -> bool | None:
        target, ended_at = incident.policy.targets.get(clause), end(incident)
        if not target or not target.under or not ended_at or incident.opened.drill or incident.retracted:
            return None
        if target.severities and incident.likely not in target.severities:
            return None
        return max(ended_at - incident.opened.fired_at, timedelta()) < target.under

    return judge


def _acknowledged_at(incident: Incident) -> datetime | None:
    return incident.rounds[0].acknowledged_at


def _resolved_at(incident: Incident) -> datetime | None:
    return incident.resolutions[-1][0] if incident.resolutions else None


def _completed(incident: Incident) -> bool | None:
    if not is_owed(incident) or not incident.resolutions or "PM-1" in incident.learning.waivers:
        return None
    completed = completed_at(incident) is not None
    return completed or (None if incident.closed_reason == "drill_over" else False)


def _written_in_time(incident: Incident) -> bool | None:
    if incident.opened.drill or not _completed(incident):
        return None if incident.opened.drill else _completed(incident)
    due, done = due_at(incident), completed_at(incident)
    return due is not None and done is not None and done <= due


def _items_in_time(incident: Incident) -> bool | None:
    judged = [item for item in incident.items.values() if is_judged(incident, item)]
    return all(map(in_time, judged)) if judged and not incident.opened.drill else None


def _searched(incident: Incident) -> bool | None:
    cause = incident.learning.cause
    return f"find_repeats/{cause}" in incident.done if cause and not incident.opened.drill else None


def _first(incident: Incident) -> bool | None:
    """Missed by an incident that repeats another."""
    return not incident.learning.repeats if _searched(incident) else None


def _gapless(incident: Incident) -> bool:
    return [event.number for event in incident.events] == list(range(1, len(incident.events) + 1))


def _explain_target(clause: str) -> Callable[[Policy], list[str]]:
    def say(policy: Policy) -> list[str]:
        target = policy.targets.get(clause)
        if target is None:
            return [f"This policy sets no target {clause}; the figure is not shown."]
        named = not target.severities or any(severity in target.title for severity in target.severities)
        at = "" if named else f" at {', '.join(target.severities)}"
        return [f"The {target.title}{at} should be {target.says}."]

    return say


KPI_1 = Clause(
    "KPI-1",
    "MTTA, target under 5 minutes for P1/P2.",
    judged_by="this incident's part: acknowledged in time",
    judge=_within("KPI-1", _acknowledged_at),
    explain=_explain_target("KPI-1"),
)
KPI_2 = Clause(
    "KPI-2",
    "MTTR P1, under 1 hour.",
    judged_by="this incident's part: resolved in time",
    judge=_within("KPI-2", _resolved_at),
    explain=_explain_target("KPI-2"),
)
KPI_3 = Clause(
    "KPI-3",
    "MTTR P2, under 4 hours.",
    judged_by="this incident's part: resolved in time",
    judge=_within("KPI-3", _resolved_at),
    explain=_explain_target("KPI-3"),
)
KPI_4 = Clause(
    "KPI-4",
    "Post-mortem completion, 100 % of P1/P2 within 48 hours.",
    still=True,
    judged_by="this incident's part: its post-mortem in time",
    judge=_written_in_time,
    explain=_explain_target("KPI-4"),
)
KPI_5 = Clause(
    "KPI-5",
    "Action-item closure, 90 % within 14 days.",
    judged_by="this incident's part: every judged action item done in time",
    judge=_items_in_time,
    explain=_explain_target("KPI-5"),
)
KPI_6 = Clause(
    "KPI-6",
    "Repeat incidents, under 5 % within 90 days.",
    judged_by="this incident's part: it repeats no other",
    judge=_first,
    explain=_explain_target("KPI-6"),
)
SOC_1 = Clause(
    "SOC-1",
    "Every decision, escalation, message, deadline met or missed is an audit record that cannot be "
    "altered unnoticed, exportable for a period as SOC 2 evidence.",
    judged_by="the events are numbered without a gap; the records prove the rest",
    judge=_gapless,
)


def _tell_refused(incident: Incident, event: Event, fact: Refused) -> Message:
    """What was sent without waiting for an answer, and why it does not count."""
    return Message(text=f"{event.clause} {fact.line(InRoom(incident)).said_by(incident.called(event.by))}")


RULES = Ruleset(
    clauses=(KPI_1, KPI_2, KPI_3, KPI_4, KPI_5, KPI_6, SOC_1),
    tell={ClauseWaived: _tell_waived, Refused: _tell_refused},
)
