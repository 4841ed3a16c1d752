"""REP-1: what fails again after its end is linked to the incident it was, and who follows that one up is told.

The link is the one that people make (DET-7). One that is closed hears nothing more: there the new one tells the manager
what was seen before (`domain.procedure.repeats`).
"""

from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.relation import LinkAsked, Linked
from domain.port.message import Message
from domain.rule.deputies import deputies
from domain.rule.names import InRoom
from domain.rule.people import held_by
from domain.rule.ruleset import Ruleset

WHY = "the same failure mode"


def settle(incident: Incident) -> tuple[Fact, ...]:
    """The newest earlier incident that is still followed up is linked once, from the opening on."""
    if not incident.policy.learn.recurrence_told or incident.over or incident.opened.drill:
        return ()
    heard = next((one.incident for one in incident.opened.repeats if not one.closed), "")
    asked = {fact.to for _, fact in incident.all(LinkAsked)}
    return (LinkAsked(to=heard, reason=WHY),) if heard and heard not in asked else ()


def _tell_linked(incident: Incident, event: Event, linked: Linked) -> Message | None:
    """Who follows up what is over hears of it; the new one has said at its opening what was seen before."""
    line = linked.line(InRoom(incident)).said
    if not incident.policy.learn.recurrence_told or not (incident.over or linked.reason == WHY):
        return Message(text=line)
    if not incident.over:
        return None
    left = [item for item in incident.items.values() if item.state == "open"]
    owed = f" Still to be done here: {', '.join(item.title for item in left)}." if left else ""
    again = f"It fails again: {linked.incident}, {linked.title}." if linked.reason == WHY else f"{line}."
    managers = held_by(incident, "manager") or incident.people(deputies(incident, event.at)[:1])
    to = dict.fromkeys([*managers, *incident.people(item.owner for item in left)])
    return Message(text=f"{again}{owed}", to=tuple(to))


RULES = Ruleset(settle=settle, tell={Linked: _tell_linked})
