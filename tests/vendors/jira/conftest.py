"""A Jira played on a loopback port, because the `jira` package speaks over sockets of its own."""

import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from pydantic import SecretStr
from starlette.types import ASGIApp, Receive, Scope, Send

from standins.jira.standin import Standin
from tests import specs
from tests.vendors.published import Description, Exchange, recorded
from vendors.jira.client import Client, Settings


class Stage:
    """A port that stays, and the application that stands behind it in this test."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None, "a request outside of a test"
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """One server for all tests; the socket listens before the server starts, so that nobody has to wait for it."""
    stage = Stage()
    server = uvicorn.Server(uvicorn.Config(stage, lifespan="off", log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [stage.socket]}, daemon=True)
    thread.start()
    yield stage
    server.should_exit = True
    thread.join()


@pytest.fixture
def site() -> Standin:
    return Standin(accounts={"ann@example.com": "5b10a2844c20165700ede21g", "joann@example.com": "account-2"})


@pytest.fixture
def exchanges() -> Iterator[list[Exchange]]:
    """Every exchange of the test, held against the published descriptions where they are at hand."""
    noted: list[Exchange] = []
    yield noted
    if specs.root().is_dir():
        assert published().complaints(noted) == []


def published() -> Description:
    return Description(specs.spec("jira/jira-cloud-v2.openapi.json"))


@pytest.fixture
def settings(stage: Stage, site: Standin, exchanges: list[Exchange]) -> Settings:
    stage.app = recorded(site.app, exchanges)
    return Settings(
        jira_url=stage.url,
        jira_email="bot@example.com",
        jira_api_token=SecretStr("jira-token"),
        jira_project=site.project,
        jira_webhook_secret=SecretStr(f"old-secret, {site.secret}"),
    )


@pytest.fixture
def client(settings: Settings) -> Client:
    return Client(settings)
