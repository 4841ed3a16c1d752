"""A workspace with three people, served on a port, and the client that speaks to it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from standins.serve import serve
from standins.slack.standin import Standin
from tests.vendors.slack.contract import call_faults
from tests.vendors.slack.duty import OPEN
from vendors.slack.client import Client, Settings

NOW = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)


@pytest.fixture
def slack() -> Standin:
    standin = Standin("xoxb-test", "signing-secret", clock=lambda: NOW, app_token="xapp-test")  # noqa: S106
    standin.add_user("UADA", "ada", "ada@example.com")
    standin.add_user("UBOB", "bob")
    standin.workspace.rooms[0].members |= {"UADA", "UBOB"}
    return standin


@pytest.fixture
def settings() -> Settings:
    return Settings.model_validate({"slack_signing_secret": "signing-secret", "slack_bot_token": "xoxb-test"})


@pytest.fixture
async def client(slack: Standin, settings: Settings) -> AsyncIterator[Client]:
    """The client; in the end every request it made is held against Slack's published types."""
    async with serve(slack.app) as url:
        yield Client(settings.model_copy(update={"slack_api_url": f"{url}/api/"}))
    assert [fault for call in slack.calls for fault in call_faults(call)] == []


@pytest.fixture
async def room(client: Client) -> str:
    return (await client.open_room(OPEN, again=False)).ref
