"""Notes on Zendesk's tickets what became of them, for agents only: a customer is told by people.

How each note happens once: an update of a ticket has no idempotency key, so a note ends with its duty's mark in
brackets, and a further attempt reads the ticket's comments, newest first, before it writes. What remains: how soon a
new comment is listed is not published.

A closed ticket takes no update and a deleted one is not found; both have nothing left to be told. The note makes the
ticket's triggers run again; what they send is an alert that is known (DET-3).

https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/
"""

from typing import Any
from urllib.parse import quote

import httpx
from pydantic import BaseModel, SecretStr
from pydantic_settings import BaseSettings

from domain.port.duty import Outcome, VendorError
from domain.port.support import TellTicket
from vendors.api import Api, basic

PER_SECOND = 1.0
"""100 updates of tickets a minute for an account, 200 requests on the smallest plan; a note sends two or three
(developer.zendesk.com/api-reference/introduction/rate-limits)."""
RETRYABLE = frozenset({409, 429, *range(500, 600)})
"""409 is an update that met another (developer.zendesk.com/api-reference/introduction/requests)."""
PAGE = "100"
CLOSED = "closed prevents ticket update"
"""How the 422 of a closed ticket says so."""


class Settings(BaseSettings):
    """Which Zendesk, and as whom we write there."""

    zendesk_api_url: str = ""
    zendesk_email: str = ""
    zendesk_api_token: SecretStr = SecretStr("")


class _User(BaseModel):
    """Who we are to Zendesk."""

    id: int | None = None


class _Comment(BaseModel):
    """A comment, of which only our mark is looked for."""

    body: str = ""


class _Meta(BaseModel):
    """Whether there are more, and where they begin."""

    has_more: bool = False
    after_cursor: str | None = None


class _Comments(BaseModel):
    """A page of comments."""

    comments: tuple[_Comment, ...]
    meta: _Meta = _Meta()


class Client:
    """Plays the support desk."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        headers = basic(f"{settings.zendesk_email}/token", settings.zendesk_api_token.get_secret_value())
        self._api = Api("Zendesk", http, settings.zendesk_api_url, headers, RETRYABLE)

    async def probe(self) -> str:
        """Prove the token, changing nothing; Zendesk answers a stranger too, as a user without an id."""
        response = await self._api.send("GET", "/api/v2/users/me.json")
        if self._api.parsed(response, _User, "user").id is None:
            raise VendorError("Zendesk", "the e-mail and API token were refused", retryable=False)
        return "the API token is good"

    async def tell_ticket(self, duty: TellTicket, *, again: bool) -> Outcome:
        """Write the note, unless it is there already or the ticket takes none."""
        if again and await self._has(duty):
            return Outcome(ref=duty.ticket)
        change = {"ticket": {"comment": {"body": f"{duty.body} [{duty.mark}]", "public": False}}}
        path = f"/api/v2/tickets/{quote(duty.ticket, safe='')}.json"
        response = await self._api.send("PUT", path, accept=frozenset({404, 422}), json=change)
        if response.status_code == 422 and CLOSED not in response.text:
            raise self._api.refusal("PUT", path, response)
        return Outcome(ref=duty.ticket, text="" if response.is_success else "the ticket takes no note any more")

    async def _has(self, duty: TellTicket) -> bool:
        path = f"/api/v2/tickets/{quote(duty.ticket, safe='')}/comments.json"
        query: dict[str, Any] = {"page[size]": PAGE, "sort": "-created_at"}
        while True:
            response = await self._api.send("GET", path, params=query, accept=frozenset({404}))
            if response.status_code == 404:
                return False
            page = self._api.parsed(response, _Comments)
            if any(f"[{duty.mark}]" in comment.body for comment in page.comments):
                return True
            if not (page.meta.has_more and page.meta.after_cursor):
                return False
            query["page[after]"] = page.meta.after_cursor
