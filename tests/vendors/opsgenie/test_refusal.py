"""What Opsgenie refuses: tried again, given up or taken as done, as its documentation says."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest
from starlette.responses import PlainTextResponse

from domain.port.duty import VendorError
from standins.standin import Fault
from tests.vendors.opsgenie import company
from tests.vendors.opsgenie.company import SAM, acknowledging, client, page, resolving, standin
from vendors.opsgenie.client import Client

ALERT = "00000000-0000-4000-8000-000000000001-1795402450123"
ACTS: dict[str, tuple[str, str, Callable[[Client], Awaitable[object]]]] = {
    "create": ("POST", "/v2/alerts", lambda client: client.page(page(1, people=(SAM,)), again=False)),
    "ask": ("GET", "/v2/alerts/requests", lambda client: client.page(page(1, people=(SAM,)), again=False)),
    "look up": ("GET", "/v2/alerts/INC", lambda client: client.page(page(1, people=(SAM,)), again=True)),
    "search": ("GET", "/v2/alerts", lambda client: client.page(page(1, people=(SAM,)), again=True)),
    "on call": ("GET", "/on-calls", lambda client: client.on_call("payments_schedule")),
    "acknowledge": ("POST", "/acknowledge", lambda client: client.acknowledge_pages(acknowledging(ALERT), again=False)),
    "close": ("POST", "/close", lambda client: client.resolve_pages(resolving(ALERT), again=False)),
}
STATUSES = {429: True, 500: True, 502: True, 503: True, 504: True, 501: False}
STATUSES |= {400: False, 401: False, 402: False, 403: False, 405: False, 406: False, 409: False}
STATUSES |= {410: False, 415: False, 422: False, 428: False}
TABLE = [(act, status, retried) for act in ACTS for status, retried in STATUSES.items()]
TABLE += [(act, 404, False) for act in ("create", "ask", "acknowledge", "close")]


@pytest.mark.parametrize(("act", "status", "retried"), TABLE)
async def test_a_refusal_is_tried_again_or_given_up_as_documented(act: str, status: int, retried: bool) -> None:
    method, path, perform = ACTS[act]
    vendor = standin()
    vendor.press_create("Disk full", alias="disk/1")
    if act == "search":
        vendor.fail(Fault("refuse", path="/v2/alerts/INC", status=404))
    fault = Fault("refuse", path=path, method=method, status=status)
    vendor.fail(*[fault] * (3 if act == "create" and status in (400, 422) else 1))
    with pytest.raises(VendorError) as failed:
        await perform(client(vendor))
    assert failed.value.retryable is retried
    assert len(vendor.faults) == 0
    assert method in failed.value.said
    assert company.KEY not in f"{failed.value!r}{company.settings()!r}{client(vendor)._api!r}"


@pytest.mark.parametrize("act", ["look up", "on call"])
async def test_what_is_not_there_is_an_answer(act: str) -> None:
    method, path, perform = ACTS[act]
    vendor = standin()
    vendor.fail(Fault("refuse", path=path, method=method, status=404))
    assert await perform(client(vendor)) is not None
    assert len(vendor.faults) == 0


@pytest.mark.parametrize("act", ACTS)
async def test_a_broken_connection_is_tried_again(act: str) -> None:
    class Broken(httpx.AsyncBaseTransport):
        """A network that is away."""

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("no route", request=request)

    away = Client(company.settings(), httpx.AsyncClient(transport=Broken()), company.no_pause)
    with pytest.raises(VendorError, match="ConnectError") as failed:
        await ACTS[act][2](away)
    assert failed.value.retryable


async def test_too_many_calls_are_tried_again_after_the_period_of_the_bucket() -> None:
    vendor = standin()
    vendor.remaining = 0
    with pytest.raises(VendorError, match="TooManyRequests") as failed:
        await client(vendor).on_call("payments_schedule")
    assert (failed.value.retryable, failed.value.retry_after) == (True, timedelta(seconds=60))


async def test_a_wish_when_to_come_back_is_passed_on() -> None:
    vendor = standin()
    vendor.fail(Fault(status=503, retry_after=7))
    with pytest.raises(VendorError) as failed:
        await client(vendor).on_call("payments_schedule")
    assert failed.value.retry_after == timedelta(seconds=7)


async def test_an_answer_that_is_no_answer_of_opsgenie_is_tried_again_and_says_where_it_broke() -> None:
    proxy = httpx.AsyncClient(transport=httpx.ASGITransport(app=PlainTextResponse("<html>")))
    with pytest.raises(VendorError, match="on-calls: the answer could not be read: body") as failed:
        await Client(company.settings(), proxy, company.no_pause).on_call("payments_schedule")
    assert failed.value.retryable
