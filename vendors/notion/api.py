"""The exchange with Notion: its version, its errors, its lists."""

from collections.abc import Mapping
from typing import Any, TypeVar

import httpx

from domain.port.duty import VendorError
from vendors.api import Api
from vendors.notion.answer import Cursor, Refused
from vendors.said import Part

VERSION = "2026-03-11"
RETRYABLE = frozenset({408, 409, 429, 500, 502, 503, 504, 529})
"""409 means a conflict while saving, 529 an overload (developers.notion.com/reference/status-codes); a limit comes with
Retry-After (request-limits). After 500 and above a write may have happened, which is why every attempt looks first."""
FULL = "row_limit_exceeded"
"""The 409 that no other try mends (@notionhq/client 5.26.0, errors)."""
PAGE_SIZE = 100

P = TypeVar("P", bound=Part)
L = TypeVar("L", bound=Cursor)


class Notion(Api):
    """The exchange, where a workspace that is full is no conflict."""

    def refusal(self, method: str, path: str, response: httpx.Response) -> VendorError:
        error = super().refusal(method, path, response)
        if response.status_code == 409 and f'"{FULL}"' in response.text:
            error.retryable = False
        return error

    async def ask(self, method: str, path: str, shape: type[P], **kwargs: Any) -> P:
        """Send one request and read its answer."""
        return self.parsed(await self.send(method, path, **kwargs), shape)

    async def look(self, path: str, shape: type[P]) -> P | None:
        """Read something that may not be there: another kind of thing under this id is not there either."""
        response = await self.send("GET", path, accept=frozenset({400, 404}))
        if response.status_code == 400 and self.parsed(response, Refused).code != "validation_error":
            raise self.refusal("GET", path, response)
        return self.parsed(response, shape) if response.is_success else None

    async def listed(self, path: str, shape: type[L], query: Mapping[str, Any] | None = None) -> list[L]:
        """Every part of a list: by GET, or by POST where there is a query."""
        parts: list[L] = []
        while not parts or (parts[-1].has_more and parts[-1].next_cursor):
            place = {"page_size": PAGE_SIZE} | ({"start_cursor": parts[-1].next_cursor} if parts else {})
            if query is None:
                parts.append(await self.ask("GET", path, shape, params=place))
            else:
                parts.append(await self.ask("POST", path, shape, json={**query, **place}))
        return parts


def api(http: httpx.AsyncClient, base_url: str, token: str) -> Notion:
    """The exchange as this integration."""
    headers = {"authorization": f"Bearer {token}", "notion-version": VERSION}
    return Notion("notion", http, base_url, headers, RETRYABLE)
