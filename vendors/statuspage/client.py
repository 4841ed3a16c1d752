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
from collections.abc import AsyncIterator, Callable, Container
from typing import Any, TypeVar

import httpx
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from domain.company.catalog import Catalog
from domain.company.component_state import ComponentState
from domain.company.status_template import Template
from domain.port.duty import NotDone, Outcome
from domain.port.status_page import DraftFromTemplate, PublishPostmortem, PublishUpdate, ReadStatus
from vendors.api import Api
from vendors.lack import Lack, absent_components
from vendors.page import BEGINNING, Component, compared, drafted, left_standing, named_by, same, states, written
from vendors.statuspage.page import OURS, Incident, Postmortem, Prepared

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
MAINTENANCE = frozenset({"scheduled", "in_progress", "verifying", "completed"})
"""The states of templates and of incidents that are for planned work (developer.statuspage.io, "IncidentTemplate")."""

COMPONENT: dict[ComponentState, str] = {
    "operational": "operational",
    "degraded": "degraded_performance",
    "partial_outage": "partial_outage",
    "major_outage": "major_outage",
    "maintenance": "under_maintenance",
}
STATE = {word: state for state, word in COMPONENT.items()}
"""What the page says of a component, in our words."""

Item = TypeVar("Item")


class Settings(BaseSettings):
    """Where the page is and how to get in; the webhook's tokens may be several, comma-separated."""

    statuspage_api_url: str = "https://api.statuspage.io/v1"
    statuspage_api_key: SecretStr = SecretStr("")
    statuspage_page_id: str = ""
    statuspage_webhook_token: SecretStr = SecretStr("")


class Client:
    """Plays the role StatusPage."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        key = settings.statuspage_api_key.get_secret_value()
        base = f"{settings.statuspage_api_url.rstrip('/')}/pages/{settings.statuspage_page_id}"
        self._api = Api("statuspage", http, base, {"authorization": f"OAuth {key}"}, RETRYABLE)

    async def probe(self) -> str:
        """Prove the key and the page, changing nothing."""
        await self._api.prove("/incidents/unresolved", ADVICE, params={"page": 1, "per_page": 1})
        return "the key opens the page"

    async def lacks(self, catalog: Catalog) -> tuple[Lack, ...]:
        """The components that the first update would leave without, asked for beforehand."""
        return tuple(absent_components(catalog, "statuspage", await self._components()))

    async def templates(self) -> tuple[Template, ...]:
        """The page's own texts for updates, as they stand there (COM-3)."""
        listed = [
            one
            async for one in self._listed("/incident_templates", Prepared)
            if one.body and one.update_status not in MAINTENANCE
        ]
        return tuple(Template(name=one.name or "", status=one.update_status, body=one.body or "") for one in listed)

    async def draft_from_template(self, duty: DraftFromTemplate, *, again: bool) -> Outcome:
        """Fill the page's own template of that name, or the fallback (COM-3). Reading is safe to repeat."""
        return drafted(duty, await self.templates())

    async def publish_update(self, duty: PublishUpdate, *, again: bool) -> Outcome:
        """Create the page's incident, or append the update to it, unless that has happened already."""
        known = await self._known(duty.ref) if duty.ref else None
        found = known or await self._marked(duty, again or bool(duty.ref))
        if found and published(found, duty, again):
            return Outcome(ref=found.id, url=found.shortlink or "")
        if duty.called_back:
            raise NotDone("Statuspage")
        burning = await left_standing(duty, found, self._burning)
        if found is None:
            incident, taken = await self._write("POST", "/incidents", duty, lambda one: created(one, burning))
        else:
            path, there = f"/incidents/{found.id}", found
            incident, taken = await self._write("PATCH", path, duty, lambda one: appended(one, there, burning))
        adopted = "" if found is None or known or found.marks else found.name or found.id
        said = duty.remarked(taken, adopted=adopted, burning=burning, gone=bool(duty.ref) and found is None)
        return Outcome(ref=incident.id, url=incident.shortlink or "", text=said)

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
        return Outcome(ref=duty.ref, url=(await self._incident(duty.ref)).shortlink or "")

    async def read_status(self, duty: ReadStatus, *, again: bool) -> Outcome:
        """Compare what customers see with what was published last (COM-7)."""
        incident = await self._known(duty.ref)
        if incident is None:
            return Outcome(ref=duty.ref, text=f"The page no longer shows incident {duty.ref}.")
        text = (incident.newest.body or "") if incident.newest else ""
        said = await compared(duty, incident, text, COMPONENT, self._burning)
        return Outcome(ref=incident.id, url=incident.shortlink or "", text=said)

    async def _incident(self, ref: str) -> Incident:
        return self._api.parsed(await self._api.send("GET", f"/incidents/{ref}"), Incident)

    async def _known(self, ref: str) -> Incident | None:
        """The incident of this id, else the one whose short link, as somebody who posted by hand has it, ends so."""
        response = await self._api.send("GET", f"/incidents/{ref}", accept=frozenset({404}))
        if response.status_code != 404:
            return self._api.parsed(response, Incident)
        return next((one for one in await self._newest() if (one.shortlink or "").endswith(f"/{ref}")), None)

    async def _newest(self) -> tuple[Incident, ...]:
        response = await self._api.send("GET", "/incidents", params={"limit": PAGE_LENGTH, "page": 1})
        return self._api.parsed(response, tuple[Incident, ...])

    async def _marked(self, duty: PublishUpdate, again: bool) -> Incident | None:
        """The incident that carries our id, else the one that somebody opened by hand.

        A lost "resolved" is no longer unresolved: `again` looks further.
        """
        unresolved = [incident async for incident in self._listed("/incidents/unresolved", Incident)]
        for incident in unresolved:
            if incident.marks.get("incident") == duty.incident:
                return incident
        if again:
            for incident in await self._newest():
                if incident.marks.get("incident") == duty.incident:
                    return incident
        by_hand = (incident for incident in unresolved if is_adoptable(incident, duty))
        return max(by_hand, key=lambda incident: incident.created_at or BEGINNING, default=None)

    async def _burning(self, ours: str) -> dict[str, ComponentState | None]:
        """The components that another open incident of the page names; planned maintenance is none."""
        others = [one async for one in self._listed("/incidents/unresolved", Incident) if one.id != ours]
        return named_by((one for one in others if one.status not in MAINTENANCE), STATE)

    async def _write(
        self, method: str, path: str, duty: PublishUpdate, body: Callable[[PublishUpdate], dict[str, Any]]
    ) -> tuple[Incident, PublishUpdate]:
        """Write the update, without what the page refuses of it."""

        async def write(one: PublishUpdate) -> httpx.Response:
            return await self._api.send(method, path, accept=REFUSED, json={"incident": body(one)})

        response, taken = await written(duty, write, self._components)
        if not response.is_success:
            raise self._api.refusal(method, path, response)
        return self._api.parsed(response, Incident), taken

    async def _components(self) -> frozenset[str]:
        """The ids of what the page names."""
        return frozenset([one.id async for one in self._listed("/components", Component)])

    async def _listed(self, path: str, shape: type[Item]) -> AsyncIterator[Item]:
        """Everything in a list; the first empty page is its end."""
        for page in itertools.count(1):
            response = await self._api.send("GET", path, params={"page": page, "per_page": PAGE_LENGTH})
            items = self._api.parsed(response, tuple[shape, ...])  # type: ignore[valid-type]
            for item in items:
                yield item
            if not items:
                return


def is_adoptable(incident: Incident, duty: PublishUpdate) -> bool:
    """Whether somebody opened this incident by hand, lately, for the same."""
    lately = duty.adopts is not None and (incident.created_at or BEGINNING) >= duty.adopts
    unplanned = incident.status not in MAINTENANCE and OURS not in (incident.metadata or {})
    return lately and unplanned and duty.is_about(incident.name or "", incident.component_ids)


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


def published(found: Incident, duty: PublishUpdate, again: bool) -> bool:
    """Whether this very update is on the page already."""
    if found.marks:
        return duty.key in found.marks
    newest = found.newest
    return again and newest is not None and newest.status == duty.status and same(newest.body or "", duty.body)
