"""Another incident that is being fought at the same time."""

from domain.value.model import IncidentId, Instant, Model, by_default


class Elsewhere(Model):
    """An incident as whoever fights another one needs to know it; a security incident says no more than that it is."""

    incident: IncidentId
    title: str = ""
    service: str = ""
    severity: str = ""
    commander: str = ""
    opened_at: Instant | None = by_default(None)
