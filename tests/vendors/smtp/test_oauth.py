"""A mail server that takes no password is signed in to with a token (XOAUTH2)."""

from collections.abc import AsyncIterator
from urllib.parse import parse_qsl

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from domain.port.duty import VendorError
from standins.smtp.standin import Standin
from tests.vendors.smtp.test_client import mail
from vendors.smtp.client import Client, Settings, server

URL = "http://login.example/token"


def granted(number: int) -> str:
    return f"token-{number}"


class Login:
    """A token endpoint: what it was asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.status, self.expires_in = 200, 3600
        self.app = Starlette(routes=[Route("/token", self._grant, methods=["POST"])])

    async def _grant(self, request: Request) -> JSONResponse:
        self.asked.append(dict(parse_qsl((await request.body()).decode())))
        answer = {"access_token": granted(len(self.asked)), "expires_in": self.expires_in}
        return JSONResponse(answer if self.status == 200 else {"error": "invalid_grant"}, self.status)


@pytest.fixture
def login() -> Login:
    return Login()


@pytest.fixture
async def postal() -> AsyncIterator[Standin]:
    async with Standin() as standin:
        yield standin


@pytest.fixture
async def client(login: Login, postal: Standin) -> AsyncIterator[Client]:
    settings = Settings(
        smtp_url=SecretStr(postal.url.replace(f":{postal.password}@", "@")),
        mail_from="Standfast <status@shop.example>",
        smtp_oauth_url=URL,
        smtp_oauth_client_id="client",
        smtp_oauth_client_secret=SecretStr("secret"),
        smtp_oauth_refresh_token=SecretStr("refresh"),
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(login.app)) as http:
        yield Client(settings, http)


@pytest.mark.sop("COM-5")
async def test_a_token_is_fetched_once_and_used_while_it_lasts(client: Client, login: Login, postal: Standin) -> None:
    postal.token = granted(1)
    await client.send_mail(mail(), again=False)
    await client.send_mail(mail(key="mail.other"), again=False)
    assert len(postal.messages) == 2
    asked = {"grant_type": "refresh_token", "client_id": "client", "client_secret": "secret"}
    assert login.asked == [{**asked, "refresh_token": "refresh"}]


async def test_a_token_that_runs_out_is_fetched_anew(client: Client, login: Login, postal: Standin) -> None:
    login.expires_in = 30
    for number in (1, 2):
        postal.token = granted(number)
        assert "logged in" in await client.probe()


async def test_a_token_that_is_not_granted_is_said_without_the_secret(client: Client, login: Login) -> None:
    login.status = 400
    with pytest.raises(VendorError, match="the endpoint answered 400") as found:
        await client.send_mail(mail(), again=False)
    assert not found.value.retryable
    assert "SMTP_OAUTH" in found.value.do
    assert "secret" not in found.value.said


def test_with_a_token_the_connection_is_encrypted_unless_said_otherwise() -> None:
    settings = Settings(smtp_url=SecretStr("smtp://status%40shop.example@mail.example:587"), smtp_oauth_url=URL)
    assert server(settings)["start_tls"] is True
