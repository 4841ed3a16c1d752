"""COM-3: which components the status page shows with an update, and in which state."""

from collections.abc import Iterator
from datetime import datetime

from domain.company.component_state import ComponentState, states_of
from domain.incident.entry import Update
from domain.incident.incident import Incident
from domain.incident.relation import Merged
from domain.procedure.public_update import fits
from domain.rule.act import Ask
from domain.rule.refusal import Refusal

BY_IMPACT: dict[str, ComponentState] = {
    "critical": "major_outage",
    "major": "partial_outage",
    "minor": "degraded",
    "none": "operational",
}
"""What a component shows by the severity's impact, until somebody says otherwise."""
ASK = Ask(
    "Components and their state",
    "line",
    "A state for all of the service's, or NAME: STATE; empty: by the severity, or as was said last.",
)


def said_states(incident: Incident, words: str | None) -> dict[str, ComponentState] | Refusal:
    """What somebody wrote of components, or why it cannot be read."""
    service = incident.service
    try:
        return states_of(words or "", service.components, (service.name, service.title, *service.aliases))
    except ValueError as error:
        return Refusal(f"components: {error}")


def shown_states(incident: Incident, update: Update) -> dict[str, ComponentState]:
    """The components with an update: as was said last, else by the severity; at the end all work, unless said."""
    if update.status == "resolved":
        elsewhere = any(merged.on_page for _, merged in incident.all(Merged))  # the other one shows what is broken
        works: dict[str, ComponentState] = dict.fromkeys(() if elsewhere else _named(incident), "operational")
        return works | update.components
    impact = incident.policy.severities[incident.likely].impact
    states: dict[str, ComponentState] = dict.fromkeys(incident.corrections.components, "operational")
    for taken in incident.relations.taken_in.values():
        states |= taken.components
    states |= dict.fromkeys(incident.service.components, BY_IMPACT[impact])
    for one in _approved(incident):
        if one.number < update.number:
            states |= one.components
    return states | update.components


def _approved(incident: Incident) -> list[Update]:
    """What was approved in this turn, in order."""
    approved = (one for one in incident.updates.values() if one.approved_at and not one.dropped_at)
    return sorted((one for one in approved if fits(incident, one)), key=lambda one: one.number)


def _named(incident: Incident) -> Iterator[str]:
    """Every component that customers may have seen with this incident."""
    yield from incident.corrections.components
    yield from incident.service.components
    for taken in incident.relations.taken_in.values():
        yield from taken.components
    for one in incident.updates.values():
        if one.published_at:
            yield from one.components


def adoptable_since(incident: Incident) -> datetime:
    """Since when an incident that somebody opened on the page by hand is taken for this one."""
    return incident.opened.fired_at - incident.policy.updates.adopt_within
