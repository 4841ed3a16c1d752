"""The vendors chosen for the demo: what fires there, what people press there, what is to be read there afterwards."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from config.company import SHIPPED
from domain.company.catalog import Catalog, VendorRole
from standins.datadog.standin import Monitor
from standins.stage import Stage
from vendors.door import Request
from vendors.vendor import spelled

CATALOGS: Mapping[str, Path] = {
    "default": SHIPPED / "catalog.yaml",
    "alternate": SHIPPED / "deploy/demo/catalog.alternate.yaml",
}
"""The sets of vendors that the demo can be played with."""
TITLE = "Checkout 5xx error rate above 5 %"
MONITOR = Monitor(4711, TITLE, "P1", ("service:checkout", "env:prod"))


class SignedRequest(NamedTuple):
    """A signed request, and the door it is for."""

    door: str
    request: Request


class Chosen:
    """The stand-ins that play the company's roles, by what people do with them."""

    def __init__(self, stage: Stage, catalog: Catalog) -> None:
        self._stage, self._catalog = stage, catalog

    def named(self, role: VendorRole) -> str:
        """Who plays a role, as people write it."""
        return spelled(self._catalog.vendors[role])

    @property
    def everybody(self) -> str:
        """All who are played, by their roles."""
        return ", ".join(self.named(role) for role, vendor in self._catalog.vendors.items() if vendor != "none")

    @property
    def monitor(self) -> str:
        """What fires: PagerDuty's own integration where that pages, else Datadog."""
        return "PagerDuty" if self._catalog.vendors["pager"] == "pagerduty" else "Datadog"

    @property
    def posts_accounts(self) -> bool:
        """Whether the page has a place for what happened (COM-8); Instatus has none, and a person posts it."""
        return self._catalog.vendors["status_page"] != "instatus"

    def fires(self) -> SignedRequest:
        """The alert that everything begins with."""
        if self.monitor == "Datadog":
            return SignedRequest("/webhooks/datadog", self._stage.datadog.press_trigger(datetime.now(UTC), MONITOR))
        service = self._catalog.services["checkout"].at("pagerduty")
        return SignedRequest(
            "/webhooks/pagerduty", self._stage.pagerduty.press_trigger(service, TITLE, key="checkout/prod/5xx")
        )

    def acknowledges(self, person: str) -> SignedRequest:
        """Somebody answers the newest page where it woke them."""
        page = self._stage.ringing(self._catalog)[-1].id
        return SignedRequest(*self._stage.press_answer(self._catalog, page, person))

    def pages_to(self, person: str) -> int:
        """How many pages somebody got."""
        one = self._catalog.people[person]
        if self._catalog.vendors["pager"] == "opsgenie":
            return sum(one.at("opsgenie") in alert.who for alert in self._stage.opsgenie.account.alerts)
        return sum(one.at("pagerduty") in page.who for page in self._stage.pagerduty.pages)

    @property
    def items(self) -> tuple[str, ...]:
        """The action items in the tracker."""
        return tuple(self._stage.tracker(self._catalog).issues)

    def finishes(self, item: str, person: str) -> SignedRequest:
        """Somebody moves an action item to Done."""
        tracker = self._stage.tracker(self._catalog)
        moved = tracker.press_move(item, "Done", self._catalog.people[person].email)
        return SignedRequest(f"/webhooks/{tracker.name}", moved)

    def write(self, words: str) -> None:
        """Somebody writes in the post-mortem."""
        self._stage.press_write(words)

    def document(self, ref: str) -> list[str]:
        """What people read in the post-mortem."""
        if self._catalog.vendors["notebook"] == "notion":
            return self._stage.notion.workspace.text(ref)
        return self._stage.confluence.text(ref)
