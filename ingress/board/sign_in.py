"""Sign-in by the company's OIDC provider: there with words of this browser's attempt, back, and into the catalog.

The proof stands in the ID token (`oidc`); who of the company it is, the catalog says by the address that was verified.
"""

import hmac
import logging
import secrets
from datetime import datetime, timedelta

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from domain.company.catalog import Catalog
from domain.company.person import Person
from ingress.board.frame import HEADERS, PageFrame, within
from ingress.board.gate import PERSON, WORKING, BoardAccess
from ingress.board.oidc import Attempt, NotBelieved, OidcProvider, ProvedAddress, ProviderAway
from ingress.board.ticket import Tickets

log = logging.getLogger("standfast.ingress.board")
BACK = "/sign-in/oidc/back"
"""Where the provider sends people: `board` of the policy with this path is the redirect address to register there."""
COOKIE, TRYING = "__Host-standfast_attempt", timedelta(minutes=10)
"""The attempt of this browser, and how long it may take."""
BEGUN_ELSEWHERE = "This sign-in was not begun in this browser, or it took longer than 10 minutes. Sign in again."
NO_ADDRESS = "The policy does not say where the board is (`board: https://…`), so nobody can be sent back to it."


class ProviderSignIn:
    """The two steps on our side: to the provider, and back from it."""

    def __init__(self, gate: BoardAccess, frame: PageFrame, http: httpx.AsyncClient) -> None:
        self._gate, self._frame = gate, frame
        self._provider = OidcProvider(gate.oidc, http)
        self._tickets = Tickets(gate.oidc.secret, f"attempt at {gate.oidc.issuer} for {gate.oidc.client}")

    def routes(self) -> list[Route]:
        """Beside the sign-in by token."""
        return [Route("/sign-in/oidc", self.there), Route(BACK, self.back)]

    async def there(self, request: Request) -> Response:
        """To the provider; what is needed on the way back stays with this browser, signed."""
        now, onward = self._frame.now(), within(request.query_params.get("next", "/"))
        if self._gate.is_braked(request, now):
            return _braked()
        if not address(self._frame.policy.board):
            return self._frame.sign_in_page(request, onward, refused=NO_ADDRESS, status=503)
        seed = secrets.token_urlsafe(16)
        try:
            door = await self._provider.door(self._address, self._attempt(seed), now)
        except ProviderAway as away:
            return self._away(request, onward, away)
        response = RedirectResponse(door, 303, HEADERS)
        ticket = self._tickets.sign([seed, onward[:1000]], now + TRYING)
        response.set_cookie(COOKIE, ticket, int(TRYING.total_seconds()), httponly=True, samesite="lax", secure=True)
        return response

    async def back(self, request: Request) -> Response:
        """From the provider: a session for somebody of the catalog, or why there is none."""
        now = self._frame.now()
        if self._gate.is_braked(request, now):
            return _braked()
        response = await self._back(request, now)
        response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=True)
        return response

    async def _back(self, request: Request, now: datetime) -> Response:
        said, kept = request.query_params, self._tickets.read(request.cookies.get(COOKIE, ""), now)
        seed, onward = kept or ("", "/")
        attempt = self._attempt(seed)
        if not kept or not hmac.compare_digest(said.get("state", "").encode(), attempt.state.encode()):
            return self._refused(request, onward, BEGUN_ELSEWHERE, now)
        if said.get("iss", self._provider.issuer) != self._provider.issuer:
            return self._refused(request, onward, "Another provider answered than was asked.", now)
        if error := said.get("error"):
            words = f"{self._name} did not sign you in: {error[:100]}."
            return self._frame.sign_in_page(request, onward, refused=words, status=403)
        try:
            proved = await self._provider.exchange(said.get("code", ""), self._address, attempt, now)
        except ProviderAway as away:
            return self._away(request, onward, away)
        except NotBelieved as reason:
            log.warning("sign-in by %s was not believed: %s", self._name, reason)
            words = f"{self._name} did not prove who you are ({reason}). Sign in again."
            return self._refused(request, onward, words, now)
        person = known(proved, self._frame.catalog)
        if isinstance(person, str):
            log.warning("sign-in by %s: %s", self._name, person)
            return self._refused(request, onward, person, now)
        response = RedirectResponse(onward, 303, HEADERS)
        session, seconds = self._gate.session(person.id, proved.email, now), int(WORKING.total_seconds())
        response.set_cookie(PERSON, session, seconds, httponly=True, samesite="lax", secure=True)
        return response

    @property
    def _address(self) -> str:
        return address(self._frame.policy.board)

    @property
    def _name(self) -> str:
        return self._gate.oidc.host

    def _attempt(self, seed: str) -> Attempt:
        return Attempt(*(self._tickets.word(seed, one) for one in Attempt._fields))

    def _refused(self, request: Request, onward: str, words: str, now: datetime) -> Response:
        self._gate.wrong(request, now)
        return self._frame.sign_in_page(request, onward, refused=words, status=403)

    def _away(self, request: Request, onward: str, away: ProviderAway) -> Response:
        log.warning("sign-in by %s: %s", self._name, away)
        other = " The token opens the board meanwhile." if self._gate.takes_token else ""
        words = f"{self._name} cannot sign anybody in just now ({away}).{other}"
        return self._frame.sign_in_page(request, onward, refused=words, status=503)


def address(board: str) -> str:
    """The redirect address under the board's own; nothing where that is not said, or could be read on the way."""
    return f"{board}{BACK}" if board.startswith("https://") else ""


def known(proved: ProvedAddress, catalog: Catalog) -> Person | str:
    """Who of the company has this address; else why nobody is let in."""
    if not proved.email:
        return "Your provider told no e-mail address, and by it you would be found in the catalog."
    if not proved.verified:
        return f"Your provider does not say that it has verified {proved.email} (email_verified)."
    wanted = proved.email.casefold()
    found = [one for one in catalog.people.values() if one.email.casefold() == wanted]
    if len(found) != 1:
        said = f"{proved.email} is the address of {'nobody' if not found else 'several people'} in the catalog"
        return f"{said}{_perhaps(wanted, catalog)}. Whoever keeps the catalog can put it there."
    return f"{found[0].name} has left the company." if found[0].left else found[0]


def _perhaps(email: str, catalog: Catalog) -> str:
    """Who may be meant, told to people of our own domains only."""
    name, _, domain = email.partition("@")
    ours = {one.email.casefold().partition("@")[2] for one in catalog.people.values()}
    near = catalog.near(name.replace(".", " ")) if domain in ours else None
    return f", which has {near.email or 'no address'} for {near.name}" if near else ""


def _braked() -> Response:
    return PlainTextResponse("too many sign-ins that led nowhere: wait a minute", 429, {"retry-after": "60"})
