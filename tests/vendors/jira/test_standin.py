"""What Jira refuses the stand-in refuses, and labels read both ways."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.responses import JSONResponse

from domain.port.duty import VendorError
from standins.jira.standin import Standin
from tests.specs import spec
from tests.vendors.jira.conftest import Stage, published
from tests.vendors.jira.duty import item, reading
from tests.vendors.published import Exchange
from vendors.jira.client import Client
from vendors.jira.issue import Issue, item_of, label


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("project", {"key": "NONE"}),
        ("issuetype", {"name": "Epic"}),
        ("summary", ""),
        ("labels", ["two words"]),
        ("duedate", "7.12.2026"),
        ("assignee", {"id": "nobody"}),
        ("sumary", "x"),
    ],
)
async def test_what_jira_refuses_the_stand_in_refuses(site: Standin, field: str, value: Any) -> None:
    fields = {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "x", "labels": [], field: value}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(site.app), auth=("bot@example.com", "jira-token")
    ) as http:
        answer = await http.post("http://jira/rest/api/2/issue", json={"fields": fields})
    assert (answer.status_code, field in answer.json()["errors"]) == (400, True)


async def test_the_retired_search_is_gone_in_the_stand_in_too(site: Standin) -> None:
    seen = json.loads(spec("jira/samples/api.search_removed_410.json").read_text())["body"]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site.app)) as http:
        answer = await http.get("http://jira/rest/api/2/search")
    assert (answer.status_code, answer.json().keys()) == (seen["status"], seen["json"].keys())
    assert answer.json()["errorMessages"][0] in seen["json"]["errorMessages"][0]


@pytest.mark.parametrize(("name", "status", "retried"), [("400_field_errors", 400, False), ("404", 404, False)])
async def test_the_documented_refusals_are_said_in_jiras_words(
    client: Client, stage: Stage, name: str, status: int, retried: bool
) -> None:
    said = json.loads(spec("jira/samples/api.errors.json").read_text())["body"][name]
    stage.app = JSONResponse(said, status)
    with pytest.raises(VendorError) as refused:
        await client.read_item(reading("OPS-1"), again=False)
    words = [*said["errorMessages"], *said["errors"].values()]
    assert (refused.value.retryable, words[0] in refused.value.said) == (retried, True)


async def test_the_documented_limit_is_waited_out(client: Client, stage: Stage) -> None:
    headers = json.loads(spec("jira/samples/api.errors.json").read_text())["body"]["429"]["headers"]
    stage.app = JSONResponse({}, 429, headers)
    with pytest.raises(VendorError) as refused:
        await client.read_item(reading("OPS-1"), again=False)
    assert (refused.value.retryable, refused.value.retry_after) == (True, timedelta(seconds=1))


@pytest.mark.parametrize("key", ["1", "item-1", "A.b_c", "two words", "é/ß-%"])
def test_a_label_is_one_word_and_reads_backwards(key: str) -> None:
    mark = label("INC-7K3QF", key)
    assert " " not in mark
    assert item_of(("other", mark)) == ("INC-7K3QF", key)


def test_a_label_of_somebody_else_names_no_item() -> None:
    assert item_of(("standfast-inc-7k3qu-1", "standfast", "inc-7k3qf-1")) is None


def test_the_official_example_of_an_issue_is_read() -> None:
    examples = json.loads(spec("jira/samples/api_examples_v3.json").read_text())["body"]
    shown = Issue.model_validate(examples["GET /rest/api/3/issue/{issueIdOrKey}"]["200"])
    assert (shown.key.split("-")[0], shown.fields.state) == ("ED", "open")


async def test_a_whole_item_keeps_to_the_published_description(
    client: Client, site: Standin, exchanges: list[Exchange]
) -> None:
    key = (await client.open_item(item(), again=True)).ref
    await client.open_item(item(), again=True)
    await client.read_item(reading(key), again=False)
    await client.probe()
    assert published().complaints(exchanges) == []
    assert {exchange.path.removeprefix("/rest/api/2/") for exchange in exchanges} == {
        *("serverInfo", "field", "search/jql", "issue/bulkfetch", "user/assignable/search", "issue", f"issue/{key}")
    }
