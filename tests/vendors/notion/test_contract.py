"""Every request of Notion's client, and every answer of its stand-in, against Notion's own description."""

import json
from typing import Any

import httpx
import jsonschema
import pytest

from standins.notion.standin import VERSION, Standin
from tests.specs import spec
from tests.vendors.notion.conftest import IMPACT, TIMELINE, opening, published, writing
from tests.vendors.published import Exchange
from vendors.notion.answer import Block, Page
from vendors.notion.client import Client

GONE = "00000000-0000-4000-8000-000000000000"


async def everything(client: Client, site: Standin) -> None:
    """Every request the client can make, each twice."""
    site.workspace.add_template(site.postmortems, "Timeline")
    site.press_runbook("Disk full", "disk", "checkout")
    for again in (False, True):
        opened = await client.open_document(opening(), again=again)
    for again in (False, True):
        await client.write_document(writing(opened.ref, TIMELINE), again=again)
        await client.write_document(writing(opened.ref, TIMELINE, title="Security incident"), again=again)
        await client.runbooks()
    await client.probe()


async def test_every_request_and_every_answer_is_as_notion_describes_it(
    client: Client, site: Standin, exchanges: list[Exchange]
) -> None:
    await everything(client, site)
    assert published().complaints(exchanges) == []
    spoken = {(one.method, "/".join(part for part in one.path.split("/") if "-" not in part)) for one in exchanges}
    assert spoken == {
        ("GET", "/v1/users/me"),
        ("GET", "/v1/data_sources"),
        ("GET", "/v1/data_sources/templates"),
        ("POST", "/v1/data_sources/query"),
        ("POST", "/v1/pages"),
        ("PATCH", "/v1/pages"),
        ("GET", "/v1/blocks/children"),
        ("PATCH", "/v1/blocks/children"),
        ("DELETE", "/v1/blocks"),
    }


async def test_a_database_and_a_plain_page_are_as_notion_describes_them(
    http: httpx.AsyncClient, site: Standin, exchanges: list[Exchange]
) -> None:
    database = next(iter(site.workspace.databases))
    page = site.workspace.add_page({"type": "workspace", "workspace": True}, {"title": {"title": []}})["id"]
    headers = {"authorization": f"Bearer {site.token}", "notion-version": VERSION}
    for path in (f"databases/{database}", f"pages/{page}"):
        assert (await http.get(f"http://notion/v1/{path}", headers=headers)).status_code == 200
    assert published().complaints(exchanges) == []


async def test_what_the_description_does_not_know_fails_the_check(client: Client, exchanges: list[Exchange]) -> None:
    await client.open_document(opening(sections=(IMPACT,)), again=False)
    [append] = [one for one in exchanges if one.method == "PATCH"][:1]
    for old, new in ((b'"children"', b'"childs"'), (b'"rich_text"', b'"text"'), (b'"heading_2"', b'"heading_9"')):
        changed = Exchange(append.method, append.path, {}, append.asked.replace(old, new), 200, append.answered)
        assert published().complaints([changed]) != []


async def test_the_documented_append_is_of_the_form_that_is_sent(client: Client, exchanges: list[Exchange]) -> None:
    opened = await client.open_document(opening(sections=(IMPACT,)), again=False)
    await client.write_document(writing(opened.ref, IMPACT, TIMELINE), again=False)
    sample = json.loads(spec("notion/samples/api.append_blocks_2026-03-11.json").read_text())["body"]
    sent = [json.loads(one.asked) for one in exchanges if one.method == "PATCH"]
    placed = [one["position"] for one in sent if "position" in one]
    assert {one["type"] for one in placed} == {sample["position"]["type"]}
    assert sent[0].keys() <= sample.keys()


def test_the_captured_page_is_read() -> None:
    shown = json.loads(spec("notion/samples/api.retrieve_page_response.json").read_text())["body"]
    page = Page.model_validate(shown)
    assert (page.title, page.url.endswith("-337e31d64eb980fab299c93680d85322")) == ("Postmortem", True)


@pytest.mark.parametrize("status", ["400", "409", "429", "529"])
def test_the_documented_errors_have_the_code_that_the_stand_in_says(status: str, site: Standin) -> None:
    said = json.loads(spec("notion/samples/api.errors.json").read_text())["body"][status]
    ours = site.refused_body(int(status))
    assert (ours["code"], ours.keys() <= said.keys()) == (said["code"], True)


def test_a_block_of_a_type_that_is_unknown_here_has_no_text() -> None:
    assert Block.model_validate({"id": "b", "type": "divider", "divider": {}}).text == ""
    assert Block.model_validate({"id": "b"}).text == ""


def paragraph(*texts: str) -> dict[str, Any]:
    return {"type": "paragraph", "paragraph": {"rich_text": [{"text": {"content": one}} for one in texts]}}


ROW = {"type": "table_row", "table_row": {"cells": [[]]}}
TABLE = {"type": "table", "table": {"table_width": 2, "children": [ROW]}}
REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "too many blocks": ({"children": [paragraph("x")] * 101}, 400),
    "too long a text": ({"children": [paragraph("x" * 2001)]}, 400),
    "a text that is too long in UTF-16": ({"children": [paragraph("🔥" * 1001)]}, 400),
    "too many texts": ({"children": [paragraph(*"x" * 101)]}, 400),
    "a block of no type": ({"children": [{"paragraph": {"rich_text": []}}]}, 400),
    "an unknown field": ({"children": [], "after": "x"}, 400),
    "a row of another width": ({"children": [TABLE]}, 400),
    "too many blocks in blocks": (
        {"children": [{"type": "table", "table": {"table_width": 1, "children": [ROW] * 100}}] * 10},
        400,
    ),
    "too large a body": ({"children": [paragraph(*["x" * 2000] * 50)] * 6}, 400),
    "a place that is not there": (
        {"children": [paragraph("x")], "position": {"type": "after_block", "after_block": {"id": GONE}}},
        400,
    ),
}


@pytest.mark.parametrize("why", REFUSED)
async def test_what_notion_refuses_the_stand_in_refuses(site: Standin, why: str) -> None:
    body, status = REFUSED[why]
    page = site.workspace.add_page({"type": "workspace", "workspace": True}, {})["id"]
    headers = {"authorization": f"Bearer {site.token}", "notion-version": VERSION}
    url = f"http://notion/v1/blocks/{page}/children"
    # Not by the recording client: what is wrong on purpose must not fail the check of every exchange.
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site.app)) as plain:
        answer = await plain.patch(url, json=body, headers=headers)
    assert (answer.status_code, site.workspace.text(page)) == (status, [])


@pytest.mark.parametrize(
    ("headers", "path", "status"),
    [
        ({"authorization": ""}, "pages/x", 401),
        ({"notion-version": "2025-09-03"}, "pages/x", 400),
        ({}, f"pages/{GONE}", 404),
        ({}, f"data_sources/{GONE}", 404),
        ({}, f"databases/{GONE}", 404),
        ({}, f"blocks/{GONE}/children", 404),
    ],
)
async def test_strangers_old_versions_and_unknown_ids_are_refused(
    site: Standin, http: httpx.AsyncClient, headers: dict[str, str], path: str, status: int
) -> None:
    good = {"authorization": f"Bearer {site.token}", "notion-version": VERSION}
    assert (await http.get(f"http://notion/v1/{path}", headers=good | headers)).status_code == status


async def test_every_press_sends_a_webhook_of_the_published_shape(client: Client, site: Standin) -> None:
    page = (await client.open_document(opening(), again=False)).ref
    schema = json.loads(spec("notion/notion-webhooks.schema.json").read_text())
    sent = {"AnyEvent": [site.press_write(page, "x"), site.press_rename(page, "y")]}
    sent["VerificationRequest"] = [site.press_subscribe()]
    for name, requests in sent.items():
        rules = jsonschema.Draft202012Validator({**schema, "$ref": f"#/$defs/{name}"})
        assert [error.message for one in requests for error in rules.iter_errors(json.loads(one.body))] == []
