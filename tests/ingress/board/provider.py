"""An OIDC provider as a real one is: RSA keys, addresses that are registered, codes that count once, PKCE that is held.

It signs by `cryptography` alone, so that the library which reads its tokens does not also write them.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode

import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

ISSUER = "https://login.harbourline.example/realms/people"
CLIENT, SECRET = "standfast", "a secret of +40 characters / from them"
BACK = "https://board.harbourline.example/sign-in/oidc/back"


def b64(said: bytes) -> str:
    return base64.urlsafe_b64encode(said).decode().rstrip("=")


class Key:
    """One key of the provider, with its public half as a JWK."""

    def __init__(self, kid: str) -> None:
        self.kid = kid
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = self.private.public_key().public_numbers()
        numbers = {
            name: b64(n.to_bytes((n.bit_length() + 7) // 8, "big")) for name, n in (("n", public.n), ("e", public.e))
        }
        self.jwk = {"kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256", **numbers}

    def signed(self, claims: dict[str, Any], **header: str) -> str:
        """The token, signed as RS256 asks."""
        said = _parts({"alg": "RS256", "kid": self.kid, **header}, claims)
        return f"{said}.{b64(self.private.sign(said.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    def confused(self, claims: dict[str, Any]) -> str:
        """HS256 with the public half as the secret: what a reader believes that lets the token choose."""
        public = self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        said = _parts({"alg": "HS256", "kid": self.kid}, claims)
        return f"{said}.{b64(hmac.new(public, said.encode(), hashlib.sha256).digest())}"


FIRST, SECOND = Key("first"), Key("second")


class Provider:
    """Signs one person in, without asking; what it says of them can be changed."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now, self.key, self.published = now, FIRST, [FIRST]
        self.person: dict[str, Any] = {"sub": "00u1", "email": "Dana@harbourline.example", "email_verified": True}
        self.thin = self.away = False
        """Whether the e-mail address is told at the userinfo endpoint only, as by Okta; whether nobody answers."""
        self.registered, self.supported = [BACK], ["client_secret_basic", "client_secret_post"]
        self.claims: dict[str, Any] = {}
        self.write: Callable[[dict[str, Any]], str] = lambda claims: self.key.signed(claims)
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        places = {
            "/.well-known/openid-configuration": self.discovery, "/keys": self.keys, "/authorize": self.authorize,
            "/token": self.token, "/userinfo": self.userinfo,
        }  # fmt: skip
        path = ISSUER.partition(".example")[2]
        self.app = Starlette(
            routes=[
                Route(path + place, self._at(place, answer), methods=["GET", "POST"])
                for place, answer in places.items()
            ]
        )

    def http(self) -> httpx.AsyncClient:
        """What asks it, and nobody else."""
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app))

    def _at(self, place: str, answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            self.asked.append(place)
            if self.away:
                raise httpx.ConnectError("nobody there")
            answered: Response = await answer(request)
            return answered

        return endpoint

    async def discovery(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/keys",
                "userinfo_endpoint": f"{ISSUER}/userinfo",
                "token_endpoint_auth_methods_supported": self.supported,
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
            }
        )

    async def keys(self, request: Request) -> Response:
        encrypts = {**SECOND.jwk, "kid": "encrypts", "use": "enc", "alg": "RSA-OAEP"}
        return JSONResponse({"keys": [*(one.jwk for one in self.published), encrypts]})

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if asked.get("client_id") != CLIENT or asked.get("redirect_uri") not in self.registered:
            return PlainTextResponse("Invalid parameter: redirect_uri", 400)
        wrong = asked.get("response_type") != "code" or "openid" not in asked.get("scope", "").split()
        if wrong or asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            return self._sent(asked, error="invalid_request")
        if asked.get("prompt") == "none":
            return self._sent(asked, error="login_required")
        code = secrets.token_urlsafe(12)
        self.codes[code] = asked
        return self._sent(asked, code=code)

    def _sent(self, asked: dict[str, str], **more: str) -> Response:
        return RedirectResponse(
            f"{asked['redirect_uri']}?{urlencode({**more, 'state': asked.get('state', ''), 'iss': ISSUER})}", 302
        )

    async def token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        if request.method != "POST" or not self._knows(request, form):
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        wrong = not asked or asked["redirect_uri"] != form.get("redirect_uri") or asked["code_challenge"] != challenge
        if form.get("grant_type") != "authorization_code" or wrong or not asked:
            return JSONResponse({"error": "invalid_grant"}, 400)
        at = int(self.now())
        known = {"sub": self.person["sub"]} if self.thin else self.person
        claims = {
            "iss": ISSUER,
            "aud": CLIENT,
            "iat": at,
            "exp": at + 300,
            "nonce": asked["nonce"],
            **known,
            **self.claims,
        }
        said = {name: value for name, value in claims.items() if value is not None}
        return JSONResponse({"access_token": "opaque", "token_type": "Bearer", "id_token": self.write(said)})

    def _knows(self, request: Request, form: dict[str, str]) -> bool:
        scheme, _, said = request.headers.get("authorization", "").partition(" ")
        if scheme == "Basic" and "client_secret_basic" in self.supported:
            client, _, secret = base64.b64decode(said).decode().partition(":")
            return (unquote_plus(client), unquote_plus(secret)) == (CLIENT, SECRET)
        by_form = not scheme and "client_secret_post" in self.supported
        return by_form and (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)

    async def userinfo(self, request: Request) -> Response:
        if request.headers.get("authorization") != "Bearer opaque":
            return JSONResponse({"error": "invalid_token"}, 401)
        return JSONResponse(self.person)


def unsigned(claims: dict[str, Any]) -> str:
    """A token that says of itself that nobody signed it."""
    return f"{_parts({'alg': 'none'}, claims)}."


def _parts(header: dict[str, str], claims: dict[str, Any]) -> str:
    return f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}"
