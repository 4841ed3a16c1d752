"""One HTTP exchange with a vendor: what is refused becomes a `VendorError`, and whether to try again is data."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, Field, TypeAdapter, ValidationError, create_model

from domain.port.duty import VendorError
from vendors.attempt import before_sending

T = TypeVar("T")

TIMEOUT = httpx.Timeout(10.0)
"""Shorter than the activity's start-to-close, so that a slow vendor is an answer and not a lost activity."""


@dataclass(frozen=True)
class Api:
    """A vendor's API over HTTP. `retryable` are the statuses that its documentation says to try again."""

    vendor: str
    http: httpx.AsyncClient
    base_url: str
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    retryable: frozenset[int] = frozenset({408, 429, 500, 502, 503, 504})
    pause_header: str = ""
    """The vendor's own header that says in seconds when to come back, where there is no `Retry-After`."""

    async def send(
        self, method: str, path: str, *, accept: frozenset[int] = frozenset(), **kwargs: Any
    ) -> httpx.Response:
        """Send one request; answer 2xx responses and those whose status is in `accept`, raise `VendorError` otherwise.

        The error carries the method, the path and the vendor's words, never a header.
        """
        before_sending(self.vendor)
        headers = {**self.headers, **kwargs.pop("headers", {})}
        try:
            url = self.base_url.rstrip("/") + path
            response = await self.http.request(method, url, headers=headers, timeout=TIMEOUT, **kwargs)
        except httpx.TransportError as error:
            raise VendorError(self.vendor, f"{method} {path}: {type(error).__name__}", retryable=True) from None
        if response.is_success or response.status_code in accept:
            return response
        raise self.refusal(method, path, response)

    async def prove(self, path: str, advice: Mapping[int, str], **kwargs: Any) -> httpx.Response:
        """Ask a cheap question that changes nothing; a refusal for which there is advice says what to do."""
        response = await self.send("GET", path, accept=frozenset(advice), **kwargs)
        if response.status_code in advice:
            error = self.refusal("GET", path, response)
            error.do = advice[response.status_code]
            raise error
        return response

    def parsed(self, response: httpx.Response, shape: type[T], *names: str) -> T:
        """Read an answer as the shape it has by the vendor's document; `VendorError` where it has another.

        With names it is what stands under them, each in the one before.
        """
        whole: Any = shape
        for name in reversed(names):
            whole = _holding(name, whole)
        try:
            found = TypeAdapter(whole).validate_json(response.content)
        except ValidationError as error:
            asked = f"{response.request.method} {response.request.url.path}"
            raise unreadable(self.vendor, asked, error) from None
        for _ in names:
            found = found.held
        return found  # type: ignore[no-any-return]

    def refusal(self, method: str, path: str, response: httpx.Response) -> VendorError:
        """Turn a refused response into the error, with the vendor's wish when to come back."""
        said = f"{method} {path}: {response.status_code} {response.text[:300]}".strip()
        again, pause = response.status_code in self.retryable, response.headers.get(self.pause_header, "")
        wish = retry_after(response.headers)
        if again and wish is None and pause.isdigit():
            wish = timedelta(seconds=int(pause))
        return VendorError(self.vendor, said, retryable=again, retry_after=wish)


@cache
def _holding(name: str, shape: Any) -> type[BaseModel]:
    """An object with a value of this shape under this name, whatever else is in it."""
    return create_model("Holding", held=(shape, Field(alias=name)))


def unreadable(vendor: str, asked: str, error: ValidationError) -> VendorError:
    """An answer that is no JSON is a proxy's page, and passes; one of another shape will be no other the next time."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "body"
    said = f"{asked}: the answer could not be read: {where}, {first['msg']}"
    return VendorError(vendor, said, retryable=first["type"] == "json_invalid")


def basic(user: str, password: str) -> dict[str, str]:
    """The header of Basic authentication."""
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def retry_after(headers: httpx.Headers) -> timedelta | None:
    """Read `Retry-After` in either of its forms (RFC 9110, 10.2.3); None when absent or unreadable."""
    value = headers.get("retry-after", "")
    if value.replace(".", "", 1).isdigit():
        return timedelta(seconds=float(value))
    try:
        return max(parsedate_to_datetime(value) - datetime.now(UTC), timedelta()) if value else None
    except (ValueError, TypeError):
        return None
