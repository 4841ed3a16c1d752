"""Who may look at the board: this machine, whoever has the token, and whom a provider or a trusted proxy names."""

import hashlib
import hmac
import ipaddress
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

from pydantic import BeforeValidator, IPvAnyNetwork, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from starlette.requests import Request

from domain.value.model import parse_list
from ingress.board.brake import Brake
from ingress.board.ticket import Tickets

log = logging.getLogger("standfast.ingress.board")
SHORTEST = 16
"""Characters of a token; a shorter one can be guessed and keeps the board closed."""
LASTING = timedelta(days=7)
"""How long somebody who signed in stays so."""
COOKIE = "standfast_board"
PERSON, WORKING = "__Host-standfast_person", timedelta(hours=12)
"""Who signed in by the provider, and for how long: a shift. No other host of the domain can set this cookie."""
PLAYED = "standfast_played"
"""Whom somebody plays on the embedded run; a new run knows nothing of it."""
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""What a proxy adds: with one of these, a request on loopback comes from elsewhere."""


class Settings(BaseSettings):
    """What opens the board where it can be reached from other machines; with none of it, nobody is let in."""

    model_config = SettingsConfigDict(extra="ignore")

    standfast_board_token: SecretStr = SecretStr("")
    standfast_board_proxy_header: str = ""
    """The header in which the proxy says who somebody is, for example `X-Forwarded-User`."""
    standfast_board_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(parse_list)] = ()
    """The addresses whose header is believed."""
    standfast_temporal_ui: str = ""
    """Where the namespace is in the Temporal Web UI, for those who look at an incident there."""
    standfast_stage_url: str = ""
    """Where the stage is, on the embedded run, which alone sets it and the word."""
    standfast_stage_word: SecretStr = SecretStr("")
    """Signs whom somebody plays on the board of that run."""
    standfast_oidc_issuer: str = ""
    """The provider's issuer, exactly as its discovery document says it."""
    standfast_oidc_client_id: str = ""
    standfast_oidc_client_secret: SecretStr = SecretStr("")

    @property
    def oidc(self) -> "OidcSettings":
        """What sign-in by the provider needs."""
        secret = self.standfast_oidc_client_secret.get_secret_value()
        return OidcSettings(self.standfast_oidc_issuer, self.standfast_oidc_client_id, secret)


class OidcSettings(NamedTuple):
    """The provider, and who we are there; the secret signs the sessions too."""

    issuer: str
    client: str
    secret: str

    @property
    def wrong(self) -> tuple[str, ...]:
        """What keeps it from being used; nothing where none of it is set."""
        if not any(self):
            return ()
        said = dict(
            zip((f"STANDFAST_OIDC_{one}" for one in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")), self, strict=True)
        )
        issuer, _, secret = said
        lacking = [f"{name}: found nothing, expected it beside the other two" for name in said if not said[name]]
        if self.issuer and ("?" in self.issuer or not is_safe(self.issuer)):
            lacking.append(f"{issuer}: found {self.issuer!r}, expected an https address without a query")
        if 0 < len(self.secret) < SHORTEST:
            found = f"found {len(self.secret)} characters, expected {SHORTEST} or more: it signs the sessions"
            lacking.append(f"{secret}: {found}")
        return tuple(lacking)

    @property
    def host(self) -> str:
        """What people call the provider."""
        return urlsplit(self.issuer).hostname or self.issuer


@dataclass(frozen=True)
class Guest:
    """Somebody who may look; `name` only where a provider or a trusted proxy has said it, with the proof of it."""

    name: str = ""
    signed_in: bool = False
    via: str = "board"
    proof: str = ""


class BoardAccess:
    """Lets people in. A set token or header is always asked for; with neither, only this machine is let in."""

    def __init__(self, settings: Settings, listen: str) -> None:
        self._token = settings.standfast_board_token.get_secret_value()
        self._header, self._proxies = settings.standfast_board_proxy_header, settings.standfast_board_proxies
        self.oidc = settings.oidc
        """The provider by which people sign in, where `by_oidc`."""
        self.by_oidc = all(self.oidc) and not self.oidc.wrong
        self._people = Tickets(self.oidc.secret, f"person by {self.oidc.issuer} for {self.oidc.client}")
        self._brake = Brake()
        self._at_home = is_loopback(listen.rpartition(":")[0])
        self.web_ui = settings.standfast_temporal_ui.rstrip("/")
        key, self.stage = settings.standfast_stage_word.get_secret_value(), settings.standfast_stage_url
        self.plays = bool(self.stage and key and self._at_home and not self._is_guarded)
        """Whether whoever sits at this machine may say whom they play: on the embedded run, which guards nothing."""
        self._played = Tickets(key, "played on the board")
        self.takes_token = len(self._token) >= SHORTEST
        """Whether signing in can help."""
        self.by_proxy = bool(self._header and self._proxies)
        for wrong in self._wrong():
            log.warning("%s", wrong)
        opened = self.takes_token or self.by_proxy or self.by_oidc
        self.closed = not (opened or (self._at_home and not self._is_guarded))
        if self.closed:
            log.warning(
                "the board is closed (404): %s can be reached from other machines, or a setting above is wrong; set "
                "STANDFAST_BOARD_TOKEN, STANDFAST_OIDC_ISSUER with its client, or STANDFAST_BOARD_PROXY_HEADER with "
                "STANDFAST_BOARD_PROXIES",
                listen,
            )

    def admit(self, request: Request, now: datetime) -> Guest | None:
        """Who asks; None for somebody who may not look."""
        if self.by_proxy and (name := self._named(request)):
            return Guest(name, proof=f"trusted proxy, as {name}")
        if self.by_oidc and (found := self._people.read(request.cookies.get(PERSON, ""), now)):
            person, email = found
            return Guest(person, signed_in=True, via="oidc", proof=f"OIDC sign-in at {self.oidc.issuer}, as {email}")
        if self.takes_token and self._has_token(request, now):
            return Guest(signed_in=True)
        if self.is_played(request) and (played := self._played.read(request.cookies.get(PLAYED, ""), now)):
            return Guest(played[0], signed_in=True, proof="said at the board of an embedded run")
        return Guest() if self._at_home and not self._is_guarded and _is_local(request) else None

    def is_played(self, request: Request) -> bool:
        """Whether this browser may say whom it plays."""
        return self.plays and _is_local(request)

    def part(self, person: str, now: datetime) -> str:
        """What a browser keeps of whom it plays."""
        return self._played.sign([person], now + WORKING)

    def is_token(self, said: str, request: Request, now: datetime) -> bool:
        """Whether this is the token; takes as long for a near miss as for a far one, and who guesses on must wait."""
        if not self.takes_token or self.is_braked(request, now):
            return False
        told = said.strip().encode(errors="replace")
        right = hmac.compare_digest(told, self._token.encode())
        if not right:
            self.wrong(request, now)
        return right

    def wrong(self, request: Request, now: datetime) -> None:
        """This address tried to sign in with what proves nobody."""
        self._brake.wrong(_peer(request), now)

    def is_braked(self, request: Request, now: datetime) -> bool:
        """Whether this address has been wrong too often."""
        return self._brake.holds(_peer(request), now)

    def ticket(self, now: datetime) -> str:
        """What a browser keeps instead of the token: until when, and the proof that we said so."""
        until = str(round((now + LASTING).timestamp()))
        return f"{until}.{self._proof(until)}"

    def session(self, person: str, email: str, now: datetime) -> str:
        """What a browser keeps of who somebody is, once the provider has said it."""
        return self._people.sign([person, email], now + WORKING)

    @property
    def _is_guarded(self) -> bool:
        return bool(self._token or self._header or any(self.oidc))

    def _wrong(self) -> list[str]:
        short = self._token and not self.takes_token
        alone = self._header and not self._proxies
        return [
            *(
                [f"STANDFAST_BOARD_TOKEN: found {len(self._token)} characters, expected {SHORTEST} or more"]
                * bool(short)
            ),
            *(["STANDFAST_BOARD_PROXIES: found none, expected the addresses whose header is believed"] * bool(alone)),
            *self.oidc.wrong,
        ]

    def _named(self, request: Request) -> str:
        try:
            peer = ipaddress.ip_address(request.client.host if request.client else "")
        except ValueError:
            return ""
        trusted = any(peer in network for network in self._proxies)
        said = request.headers.getlist(self._header)  # two would mean that the proxy let the sender's own pass
        return said[0].strip() if trusted and len(said) == 1 else ""

    def _has_token(self, request: Request, now: datetime) -> bool:
        scheme, _, said = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self.is_token(said, request, now)
        until, _, proof = request.cookies.get(COOKIE, "").partition(".")
        fresh = until.isascii() and until.isdigit() and len(until) < 12 and int(until) > now.timestamp()
        return fresh and hmac.compare_digest(proof.encode(), self._proof(until).encode())

    def _proof(self, until: str) -> str:
        return hmac.new(self._token.encode(), f"board until {until}".encode(), hashlib.sha256).hexdigest()


def _peer(request: Request) -> str:
    return request.client.host if request.client else ""


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def is_safe(url: str) -> bool:
    """Whether what is asked there cannot be read on the way: https, or this machine."""
    parts = urlsplit(url)
    inside = parts.scheme == "http" and is_loopback(parts.hostname or "")
    return bool(parts.hostname) and (parts.scheme == "https" or inside)


def _is_local(request: Request) -> bool:
    """Whether it comes straight from this machine: neither through a proxy, nor by a foreign name (DNS rebinding)."""
    name = request.url.hostname or ""
    return is_loopback(name) and not any(header in request.headers for header in FORWARDED)
