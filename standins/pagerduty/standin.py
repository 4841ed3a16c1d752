"""PagerDuty played in this process: takes events and incidents, refuses what PagerDuty refuses, presses its buttons."""

from collections.abc import Callable, Container, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import standins.standin
from standins.pagerduty import accepted
from standins.pagerduty.account import Account, Page, Service, User
from standins.pagerduty.button import Buttons
from standins.standin import Refused, written

Model = TypeVar("Model", bound=BaseModel)
REPEATED = {"resolved": (1001, "Incident Already Resolved"), "acknowledged": (1002, "Incident Already Acknowledged")}
DUPLICATE = "Open incident with matching dedup key already exists on this service"
BULK = 250
SHIFT = timedelta(hours=12)
WINDOW = timedelta(days=30)
"""How far GET /incidents looks back without `date_range=all`."""


class Refusal(Refused):
    """A REST refusal in PagerDuty's shape."""

    def __init__(self, status: int, code: int, message: str, *errors: str) -> None:
        error: dict[str, Any] = {"message": message, "code": code} | ({"errors": list(errors)} if errors else {})
        # PagerDuty says when to come back in a header of its own, never in Retry-After.
        headers = {"ratelimit-limit": "960", "ratelimit-remaining": "0", "ratelimit-reset": "20"}
        super().__init__(status, message, headers if status == 429 else None, {"error": error})


class Standin(standins.standin.Standin, Buttons):
    """The vendor. `pages` is what there was, `press_*` and `escalate` return the webhook that PagerDuty would send."""

    name = "pagerduty"
    lasting = MappingProxyType({"account.pages": list[Page]})

    def __init__(
        self,
        *,
        token: str,
        secret: str,
        users: Iterable[User],
        services: Iterable[Service],
        schedules: Mapping[str, tuple[tuple[int, str], ...]] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        standins.standin.Standin.__init__(
            self,
            [
                Route("/v2/enqueue", self._enqueue, methods=["POST"]),
                self.route("/incidents", self._list),
                self.route("/incidents", self._create, "POST"),
                self.route("/incidents", self._update, "PUT"),
                self.route("/incidents/{id}", self._show),
                self.route("/oncalls", self._oncalls),
                self.route("/services/{id}", self._service),
                self.route("/schedules/{id}", self._schedule),
                self.route("/users/me", self._me),
                self.route("/users", self._users),
                self.route("/users/{id}", self._user),
            ],
        )
        known = {user.id: user for user in users}
        Buttons.__init__(self, Account(known, {one.id: one for one in services}, schedules or {}, clock), secret)
        self.remaining: int | None = None
        """REST calls left in this minute; None is no limit."""
        self._token = token

    @property
    def pages(self) -> list[Page]:
        """Every page there was, oldest first."""
        return self.account.pages

    @property
    def open_pages(self) -> list[Page]:
        """The pages that still ring or were acknowledged only."""
        return [page for page in self.pages if page.status != "resolved"]

    def refused_body(self, status: int, message: str = "") -> Any:
        message, code = ("Rate Limit Exceeded", 2020) if status == 429 else ("The request was refused", 2001)
        return {"error": {"message": message, "code": code}}

    async def _enqueue(self, request: Request) -> Response:
        try:
            event = accepted.Event.model_validate_json(await request.body())
            service = next(one for one in self.account.services.values() if one.routing_key == event.routing_key)
        except ValidationError as error:
            return _invalid_event(_words(error))
        except StopIteration:
            return _invalid_event(["Invalid routing key"])
        key = event.dedup_key or f"standin-{len(self.pages) + 1}"
        self._take(event, key, service)
        answer = {"status": "success", "message": "Event processed", "dedup_key": key}
        return JSONResponse(answer, 202)

    def _take(self, event: accepted.Event, key: str, service: Service) -> None:
        """A trigger joins the open page of its key or opens one; what finds no open page is dropped."""
        page = self.account.open_with(key, service.id)
        if event.payload and page:
            page.repeats += 1
        elif event.payload:
            self.account.new(key, event.payload.summary, service.id, (), "event")
        elif page:
            self.account.move(page, "acknowledged" if event.event_action == "acknowledge" else "resolved")

    def admit(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Token token={self._token}":
            raise Refusal(401, 2006, "Authentication failed")
        if self.remaining is not None:
            if self.remaining <= 0:
                raise Refusal(429, 2020, "Rate Limit Exceeded")
            self.remaining -= 1

    def _requester(self, request: Request) -> User:
        """The user whom the From header names; PagerDuty writes nothing without one."""
        email = request.headers.get("from", "")
        found = next((user for user in self.account.users.values() if user.email == email), None)
        if found is None:
            raise Refusal(400, 1008, "Requester User Not Found", f"From: {email or 'missing'}")
        return found

    async def _list(self, request: Request) -> Response:
        query = request.query_params
        since = datetime.min.replace(tzinfo=UTC) if query.get("date_range") == "all" else self.account.clock() - WINDOW
        services, statuses = query.getlist("service_ids[]"), query.getlist("statuses[]")
        found = [
            self.account.answer(page)
            for page in self.pages
            if query.get("incident_key") in (None, "", page.key)
            and (not services or page.service in services)
            and (not statuses or page.status in statuses)
            and page.created_at >= since
        ]
        return JSONResponse(_paged("incidents", found, request))

    async def _show(self, request: Request) -> Response:
        return JSONResponse({"incident": self.account.answer(self._known(request.path_params["id"]))})

    def _known(self, ident: str) -> Page:
        found = next((page for page in self.pages if page.id == ident), None)
        if found is None:
            raise Refusal(404, 2100, "Not Found")
        return found

    async def _create(self, request: Request) -> Response:
        self._requester(request)
        wanted = _read(accepted.Create, await request.body()).incident
        who = [one.assignee.id for one in wanted.assignments]
        if wanted.service.id not in self.account.services:
            raise Refusal(400, 2001, "Invalid Input Provided", "Service not found")
        if unknown := [one for one in who if one not in self.account.users]:
            raise Refusal(400, 2001, "Invalid Input Provided", f"Assignee not found: {', '.join(unknown)}")
        if self.account.open_with(wanted.incident_key, wanted.service.id):
            raise Refusal(400, 2002, "Arguments Caused Error", DUPLICATE)
        page = self.account.new(wanted.incident_key, wanted.title, wanted.service.id, who, "rest")
        page.text = wanted.body.details if wanted.body else ""
        return JSONResponse({"incident": self.account.answer(page)}, 201)

    async def _update(self, request: Request) -> Response:
        """Change all or none: one entry that cannot be changed fails the others with it."""
        requester = self._requester(request)
        changes = _read(accepted.Update, await request.body()).incidents
        if len(changes) > BULK:
            raise Refusal(413, 2001, "Request Entity Too Large")
        pages = [self._known(change.id) for change in changes]
        for page, change in zip(pages, changes, strict=True):
            if page.status == change.status and change.status in REPEATED:
                raise Refusal(400, *REPEATED[change.status])
        for page, change in zip(pages, changes, strict=True):
            self.account.move(page, change.status, change.resolution, requester.id)
        return JSONResponse(_paged("incidents", [self.account.answer(page) for page in pages], request))

    async def _oncalls(self, request: Request) -> Response:
        wanted = request.query_params.getlist("schedule_ids[]")
        now = self.account.clock()
        found = [
            {
                "escalation_policy": self.account.reference("escalation_policy", "PPOLICY", "Escalation policy"),
                "escalation_level": level,
                "schedule": self.account.reference("schedule", schedule, schedule),
                "user": self.account.user(user),
                "start": written(now - SHIFT),
                "end": written(now + SHIFT),
            }
            for schedule, levels in self.account.schedules.items()
            if (not wanted or schedule in wanted) and self.account.is_manned(schedule, now)
            for level, user in levels
        ]
        return JSONResponse(_paged("oncalls", found, request))

    async def _users(self, request: Request) -> Response:
        """Whose name or address has these words in it."""
        words = request.query_params.get("query", "").lower()
        found = [
            self._shown_user(one) for one in self.account.users.values() if words in f"{one.name} {one.email}".lower()
        ]
        return JSONResponse(_paged("users", found, request))

    async def _user(self, request: Request) -> Response:
        ident = request.path_params["id"]
        if ident not in self.account.users:
            raise Refusal(404, 2100, "Not Found")
        return JSONResponse({"user": self._shown_user(self.account.users[ident])})

    def _shown_user(self, user: User) -> dict[str, Any]:
        return self.account.user(user.id) | {"type": "user", "name": user.name, "email": user.email}

    async def _service(self, request: Request) -> Response:
        return JSONResponse({"service": self._named("service", request, self.account.services)})

    async def _schedule(self, request: Request) -> Response:
        shown = self._named("schedule", request, self.account.schedules)
        if {"since", "until"} <= {*request.query_params}:
            since, until = (datetime.fromisoformat(request.query_params[one]) for one in ("since", "until"))
            shown["final_schedule"] = self._rendered(request.path_params["id"], since, until)
        return JSONResponse({"schedule": shown})

    def _rendered(self, schedule: str, since: datetime, until: datetime) -> dict[str, Any]:
        """Who is on call from when until when, without the hole that it has."""
        begins, ends = self.account.holes.get(schedule, (until, until))
        levels = self.account.schedules[schedule]
        spans = [(start, end) for start, end in ((since, min(begins, until)), (max(ends, since), until)) if start < end]
        entries = [
            {"user": self.account.user(user), "start": written(start), "end": written(end)}
            for start, end in spans
            for _, user in levels[:1]
        ]
        return {"name": "Final Schedule", "rendered_schedule_entries": entries}

    def _named(self, kind: str, request: Request, known: Container[str]) -> dict[str, Any]:
        ident = request.path_params["id"]
        if ident not in known:
            raise Refusal(404, 2100, "Not Found")
        return self.account.reference(kind, ident, ident) | {"type": kind, "name": ident}

    async def _me(self, request: Request) -> Response:
        """The first user: this token is a person's."""
        user = next(iter(self.account.users.values()))
        return JSONResponse({"user": self._shown_user(user)})


def _read(model: type[Model], body: bytes) -> Model:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise Refusal(400, 2001, "Invalid Input Provided", *_words(error)) from None


def _words(error: ValidationError) -> list[str]:
    return [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]


def _invalid_event(errors: list[str]) -> Response:
    return JSONResponse({"status": "invalid event", "message": "Event object is invalid", "errors": errors}, 400)


def _paged(name: str, found: list[dict[str, Any]], request: Request) -> dict[str, Any]:
    """One page of a list; PagerDuty gives 25 unless asked, and never more than 100."""
    offset, limit = (int(request.query_params.get(word, usual)) for word, usual in (("offset", "0"), ("limit", "25")))
    limit = min(limit, 100) if name != "incidents" or request.method == "GET" else len(found)
    page = found[offset : offset + limit]
    return {name: page, "limit": limit, "offset": offset, "more": offset + limit < len(found), "total": None}
