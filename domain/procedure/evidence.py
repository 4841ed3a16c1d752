"""SOC: what may be waived, by a named person with a reason, and that it is seen."""

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from domain.incident.clock import Clock
from domain.incident.entry import Waiver
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.rule.clause import Clause
from domain.rule.refusal import Refusal
from domain.rule.ruleset import Ruleset
from domain.value.act import Act
from domain.value.model import ClauseId, Moment, ShortText, Text

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class Snoozed(Fact):
    """A clause's reminders keep quiet for a while, for a reason."""

    sign_of_life = True
    kind: Literal["snoozed"] = "snoozed"
    clause: ClauseId
    until: Moment
    reason: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """Until when the clause's reminders keep quiet."""
        incident.snoozed[self.clause] = self.until


class ClauseWaived(Fact):
    """A clause is not held in this incident, for a reason."""

    told = True
    kind: Literal["clause_waived"] = "clause_waived"
    clause: ClauseId
    reason: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """The first waiver of a clause counts."""
        incident.learning.waivers.setdefault(self.clause, Waiver(event.at, event.by, self.reason))


class Snooze(Act):
    """A clause's reminders keep quiet until a moment, for a reason; its deadline stays."""

    kind: Literal["snooze"] = "snooze"
    clause: str
    until: Moment
    reason: ShortText


class WaiveClause(Act):
    """A clause is not held in this incident, by whom and why (SOC-1); which may be is the policy's to say."""

    kind: Literal["waive_clause"] = "waive_clause"
    clause: ClauseId
    reason: Text


def waive(incident: Incident, act: WaiveClause) -> tuple[Fact, ...] | Refusal:
    """A clause that the policy lets be waived is not held any more; the record says by whom and why."""
    if incident.phase == "closed":
        return Refusal(f"{incident.id} is closed; its record is final")
    if incident.catalog.person_called(act.by) is None:
        return Refusal(f"by: found {act.by!r}, expected somebody of the catalog: only a named person waives a clause")
    allowed = incident.policy.waivable
    if act.clause not in allowed:
        return Refusal(f"clause: found {act.clause!r}, expected one that may be waived: {', '.join(allowed) or 'none'}")
    if act.clause in incident.learning.waivers:
        return Refusal(f"{act.clause} was waived already: {incident.learning.waivers[act.clause].reason}")
    return (ClauseWaived(clause=act.clause, reason=act.reason),)


def unless_waived(incident: Incident, clock: Clock) -> Clock:
    """A running clock of a waived clause stops: from the waiver on nobody is chased for it; nor after a drill's end."""
    if incident.closed_at and incident.closed_reason == "drill_over" and clock.running:
        return replace(clock, stopped_at=max(incident.closed_at, clock.started_at), void=True)
    waiver = incident.learning.waivers.get(clock.clause)
    if waiver is None or clock.wait or not clock.running:
        return clock
    return replace(clock, stopped_at=max(waiver.at, clock.started_at), void=True)


KPI_1 = Clause(
    "KPI-1",
    "MTTA, target under 5 minutes for P1/P2.",
)
KPI_2 = Clause(
    "KPI-2",
    "MTTR P1, under 1 hour.",
)
KPI_3 = Clause(
    "KPI-3",
    "MTTR P2, under 4 hours.",
)
KPI_4 = Clause(
    "KPI-4",
    "Post-mortem completion, 100 % of P1/P2 within 48 hours.",
    still=True,
)
KPI_5 = Clause(
    "KPI-5",
    "Action-item closure, 90 % within 14 days.",
)
KPI_6 = Clause(
    "KPI-6",
    "Repeat incidents, under 5 % within 90 days.",
)
SOC_1 = Clause(
    "SOC-1",
    "Every decision, escalation, message, deadline met or missed is an audit record that cannot be "
    "altered unnoticed, exportable for a period as SOC 2 evidence.",
)
RULES = Ruleset(
    clauses=(
        KPI_1,
        KPI_2,
        KPI_3,
        KPI_4,
        KPI_5,
        KPI_6,
        SOC_1,
    )
)
