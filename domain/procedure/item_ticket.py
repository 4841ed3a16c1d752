"""ACT-1: what the ticket of an action item says, to whoever reads it in the tracker without having been there."""

from domain.incident.entry import Item
from domain.incident.incident import Incident
from domain.incident.office import local_time
from domain.value.key import ItemKey
from domain.value.model import said_span


def body(incident: Incident, item: Item) -> str:
    """What was written of it, then the incident that it comes from and where that is read; of a secret one nothing."""
    if incident.secret:
        return item.body
    since, until = incident.opened.fired_at, incident.resolved_at
    lasted = f", {said_span(until - since)}" if until else ""
    said = f"{incident.severity or incident.likely}{lasted}"
    source = f"From {incident.service.title}, {since.day} {since:%B} ({said})"
    where = (incident.policy.board_page(incident.id), incident.learning.document_url, incident.room_url)
    written = f"{item.body}{_answered(incident, item)}"
    return "\n\n".join(filter(None, (written, "\n".join((source, *filter(None, where))))))


def _answered(incident: Incident, item: Item) -> str:
    """FIX-2: when the bypass was allowed, or refused, that it brings back."""
    change = next((one for one in incident.changes.values() if ItemKey.change(one.number) == item.key), None)
    if change is None or change.answered_at is None:
        return ""
    return f" {'Allowed' if change.granted else 'Refused'} on {local_time(incident, change.answered_at)}."
