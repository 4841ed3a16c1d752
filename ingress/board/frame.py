"""What every page of the board goes through: who may look, the frame around it, and the part of it that lives."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from config.company import Company, InvalidFile
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from ingress.board.access import person_of
from ingress.board.asset import Assets
from ingress.board.gate import COOKIE, LASTING, PERSON, PLAYED, BoardAccess, Guest
from ingress.board.names import BoardNames
from ingress.board.page import Pages
from ingress.board.status import Trouble
from ingress.body import Turned, small

EVERY = 4
"""Seconds between two looks of one browser."""
RULES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": RULES,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
}
LARGEST = 4096
"""Bytes of the one form there is."""
Look = Callable[[Request, Guest], Awaitable[Response]]


class PageFrame:
    """Admits, renders, and signs in; the pages themselves are its callers'."""

    def __init__(
        self, gate: BoardAccess, company: Company, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._gate, self._company, self.now = gate, company, now
        self.pages, self._assets = Pages(), Assets()
        self._files: tuple[Policy, Catalog] | None = None

    @property
    def unfit(self) -> tuple[Trouble, ...]:
        """The files of the company that were changed into what cannot be used."""
        return tuple(
            Trouble(
                what=f"{one.file.name} cannot be used",
                means=f"It was changed, and what it said before goes on. Found: {'; '.join(one.findings)}",
            )
            for one in self._company.unfit.values()
        )

    def admitting(self, look: Look) -> Callable[[Request], Awaitable[Response]]:
        """A page that only those see who may."""

        async def endpoint(request: Request) -> Response:
            if self._gate.closed:
                return PlainTextResponse("Not Found", 404)
            guest = self.guest(request)
            response = await look(request, guest) if guest else self._turned_away(request)
            response.headers.update(HEADERS)
            return response

        return endpoint

    def guest(self, request: Request) -> Guest | None:
        """Who asks, where they may look; who signed in by name only while they are of the company."""
        guest = self._gate.admit(request, self.now())
        if guest is None or not (guest.signed_in and guest.name):
            return guest
        person = self.catalog.people.get(guest.name)
        return None if person is None or person.left else guest

    def show(
        self, request: Request, guest: Guest | None, part: str, here: str, title: str, *, status: int = 200,
        every: int = EVERY, **context: Any,
    ) -> Response:  # fmt: skip
        """A page, or the part of it that lives where that is asked for; `at` is the moment that is looked at."""
        known = {"naming": self.naming, "stage": self._gate.stage, "plays": self._gate.plays}
        known |= {"web_ui": self._gate.web_ui, **context}
        known["reader"] = guest and (person_of(guest, self.catalog) or guest.name)
        at = context.get("at")
        now = at if isinstance(at, datetime) else self.now()
        if request.query_params.get("part") == "live":
            return _part(request, self.pages.part(part, **known), title, now, status)
        frame: dict[str, Any] = {"guest": guest, "here": here, "title": title, "every": every, "now": now}
        frame |= {"asset": self._assets.path, "address": request.query_params.get("next") or _address(request)}
        return HTMLResponse(self.pages.whole(part, **known, **frame), status)

    def gone(
        self, request: Request, guest: Guest | None, heading: str, words: str, status: int = 404, incident: str = ""
    ) -> Response:
        """A page that says why there is none, with the way to an incident where it is about one."""
        return self.show(
            request,
            guest,
            "gone.html",
            "",
            f"{heading} · Standfast",
            status=status,
            every=0,
            heading=heading,
            words=words,
            incident=incident,
        )

    @property
    def policy(self) -> Policy:
        """Today's policy; while its file cannot be read, the last one that could."""
        return self._company_files()[0]

    @property
    def catalog(self) -> Catalog:
        """Today's company, in the same way."""
        return self._company_files()[1]

    @property
    def naming(self) -> BoardNames:
        """What everything is called."""
        return BoardNames(*self._company_files())

    async def asset(self, request: Request) -> Response:
        """A file of ours, under the name that its content gives."""
        found = self._assets.named(request.path_params["name"])
        if self._gate.closed or found is None or found.digest != request.path_params["digest"]:
            return PlainTextResponse("Not Found", 404)
        answer = await asyncio.to_thread(found.answer, request.headers.get("accept-encoding", ""))
        answer.headers["x-content-type-options"] = "nosniff"
        return answer

    async def sign_in(self, request: Request) -> Response:
        """Take the token once, and give the browser a ticket for it."""
        if not self._gate.takes_token:
            return PlainTextResponse("Not Found", 404)
        if self._gate.is_braked(request, self.now()):
            return PlainTextResponse("too many wrong tokens: wait a minute", 429, {"retry-after": "60"})
        try:
            form = dict(parse_qsl((await small(request, LARGEST)).decode(errors="replace")))
        except (Turned, ValueError) as error:
            status = error.status if isinstance(error, Turned) else 400
            return PlainTextResponse("no form that fits", status, {"connection": "close"})
        onward = within(form.get("next", "/"))
        if not self._gate.is_token(form.get("token", ""), request, self.now()):
            return self.sign_in_page(request, onward, wrong=True)
        response = RedirectResponse(onward, 303, HEADERS)
        secure = "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", ""))
        seconds = int(LASTING.total_seconds())
        ticket = self._gate.ticket(self.now())
        response.set_cookie(COOKIE, ticket, seconds, httponly=True, samesite="strict", secure=secure)
        return response

    async def sign_out(self, request: Request) -> Response:
        """Take the ticket back."""
        response = RedirectResponse("/", 303, HEADERS)
        response.delete_cookie(COOKIE, httponly=True, samesite="strict")
        response.delete_cookie(PLAYED, httponly=True, samesite="strict")
        response.delete_cookie(PERSON, httponly=True, samesite="lax", secure=True)
        return response

    def _turned_away(self, request: Request) -> Response:
        if "text/html" not in request.headers.get("accept", "") or request.query_params.get("part"):
            return PlainTextResponse("not signed in\n", 401, {"www-authenticate": "Bearer"})
        return self.sign_in_page(request, _address(request))

    def sign_in_page(
        self, request: Request, onward: str, *, wrong: bool = False, refused: str = "", status: int = 0
    ) -> Response:
        """The ways to sign in, and why the last one led nowhere; onward to a path of ours."""
        gate = self._gate
        status = status or (401 if gate.takes_token or gate.by_oidc else 403)
        response = self.show(
            request, None, "sign_in.html", "", "Sign in · Standfast", status=status, every=0, next=within(onward),
            wrong=wrong, refused=refused, takes_token=gate.takes_token, by_proxy=gate.by_proxy,
            provider=gate.oidc.host if gate.by_oidc else "",
        )  # fmt: skip
        response.headers.update(HEADERS)
        return response

    def _company_files(self) -> tuple[Policy, Catalog]:
        try:
            self._files = self._company.policy, self._company.catalog
        except (InvalidFile, OSError):  # somebody edits them just now; `standfast doctor` says what is wrong
            if self._files is None:
                raise
        return self._files


def _address(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _part(request: Request, html: str, title: str, now: datetime, status: int) -> Response:
    tag = f'"{hashlib.sha256(html.encode()).hexdigest()[:24]}"'
    headers = {"etag": tag, "x-standfast-now": str(round(now.timestamp() * 1000))}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return HTMLResponse(html, status, headers)


def within(path: str) -> str:
    """A path of ours; anything that could lead elsewhere leads to the board."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and path.isascii()
    return path if inside else "/"
