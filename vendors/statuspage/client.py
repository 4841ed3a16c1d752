"""Speaks to Atlassian Statuspage as the page of the incident.

How each effect happens once. Statuspage has no idempotency key, and a duplicate e-mails every subscriber. So whatever
we create or append carries its duty's key in the incident's `metadata`, in the same request, and every attempt reads
before it writes: an incident without a known reference is looked for among the unresolved ones by our id (a further
attempt also looks among the newest hundred of any state), and an update whose key is already there is done. On an
incident that carries no marks of ours, a further attempt compares the newest update's status and text instead.
What remains: how fast a new incident shows in the list is not published, and that an update keeps the metadata it is
sent with is the document's word, not yet seen.
"""

import itertools
from collections.abc import AsyncIterator, Container
from typing import Any, TypeVar

import httpx
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from domain.company.component_state import ComponentState
from domain.company.status_template import Template
from domain.port.duty import NotDone, Outcome
from domain.port.status_page import PublishPostmortem, PublishUpdate
from vendors.api import Api
from vendors.page import Component, PageClient, same, states
from vendors.statuspage.page import MAINTENANCE, OURS, Incident, Postmortem, Prepared

PER_SECOND = 1.0
"""One request per second and token, over a rolling minute (developer.statuspage.io, "Rate Limiting").

A duty sends two or three requests; the rolling minute takes them as long as duties come more seldom than one in three
seconds.
"""

RETRYABLE = frozenset({408, 420, 429, 500, 502, 503, 504})
"""420 and 429 both mean over the limit (developer.statuspage.io, "Rate Limiting"); the rest is the server's trouble."""

REFUSED = frozenset({400, 422})
"""How a body is refused, for one component too (developer.statuspage.io, "Create an incident")."""

NAME_LENGTH = 255
"""Longest incident name (developer.statuspage.io, "Create an incident")."""

PAGE_LENGTH = 100

ADVICE = {
    401: "set STATUSPAGE_API_KEY to a key of a user of the page (avatar, API info)",
    404: "set STATUSPAGE_PAGE_ID to the id that stands under API info beside the key",
}
"""What a refusal of the doctor's question asks for (developer.statuspage.io, "Authentication")."""

COMPONENT: dict[ComponentState, str] = {
    "operational": "operational",
    "degraded": "degraded_performance",
    "partial_outage": "partial_outage",
    "major_outage": "major_outage",
    "maintenance": "under_maintenance",
}

Item = TypeVar("Item")


class Settings(BaseSettings):
    """Where the page is and how to get in; the webhook's tokens may be several, comma-separated."""

    statuspage_api_url: str = "https://api.statuspage.io/v1"
    statuspage_api_key: SecretStr = SecretStr("")
    statuspage_page_id: str = ""
    statuspage_webhook_token: SecretStr = SecretStr("")


class Client(PageClient[Incident]):
    """Plays the role StatusPage."""

    name, shape, component_words, refused = "Statuspage", Incident, COMPONENT, REFUSED

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        key = settings.statuspage_api_key.get_secret_value()
        base = f"{settings.statuspage_api_url.rstrip('/')}/pages/{settings.statuspage_page_id}"
        self._api = Api("statuspage", http, base, {"authorization": f"OAuth {key}"}, RETRYABLE)

    async def probe(self) -> str:
        """Prove the key and the page, changing nothing."""
        await self._api.prove("/incidents/unresolved", ADVICE, params={"page": 1, "per_page": 1})
        return "the key opens the page"

    async def templates(self) -> tuple[Template, ...]:
        listed = [
            one
            async for one in self._listed("/incident_templates", Prepared)
            if one.body and one.update_status not in MAINTENANCE
        ]
        return tuple(Template(name=one.name or "", status=one.update_status, body=one.body or "") for one in listed)

    async def publish_postmortem(self, duty: PublishPostmortem, *, again: bool) -> Outcome:
        """Put the post-mortem beside the page's incident and publish it, unless it stands there already (COM-8)."""
        path = f"/incidents/{duty.ref}/postmortem"
        response = await self._api.send("GET", path, accept=frozenset({404}))
        there = Postmortem() if response.status_code == 404 else self._api.parsed(response, Postmortem)
        stands = there.published_at and same(there.body or "", duty.body)
        if duty.called_back and not stands:
            raise NotDone("Statuspage")
        if not stands:
            await self._api.send("PUT", path, json={"postmortem": {"body_draft": duty.body}})
            await self._api.send("PUT", f"{path}/publish", json={"postmortem": {"notify_subscribers": True}})
        incident = self._api.parsed(await self._api.send("GET", f"/incidents/{duty.ref}"), Incident)
        return Outcome(ref=duty.ref, url=incident.shortlink or "")

    async def _known(self, ref: str) -> Incident | None:
        """The incident of this id, else the one whose short link, as somebody who posted by hand has it, ends so."""
        response = await self._api.send("GET", f"/incidents/{ref}", accept=frozenset({404}))
        if response.status_code != 404:
            return self._api.parsed(response, Incident)
        async for one in self._further():
            if (one.shortlink or "").endswith(f"/{ref}"):
                return one
        return None

    async def _unresolved(self) -> AsyncIterator[Incident]:
        async for one in self._listed("/incidents/unresolved", Incident):
            if one.status not in MAINTENANCE:
                yield one

    async def _further(self) -> AsyncIterator[Incident]:
        response = await self._api.send("GET", "/incidents", params={"limit": PAGE_LENGTH, "page": 1})
        for one in self._api.parsed(response, tuple[Incident, ...]):
            yield one

    def _components(self) -> AsyncIterator[Component]:
        return self._listed("/components", Component)

    def _asked(
        self, duty: PublishUpdate, found: Incident | None, left: Container[str]
    ) -> tuple[str, str, dict[str, Any]]:
        if found is None:
            return "POST", "/incidents", {"incident": created(duty, left)}
        return "PATCH", f"/incidents/{found.id}", {"incident": appended(duty, found, left)}

    async def _listed(self, path: str, shape: type[Item]) -> AsyncIterator[Item]:
        """Everything in a list; the first empty page is its end."""
        for page in itertools.count(1):
            response = await self._api.send("GET", path, params={"page": page, "per_page": PAGE_LENGTH})
            items = self._api.parsed(response, tuple[shape, ...])  # type: ignore[valid-type]
            for item in items:
                yield item
            if not items:
                return


def created(duty: PublishUpdate, burning: Container[str] = ()) -> dict[str, Any]:
    """The body that opens the incident, marked as ours."""
    return {
        "name": duty.title[:NAME_LENGTH],
        "metadata": {OURS: {"incident": duty.incident, duty.key: duty.status}},
        "impact_override": duty.impact,
        **_said(duty, tuple(duty.components), burning),
    }


def appended(duty: PublishUpdate, found: Incident, burning: Container[str] = ()) -> dict[str, Any]:
    """The body that adds an update: metadata goes whole, and components stay named, because a list replaces the set."""
    there = tuple(component.id for component in found.components or ())
    marks = {**found.marks, "incident": duty.incident, duty.key: duty.status}
    return {
        "metadata": {**(found.metadata or {}), OURS: marks},
        "impact_override": duty.impact,
        **_said(duty, tuple(dict.fromkeys((*there, *duty.components))), burning),
    }


def _said(duty: PublishUpdate, components: tuple[str, ...], burning: Container[str]) -> dict[str, Any]:
    """Status, text and components; what is resolved works, unless it was said otherwise or burns on elsewhere."""
    ours = states(duty, COMPONENT)
    if duty.status == "resolved":
        ours = {one: ours.get(one, "operational") for one in components}
    ours = {one: state for one, state in ours.items() if one not in burning}
    named = {"component_ids": list(components), "components": ours} if components else {}
    return {"status": duty.status, "body": duty.body, "deliver_notifications": True, **named}
