"""Who is let onto the stage: a browser of this machine, and for a press one that was shown the page it is on."""

import secrets
from collections.abc import Mapping
from hmac import compare_digest
from urllib.parse import urlsplit

from starlette.requests import Request

HOSTS = frozenset({"127.0.0.1", "localhost"})
HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
}


class Guard:
    """A word that only the stage's own pages know; it lasts as long as the stage."""

    def __init__(self) -> None:
        self.word = secrets.token_urlsafe(24)

    def admits(self, request: Request) -> bool:
        """Whether the page was asked for by a name of this machine: no other site's name may point here."""
        return (request.url.hostname or "") in HOSTS

    def believes(self, request: Request, filled: Mapping[str, str]) -> bool:
        """Whether a press comes from a page of the stage."""
        origin = request.headers.get("origin", "")
        same = not origin or urlsplit(origin).netloc == request.headers.get("host", "")
        return same and compare_digest(filled.get("word", "").encode(), self.word.encode())
