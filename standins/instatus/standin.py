"""Plays Instatus: one page over its API, and the buttons people press there."""

import json
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, TypeVar

from starlette.requests import Request

from standins import standin
from standins.instatus.account import Account, Create, State, Status, Update
from standins.standin import Refused, understood
from vendors import door
from vendors.instatus.webhook import HEADER

Wanted = TypeVar("Wanted", bound=Update)
CODES = {401: "unauthorized", 403: "forbidden", 404: "not_found", 422: "invalid"}
LONGEST = 100
"""Most entries on one page of a list."""


class Standin(standin.Standin):
    """The vendor. `account` is the page; `press_*` are people at it, and return the webhook where there is one."""

    name = "instatus"
    lasting = MappingProxyType(
        {
            "account.components": dict[str, str],
            "account.incidents": dict[str, dict[str, Any]],
            "account.notified": list[str],
        }
    )

    def __init__(
        self,
        api_key: str = "instatus-key",
        page_id: str = "ckf01fonve9i40a32oas5b0uw",
        secret: str = "instatus-secret",  # noqa: S107 -- a stand-in's secret opens nothing
        components: tuple[str, ...] = (),
        templates: dict[str, str] | None = None,
    ) -> None:
        self.api_key, self.page_id, self.secret = api_key, page_id, secret
        self.account = Account(components, templates or {})
        one = self.route("/v1/{page}/{rest:path}", self._serve, "GET", "POST")
        super().__init__([self.route("/v2/pages", self._pages), one])

    def refused_body(self, status: int, message: str = "refused") -> Any:
        return {"error": {"code": CODES.get(status, f"refused_{status}"), "message": message}}

    def press_open(self, name: str, status: Status = "INVESTIGATING", components: tuple[str, ...] = ()) -> str:
        """Somebody opens an incident by hand, without us."""
        wanted = Create(name=name, status=status, message="By hand.", components=list(components))
        return str(self.account.open(wanted)["id"])

    def press_update(self, incident: str, status: Status, message: str) -> door.Request:
        """Somebody adds an update by hand on the page, and the subscribers' webhook says so."""
        self.account.append(incident, Update(status=status, components=[], statuses=[], message=message))
        return self._delivery({"incident": self.account.told(incident)})

    def press_edit(self, incident: str, message: str) -> None:
        """Somebody rewrites the last update in place."""
        self.account.incidents[incident]["updates"][-1] |= {"message": message, "messageHtml": f"<p>{message}</p>"}

    def press_component(self, component: str, status: State) -> door.Request:
        """Somebody sets a component by hand."""
        self.account.components[component] = status
        shown = {"created_at": "", "id": component, "name": component, "status": status}
        change = {"created_at": "", "new_status": status, "component_id": component}
        return self._delivery({"component_update": change, "component": shown})

    def press_delete(self, incident: str) -> None:
        """Somebody deletes the incident from the page."""
        del self.account.incidents[incident]

    def _delivery(self, sent: dict[str, Any]) -> door.Request:
        meta = {"unsubscribe": "https://dashboard.instatus.com/unsubscribe?id=1&token=t", "documentation": ""}
        page = {"id": self.page_id, "status_indicator": "HASISSUES", "status_description": "Some systems have issues"}
        body = json.dumps({"meta": meta, "page": page, **sent}, separators=(",", ":"), ensure_ascii=False).encode()
        headers = {"content-type": "application/json", HEADER: door.signed_hex(self.secret, body)}
        return door.Request(headers=headers, body=body, received_at=datetime.now(UTC))

    def admit(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self.api_key}":
            raise Refused(401, "Not authenticated")
        if request.path_params.get("page", self.page_id) != self.page_id:
            raise Refused(403, "Not authorized")

    async def _pages(self, request: Request) -> Any:
        """The account's pages, of which there is one."""
        return [{"id": self.page_id, "subdomain": "status", "name": "Status", "status": "UP", "language": "en"}]

    async def _serve(self, request: Request) -> Any:
        """Answer one request; everything Instatus answers with success is a 200, creation too."""
        body = await request.body()
        match (request.method, *request.path_params["rest"].split("/")):
            case ("GET", "templates"):
                return _paged(request, self._templates())
            case ("GET", "components"):
                known = self.account.components.items()
                return _paged(request, [{"id": one, "name": one, "status": state} for one, state in known])
            case ("GET", "incidents"):
                wanted = set(filter(None, request.query_params.get("status", "").split(",")))
                every = reversed(self.account.incidents.values())
                return _paged(request, [one for one in every if not wanted or one["status"] in wanted])
            case ("POST", "incidents"):
                return self.account.open(self._read(Create, body))
            case ("GET", "incidents", ident):
                return self._known(ident)
            case ("POST", "incidents", ident, "incident-updates"):
                incident = self._known(ident)
                update = self.account.append(ident, self._read(Update, body))
                brief = {name: incident[name] for name in ("id", "name", "started", "status", "components")}
                shown = {name: update[name] for name in ("id", "message", "messageHtml", "status", "notify", "started")}
                return {**shown, "incident": brief}
            case _:
                raise Refused(404, "No such path")

    def _known(self, ident: str) -> dict[str, Any]:
        if ident not in self.account.incidents:
            raise Refused(404, "No such incident")
        return self.account.incidents[ident]

    def _read(self, model: type[Wanted], body: bytes) -> Wanted:
        wanted = understood(model, body)
        if strange := self.account.strange(wanted):
            raise Refused(422, f"unknown components {strange}")
        return wanted

    def _templates(self) -> list[dict[str, Any]]:
        """The incident templates, behind one for a maintenance of the same name."""
        planned = {"id": "planned", "type": "MAINTENANCE", "message": "A planned break.", "status": "NOTSTARTEDYET"}
        texts = [
            {"id": f"tpl{n}", "type": "INCIDENT", "name": name, "message": text, "status": "INVESTIGATING"}
            for n, (name, text) in enumerate(self.account.templates.items())
        ]
        return [*({**planned, "name": name} for name in self.account.templates), *texts]


def _paged(request: Request, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    query = request.query_params
    length, page = int(query.get("per_page", "50")), int(query.get("page", "1"))
    if not 0 < length <= LONGEST or page < 1:
        raise Refused(422, f"per_page is at most {LONGEST}, page at least 1")
    return entries[(page - 1) * length : page * length]
