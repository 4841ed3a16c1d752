"""A space played in this process, its client, and the check of everything they say to each other."""

from collections.abc import AsyncIterator, Iterable, Iterator
from functools import cache
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from domain.port.notebook import OpenDocument, Section, WriteDocument
from standins.confluence.standin import Standin
from tests import specs
from tests.vendors.published import Description, Exchange, recorded
from vendors.confluence.client import Client, Settings

IMPACT = Section(heading="Impact & cost", lines=("Checkout <failed> for 12 % of customers.",))
TIMELINE = Section(heading="Timeline", lines=("| at | what |", "| 03:00 | alert | extra", "- one", "- two\x00"))


def opening(**changes: Any) -> OpenDocument:
    """The post-mortem of one incident; the changes say what is special about it."""
    asked: dict[str, Any] = {
        "key": "postmortem",
        "incident": "INC-7K3QF",
        "clause": "PM-1",
        "summary": "open",
        "title": "Post-mortem INC-7K3QF Checkout is failing",
        "sections": (IMPACT, TIMELINE),
    }
    return OpenDocument.model_validate({**asked, **changes})


def writing(ref: str, *sections: Section, title: str = "") -> WriteDocument:
    said = {"key": "write-1", "incident": "INC-7K3QF", "clause": "PM-1", "summary": "write", "title": title}
    return WriteDocument.model_validate({**said, "ref": ref, "sections": sections})


@cache
def published(version: int) -> Description:
    path = specs.spec(f"confluence/confluence-cloud-v{version}.openapi.json")
    return Description(path, "/wiki/api/v2" if version == 2 else "")


def complaints(exchanges: Iterable[Exchange]) -> list[str]:
    """What the description of either version does not allow."""
    kept = [(2 if one.path.startswith("/wiki/api/v2") else 1, one) for one in exchanges]
    return [said for version, one in kept for said in published(version).complaints([one])]


@pytest.fixture
def site() -> Standin:
    return Standin()


@pytest.fixture
def settings(site: Standin) -> Settings:
    return Settings(
        confluence_url="http://confluence/wiki",
        confluence_email="bot@example.com",
        confluence_api_token=SecretStr("confluence-token"),
        confluence_space=site.space,
    )


@pytest.fixture
def exchanges() -> Iterator[list[Exchange]]:
    """Every exchange of the test, held against the published descriptions where they are at hand."""
    noted: list[Exchange] = []
    yield noted
    if specs.root().is_dir():
        assert complaints(noted) == []


@pytest.fixture
async def http(site: Standin, exchanges: list[Exchange]) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(recorded(site.app, exchanges))) as client:
        yield client


@pytest.fixture
def client(settings: Settings, http: httpx.AsyncClient) -> Client:
    return Client(settings, http)
