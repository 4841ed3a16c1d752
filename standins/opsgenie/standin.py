"""Opsgenie played in this process: accepts first and does later, refuses what Opsgenie refuses, presses its buttons."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import unquote

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

import standins.standin
from standins.opsgenie import accepted
from standins.opsgenie.account import Account, Alert, Team, User
from standins.opsgenie.button import Buttons
from standins.standin import Refused, understood, written

Model = TypeVar("Model", bound=BaseModel)
KINDS = ("id", "alias", "tiny")
WAITS = "RequestNotProcessed"
UNKNOWN = "Request not found. It might not be processed, yet."
LIMIT = {
    "x-ratelimit-state": "THROTTLED",
    "x-ratelimit-reason": "ACCOUNT",
    "x-ratelimit-period-in-sec": "60",
}
OURS = "Standfast API"
"""The API integration whose key the client has."""


@dataclass
class Work:
    """A write that was accepted; `lag` is how often it is asked about before it is processed."""

    action: str
    do: Callable[[], Alert]
    lag: int
    status: dict[str, Any] | None = None


class Standin(standins.standin.Standin, Buttons):
    """The vendor. `alerts` is what there was; `lag` is how often a write answers that it is not processed yet."""

    name = "opsgenie"
    lasting = MappingProxyType({"account.alerts": list[Alert]})

    def __init__(
        self,
        *,
        key: str,
        token: str,
        users: Iterable[User],
        teams: Iterable[Team] = (),
        schedules: Mapping[str, tuple[str, ...]] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        alert = "/v2/alerts/{identifier:path}"
        routes = [
            self.route("/v2/alerts/requests/{request}", self._ask),
            self.route("/v2/alerts", self._list),
            self.route("/v2/alerts", self._create, "POST"),
            self.route(f"{alert}/{{action}}", self._act, "POST"),
            self.route(alert, self._show),
            self.route("/v2/users/{name}", self._user),
            self.route("/v2/teams/{name}", self._team),
            self.route("/v2/schedules/{schedule}/on-calls", self._oncalls),
            self.route("/v2/schedules/{schedule}/timeline", self._timeline),
        ]
        standins.standin.Standin.__init__(self, routes)
        Buttons.__init__(self, Account(tuple(users), tuple(teams), schedules or {}, clock), token)
        self.lag = 0
        self.locked: set[str] = set()
        """Ids of alerts whose actions are accepted and then not done."""
        self.remaining: int | None = None
        """Calls left in this minute; None is no limit."""
        self._work: dict[str, Work] = {}
        self._key = key

    @property
    def alerts(self) -> list[Alert]:
        """Every alert there was, oldest first."""
        return self.account.alerts

    @property
    def open_alerts(self) -> list[Alert]:
        """The alerts that still ring or were acknowledged only."""
        return [alert for alert in self.alerts if alert.status == "open"]

    def settle(self) -> None:
        """Let Opsgenie get round to everything it has accepted."""
        for work in self._work.values():
            self._process(work)

    def refused_body(self, status: int, message: str = "Refused") -> Any:
        return {"message": "TooManyRequests" if status == 429 else message, "took": 0.0, "requestId": "refused"}

    def admit(self, request: Request) -> None:
        if request.headers.get("authorization") != f"GenieKey {self._key}":
            raise Refused(401, "Could not authenticate")
        if self.remaining == 0:
            raise Refused(429, "TooManyRequests", LIMIT)
        self.remaining = None if self.remaining is None else self.remaining - 1

    async def _create(self, request: Request) -> Response:
        wanted = understood(accepted.Create, await request.body())
        return self._accept("Create", lambda: self.account.create(wanted, OURS))

    async def _act(self, request: Request) -> Response:
        action = request.path_params["action"]
        if action not in ("acknowledge", "close"):
            raise Refused(404, "No such action")
        ref, kind = _identifier(request, 5)
        words = understood(accepted.Action, await request.body())

        def do() -> Alert:
            alert = self.account.find(ref, kind)
            if alert.id in self.locked:
                raise PermissionError("Alert is locked by a policy")
            self.account.act(alert, action, words.user or OURS, words.note)
            return alert

        return self._accept(action.capitalize(), do)

    def _accept(self, action: str, do: Callable[[], Alert]) -> Response:
        """Take a write whether or not it will work."""
        ident = f"request-{len(self._work) + 1}"
        self._work[ident] = Work(action, do, self.lag)
        if not self.lag:
            self._process(self._work[ident])
        return JSONResponse({"result": "Request will be processed", "took": 0.1, "requestId": ident}, 202)

    def _process(self, work: Work) -> dict[str, Any]:
        if work.status is None:
            done: dict[str, Any] = {"action": work.action, "processedAt": written(self.account.clock())}
            try:
                alert = work.do()
                more = {"isSuccess": True, "status": f"{work.action} done", "alertId": alert.id, "alias": alert.alias}
            except (KeyError, PermissionError) as error:
                missing = " does not exist" if isinstance(error, KeyError) else ""
                more = {"isSuccess": False, "status": f"{error.args[0]}{missing}", "alertId": "", "alias": ""}
            work.status = done | more
        return work.status

    async def _ask(self, request: Request) -> Response:
        work = self._work.get(request.path_params["request"])
        if work is None:
            raise Refused(404, UNKNOWN, {"x-opsgenie-errortype": "NotFound"})
        if work.status is None and work.lag > 0:
            work.lag -= 1
            raise Refused(404, UNKNOWN, {"x-opsgenie-errortype": WAITS})
        return _answered(self._process(work))

    async def _show(self, request: Request) -> Response:
        try:
            return _answered(self.account.answer(self.account.find(*_identifier(request, 4)), whole=True))
        except KeyError:
            raise Refused(404, "Alert does not exist") from None

    async def _list(self, request: Request) -> Response:
        """The search, of which only `alias: "…"` is played; newest first, as asked."""
        asked = request.query_params.get("query", "")
        query = re.fullmatch(r'alias: "([^"]*)"', asked)
        if asked and query is None:
            raise Refused(422, "Query is not one this stand-in plays")
        found = [alert for alert in reversed(self.alerts) if query is None or alert.alias == query[1]]
        limit = int(request.query_params.get("limit", "20"))
        return _answered([self.account.answer(alert, whole=False) for alert in found[:limit]])

    async def _oncalls(self, request: Request) -> Response:
        name, query = request.path_params["schedule"], request.query_params
        by_id = bool(re.fullmatch(r"[0-9a-f-]{36}", name))
        if name not in self.account.schedules or query.get("scheduleIdentifierType", "id") != (
            "id" if by_id else "name"
        ):
            raise Refused(404, "Schedule does not exist")
        if query.get("flat") != "true":
            raise Refused(422, "Only flat=true is played")
        parent = {"id": name, "name": name, "enabled": True}
        return _answered({"_parent": parent, "onCallRecipients": list(self.account.schedules[name])})

    async def _user(self, request: Request) -> Response:
        """One user, by name or id."""
        asked = request.path_params["name"]
        found = next((one for one in self.account.users if asked in (one.id, one.username)), None)
        if found is None:
            raise Refused(404, "User does not exist")
        data = {"id": found.id, "username": found.username, "fullName": found.username}
        return JSONResponse({"data": data, "took": 0.1, "requestId": "answered", "expandable": ["contact"]})

    async def _team(self, request: Request) -> Response:
        """One team, by its id or, where that is said, by its name."""
        asked, kind = request.path_params["name"], request.query_params.get("identifierType", "id")
        found = next((one for one in self.account.teams if asked == (one.id if kind == "id" else one.name)), None)
        if found is None:
            raise Refused(404, "Team does not exist")
        return _answered({"id": found.id, "name": found.name})

    async def _timeline(self, request: Request) -> Response:
        """Who is on call from `date` on, for so many weeks; `account.holes` has a schedule's span without anybody."""
        name, query = request.path_params["schedule"], request.query_params
        by_id = bool(re.fullmatch(r"[0-9a-f-]{36}", name))
        if name not in self.account.schedules or query.get("identifierType", "id") != ("id" if by_id else "name"):
            raise Refused(404, "Schedule does not exist")
        if query.get("intervalUnit") != "weeks":
            raise Refused(422, "Only weeks are played")
        begins = datetime.fromisoformat(query["date"])
        rotation = self.account.rotation(name, begins, begins + timedelta(weeks=int(query.get("interval", "1"))))
        parent = {"id": name, "name": name, "enabled": True}
        data = {"_parent": parent, "finalTimeline": {"rotations": [rotation]}}
        more = {"took": 0.1, "requestId": "answered", "expandable": ["base", "forwarding", "override"]}
        return JSONResponse({"data": data, **more})


def _identifier(request: Request, parts: int) -> tuple[str, str]:
    """The one path segment that names an alert, and as what; a slash in it that is not escaped is another path."""
    segments = request.scope["raw_path"].decode().split("/")
    kind = request.query_params.get("identifierType", "id")
    if len(segments) != parts or kind not in KINDS:
        raise Refused(404, "No such path")
    return unquote(segments[3]), kind


def _answered(data: Any) -> Response:
    return JSONResponse({"data": data, "took": 0.1, "requestId": "answered"})
