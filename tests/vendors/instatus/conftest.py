"""A page played in this process, its client, and the check of everything they say to each other."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from standins.instatus.standin import Standin
from tests import specs
from tests.vendors.instatus.company import described, settings_of
from tests.vendors.published import Exchange, recorded
from vendors.instatus.client import Client, Settings

TEMPLATES = {"Investigating": "We see trouble with {{service}}: {summary}. Next: [next update]."}


@pytest.fixture
def page() -> Standin:
    return Standin(components=("api", "web"), templates=TEMPLATES)


@pytest.fixture
def settings(page: Standin) -> Settings:
    return settings_of(page)


@pytest.fixture
def exchanges() -> Iterator[list[Exchange]]:
    """Every exchange of the test, held against the published description where that is at hand."""
    noted: list[Exchange] = []
    yield noted
    if specs.root().is_dir():
        assert described().complaints(noted) == []


@pytest.fixture
async def http(page: Standin, exchanges: list[Exchange]) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(recorded(page.app, exchanges))) as client:
        yield client


@pytest.fixture
def client(settings: Settings, http: httpx.AsyncClient) -> Client:
    return Client(settings, http)
