"""ACT-1: what the ticket of an action item says, to whoever reads it in the tracker without having been there."""

from domain.incident.entry import Item
from domain.incident.incident import Incident
from domain.value.model import said_span


def body(incident: Incident, item: Item) -> str:
    """What was written of it, then the incident that it comes from and where that is read; of a secret one nothing."""
    if incident.secret:
        return item.body
    since, until = incident.opened.fired_at, incident.resolved_at
    lasted = f", {said_span(until - since)}" if until else ""
    source = f"{incident.service.title}, {since:%d %b} ({incident.severity or incident.likely}{lasted})"
    where = (incident.policy.board_page(incident.id), incident.learning.document_url, incident.room_url)
    return "\n\n".join(filter(None, (item.body, "\n".join((source, *filter(None, where))))))
