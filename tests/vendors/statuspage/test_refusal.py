"""What Statuspage refuses is retried or given up, and the stand-in refuses it too."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from domain.port.duty import VendorError
from standins.standin import Fault
from standins.statuspage.standin import Standin
from tests.specs import spec
from tests.vendors.publication import draft, reading, update
from tests.vendors.published import Exchange
from tests.vendors.statuspage.conftest import published
from vendors.statuspage.client import Client, Settings
from vendors.statuspage.page import Incident

STATUSES = dict.fromkeys((408, 420, 429, 500, 502, 503, 504), True) | dict.fromkeys((400, 401, 403, 422), False)
ACTS: dict[str, tuple[str, str, Callable[[Client, str], Awaitable[object]]]] = {
    "template": ("GET", "/incident_templates", lambda client, ref: client.draft_from_template(draft(), again=False)),
    "look up": ("GET", "/unresolved", lambda client, ref: client.publish_update(update(), again=False)),
    "create": ("POST", "/incidents", lambda client, ref: client.publish_update(update(), again=False)),
    "append": ("PATCH", "/incidents", lambda client, ref: client.publish_update(update(2, ref=ref), again=False)),
    "read": ("GET", "/incidents", lambda client, ref: client.read_status(reading(ref), again=False)),
}
TABLE = [(act, status, retried) for act in ACTS for status, retried in STATUSES.items()]
TABLE += [(act, 404, False) for act in ACTS if act != "read"]


@pytest.mark.parametrize(("act", "status", "retryable"), TABLE)
async def test_each_refusal_is_retried_or_given_up(
    client: Client, page: Standin, act: str, status: int, retryable: bool
) -> None:
    method, path, perform = ACTS[act]
    ref = page.press_open("By hand")
    page.down = Fault("refuse", path=path, method=method, status=status, retry_after=7)
    with pytest.raises(VendorError, match=f"{method} .*{status}") as refused:
        await perform(client, ref)
    assert (refused.value.retryable, refused.value.retry_after) == (retryable, timedelta(seconds=7))
    assert (len(page.notified), len(page.incidents)) == (1, 1)


async def test_a_connection_that_breaks_is_tried_again(settings: Settings) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow", request=request)

    async with httpx.AsyncClient(transport=httpx.MockTransport(broken)) as http:
        with pytest.raises(VendorError) as refused:
            await Client(settings, http).publish_update(update(), again=False)
    assert refused.value.retryable


@pytest.mark.parametrize(("answer", "passes"), [('{"id": 7}', False), ("<html>", True)])
async def test_an_odd_answer_is_given_up_and_a_web_page_passes(settings: Settings, answer: str, passes: bool) -> None:
    def odd(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=answer)

    async with httpx.AsyncClient(transport=httpx.MockTransport(odd)) as http:
        with pytest.raises(VendorError, match="could not be read") as refused:
            await Client(settings, http).read_status(reading("x"), again=False)
    assert refused.value.retryable is passes


async def test_a_refusal_carries_no_key(client: Client, page: Standin, settings: Settings) -> None:
    page.fail(Fault("refuse", status=401))
    with pytest.raises(VendorError) as refused:
        await client.publish_update(update(), again=False)
    assert page.api_key not in f"{refused.value!r}{settings!r}{client._api!r}"


async def test_a_wrong_key_and_a_wrong_field_are_refused_by_the_stand_in(
    http: httpx.AsyncClient, page: Standin
) -> None:
    url, key = f"http://statuspage/v1/pages/{page.page_id}/incidents", {"authorization": f"OAuth {page.api_key}"}
    assert (await http.get(url)).status_code == 401
    assert (await http.get(f"{url}/none", headers=key)).status_code == 404
    assert page.incidents == {}


@pytest.mark.parametrize(
    "incident",
    [
        {"status": "investigating"},
        {"name": "x" * 256},
        {"name": "x", "body": "x" * 25_001},
        {"name": "x", "metadata": {"flat": 1}},
        {"name": "x", "components": {"api": "degraded"}},
        {"name": "x", "component_ids": ["unknown"]},
        {"name": "x", "staus": "resolved"},
    ],
)
async def test_what_statuspage_refuses_the_stand_in_refuses(page: Standin, incident: dict[str, Any]) -> None:
    url, key = f"http://x/v1/pages/{page.page_id}/incidents", {"authorization": f"OAuth {page.api_key}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(page.app)) as http:
        assert (await http.post(url, json={"incident": incident}, headers=key)).status_code == 422
    assert page.notified == []


def test_an_incident_as_it_was_really_answered_is_read() -> None:
    shown = Incident.model_validate_json(spec("statuspage/samples/responses/port.incident.json").read_bytes())
    assert shown.newest is not None
    assert (shown.newest.status, shown.newest.body, shown.marks) == ("resolved", "Resolved", {})


def test_the_check_notices_a_wrong_request() -> None:
    asked = json.dumps({"incident": {"name": "x", "staus": "resolved"}}).encode()
    wrong = Exchange("POST", "/v1/pages/p/incidents", {}, asked, 201, b'{"id": 7}')
    complaints = " ".join(published().complaints([wrong]))
    assert "staus" in complaints
    assert "$.id" in complaints
