"""Every document of Linear's client, and every answer of its stand-in, against Linear's own schema."""

import json
from typing import Any

import httpx
import jsonschema
import pytest
from graphql import parse, validate

from standins.linear.standin import Standin
from tests.specs import spec
from tests.vendors.linear.conftest import complaints, item, reading, schema
from tests.vendors.published import Exchange
from vendors.linear import query
from vendors.linear.client import Client

OPERATIONS = json.loads(spec("linear/samples/api.operations.json").read_text())["body"]


async def test_every_request_and_every_answer_keeps_to_the_schema(client: Client, exchanges: list[Exchange]) -> None:
    opened = await client.open_item(item(), again=True)
    await client.open_item(item(), again=True)
    await client.read_item(reading(opened.ref), again=False)
    await client.probe()
    assert [said for exchange in exchanges for said in complaints(exchange)] == []
    spoken = {json.loads(exchange.asked)["operationName"] for exchange in exchanges}
    assert spoken == {"OpenItem", "FindItem", "FindOwner", "FindLabels", "AddLabel", "FindTeams"}


@pytest.mark.parametrize("document", [query.OPEN, query.FIND, query.OWNER, query.LABELS, query.LABEL, query.TEAMS])
def test_every_document_is_valid(document: str) -> None:
    assert validate(schema(), parse(document)) == []


@pytest.mark.parametrize(
    ("old", "new"), [("teamId", "team"), ("success", "succes"), ('"dueDate"', '"due"'), ("...Item", "...Itme")]
)
async def test_what_the_schema_does_not_know_fails_the_check(
    client: Client, exchanges: list[Exchange], old: str, new: str
) -> None:
    await client.open_item(item(owner=None, labels=()), again=False)
    [exchange] = exchanges
    asked = exchange.asked.decode().replace(old, new).encode()
    changed = Exchange("POST", "/graphql", {}, asked, exchange.status, exchange.answered)
    assert asked != exchange.asked
    assert complaints(changed) != []


GOOD: dict[str, Any] = {"teamId": "9e383f51-2629-4f19-97ff-451cc2f0a0ad", "title": "t"}


@pytest.mark.parametrize(
    "change",
    [
        {"id": "0b5a2f1e-6a0e-5a8e-9a3c-2f5d6c7b8a90"},
        {"id": "no-uuid"},
        {"teamId": "another"},
        {"title": ""},
        {"dueDate": "7.12.2026"},
        {"assigneeId": "nobody"},
        {"labelIds": ["none"]},
        {"colour": "red"},
    ],
)
async def test_what_linear_refuses_the_stand_in_refuses(
    team: Standin, http: httpx.AsyncClient, change: dict[str, Any]
) -> None:
    asked = {"query": query.OPEN, "operationName": "OpenItem", "variables": {"input": GOOD | change}}
    answer = await http.post("http://linear/graphql", json=asked, headers={"authorization": team.key})
    assert (answer.status_code, team.issues) == (400, {})
    assert answer.json()["errors"][0]["extensions"]["type"] == "invalid input"


@pytest.mark.parametrize(("key", "status"), [("", 401), ("Bearer lin_api_key", 401), ("lin_api_key", 400)])
async def test_a_stranger_and_an_unknown_operation_are_refused(http: httpx.AsyncClient, key: str, status: int) -> None:
    asked = {"query": query.OPEN, "operationName": "Other", "variables": {}}
    answer = await http.post("http://linear/graphql", json=asked, headers={"authorization": key})
    assert answer.status_code == status


def test_the_documented_creation_has_the_fields_that_the_stand_in_takes(team: Standin) -> None:
    given = OPERATIONS["issueCreate"]["variables"]["input"]
    assert given.keys() - {"priority"} <= {*GOOD, "id", "description", "labelIds"}
    assert validate(schema(), parse(OPERATIONS["issueCreate"]["query"])) == []


def test_every_press_sends_a_delivery_of_the_published_shape(team: Standin) -> None:
    issue = team.press_open("By hand")
    sent = [team.press_rename(issue, "New", "ann@example.com"), team.press_move(issue, "Done", "ann@example.com")]
    sent.append(team.press_delete(issue, "ann@example.com"))
    document = json.loads(spec("linear/linear-webhooks.schema.json").read_text())
    rules = jsonschema.Draft202012Validator({**document, "$ref": "#/$defs/EntityWebhookPayload"})
    errors = [error for one in sent for error in rules.iter_errors(json.loads(one.body))]
    assert [error.message for error in errors] == []
    assert len({one.headers["linear-delivery"] for one in sent}) == len(sent)
