"""Plays Statuspage: one page with its incidents, templates and components, and the mail its subscribers got."""

import json
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from standins import standin
from standins.standin import Refused, now, understood
from vendors import door

Status = Literal["investigating", "identified", "monitoring", "resolved"]
ComponentStatus = Literal[
    "operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage", ""
]

UNSET = (
    "postmortem_body",
    "postmortem_published_at",
    "scheduled_for",
    "scheduled_until",
    "auto_transition_to_operational_state",
    "reminder_intervals",
    "monitoring_at",
    "resolved_at",
)
"""Null in what Statuspage really answers, though its document says otherwise."""


ABSENT = "The requested resource could not be found."


class Wanted(BaseModel):
    """What a request may say of an incident. Stricter than Statuspage, which may ignore what it does not know."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(None, min_length=1, max_length=255)
    status: Status | None = None
    impact_override: Literal["none", "maintenance", "minor", "major", "critical"] | None = None
    metadata: dict[str, dict[str, Any]] | None = None
    deliver_notifications: bool = True
    body: str | None = Field(None, max_length=25_000)
    components: dict[str, ComponentStatus] = Field(default_factory=dict)
    component_ids: list[str] | None = None


class Wrapped(BaseModel):
    """The one key every request body has."""

    model_config = ConfigDict(extra="forbid")

    incident: Wanted


class Draft(BaseModel):
    """What a post-mortem is to say."""

    model_config = ConfigDict(extra="forbid")

    body_draft: str


class Account(BaseModel):
    """The one key that a request about a post-mortem has."""

    model_config = ConfigDict(extra="forbid")

    postmortem: Draft


class Standin(standin.Standin):
    """One page. `notified` holds every text its subscribers were mailed, in order."""

    name = "statuspage"
    lasting = MappingProxyType(
        {
            "components": dict[str, str],
            "incidents": dict[str, dict[str, Any]],
            "notified": list[str],
            "postmortems": dict[str, dict[str, Any]],
        }
    )

    def __init__(
        self,
        api_key: str = "statuspage-key",
        page_id: str = "8m2l51279rpl",
        token: str = "statuspage-door",  # noqa: S107 -- a stand-in's token opens nothing
        components: tuple[str, ...] = (),
        templates: dict[str, str] | None = None,
    ) -> None:
        self.api_key, self.page_id, self.token = api_key, page_id, token
        self.components: dict[str, str] = dict.fromkeys(components, "operational")
        self.templates = dict(templates or {})
        self.incidents: dict[str, dict[str, Any]] = {}
        self.notified: list[str] = []
        self.postmortems: dict[str, dict[str, Any]] = {}
        self.site = "https://stspg.example/"
        """Where people read the page."""
        page = "/v1/pages/{page}"
        super().__init__(
            [
                self.route(f"{page}/incident_templates", self._list_templates),
                self.route(f"{page}/components", self._list_components),
                self.route(f"{page}/incidents", self._list_incidents),
                self.route(f"{page}/incidents", self._create, "POST"),
                self.route(f"{page}/incidents/unresolved", self._list_unresolved),
                self.route(f"{page}/incidents/{{incident}}", self._show),
                self.route(f"{page}/incidents/{{incident}}", self._change, "PATCH"),
                self.route(f"{page}/incidents/{{incident}}/postmortem", self._show_postmortem),
                self.route(f"{page}/incidents/{{incident}}/postmortem", self._draft_postmortem, "PUT"),
                self.route(f"{page}/incidents/{{incident}}/postmortem/publish", self._publish_postmortem, "PUT"),
            ]
        )

    def refused_body(self, status: int, message: str = "refused") -> Any:
        return {"message": message}

    def press_open(self, name: str, components: tuple[str, ...] = ()) -> str:
        """Somebody opens an incident by hand, without us."""
        wanted = Wanted(name=name, status="investigating", component_ids=list(components))
        return str(self._apply(self._opened(), wanted)["id"])

    def press_component(self, component: str, status: ComponentStatus) -> None:
        """Somebody sets a component by hand."""
        self.components[component] = status
        for incident in self.incidents.values():
            incident["components"] = [self._component(one["id"]) for one in incident["components"]]

    def press_update(self, incident: str, status: Status, body: str) -> door.Request:
        """Somebody edits the incident by hand on the page, and the subscribers' webhook says so."""
        self._apply(self.incidents[incident], Wanted(status=status, body=body))
        shown = {"id": self.page_id, "status_indicator": "major", "status_description": "Partial System Outage"}
        sent = {"meta": {"unsubscribe": "https://status.example/?unsubscribe=1"}, "page": shown}
        return self._delivery({**sent, "incident": self.incidents[incident]})

    def press_delete(self, incident: str) -> None:
        """Somebody deletes the incident from the page."""
        del self.incidents[incident]

    def _delivery(self, sent: dict[str, Any]) -> door.Request:
        return door.Request(
            headers={"content-type": "application/json"},
            query={"token": self.token},
            body=json.dumps(sent).encode(),
            received_at=datetime.now(UTC),
        )

    def admit(self, request: Request) -> None:
        if request.headers.get("authorization") != f"OAuth {self.api_key}":
            raise Refused(401, "Could not authenticate")
        asked = request.path_params
        if asked["page"] != self.page_id or asked.get("incident") not in (None, *self.incidents):
            raise Refused(404, ABSENT)

    def _listed(self, request: Request, entries: list[dict[str, Any]], size: str = "per_page") -> Any:
        length, page = int(request.query_params.get(size, 100)), int(request.query_params.get("page", 1))
        return entries[(page - 1) * length : page * length]

    async def _list_templates(self, request: Request) -> Any:
        texts = [
            {"id": f"tpl{n:09d}", "name": name, "title": name, "body": body}
            for n, (name, body) in enumerate(self.templates.items())
        ]
        return self._listed(request, texts)

    async def _list_components(self, request: Request) -> Any:
        return self._listed(request, [self._component(key) for key in self.components])

    async def _list_incidents(self, request: Request) -> Any:
        return self._listed(request, list(reversed(self.incidents.values())), "limit")

    async def _list_unresolved(self, request: Request) -> Any:
        every = reversed(self.incidents.values())
        return self._listed(request, [incident for incident in every if incident["status"] != "resolved"])

    async def _show(self, request: Request) -> Any:
        return self.incidents[request.path_params["incident"]]

    async def _create(self, request: Request) -> Response:
        return self._written(await request.body(), None)

    async def _change(self, request: Request) -> Response:
        return self._written(await request.body(), self.incidents[request.path_params["incident"]])

    async def _show_postmortem(self, request: Request) -> Any:
        kept = self.postmortems.get(request.path_params["incident"])
        if kept is None:
            raise Refused(404, ABSENT)
        return kept

    async def _draft_postmortem(self, request: Request) -> Any:
        draft = understood(Account, await request.body(), 400).postmortem.body_draft
        incident, at = request.path_params["incident"], now()
        kept = self.postmortems.setdefault(incident, {"preview_key": f"pre{incident}", "created_at": at})
        kept.update(body_draft=draft, body_draft_updated_at=at, updated_at=at)
        return kept

    async def _publish_postmortem(self, request: Request) -> Any:
        kept = self.postmortems.get(request.path_params["incident"])
        if kept is None:
            raise Refused(404, ABSENT)
        asked = (await request.json()).get("postmortem", {})
        kept.update(
            body=kept["body_draft"], published_at=now(), notify_subscribers=asked.get("notify_subscribers", False)
        )
        if kept["notify_subscribers"]:
            self.notified.append(kept["body"])
        return kept

    def _written(self, body: bytes, incident: dict[str, Any] | None) -> Response:
        wanted = understood(Wrapped, body).incident
        strange = {*wanted.components, *(wanted.component_ids or ())} - self.components.keys()
        if strange or (incident is None and not wanted.name):
            raise Refused(422, f"unknown components {sorted(strange)} or no name")
        status = 200 if incident else 201
        return JSONResponse(self._apply(incident or self._opened(), wanted), status)

    def _opened(self) -> dict[str, Any]:
        """An incident as it is before anything was said in it."""
        id_, at = f"inc{len(self.incidents) + 1:09d}", now()
        incident: dict[str, Any] = {
            **dict.fromkeys(UNSET),
            "id": id_,
            "page_id": self.page_id,
            "name": "",
            "status": "investigating",
            "impact": "none",
            "impact_override": None,
            "metadata": {},
            "shortlink": f"{self.site}{id_}",
            "created_at": at,
            "updated_at": at,
            "components": [],
            "incident_updates": [],
        }
        self.incidents[id_] = incident
        return incident

    def _apply(self, incident: dict[str, Any], wanted: Wanted) -> dict[str, Any]:
        """Do what was asked; a status or a text is a new update, and mails the subscribers."""
        said = wanted.model_dump(include={"name", "status", "impact_override", "metadata"}, exclude_none=True)
        incident.update(said, updated_at=now())
        incident["impact"] = incident["impact_override"] or incident["impact"]
        self.components.update({key: state for key, state in wanted.components.items() if state})
        if wanted.component_ids is not None:
            incident["components"] = [self._component(key) for key in wanted.component_ids]
        if wanted.status or wanted.body:
            incident["incident_updates"].insert(0, self._update(incident, wanted))
        return incident

    def _update(self, incident: dict[str, Any], wanted: Wanted) -> dict[str, Any]:
        if wanted.deliver_notifications:
            self.notified.append(wanted.body or "")
        at = now()
        return {
            "id": f"upd{len(incident['incident_updates']) + 1:09d}",
            "incident_id": incident["id"],
            "status": incident["status"],
            "body": wanted.body or "",
            "affected_components": None,
            "deliver_notifications": wanted.deliver_notifications,
            "created_at": at,
            "updated_at": at,
            "display_at": at,
        }

    def _component(self, key: str) -> dict[str, Any]:
        return {"id": key, "page_id": self.page_id, "name": key, "status": self.components[key], "group": False}
