"""The words of an incident that people ask for: what was found last, and what waits to be told to customers."""

from domain.incident.incident import Incident
from domain.procedure.findings import newest, standing
from domain.procedure.mail_draft import waiting
from domain.procedure.public_update import pending
from domain.value.clip import clipped
from domain.value.line import AsTheyAre
from domain.value.model import Instant, Model

SHOWN, LONGEST = 10, 60
"""Findings of which one may be withdrawn, and characters of each, that are offered."""


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
    last = newest(incident)
    if last is None:
        return None
    event, what = last
    return LatestFinding(by=event.by, at=event.at, text=what.line(AsTheyAre()).detail)


def findings(incident: Incident) -> dict[str, str]:
    """The last findings that stand, by number: whose each is, and how it begins."""
    last = list(standing(incident).items())[-SHOWN:]
    return {
        number: f"{incident.called(event.by)}: {clipped(what.conditions, LONGEST)}" for number, (event, what) in last
    }


def draft(incident: Incident) -> Draft | None:
    """The status page update that waits for approval."""
    asked = pending(incident)
    return Draft(number=asked.number, status=asked.status, body=asked.body) if asked else None


def mail(incident: Incident) -> Draft | None:
    """The customer e-mail that waits for approval."""
    draft = waiting(incident)
    return Draft(subject=draft.subject, body=draft.body) if draft else None
