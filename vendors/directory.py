"""Every vendor by name: one line each. A new vendor is one folder and one line here."""

import importlib
import os
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import httpx

from domain.company.catalog import VendorRole


@dataclass(frozen=True)
class Vendor:
    """What a vendor can be asked: which roles it plays, whether it sends webhooks. Its folder has the rest."""

    name: str
    roles: tuple[VendorRole, ...] = ()
    needs: tuple[str, ...] = ()
    """The settings without which its client cannot work."""
    hears: bool = False
    answer: int = 202
    """The status that tells it we have its webhook: any 2xx does, unless its documentation names one."""

    by_header: bool = False
    """Whether a header alone proves its webhooks: nothing of the body is signed."""

    def part(self, name: str) -> ModuleType:
        """One of its modules: client, webhook, standin."""
        return importlib.import_module(f"vendors.{self.name}.{name}")

    @property
    def missing(self) -> tuple[str, ...]:
        """The settings that the environment lacks."""
        return tuple(name for name in self.needs if not os.environ.get(name))

    def client(self, http: httpx.AsyncClient) -> Any:
        """Its client, configured from the environment."""
        module = self.part("client")
        return module.Client(module.Settings(), http)

    @property
    def per_second(self) -> float:
        """The rate its task queue keeps, for all workers together."""
        return float(self.part("client").PER_SECOND)


DIRECTORY = {
    vendor.name: vendor
    for vendor in (
        Vendor("pagerduty", ("pager",), ("PAGERDUTY_ROUTING_KEY",), hears=True),
        Vendor("opsgenie", ("pager",), ("OPSGENIE_API_KEY",), hears=True, by_header=True),
        Vendor("slack", ("room",), ("SLACK_BOT_TOKEN",)),
        Vendor("statuspage", ("status_page",), ("STATUSPAGE_API_KEY", "STATUSPAGE_PAGE_ID"), hears=True),
        Vendor("instatus", ("status_page",), ("INSTATUS_API_KEY", "INSTATUS_PAGE_ID"), hears=True),
        Vendor("jira", ("tracker",), ("JIRA_URL", "JIRA_EMAIL", "JIRA_API_TOKEN", "JIRA_PROJECT"), hears=True),
        # "return a HTTP 200 response" (linear.app/developers/webhooks)
        Vendor("linear", ("tracker",), ("LINEAR_API_KEY", "LINEAR_TEAM_ID"), hears=True, answer=200),
        Vendor(
            "confluence",
            ("notebook",),
            ("CONFLUENCE_URL", "CONFLUENCE_EMAIL", "CONFLUENCE_API_TOKEN", "CONFLUENCE_SPACE"),
        ),
        Vendor("notion", ("notebook",), ("NOTION_TOKEN", "NOTION_POSTMORTEMS"), hears=True),
        Vendor("smtp", ("mailer",), ("SMTP_URL", "MAIL_FROM")),
        Vendor("alertmanager", hears=True, by_header=True),
        Vendor("datadog", hears=True, by_header=True),
        Vendor("grafana", hears=True),
        Vendor("cloudwatch", hears=True),
        Vendor("sentry", hears=True),
        Vendor("zendesk", ("support",), ("ZENDESK_API_URL", "ZENDESK_EMAIL", "ZENDESK_API_TOKEN"), hears=True),
        Vendor("github", hears=True),
        Vendor("generic", hears=True),
        Vendor("practice", ("pager", "room", "status_page", "notebook", "tracker", "mailer", "support")),
    )
}
