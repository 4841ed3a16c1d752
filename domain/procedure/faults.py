"""A rule of ours that fails stops only itself: it is said in the room, the last resort is paged, the rest goes on."""

from collections.abc import Iterator

from domain.incident.event import Event
from domain.incident.fault import Faulted
from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.message import Message
from domain.port.pager import Page
from domain.rule.ruleset import Ruleset


def duties(incident: Incident) -> Iterator[AnyDuty]:
    """One page of the last resort for as long as something of ours fails; whatever else does."""
    first = next(incident.all(Faulted), None)
    if first is None or incident.closed_at:
        return
    event, fault = first
    team = incident.catalog.teams[incident.service.team]
    levels, level = team.levels, team.last_resort(incident.policy.ladder)
    yield Page(
        key="page/fault",
        incident=incident.id,
        clause=fault.clause,
        summary=f"page the last resort for {incident.service.title}: a rule of Standfast failed",
        level=level or "last resort",
        people=incident.people(levels[level].on_call(event.at)) if level else (),
        schedule=levels[level].schedule if level else "",
        service=incident.service.at(incident.catalog.vendor("pager", incident.service.name)),
        title=f"{incident.mark}{incident.id} Standfast itself failed here: {fault.where}",
        text=f"{fault.said}\nWhat this rule says is not done until a release mends it; everything else goes on.",
        severity=incident.likely,
        impact=incident.policy.severities[incident.likely].impact,
        links=incident.opened.links,
        fired_at=event.at,
    )


def _tell(incident: Incident, event: Event, fault: Faulted) -> Message:
    said = f"Standfast itself failed here: {fault.where} ({fault.said}). The last resort is paged; the rest goes on."
    return Message(text=f"{fault.clause} {said}")


RULES = Ruleset(duties=duties, tell={Faulted: _tell})
