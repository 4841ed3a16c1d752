"""A page played in this process, its client, and the check of everything they say to each other."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from pydantic import SecretStr

from standins.statuspage.standin import Standin
from tests import specs
from tests.vendors.published import Description, Exchange, recorded
from vendors.statuspage.client import Client, Settings

TEMPLATES = {"Investigating": "We see trouble with {{service}}: {summary}. Next: [next update]."}


@pytest.fixture
def page() -> Standin:
    return Standin(components=("api", "web"), templates=TEMPLATES)


@pytest.fixture
def settings(page: Standin) -> Settings:
    return Settings(
        statuspage_api_url="http://statuspage/v1",
        statuspage_api_key=SecretStr(page.api_key),
        statuspage_page_id=page.page_id,
        statuspage_webhook_token=SecretStr(f"old-token, {page.token}"),
    )


@pytest.fixture
def exchanges() -> Iterator[list[Exchange]]:
    """Every exchange of the test, held against the published description where that is at hand."""
    noted: list[Exchange] = []
    yield noted
    if specs.root().is_dir():
        assert published().complaints(noted) == []


def published() -> Description:
    """The vendor's document with the deviations it was seen to have; `components` is a map with one example key."""
    document = Description(specs.spec("statuspage/statuspage-v1.openapi.json"), "/v1", frozenset({"components"}))
    document.relax(specs.spec("statuspage/observed-deviations.json"))
    return document


@pytest.fixture
async def http(page: Standin, exchanges: list[Exchange]) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(recorded(page.app, exchanges))) as client:
        yield client


@pytest.fixture
def client(settings: Settings, http: httpx.AsyncClient) -> Client:
    return Client(settings, http)
