"""The words of an incident that people ask for: what was found last, and what waits to be told to customers."""

from domain.incident.incident import Incident
from domain.procedure.findings import FindingPosted
from domain.procedure.mail_draft import waiting
from domain.procedure.public_update import pending
from domain.value.line import AsTheyAre
from domain.value.model import Instant, Model


class Draft(Model):
    """What waits for approval, whole: a status page update (COM-3), or the customer e-mail with its subject (COM-5)."""

    number: int = 0
    status: str = ""
    subject: str = ""
    body: str


class LatestFinding(Model):
    """What was found last, by whom and when (WAR-4)."""

    by: str
    at: Instant
    text: str


def found(incident: Incident) -> LatestFinding | None:
    """The newest finding of the investigation."""
    for event in reversed(incident.events):
        if isinstance(event.what, FindingPosted):
            return LatestFinding(by=event.by, at=event.at, text=event.what.line(AsTheyAre()).detail)
    return None


def draft(incident: Incident) -> Draft | None:
    """The status page update that waits for approval."""
    asked = pending(incident)
    return Draft(number=asked.number, status=asked.status, body=asked.body) if asked else None


def mail(incident: Incident) -> Draft | None:
    """The customer e-mail that waits for approval."""
    draft = waiting(incident)
    return Draft(subject=draft.subject, body=draft.body) if draft else None
