"""The duties that the status pages' tests are about."""

from typing import Any

from domain.port.status_page import DraftFromTemplate, PublishPostmortem, PublishUpdate, ReadStatus

INCIDENT = "INC-7K3QF"


def update(number: int = 1, **changes: Any) -> PublishUpdate:
    """One approved update; the changes say what is special about it."""
    asked: dict[str, Any] = {
        "key": f"update-{number}",
        "incident": INCIDENT,
        "clause": "COM-1",
        "summary": "publish",
        "number": number,
        "status": "investigating",
        "title": "Checkout is failing",
        "body": "We are looking into it.",
        "impact": "major",
        "components": {"api": "degraded"},
    }
    return PublishUpdate.model_validate({**asked, **changes})


def reading(ref: str, **changes: Any) -> ReadStatus:
    """A look at the page that expects what `update()` published."""
    asked: dict[str, Any] = {"key": "read", "incident": INCIDENT, "clause": "COM-7", "summary": "read", "ref": ref}
    said = {"status": "investigating", "body": "We are looking into it."}
    return ReadStatus.model_validate({**asked, **said, **changes})


def draft(**changes: Any) -> DraftFromTemplate:
    """A draft from the page's template for an investigation."""
    asked: dict[str, Any] = {
        "key": "draft-1",
        "incident": INCIDENT,
        "clause": "COM-3",
        "summary": "draft",
        "number": 1,
        "status": "investigating",
        "template": "investigating",
        "fallback": "Something is wrong with {service}.",
        "values": {"service": "Checkout", "summary": "payments fail", "next_update": "10:30"},
    }
    return DraftFromTemplate.model_validate({**asked, **changes})


def account(ref: str, body: str = "Payments failed for an hour.") -> PublishPostmortem:
    """The approved account of what happened."""
    known = {"key": "publish_postmortem/1", "incident": "INC-7K3QF", "clause": "COM-8", "summary": "post"}
    return PublishPostmortem.model_validate({**known, "ref": ref, "body": body})
