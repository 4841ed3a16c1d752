"""Plays Zendesk: tickets that support escalates and solves, told by a trigger or by events, and notes on them."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request as Asked
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from standins.standin import Refused, basic
from standins.standin import Standin as _Standin
from vendors.door import Request
from vendors.zendesk.template import PAYLOAD
from vendors.zendesk.webhook import signature

Way = Literal["trigger", "event"]
ACCOUNT = 22_129_848


@dataclass(frozen=True)
class _Ticket:
    """A ticket."""

    id: str
    title: str
    tags: tuple[str, ...]
    created_at: datetime
    status: str = "Open"
    comments: tuple[dict[str, Any], ...] = ()


class _Accepted(BaseModel):
    """Anything else that a client sends is refused."""

    model_config = ConfigDict(extra="forbid")


class _Note(_Accepted):
    """A comment; it is for everybody unless it says otherwise."""

    body: str
    public: bool = True


class _Change(_Accepted):
    """What a ticket is to become."""

    comment: _Note


class _Update(_Accepted):
    """PUT /api/v2/tickets/{id}."""

    ticket: _Change


class Standin(_Standin):
    """One account whose webhook signs with the secret."""

    name = "zendesk"

    def __init__(
        self,
        secret: str,
        *,
        way: Way = "trigger",
        url: str = "https://acme.zendesk.com",
        email: str = "standfast@acme.example",
        token: str = "zendesk-token",  # noqa: S107 -- a stand-in's token opens nothing
    ) -> None:
        ticket = "/api/v2/tickets/{ticket}"
        routes = [
            Route("/api/v2/users/me.json", self._me),
            self.route(f"{ticket}/comments.json", self._list),
            self.route(f"{ticket}.json", self._update, "PUT"),
        ]
        super().__init__(routes)
        self.page_size = 100
        self._account = basic(f"{email}/token", token)
        self._secret, self._way, self._url = secret, way, url
        self._tickets: dict[str, _Ticket] = {}
        self._numbers = count(1)

    def press_create(self, at: datetime, ticket: str, title: str, *tags: str) -> Request:
        """A customer opens a ticket, of which only a subscription hears."""
        self._tickets[ticket] = _Ticket(ticket, title, tags, at)
        return self._event(at, self._tickets[ticket], "created")

    def press_escalate(self, at: datetime, ticket: str, title: str = "", *tags: str) -> Request:
        """Support marks a ticket, a new one too, as S1."""
        known = self._tickets.setdefault(ticket, _Ticket(ticket, title, tags, at))
        self._tickets[ticket] = marked = replace(known, tags=(*known.tags, "s1"))
        return self._told(at, marked, "tags_changed", tags_added=["s1"], tags_removed=[])

    def press_solve(self, at: datetime, ticket: str) -> Request:
        """Support solves the ticket."""
        self._tickets[ticket] = solved = replace(self._tickets[ticket], status="Solved")
        return self._told(at, solved, "status_changed", current="SOLVED", previous="OPEN")

    def press_test(self, at: datetime) -> Request:
        """An admin presses "Test webhook", which fills no placeholder."""
        return self._sign(at, dict(PAYLOAD))

    def close(self, ticket: str) -> None:
        """Zendesk closes a solved ticket after some days; it takes nothing any more."""
        self._tickets[ticket] = replace(self._tickets[ticket], status="Closed")

    def notes(self, ticket: str, *, public: bool = False) -> list[str]:
        """What agents, or everybody, can read on a ticket."""
        return [str(one["body"]) for one in self._tickets[ticket].comments if one["public"] is public]

    def refused_body(self, status: int, message: str = "") -> Any:
        return {"error": "TooManyRequests" if status == 429 else "Refused"}

    def admit(self, request: Asked) -> None:
        if request.headers.get("authorization") != self._account:
            raise Refused(401, "", body={"error": "Couldn't authenticate you"})
        if request.path_params.get("ticket") not in (None, *self._tickets):
            raise Refused(404, "", body={"error": "RecordNotFound", "description": "Not found"})

    async def _me(self, request: Asked) -> Response:
        """A stranger is somebody too, with no id."""
        known = request.headers.get("authorization") == self._account
        return JSONResponse({"user": {"id": 1 if known else None, "name": "Standfast" if known else "Anonymous user"}})

    async def _list(self, request: Asked) -> Any:
        """One page of comments, newest first as asked."""
        query = request.query_params
        every = self._tickets[request.path_params["ticket"]].comments
        ordered = every[::-1] if query.get("sort") == "-created_at" else every
        start, size = int(query.get("page[after]", "0")), min(int(query.get("page[size]", "100")), self.page_size)
        more = len(ordered) > start + size
        meta = {"has_more": more, "after_cursor": str(start + size) if more else None, "before_cursor": None}
        return {"comments": list(ordered[start : start + size]), "meta": meta, "links": {}}

    async def _update(self, request: Asked) -> Any:
        ticket = self._tickets[request.path_params["ticket"]]
        try:
            note = _Update.model_validate_json(await request.body()).ticket.comment
        except ValidationError:
            raise Refused(422, "", body={"error": "RecordInvalid", "description": "Record validation errors"}) from None
        if ticket.status == "Closed":
            why = [{"description": "Status: closed prevents ticket update"}]
            raise Refused(422, "", body={"error": "RecordInvalid", "details": {"status": why}})
        number = len(ticket.comments) + 1
        comment = {"id": number, "type": "Comment", "body": note.body, "public": note.public, "author_id": 1}
        self._tickets[ticket.id] = replace(ticket, comments=(*ticket.comments, comment))
        return {"ticket": {"id": int(ticket.id), "status": ticket.status.lower()}, "audit": {"id": number}}

    def _told(self, at: datetime, ticket: _Ticket, kind: str, **change: Any) -> Request:
        return self._trigger(at, ticket) if self._way == "trigger" else self._event(at, ticket, kind, **change)

    def _trigger(self, at: datetime, ticket: _Ticket) -> Request:
        values = {
            "{{ticket.id}}": ticket.id,
            "{{ticket.title}}": ticket.title,
            "{{ticket.priority}}": "Urgent",
            "{{ticket.status}}": ticket.status,
            "{{ticket.tags}}": " ".join(ticket.tags),
            "{{ticket.organization.name}}": "BigCo",
            "{{ticket.link}}": f"{self._url}/agent/tickets/{ticket.id}",
            "{{ticket.created_at_with_timestamp}}": _written(ticket.created_at),
            "{{ticket.updated_at_with_timestamp}}": _written(at),
        }
        return self._sign(at, {key: values.get(value, value) for key, value in PAYLOAD.items()})

    def _event(self, at: datetime, ticket: _Ticket, kind: str, **change: Any) -> Request:
        number = next(self._numbers)
        body = {
            "account_id": ACCOUNT,
            "detail": {
                "id": ticket.id,
                "subject": ticket.title,
                "priority": "URGENT" if "s1" in ticket.tags else None,
                "status": ticket.status.upper(),
                "tags": list(ticket.tags) or None,
                "organization_id": "8447346622462",
                "created_at": _written(ticket.created_at),
                "updated_at": _written(at),
            },
            "event": {"meta": {"sequence": {"id": f"{number:026d}", "position": 1, "total": 1}}, **change},
            "id": f"cbe4028c-7239-495d-b020-{number:012d}",
            "subject": f"zen:ticket:{ticket.id}",
            "time": at.strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z",
            "type": f"zen:event-type:ticket.{kind}",
            "zendesk_event_version": "2022-11-06",
        }
        return self._sign(at, body)

    def _sign(self, at: datetime, body: dict[str, Any]) -> Request:
        raw, stamp = json.dumps(body).encode(), _written(at)
        headers = {
            "content-type": "application/json; charset=utf-8",
            "x-zendesk-account-id": str(ACCOUNT),
            "x-zendesk-webhook-id": "01F1KRFQ6BG29CNWFR60NK5FNY",
            "x-zendesk-webhook-invocation-id": str(8_350_205_582 + next(self._numbers)),
            "x-zendesk-webhook-signature-timestamp": stamp,
            "x-zendesk-webhook-signature": signature(self._secret, stamp, raw),
        }
        return Request(headers=headers, body=raw, received_at=at)


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
