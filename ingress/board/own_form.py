"""A form of ours: whoever sends it was shown it by us, in this browser, and it fits (ADR 0076)."""

import hmac
import re
import secrets
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from ingress.body import Turned, small

COOKIE = "standfast_form"
"""The word of this browser; a form that is ours repeats it."""
WORD = re.compile(r"[A-Za-z0-9_-]{43}")
LARGEST = 64_000
"""Bytes of a form."""


class NotSent(Exception):
    """What was sent is no form that fits, or none of ours; with the status that says so."""

    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.status = status


async def filled(request: Request) -> dict[str, str]:
    """What was filled in; raises `NotSent`."""
    try:
        form = dict(parse_qsl((await small(request, LARGEST)).decode(errors="replace"), keep_blank_values=True))
    except (Turned, ValueError):
        raise NotSent("This is no form that fits.", 400) from None
    if not _is_ours(request, form):
        raise NotSent("This form did not come from this board.", 403)
    return form


def word(request: Request) -> str:
    """The word of this browser, or a new one."""
    return _known(request) or secrets.token_urlsafe(32)


def carrying(page: Response, request: Request, said: str) -> Response:
    """The page with the word that its form repeats."""
    secure = "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", ""))
    page.set_cookie(COOKIE, said, httponly=True, samesite="strict", secure=secure)
    return page


def is_own(request: Request) -> bool:
    """Whether what is sent comes from a page of this board, as the browser says; a program says nothing.

    A proxy may ask us under another name than the browser asked it, so the origin counts only where nothing else does.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin", "")
    here = not origin or urlsplit(origin).netloc == request.headers.get("host", "")
    return site == "same-origin" if site else here


def _known(request: Request) -> str:
    found = request.cookies.get(COOKIE, "")
    return found if WORD.fullmatch(found) else ""


def _is_ours(request: Request, form: dict[str, str]) -> bool:
    known = _known(request)
    return bool(known) and is_own(request) and hmac.compare_digest(known.encode(), form.get("word", "").encode())
