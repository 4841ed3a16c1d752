"""Speaks to Instatus as the page of the incident.

How each effect happens once. Instatus has no idempotency key and no field of ours, and a duplicate notifies every
subscriber. So every message ends with a reference ("Reference: INC-7K3QF/2": our incident and the update's number),
which customers may quote, and every attempt reads before it writes: an incident without a known id is looked for by
our reference among the open ones (a further attempt also looks among the resolved ones), and an update whose reference
is already there is done. On an incident from which somebody has edited every reference away, a further attempt compares
the newest update's status and text instead. What remains: how fast a new incident shows in the list is not published.

Instatus takes an incident's impact from its components: what `impact` says is said by their statuses, and by nothing
where a service names no components.
"""

import itertools
from collections.abc import AsyncIterator, Container
from typing import Any, TypeVar

import httpx
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from domain.company.component_state import ComponentState
from domain.company.status_template import Template
from domain.port.duty import Outcome, VendorError
from domain.port.status_page import PublishPostmortem, PublishUpdate
from vendors.api import Api
from vendors.instatus.page import Incident, Prepared, Site, referenced
from vendors.page import Component, PageClient, states

PER_SECOND = 1.0
"""Ours: Instatus publishes no limit, though it answers 429."""

RETRYABLE = frozenset({408, 429, *range(500, 600)})
"""Over the limit, or the server's trouble; Instatus documents neither (instatus.com/help/api). Everything else is
final: a 403 there may also mean a body it did not like."""

REFUSED = frozenset({400, 403, 404, 422})
"""How a body may be refused, for one component too; Instatus documents none of it."""

PAGE_LENGTH = 100
FURTHEST = 10
"""Pages of resolved incidents that a further attempt looks through."""
OPEN = "INVESTIGATING,IDENTIFIED,MONITORING"

ADVICE = {
    401: "set INSTATUS_API_KEY to a key of the account that owns the page (Developer settings, API keys)",
    403: "set INSTATUS_API_KEY to a key of an account that may edit the page",
}
"""What a refusal of the doctor's question asks for (instatus.com/help/api)."""

COMPONENT: dict[ComponentState, str] = {
    "operational": "OPERATIONAL",
    "degraded": "DEGRADEDPERFORMANCE",
    "partial_outage": "PARTIALOUTAGE",
    "major_outage": "MAJOROUTAGE",
    "maintenance": "UNDERMAINTENANCE",
}
KEPT = frozenset(COMPONENT.values())
"""What a component already there may be sent back as; older pages show more than Instatus still takes."""

Item = TypeVar("Item")


class Settings(BaseSettings):
    """Where the page is and how to get in; the webhook's secrets may be several, comma-separated."""

    instatus_api_url: str = "https://api.instatus.com"
    instatus_api_key: SecretStr = SecretStr("")
    instatus_page_id: str = ""
    instatus_webhook_secret: SecretStr = SecretStr("")


class Client(PageClient[Incident]):
    """Plays the role StatusPage."""

    name, shape, component_words, refused = "Instatus", Incident, COMPONENT, REFUSED

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        key = settings.instatus_api_key.get_secret_value()
        self._page, headers = settings.instatus_page_id, {"authorization": f"Bearer {key}"}
        self._account = Api("instatus", http, settings.instatus_api_url, headers, RETRYABLE)
        base = f"{settings.instatus_api_url.rstrip('/')}/v1/{self._page}"
        self._api = Api("instatus", http, base, headers, RETRYABLE)

    async def probe(self) -> str:
        """Prove the key, and that the page is one of the account's, changing nothing."""
        response = await self._account.prove("/v2/pages", ADVICE, params={"page": "1", "per_page": str(PAGE_LENGTH)})
        pages = {one.id: one.name for one in self._api.parsed(response, tuple[Site, ...])}
        if self._page not in pages:
            known = ", ".join(f"{id_} ({name})" for id_, name in pages.items()) or "none: make a page first"
            said = f"the key's account has no page {self._page}"
            raise VendorError("instatus", said, retryable=False, do=f"set INSTATUS_PAGE_ID to one of {known}")
        return f"the key opens the page {pages[self._page]}"

    async def templates(self) -> tuple[Template, ...]:
        listed = [
            one async for one in self._listed("/templates", Prepared) if one.message and one.type != "MAINTENANCE"
        ]
        return tuple(Template(name=one.name or "", status=one.status, body=one.message or "") for one in listed)

    async def publish_postmortem(self, duty: PublishPostmortem, *, again: bool) -> Outcome:
        """Instatus takes no post-mortem over its API (COM-8): a person posts it where customers read it."""
        do = "post it by hand, then `standfast postmortem posted` with its link"
        raise VendorError("instatus", "its API has no place for a post-mortem", retryable=False, do=do)

    async def _known(self, ref: str) -> Incident | None:
        response = await self._api.send("GET", f"/incidents/{ref}", accept=frozenset({404}))
        return None if response.status_code == 404 else self._api.parsed(response, Incident)

    def _unresolved(self) -> AsyncIterator[Incident]:
        return self._listed("/incidents", Incident, status=OPEN)

    def _further(self) -> AsyncIterator[Incident]:
        return self._listed("/incidents", Incident, FURTHEST, status="RESOLVED")

    def _components(self) -> AsyncIterator[Component]:
        return self._listed("/components", Component)

    def _asked(
        self, duty: PublishUpdate, found: Incident | None, left: Container[str]
    ) -> tuple[str, str, dict[str, Any]]:
        if found is None:
            return "POST", "/incidents", created(duty, left)
        return "POST", f"/incidents/{found.id}/incident-updates", appended(duty, found, left)

    async def _listed(self, path: str, shape: type[Item], most: int | None = None, **query: str) -> AsyncIterator[Item]:
        """Everything in a list, or its first pages; a page that is not full is its end."""
        for page in itertools.count(1) if most is None else range(1, most + 1):
            params = {"page": str(page), "per_page": str(PAGE_LENGTH), **query}
            items = self._api.parsed(await self._api.send("GET", path, params=params), tuple[shape, ...])  # type: ignore[valid-type]
            for item in items:
                yield item
            if len(items) < PAGE_LENGTH:
                return


def created(duty: PublishUpdate, burning: Container[str] = ()) -> dict[str, Any]:
    """The body that opens the incident; its first update carries our reference."""
    return {"name": duty.title, "shouldPublish": True, **_said(duty, (), burning)}


def appended(duty: PublishUpdate, found: Incident, burning: Container[str] = ()) -> dict[str, Any]:
    """The body that adds an update; components already there stay named, as they are."""
    return _said(duty, found.components or (), burning)


def _said(duty: PublishUpdate, there: tuple[Component, ...], burning: Container[str]) -> dict[str, Any]:
    """Status, text and components; what is resolved works, unless it was said otherwise or burns on elsewhere."""
    ours = states(duty, COMPONENT)
    named = {one.id: one.status for one in there} | ours
    if duty.status == "resolved":
        named = {one: ours.get(one, COMPONENT["operational"]) for one in named}
    return {
        "message": referenced(duty.body, duty.incident, duty.number),
        "status": duty.status.upper(),
        "notify": True,
        "components": list(named),
        "statuses": [
            {"id": one, "status": state} for one, state in named.items() if state in KEPT and one not in burning
        ],
    }
