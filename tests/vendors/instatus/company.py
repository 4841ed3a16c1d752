"""What the Instatus tests publish and read back, and the vendor's own description."""

import json
from functools import cache
from pathlib import Path

from standins.instatus.standin import Standin
from tests.specs import spec
from tests.vendors.published import Description
from vendors.instatus.client import Settings


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
