"""A team played in this process, its client, and the check of everything they say to each other."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

import httpx
import pytest
from graphql import GraphQLSchema, build_schema, execute_sync, parse, validate
from pydantic import SecretStr

from domain.company.catalog import Person
from domain.port.tracker import OpenItem, ReadItem, WriteItem
from standins.linear.standin import Standin
from tests import specs
from tests.vendors.published import Exchange, recorded
from vendors.linear.client import Client, Settings

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
ANN = Person(id="ann", name="Ann", email="Ann@example.com")


def item(**changes: Any) -> OpenItem:
    """One action item; the changes say what is special about it."""
    asked: dict[str, Any] = {
        "key": "item-1",
        "incident": "INC-7K3QF",
        "clause": "ACT-1",
        "summary": "open",
        "item": "1",
        "title": "Bring the hotfix back through CI/CD",
        "body": "The fix went past the pipeline.",
        "owner": ANN,
        "due_at": datetime(2026, 12, 7, 23, 30, tzinfo=UTC),
        "labels": ("incident", "incident review"),
    }
    return OpenItem.model_validate({**asked, **changes})


def reading(ref: str) -> ReadItem:
    return ReadItem(key="read-1", incident="INC-7K3QF", clause="ACT-2", summary="read", item="1", ref=ref)


def writing(ref: str, owner: Person | None = ANN) -> WriteItem:
    due_at = datetime(2026, 12, 9, 12, tzinfo=UTC)
    said = {"key": "write-1", "incident": "INC-7K3QF", "clause": "ACT-2", "summary": "write", "item": "1"}
    return WriteItem.model_validate({**said, "ref": ref, "owner": owner, "due_at": due_at})


@cache
def schema() -> GraphQLSchema:
    return build_schema(specs.spec("linear/linear.graphql").read_text())


def complaints(exchange: Exchange) -> list[str]:
    """What the schema does not allow in one exchange: the document, its variables, or the shape of the answer."""
    asked, answered = json.loads(exchange.asked), json.loads(exchange.answered)
    document = parse(asked["query"])
    wrong = [error.message for error in validate(schema(), document)]
    if wrong or "data" not in answered:
        return wrong
    run = execute_sync(schema(), document, answered["data"], None, asked["variables"], asked["operationName"])
    wrong = [error.message for error in run.errors or ()]
    return wrong or ([] if run.data == answered["data"] else [f"answered {answered['data']}, asked for {run.data}"])


@pytest.fixture
def team() -> Standin:
    team = Standin(users={"ann@example.com": "674c90c8-35ea-454d-8ca4-5548258fd795"}, clock=lambda: NOW)
    team.labels["incident"] = "56111f1a-e733-49f2-856a-c42318bb8739"
    return team


@pytest.fixture
def settings(team: Standin) -> Settings:
    return Settings(
        linear_api_url="http://linear/graphql",
        linear_api_key=SecretStr(team.key),
        linear_team_id=team.team,
        linear_webhook_secret=SecretStr(f"old-secret, {team.secret}"),
    )


@pytest.fixture
def exchanges() -> Iterator[list[Exchange]]:
    """Every exchange of the test, held against the published schema where that is at hand."""
    noted: list[Exchange] = []
    yield noted
    if specs.root().is_dir():
        assert [said for exchange in noted for said in complaints(exchange)] == []


@pytest.fixture
async def http(team: Standin, exchanges: list[Exchange]) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(recorded(team.app, exchanges))) as client:
        yield client


@pytest.fixture
def client(settings: Settings, http: httpx.AsyncClient) -> Client:
    return Client(settings, http)
