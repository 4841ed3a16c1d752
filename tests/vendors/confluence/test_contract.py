"""Every request of Confluence's client, and every answer of its stand-in, against Atlassian's own descriptions."""

import json
from typing import Any

import httpx
import pytest

from standins.confluence.standin import Standin
from tests.specs import spec
from tests.vendors.confluence.conftest import IMPACT, TIMELINE, complaints, opening, writing
from tests.vendors.published import Exchange
from vendors.confluence.client import TAKEN, Client, Settings

SAMPLES = json.loads(spec("confluence/samples/api.errors.json").read_text())["body"]


async def test_every_request_and_every_answer_is_as_confluence_describes_it(
    settings: Settings, http: httpx.AsyncClient, site: Standin, exchanges: list[Exchange]
) -> None:
    parent = site.press_create("Template", "<h2>Timeline</h2>", label="runbook")
    places = {"confluence_template": parent, "confluence_parent": parent}
    for change in (places, {"confluence_runbooks": parent}):
        client = Client(settings.model_copy(update=change), http)
        opened = await client.open_document(opening(), again=False)
        await client.write_document(writing(opened.ref, TIMELINE), again=False)
        await client.runbooks()
        await client.probe()
    assert complaints(exchanges) == []
    spoken = {(one.method, "/".join(part for part in one.path.split("/") if not part.isdigit())) for one in exchanges}
    assert spoken == {
        ("GET", "/wiki/api/v2/spaces"),
        ("GET", "/wiki/api/v2/pages"),
        ("POST", "/wiki/api/v2/pages"),
        ("PUT", "/wiki/api/v2/pages"),
        ("GET", "/wiki/api/v2/pages/direct-children"),
        ("GET", "/wiki/api/v2/labels/pages"),
        ("GET", "/wiki/rest/api/label"),
    }


async def test_what_the_description_does_not_know_fails_the_check(client: Client, exchanges: list[Exchange]) -> None:
    await client.open_document(opening(sections=(IMPACT,)), again=False)
    [create] = [one for one in exchanges if one.method == "POST"]
    for old, new in ((b'"spaceId"', b'"space"'), (b'"representation"', b'"format"'), (b'"current"', b'"public"')):
        changed = Exchange("POST", create.path, {}, create.asked.replace(old, new), 200, create.answered)
        assert complaints([changed]) != []
    assert complaints([Exchange("GET", create.path, {"spaceId": ["1"]}, b"", 200, b'{"results": []}')]) != []


async def test_a_creation_has_the_fields_of_the_documented_one(client: Client, exchanges: list[Exchange]) -> None:
    await client.open_document(opening(), again=False)
    sample = json.loads(spec("confluence/samples/api.create_page_v2.json").read_text())["body"]
    [create] = [json.loads(one.asked) for one in exchanges if one.method == "POST"]
    assert create.keys() == sample.keys() - {"parentId"}
    assert create["body"].keys() == sample["body"].keys()


async def test_a_title_that_is_taken_is_refused_in_the_words_that_were_seen(site: Standin) -> None:
    [said] = SAMPLES["v2_400_duplicate_title"]["errors"]
    site.press_create("Taken", "")
    answer = await asked(site, "POST", "/wiki/api/v2/pages", {**GOOD, "title": "Taken"})
    assert (answer.status_code, answer.json()["errors"]) == (400, [said])
    assert TAKEN in said["title"]


async def test_the_retired_content_api_is_gone_in_the_stand_in_too(site: Standin) -> None:
    answer = await asked(site, "POST", "/wiki/rest/api/content", {})
    assert (answer.status_code, SAMPLES["v1_410"]["message"] in answer.text) == (410, True)


GOOD: dict[str, Any] = {
    "spaceId": "123456",
    "status": "current",
    "title": "t",
    "body": {"representation": "storage", "value": "<p>x</p>"},
}


async def asked(site: Standin, method: str, path: str, body: dict[str, Any], token: str = "") -> httpx.Response:
    """Ask past the recording client: what is wrong on purpose must not fail the check of every exchange."""
    account = ("bot@example.com", token or "confluence-token")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site.app), auth=account) as plain:
        return await plain.request(method, f"http://confluence{path}", json=body)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"spaceId": "1"}, 404),
        ({"parentId": "1"}, 404),
        ({"title": ""}, 400),
        ({"title": "x" * 256}, 400),
        ({"status": "draft"}, 400),
        ({"colour": "red"}, 400),
        ({"body": {"representation": "view", "value": ""}}, 400),
        ({"body": {"representation": "storage", "value": "<p>x"}}, 400),
        ({"body": {"representation": "storage", "value": "a & b"}}, 400),
    ],
)
async def test_what_confluence_refuses_the_stand_in_refuses(site: Standin, change: dict[str, Any], status: int) -> None:
    answer = await asked(site, "POST", "/wiki/api/v2/pages", GOOD | change)
    assert (answer.status_code, site.pages) == (status, {})


@pytest.mark.parametrize("number", [1, 3])
async def test_a_stale_or_skipped_version_is_refused(site: Standin, number: int) -> None:
    page = site.press_create("t", "<p>x</p>")
    change = {name: value for name, value in GOOD.items() if name != "spaceId"} | {"version": {"number": number}}
    answer = await asked(site, "PUT", f"/wiki/api/v2/pages/{page}", change | {"id": page})
    assert (answer.status_code, site.pages[page]["version"]["number"]) == (409, 1)


@pytest.mark.parametrize(("token", "path", "status"), [("x", "pages/1", 401), ("", "pages/1", 404)])
async def test_strangers_and_unknown_pages_are_refused(site: Standin, token: str, path: str, status: int) -> None:
    assert (await asked(site, "GET", f"/wiki/api/v2/{path}", {}, token)).status_code == status
