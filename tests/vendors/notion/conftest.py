"""A workspace played in this process, its client, and the check of everything they say to each other."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from domain.port.notebook import OpenDocument, Section, WriteDocument
from standins.notion.standin import Standin
from tests import specs
from tests.vendors.published import Description, Exchange, recorded
from vendors.notion.client import Client, Settings

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
IMPACT = Section(heading="Impact", lines=("Checkout failed for 12 % of customers.",))
TIMELINE = Section(
    heading="Timeline", lines=("| at | what |", "|---|---|", "| 03:00 | alert | extra", "- one", "- two")
)


def opening(**changes: Any) -> OpenDocument:
    """The post-mortem of one incident; the changes say what is special about it."""
    asked: dict[str, Any] = {
        "key": "postmortem",
        "incident": "INC-7K3QF",
        "clause": "PM-1",
        "summary": "open",
        "title": "INC-7K3QF Checkout is failing",
        "sections": (IMPACT, TIMELINE),
    }
    return OpenDocument.model_validate({**asked, **changes})


def writing(ref: str, *sections: Section, title: str = "") -> WriteDocument:
    said = {"key": "write-1", "incident": "INC-7K3QF", "clause": "PM-1", "summary": "write", "title": title}
    return WriteDocument.model_validate({**said, "ref": ref, "sections": sections})


@cache
def published() -> Description:
    return Description(specs.spec("notion/notion-2026-03-11.openapi.json"))


@pytest.fixture
def site() -> Standin:
    return Standin(clock=lambda: NOW)


@pytest.fixture
def settings(site: Standin) -> Settings:
    return Settings(
        notion_api_url="http://notion",
        notion_token=SecretStr(site.token),
        notion_postmortems=site.postmortems,
        notion_runbooks=site.library,
        notion_webhook_token=SecretStr(f"old-secret, {site.secret}"),
    )


@pytest.fixture
def exchanges() -> Iterator[list[Exchange]]:
    """Every exchange of the test, held against the published description where that is at hand."""
    noted: list[Exchange] = []
    yield noted
    if specs.root().is_dir():
        assert published().complaints(noted) == []


@pytest.fixture
async def http(site: Standin, exchanges: list[Exchange]) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(recorded(site.app, exchanges))) as client:
        yield client


@pytest.fixture
def client(settings: Settings, http: httpx.AsyncClient) -> Client:
    return Client(settings, http)
