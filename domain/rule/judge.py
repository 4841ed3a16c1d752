"""What judges of several clauses look at."""

from domain.incident.incident import Incident
from domain.value.key import DutyKey


def has_room(incident: Incident) -> bool:
    """Whether the company has a chat for this service."""
    return incident.catalog.vendor("room", incident.service.name) != "none"


def was_done(incident: Incident, name: str) -> bool:
    """Whether a duty of this name was done."""
    return any(DutyKey(key).name == name for key in incident.done)
