"""What a vendor says of itself in the `vendor.py` of its folder."""

import importlib
import os
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

import httpx

from domain.company.catalog import VendorRole

if TYPE_CHECKING:  # a worker talks with nobody, and starts sooner without the words of a chat
    from vendors.talk import Talk

SPELLED = {
    "alertmanager": "Alertmanager", "cloudwatch": "CloudWatch", "confluence": "Confluence", "datadog": "Datadog",
    "github": "GitHub", "grafana": "Grafana", "instatus": "Instatus", "jira": "Jira", "linear": "Linear",
    "notion": "Notion", "opsgenie": "Opsgenie", "pagerduty": "PagerDuty", "sentry": "Sentry", "slack": "Slack",
    "smtp": "SMTP", "statuspage": "Statuspage", "zendesk": "Zendesk",
}  # fmt: skip
"""How vendors write their names."""


def spelled(name: str) -> str:
    """A vendor's name as people write it; another word stays what it is."""
    return SPELLED.get(name, name)


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

    person: tuple[str, str] | None = None
    """How its ids of people look, as a pattern and by an example; without it any word may be one."""
    talks: bool = False
    """Whether people press and type there: its `talk.py` says how."""
    by_header: bool = False
    """Whether a header alone proves its webhooks: nothing of the body is signed."""

    def part(self, name: str) -> ModuleType:
        """One of its modules: client, webhook, talk."""
        return importlib.import_module(f"vendors.{self.name}.{name}")

    @property
    def missing(self) -> tuple[str, ...]:
        """The settings that the environment lacks."""
        return tuple(name for name in self.needs if not os.environ.get(name))

    def client(self, http: httpx.AsyncClient) -> Any:
        """Its client, configured from the environment."""
        module = self.part("client")
        return module.Client(module.Settings(), http)

    def talk(self) -> "Talk":
        """How it is talked with, configured from the environment."""
        talk: Talk = self.part("talk").Talk(self.part("client").Settings())
        return talk

    @property
    def per_second(self) -> float:
        """The rate its task queue keeps, for all workers together."""
        return float(self.part("client").PER_SECOND)
