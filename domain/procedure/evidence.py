"""SOC: what may be waived, by a named person with a reason, and that it is seen."""

from dataclasses import replace

from domain.incident.clock import Clock
from domain.incident.event import What
from domain.incident.incident import Incident
from domain.incident.learned import ClauseWaived
from domain.procedure.lesson import WaiveClause
from domain.rule.refusal import Refusal


def waive(incident: Incident, act: WaiveClause) -> tuple[What, ...] | Refusal:
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
