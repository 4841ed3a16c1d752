"""The access token with which a mail server is signed in to by XOAUTH2, fetched when the last one runs out."""

import time

import httpx
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from domain.port.duty import VendorError

EARLY = 60.0
"""Seconds before its end at which a token is fetched anew."""
LASTS = 300.0
"""How long one lasts that says no time of its own (RFC 6749, 5.1: it may leave that out)."""


class Granted(BaseModel):
    """The answer of a token endpoint (RFC 6749, 5.1)."""

    model_config = ConfigDict(extra="ignore")

    access_token: str
    expires_in: float = LASTS


class Tokens:
    """Keeps the token of one account; a refresh token is used where there is one, else the client's own credentials."""

    def __init__(self, http: httpx.AsyncClient, url: str, form: dict[str, SecretStr]) -> None:
        self._http, self._url, self._form = http, url, form
        self._token, self._until = "", 0.0

    async def current(self) -> str:
        """A token that is good for the next minute."""
        if time.monotonic() >= self._until:
            granted = await self._fetched()
            self._token, self._until = granted.access_token, time.monotonic() + granted.expires_in - EARLY
        return self._token

    async def _fetched(self) -> Granted:
        said = {name: secret.get_secret_value() for name, secret in self._form.items() if secret.get_secret_value()}
        grant = "refresh_token" if "refresh_token" in said else "client_credentials"
        try:
            response = await self._http.post(self._url, data={"grant_type": grant, **said})
        except httpx.HTTPError as error:
            raise VendorError("smtp", f"no token: no answer: {type(error).__name__}", retryable=True) from None
        if not response.is_success:
            found, later = f"no token: the endpoint answered {response.status_code}", response.status_code >= 500
            advice = "check the SMTP_OAUTH settings, and renew the refresh token or the secret"
            raise VendorError("smtp", found, retryable=later or response.status_code == 429, do=advice)
        try:
            return Granted.model_validate_json(response.content)
        except ValidationError:
            raise VendorError("smtp", "no token: the endpoint's answer has none", retryable=False) from None
