"""What judges of several clauses look at."""

from domain.incident.incident import Incident


def has_room(incident: Incident) -> bool:
    """Whether the company has a chat for this service."""
    return incident.catalog.vendor("room", incident.service.name) != "none"


def was_done(incident: Incident, prefix: str) -> bool:
    """Whether a duty whose key begins so was done."""
    return any(key.startswith(prefix) for key in incident.done)
