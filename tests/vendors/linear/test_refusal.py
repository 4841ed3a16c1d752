"""What Linear refuses: tried again, given up or taken as done, as its documentation and its SDK say."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from starlette.responses import JSONResponse, PlainTextResponse

from domain.port.duty import VendorError
from standins.linear.standin import Standin
from standins.standin import Fault
from tests.specs import spec
from tests.vendors.linear.conftest import item, reading
from vendors.linear.client import PASSING, Client, Settings, until_reset

FINAL = {"invalid input", "authentication error", "forbidden", "usage limit exceeded", "feature not accessible"}
FINAL |= {"graphql error", "user error", "bootstrap error", "other", "unknown"}
PLAIN = item(owner=None, labels=())


@pytest.mark.parametrize(
    ("status", "retryable"),
    [
        *((status, True) for status in (429, 500)),
        *((status, False) for status in (400, 401, 403, 404)),
    ],
)
async def test_each_status_is_tried_again_or_given_up(
    client: Client, team: Standin, status: int, retryable: bool
) -> None:
    team.down = Fault("refuse", status=status, retry_after=7)
    with pytest.raises(VendorError, match=str(status)) as refused:
        await client.open_item(PLAIN, again=False)
    assert (refused.value.retryable, refused.value.retry_after) == (retryable, timedelta(seconds=7))
    assert team.issues == {}


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
async def test_a_gateway_that_says_no_graphql_is_tried_again(settings: Settings, status: int) -> None:
    proxy = httpx.AsyncClient(transport=httpx.ASGITransport(PlainTextResponse("<html>", status)))
    with pytest.raises(VendorError, match=f"POST /graphql: {status}") as refused:
        await Client(settings, proxy).open_item(PLAIN, again=False)
    assert refused.value.retryable


@pytest.mark.parametrize(("kind", "retryable"), [(kind, kind in PASSING) for kind in sorted(PASSING | FINAL)])
async def test_each_type_of_error_is_tried_again_or_given_up(
    client: Client, team: Standin, kind: str, retryable: bool
) -> None:
    team.refusal = kind
    team.down = Fault("refuse", status=400)
    with pytest.raises(VendorError, match="refused with 400") as refused:
        await client.open_item(PLAIN, again=False)
    assert (refused.value.retryable, team.issues) == (retryable, {})


async def test_the_documented_limit_is_tried_again_when_it_starts_anew(settings: Settings) -> None:
    sample = json.loads(spec("linear/samples/api.rate_limited.json").read_text())["body"]
    limited = JSONResponse(sample["json"], sample["http_status"], sample["headers"])
    http = httpx.AsyncClient(transport=httpx.ASGITransport(limited))
    with pytest.raises(VendorError, match="Rate limit exceeded") as refused:
        await Client(settings, http).open_item(PLAIN, again=False)
    assert (refused.value.retryable, refused.value.retry_after) == (True, timedelta())
    before = datetime.fromtimestamp(1681211816.078, UTC) - timedelta(seconds=30)
    assert until_reset(httpx.Headers(sample["headers"]), before) == timedelta(seconds=30)


def test_a_limit_that_is_not_used_up_is_not_waited_for() -> None:
    headers = {"x-ratelimit-requests-remaining": "1", "x-ratelimit-requests-reset": "1681211816078"}
    assert until_reset(httpx.Headers(headers), datetime.now(UTC)) is None


@pytest.mark.parametrize("name", ["FindOwner", "FindLabels", "AddLabel", "FindItem"])
async def test_a_look_that_fails_creates_nothing(client: Client, team: Standin, name: str) -> None:
    steps = ["FindItem", "FindOwner", "FindLabels", "AddLabel"].index(name)
    team.fail(*[Fault("hang")] * steps, Fault("refuse", status=500))
    with pytest.raises(VendorError) as refused:
        await client.open_item(item(), again=True)
    assert (refused.value.retryable, team.issues) == (True, {})
    assert json.loads(team.calls[-1].body)["operationName"] == name


async def test_a_broken_connection_is_tried_again(settings: Settings) -> None:
    class Broken(httpx.AsyncBaseTransport):
        """A network that is away."""

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("no route", request=request)

    with pytest.raises(VendorError, match="ConnectError") as failed:
        await Client(settings, httpx.AsyncClient(transport=Broken())).read_item(reading("x"), again=False)
    assert failed.value.retryable


@pytest.mark.parametrize(
    "answer", [{"odd": 1}, [], {"data": None}, {"data": {"issues": {"nodes": [{}]}}}, {"data": {"issues": None}}]
)
async def test_an_answer_nobody_can_read_is_given_up(settings: Settings, answer: Any) -> None:
    http = httpx.AsyncClient(transport=httpx.ASGITransport(JSONResponse(answer)))
    with pytest.raises(VendorError, match="could not be read") as refused:
        await Client(settings, http).read_item(reading("x"), again=False)
    assert not refused.value.retryable


async def test_a_web_page_passes(settings: Settings) -> None:
    http = httpx.AsyncClient(transport=httpx.ASGITransport(PlainTextResponse("<html>")))
    with pytest.raises(VendorError, match="could not be read") as refused:
        await Client(settings, http).read_item(reading("x"), again=False)
    assert refused.value.retryable


@pytest.mark.parametrize("opened", [{"success": False, "issue": None}, {"success": True, "issue": None}])
async def test_a_creation_without_an_issue_is_no_success(settings: Settings, opened: dict[str, Any]) -> None:
    answer = {"data": {"issueCreate": opened, "issues": {"nodes": []}}}
    http = httpx.AsyncClient(transport=httpx.ASGITransport(JSONResponse(answer)))
    with pytest.raises(VendorError, match="no success"):
        await Client(settings, http).open_item(PLAIN, again=False)


async def test_data_that_comes_with_errors_is_an_error(settings: Settings) -> None:
    answer = {"data": {"issues": {"nodes": []}}, "errors": [{"message": "half"}]}
    http = httpx.AsyncClient(transport=httpx.ASGITransport(JSONResponse(answer)))
    with pytest.raises(VendorError, match=r"FindItem: 200 .*half"):
        await Client(settings, http).read_item(reading("x"), again=False)


async def test_a_refused_key_is_not_repeated_in_the_error(settings: Settings, http: httpx.AsyncClient) -> None:
    wrong = settings.model_copy(update={"linear_api_key": SecretStr("very-secret")})
    with pytest.raises(VendorError, match="401") as refused:
        await Client(wrong, http).open_item(PLAIN, again=False)
    assert (refused.value.retryable, "very-secret" in f"{refused.value!r}{wrong!r}") == (False, False)
