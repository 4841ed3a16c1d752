"""What is news still: what is older has been seen elsewhere, and calls nobody any more."""

from datetime import datetime, timedelta

from domain.incident.incident import Incident

LATELY = timedelta(minutes=15)


def is_news(incident: Incident, at: datetime) -> bool:
    """Whether it happened lately, by the last event on which anything that is asked for may hang."""
    return moved_at(incident) - at < LATELY


def moved_at(incident: Incident) -> datetime:
    """When that event was: what is asked for is reckoned once for each such event, and told by its hour."""
    return incident.events[incident.moved - 1].at
