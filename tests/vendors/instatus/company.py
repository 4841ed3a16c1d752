"""What the Instatus tests publish and read back, and the vendor's own description."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from domain.duty import DraftFromTemplate, PublishUpdate, ReadStatus
from tests.specs import spec
from tests.vendors.published import Description
from vendors.instatus.client import Settings
from vendors.instatus.standin import Standin

INCIDENT = "INC-7K3QF"


class Official(Description):
    """Instatus's document, one of whose deviations is a reference to the wrong list of words."""

    def relax(self, deviations: Path) -> None:
        for deviation in json.loads(deviations.read_text())["relaxations"]:
            schema = self._at(deviation["pointer"])
            either = {"anyOf": [dict(schema), {"$ref": deviation["add"]}]}
            schema.clear()
            schema.update(either)


@cache
def described() -> Official:
    document = Official(spec("instatus/instatus-v1-v2.openapi.json"))
    document.relax(spec("instatus/observed-deviations.json"))
    return document


def settings_of(page: Standin, **changed: str) -> Settings:
    """The company's settings, some of them changed."""
    usual = {
        "instatus_api_url": "http://instatus",
        "instatus_api_key": page.api_key,
        "instatus_page_id": page.page_id,
        "instatus_webhook_secret": f"old-secret, {page.secret}",
    }
    return Settings.model_validate(usual | changed)


def update(number: int = 1, **changes: Any) -> PublishUpdate:
    """One approved update; the changes say what is special about it."""
    asked: dict[str, Any] = {
        "key": f"publish/{number}",
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
