"""Every request of Instatus's client, and every answer of its stand-in, against Instatus's own description."""

import json
from typing import Any

import httpx
import jsonschema
import pytest

from domain.port.duty import VendorError
from standins.instatus.standin import Standin
from tests.specs import spec
from tests.vendors.instatus.company import described, settings_of
from tests.vendors.publication import account, draft, reading, update
from tests.vendors.published import Exchange
from vendors.instatus.client import Client
from vendors.instatus.page import Incident

SAMPLES = spec("instatus/samples")


async def test_a_whole_incident_keeps_to_the_published_description(client: Client, exchanges: list[Exchange]) -> None:
    for again in (False, True):
        await client.draft_from_template(draft(), again=again)
        ref = (await client.publish_update(update(), again=again)).ref
    for again in (False, True):
        await client.publish_update(update(2, ref=ref, status="resolved"), again=again)
        await client.read_status(reading(ref), again=again)
    await client.publish_update(update(3, incident="INC-7K3QG"), again=True)
    await client.probe()
    assert described().complaints(exchanges) == []
    spoken = {(one.method, one.path.rpartition("/")[2].replace(ref, "{id}"), one.status) for one in exchanges}
    assert spoken == {
        ("GET", "pages", 200),
        ("GET", "templates", 200),
        ("GET", "incidents", 200),
        ("POST", "incidents", 200),
        ("GET", "{id}", 200),
        ("POST", "incident-updates", 200),
    }
    queries = {name for one in exchanges for name in one.query}
    assert queries == {"page", "per_page", "status"}


def test_the_check_notices_a_wrong_request_and_a_wrong_answer() -> None:
    asked = json.dumps({"name": "x", "status": "investigating", "mesage": "m"}).encode()
    shown = b'{"id": 7, "components": [{"id": "c", "status": "BROKEN"}]}'
    complaints = " ".join(described().complaints([Exchange("POST", "/v1/p/incidents", {}, asked, 200, shown)]))
    for word in ("mesage", "$.status", "$.id", "$.components[0].status"):
        assert word in complaints


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("jira-instatus-integration.incident.create", "/v1/p/incidents"),
        ("incident-update.create", "/v1/p/incidents/i/incident-updates"),
    ],
)
async def test_the_collected_requests_are_taken(name: str, path: str) -> None:
    body = json.loads((SAMPLES / f"requests/{name}.json").read_text())
    page = Standin(page_id="p", components=tuple(body["components"]))
    ref = page.press_open("By hand")
    answer = await ask(page, "POST", path.replace("/i/", f"/{ref}/"), body)
    assert (answer.status_code, page.account.notified) == (200, [body["message"]])


def test_an_incident_as_it_was_really_answered_is_read() -> None:
    shown = Incident.model_validate_json((SAMPLES / "responses/docs.incident.get.json").read_bytes())
    assert shown.newest is not None
    assert (shown.newest.status, shown.newest.words) == ("RESOLVED", "This incident has been resolved.")
    assert (shown.references, [one.status for one in shown.components or ()]) == (set(), ["OPERATIONAL"])
    listed = json.loads((SAMPLES / "responses/docs.incidents.list.json").read_text())
    assert [Incident.model_validate(one) for one in listed] == [shown]


def test_the_newest_update_is_the_latest_whatever_the_order() -> None:
    shown = json.loads((SAMPLES / "responses/docs.incident.get.json").read_text())
    turned = Incident.model_validate({**shown, "updates": shown["updates"][::-1]})
    assert turned.newest == Incident.model_validate(shown).newest
    assert Incident.model_validate({**shown, "updates": None, "components": None}).newest is None


async def ask(page: Standin, method: str, path: str, body: Any, key: str | None = None) -> httpx.Response:
    headers = {"authorization": f"Bearer {page.api_key}" if key is None else key}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(page.app)) as http:
        return await http.request(method, f"https://api.instatus.com{path}", json=body, headers=headers)


NEW: dict[str, Any] = {"name": "x", "status": "INVESTIGATING"}
UPDATE: dict[str, Any] = {"status": "RESOLVED", "components": [], "statuses": []}
SHOWN = {"id": "api", "status": "MAJOROUTAGE"}
REFUSED: dict[str, tuple[str, str, Any, int]] = {
    "no name": ("POST", "incidents", {"status": "INVESTIGATING"}, 422),
    "an empty name": ("POST", "incidents", NEW | {"name": ""}, 422),
    "no status": ("POST", "incidents", {"name": "x"}, 422),
    "a status in small letters": ("POST", "incidents", NEW | {"status": "investigating"}, 422),
    "a field that does not exist": ("POST", "incidents", NEW | {"staus": "RESOLVED"}, 422),
    "an unknown component": ("POST", "incidents", NEW | {"components": ["unknown"]}, 422),
    "a component shown and not named": ("POST", "incidents", NEW | {"statuses": [SHOWN]}, 422),
    "an unknown state": (
        "POST",
        "incidents",
        NEW | {"components": ["api"], "statuses": [SHOWN | {"status": "DOWN"}]},
        422,
    ),
    "an update without components": ("POST", "incidents/{ref}/incident-updates", {"status": "RESOLVED"}, 422),
    "an update without a status": ("POST", "incidents/{ref}/incident-updates", {"components": [], "statuses": []}, 422),
    "an update of nothing": ("POST", "incidents/none/incident-updates", UPDATE, 404),
    "an unknown incident": ("GET", "incidents/none", None, 404),
    "an unknown path": ("GET", "incident", None, 404),
    "more than a hundred": ("GET", "incidents?per_page=101", None, 422),
}


@pytest.mark.parametrize("why", REFUSED)
async def test_the_standin_refuses_as_instatus_does(why: str) -> None:
    method, path, body, status = REFUSED[why]
    page = Standin(components=("api",))
    ref = page.press_open("By hand")
    refused = await ask(page, method, f"/v1/{page.page_id}/{path.replace('{ref}', ref)}", body)
    assert (refused.status_code, set(refused.json()["error"])) == (status, {"code", "message"})
    assert (page.account.notified, len(page.account.incidents)) == ([], 1)


@pytest.mark.parametrize(("key", "page_id", "status"), [("", "", 401), ("Bearer no", "", 401), (None, "other", 403)])
async def test_another_key_and_another_page_are_refused(key: str | None, page_id: str, status: int) -> None:
    page = Standin()
    refused = await ask(page, "POST", f"/v1/{page_id or page.page_id}/incidents", NEW, key)
    assert (refused.status_code, page.account.incidents) == (status, {})


async def test_the_documented_refusal_is_given_up_in_its_own_words_and_the_standin_speaks_alike() -> None:
    said = json.loads((SAMPLES / "responses/docs.error.json").read_text())
    page = Standin()
    refusing = httpx.MockTransport(lambda _: httpx.Response(403, json=said))
    async with httpx.AsyncClient(transport=refusing) as http:
        with pytest.raises(VendorError, match="Not authorized") as refused:
            await Client(settings_of(page), http).read_status(reading("x"), again=False)
    assert not refused.value.retryable
    assert (await ask(page, "GET", "/v1/other/incidents", None)).json() == said


def test_every_press_sends_a_webhook_of_the_documented_shape() -> None:
    page = Standin(components=("api",))
    ref = page.press_open("Checkout is failing")
    sent = [page.press_update(ref, "RESOLVED", "Fixed."), page.press_component("api", "MAJOROUTAGE")]
    rules = jsonschema.Draft202012Validator(json.loads(spec("instatus/webhook.derived.schema.json").read_text()))
    assert [error.message for one in sent for error in rules.iter_errors(json.loads(one.body))] == []


@pytest.mark.sop("COM-8")
async def test_a_post_mortem_is_refused_with_what_to_do_and_nothing_is_sent(
    client: Client, exchanges: list[Exchange]
) -> None:
    with pytest.raises(VendorError, match="no place for a post-mortem") as refused:
        await client.publish_postmortem(account("x"), again=False)
    assert (refused.value.retryable, "postmortem posted" in refused.value.do, exchanges) == (False, True, [])
