"""Who somebody is, as the company's OIDC provider says it: a code that is exchanged, and an ID token that is verified.

OpenID Connect Core 1.0 (3.1, 5.4), Discovery 1.0 (4), PKCE (RFC 7636), the issuer beside the code (RFC 9207).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote_plus

import httpx

from ingress.board.gate import OidcSettings, is_safe

SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""What may sign an ID token: keys of two halves only, whatever else a provider says that it can."""
PLACES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
KNOWN = timedelta(hours=1)
"""How long discovery and keys are believed before they are asked for anew."""
PATIENCE = httpx.Timeout(10.0)
LEEWAY = 60
"""Seconds by which the provider's clock may differ from ours."""
VERIFIED = ("email_verified", "xms_edov")
"""Claims that say that the address was proved; the second is Entra's, which has no other (optional claims)."""
YES = ("true", "1")
"""How they say so: a truth value, or a string of it (Cognito)."""


class ProviderAway(Exception):
    """The provider does not answer, or not as a provider does; `str` says what was found and expected."""


class NotBelieved(Exception):
    """What came back proves nobody; `str` says why."""


class Attempt(NamedTuple):
    """One way to the provider and back, by words that nobody else can know."""

    state: str
    nonce: str
    verifier: str


class ProvedAddress(NamedTuple):
    """Whom the provider names."""

    email: str
    verified: bool


class OidcProvider:
    """Asks one provider; what it says of itself and its keys are kept for an hour."""

    def __init__(self, settings: OidcSettings, http: httpx.AsyncClient) -> None:
        self.issuer, self._client, self._secret = settings.issuer, settings.client, settings.secret
        self._http = http
        self._known: dict[str, tuple[datetime, dict[str, Any]]] = {}

    async def discovery(self, now: datetime) -> dict[str, Any]:
        """What the provider says of itself; raises `ProviderAway`."""
        found = await self._kept(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration", now)
        if found.get("issuer") != self.issuer:
            raise ProviderAway(f"its discovery: found issuer {found.get('issuer')!r:.200}, expected {self.issuer!r}")
        for place in PLACES:
            if not is_safe(str(found.get(place, ""))):
                raise ProviderAway(f"its discovery: found {place} {found.get(place)!r:.200}, expected an https address")
        return found

    async def door(self, back: str, attempt: Attempt, now: datetime, **more: str) -> str:
        """Where a browser is sent to sign in, and from where it comes back to `back`; raises `ProviderAway`."""
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # type: ignore[import-untyped]
        from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]

        asked = {"nonce": attempt.nonce, "code_challenge": create_s256_code_challenge(attempt.verifier)}
        made: str = prepare_grant_uri(
            (await self.discovery(now))["authorization_endpoint"], self._client, "code", redirect_uri=back,
            scope="openid email", state=attempt.state, code_challenge_method="S256", **asked, **more,
        )  # fmt: skip
        return made

    async def exchange(self, code: str, back: str, attempt: Attempt, now: datetime) -> ProvedAddress:
        """Whom a code stands for; raises `NotBelieved` or `ProviderAway`."""
        place = await self.discovery(now)
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back}
        answer = await self._exchanged(place, {**form, "code_verifier": attempt.verifier})
        claims = await self._verified(str(answer.get("id_token", "")), attempt.nonce, answer.get("access_token"), now)
        says = "email" in claims and any(name in claims for name in VERIFIED)
        if not says and is_safe(str(place.get("userinfo_endpoint", ""))):
            claims = await self._more(place["userinfo_endpoint"], answer.get("access_token"), claims["sub"])
        verified = any(str(claims.get(name, "")).lower() in YES for name in VERIFIED)
        return ProvedAddress(str(claims.get("email", "")).strip(), verified)

    async def _exchanged(self, place: Mapping[str, Any], form: dict[str, str]) -> dict[str, Any]:
        """The tokens; we say who we are the way that the provider takes (RFC 6749 2.3.1)."""
        auth: httpx.BasicAuth | None = httpx.BasicAuth(quote_plus(self._client), quote_plus(self._secret))
        if "client_secret_basic" not in place.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            form, auth = {**form, "client_id": self._client, "client_secret": self._secret}, None
        request = self._http.build_request("POST", place["token_endpoint"], data=form, timeout=PATIENCE)
        status, found = await self._asked(request, auth)
        if status >= 500 or status == 429:
            raise ProviderAway(f"it answered {status} when asked for a token")
        if status != 200:
            said = str(found.get("error", status))[:100]
            ours = said in ("invalid_client", "unauthorized_client")
            raise ProviderAway(f"it does not take our client and secret: {said}") if ours else NotBelieved(said)
        return found

    async def _verified(self, token: str, nonce: str, access: object, now: datetime) -> dict[str, Any]:
        """The claims of a token that was signed for us, just now and for this attempt; raises `NotBelieved`."""
        from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
        from joserfc.errors import InvalidKeyIdError, JoseError

        try:
            try:
                made = self._decoded(token, await self.keys(now))
            except InvalidKeyIdError:  # it has turned its keys since we asked
                made = self._decoded(token, await self.keys(now, anew=True))
            options = {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self._client},
                "nonce": {"essential": True, "value": nonce},
            }
            params = {"nonce": nonce, "client_id": self._client, "access_token": access}
            claims = CodeIDToken(made.claims, made.header, options, params)
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise NotBelieved(f"its ID token: {str(error) or type(error).__name__}"[:200]) from None
        return dict(claims)

    def _decoded(self, token: str, keys: dict[str, Any]) -> Any:
        from joserfc import jwt
        from joserfc.jwk import KeySet
        from joserfc.jws import JWSRegistry

        signed = [one for one in keys["keys"] if one.get("kty") != "oct" and one.get("use", "sig") == "sig"]
        registry = JWSRegistry(algorithms=[*SIGNATURES], strict_check_header=False)
        return jwt.decode(token, KeySet.import_key_set({"keys": signed}), registry=registry)

    async def _more(self, place: str, access: object, person: str) -> dict[str, Any]:
        """The claims from where the code flow has them (Core 5.4), of the same person; raises `NotBelieved`."""
        request = self._http.build_request(
            "GET", place, headers={"authorization": f"Bearer {access}"}, timeout=PATIENCE
        )
        status, found = await self._asked(request)
        if status != 200:
            raise ProviderAway(f"it answered {status} when asked for the e-mail address")
        if found.get("sub") != person:
            raise NotBelieved("its answer about the e-mail address is of somebody else")
        return found

    async def keys(self, now: datetime, anew: bool = False) -> dict[str, Any]:
        """Its JWK set; raises `ProviderAway`."""
        found = await self._kept((await self.discovery(now))["jwks_uri"], now, anew)
        if not isinstance(found.get("keys"), list):
            raise ProviderAway("its keys: expected a JWK set")
        return found

    async def _kept(self, url: str, now: datetime, anew: bool = False) -> dict[str, Any]:
        """A document of the provider's, asked for once an hour."""
        at, found = self._known.get(url, (now, {}))
        if found and not anew and now - at < KNOWN:
            return found
        status, found = await self._asked(self._http.build_request("GET", url, timeout=PATIENCE))
        if status != 200:
            raise ProviderAway(f"{url} answered {status}")
        self._known[url] = now, found
        return found

    async def _asked(self, request: httpx.Request, auth: httpx.BasicAuth | None = None) -> tuple[int, dict[str, Any]]:
        """Status and object of an answer; no redirect is followed. Raises `ProviderAway` where none comes."""
        try:
            answer = await self._http.send(request, auth=auth, follow_redirects=False)
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL) as error:
            raise ProviderAway(f"{request.url.host}: {type(error).__name__}") from None
        try:
            found = answer.json()
        except ValueError:
            found = None
        if not isinstance(found, dict) and answer.status_code == 200:
            raise ProviderAway(f"{request.url.host} answered with something else than an object")
        return answer.status_code, found if isinstance(found, dict) else {}
