"""What PagerDuty refuses: tried again, given up or taken as done, as its documentation says."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from starlette.responses import PlainTextResponse

from domain.company.catalog import Person
from domain.port.duty import Outcome, VendorError
from standins.standin import Fault
from tests.vendors.pagerduty import company
from tests.vendors.pagerduty.company import SAM, acknowledging, client, page, resolving, standin
from vendors.pagerduty.api import EVENTS_PAUSE, EVENTS_PER_MINUTE, FOR_TRIGGERS
from vendors.pagerduty.client import Client

GONE = Person(id="gone", name="Gone", ids={"pagerduty": "PGONE"})
ACTS: dict[str, tuple[str, str, Callable[[Client], Awaitable[object]]]] = {
    "event": ("POST", "/v2/enqueue", lambda client: client.page(page(0), again=False)),
    "create": ("POST", "/incidents", lambda client: client.page(page(1, people=(SAM,)), again=False)),
    "look up": ("GET", "/incidents", lambda client: client.page(page(1, people=(SAM,)), again=True)),
    "on call": ("GET", "/oncalls", lambda client: client.on_call("PSCHEDULE")),
    "status": ("GET", "/incidents/Q", lambda client: client.resolve_pages(resolving("Q0000000000001"), again=False)),
    "change": ("PUT", "/incidents", lambda client: client.resolve_pages(resolving("Q0000000000001"), again=False)),
}
REST = {408: True, 429: True, 500: True, 502: True, 503: True, 504: True, 599: True}
REST |= {400: False, 401: False, 402: False, 403: False, 413: False}
EVENTS = {429: True, 500: True, 502: True, 503: True, 504: True, 400: False, 413: False}
NAMING = ("create", "look up")
"""What a page that names people does by REST; for good refused, it leaves as an event."""
TABLE = [
    (act, status, retried)
    for act in ACTS
    if act != "event"
    for status, retried in REST.items()
    if retried or act not in NAMING
]
TABLE += [("event", status, retried) for status, retried in EVENTS.items()]
TABLE += [(act, 404, False) for act in ("on call", "change")]


@pytest.mark.parametrize(("act", "status", "retried"), TABLE)
async def test_a_refusal_is_tried_again_or_given_up_as_documented(act: str, status: int, retried: bool) -> None:
    method, path, perform = ACTS[act]
    vendor = standin()
    vendor.press_trigger("PCHECKOUT", "Disk full")
    vendor.fail(Fault("refuse", path=path, method=method, status=status))
    with pytest.raises(VendorError) as failed:
        await perform(client(vendor))
    assert failed.value.retryable is retried
    assert (len(vendor.faults), len(vendor.open_pages)) == (0, 1)
    assert method in failed.value.said
    for secret in (company.TOKEN, company.ROUTING_KEY):
        assert secret not in str(failed.value)


@pytest.mark.sop("ACK-2")
@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413])
@pytest.mark.parametrize("act", NAMING)
async def test_a_page_that_rest_refuses_for_good_leaves_as_an_event_and_says_why(act: str, status: int) -> None:
    method, path, perform = ACTS[act]
    vendor = standin()
    vendor.down = Fault("refuse", path=path, method=method, status=status)
    outcome = await perform(client(vendor))
    assert isinstance(outcome, Outcome)
    assert ([one.who for one in vendor.open_pages], outcome.people) == ([("PDANA",)], ())
    assert outcome.ref.startswith("event:")
    assert f"the service's escalation policy was paged, for {method} {path}: {status}" in outcome.text
    assert "page sam" in outcome.text


async def test_a_page_in_the_name_of_nobody_known_leaves_and_says_which_setting_is_wrong() -> None:
    vendor = standin()
    outcome = await client(vendor, pagerduty_from="left@acme.example").page(page(1, people=(SAM,)), again=False)
    assert len(vendor.open_pages) == 1
    assert "PAGERDUTY_FROM" in outcome.text


@pytest.mark.parametrize(("people", "woken"), [((SAM, GONE), ("PSAM",)), ((GONE,), ("PDANA",))])
async def test_who_is_no_user_any_more_does_not_take_the_page_with_them(
    people: tuple[Person, ...], woken: tuple[str, ...]
) -> None:
    vendor = standin()
    outcome = await client(vendor).page(page(1, people=people), again=False)
    assert [one.who for one in vendor.open_pages] == [woken]
    assert "would not page gone (PGONE)" in outcome.text


@pytest.mark.parametrize("status", [400, 404])
async def test_a_schedule_that_is_gone_leaves_the_page_to_the_services_policy(status: int) -> None:
    vendor = standin()
    vendor.down = Fault("refuse", path="/oncalls", status=status)
    outcome = await client(vendor).page(page(1, schedule="PGONE"), again=False)
    assert [one.who for one in vendor.open_pages] == [("PDANA",)]
    assert "schedule PGONE" in outcome.text


async def test_a_page_that_is_not_there_is_done_with() -> None:
    vendor = standin()
    outcome = await client(vendor).acknowledge_pages(acknowledging("QGONE"), again=False)
    assert outcome.text == "PagerDuty does not know QGONE"


@pytest.mark.parametrize("act", ACTS)
async def test_a_broken_connection_is_tried_again(act: str) -> None:
    class Broken(httpx.AsyncBaseTransport):
        """A network that is away."""

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("no route", request=request)

    with pytest.raises(VendorError, match="ConnectError") as failed:
        await ACTS[act][2](Client(company.settings(), httpx.AsyncClient(transport=Broken())))
    assert failed.value.retryable


async def test_too_many_rest_calls_are_tried_again_when_the_limit_resets() -> None:
    vendor = standin()
    vendor.remaining = 0
    with pytest.raises(VendorError, match="2020") as failed:
        await client(vendor).on_call("PSCHEDULE")
    assert (failed.value.retryable, failed.value.retry_after) == (True, timedelta(seconds=20))


@pytest.mark.parametrize(("wish", "after"), [(None, EVENTS_PAUSE), (7, timedelta(seconds=7))])
async def test_too_many_events_are_tried_again_after_the_advised_pause(wish: int | None, after: timedelta) -> None:
    vendor = standin()
    vendor.fail(Fault(status=429, retry_after=wish))
    with pytest.raises(VendorError) as failed:
        await client(vendor).page(page(0), again=False)
    assert failed.value.retry_after == after


async def test_an_answer_that_is_no_answer_of_pagerduty_is_tried_again_and_says_where_it_broke() -> None:
    proxy = httpx.AsyncClient(transport=httpx.ASGITransport(app=PlainTextResponse("<html>")))
    with pytest.raises(VendorError, match="GET /oncalls: the answer could not be read: body") as failed:
        await Client(company.settings(), proxy).on_call("PSCHEDULE")
    assert failed.value.retryable


async def test_a_key_is_sent_no_more_events_than_it_takes_in_a_minute() -> None:
    now, vendor = [0.0], standin()
    own = client(vendor)
    own._events = replace(own._events, clock=lambda: now[0])
    for number in range(EVENTS_PER_MINUTE):
        now[0] = number / 10
        await own.page(page(0, incident=f"INC-{number:05}"), again=False)
    with pytest.raises(VendorError) as failed:
        await own.page(page(0, incident="INC-99999"), again=False)
    assert (failed.value.retryable, failed.value.retry_after) == (True, timedelta(seconds=60 - now[0]))
    assert len(vendor.open_pages) == EVENTS_PER_MINUTE
    now[0] = 60.0
    await own.page(page(0, incident="INC-99999"), again=False)
    assert len(vendor.open_pages) == EVENTS_PER_MINUTE + 1


async def test_a_new_page_does_not_wait_for_the_resolutions_of_others() -> None:
    now, vendor = [0.0], standin()
    own = client(vendor)
    own._events = replace(own._events, clock=lambda: now[0])
    found = await own.page(page(0), again=False)
    for number in range(1, EVENTS_PER_MINUTE - FOR_TRIGGERS):
        now[0] = number / 10
        await own.resolve_pages(resolving(found.ref), again=False)
    for act in (
        own.resolve_pages(resolving(found.ref), again=False),
        own.acknowledge_pages(acknowledging(found.ref), again=False),
    ):
        with pytest.raises(VendorError) as failed:
            await act
        assert (failed.value.retryable, failed.value.retry_after) == (True, timedelta(seconds=60 - now[0]))
    for number in range(FOR_TRIGGERS):
        await own.page(page(0, incident=f"INC-{number:05}"), again=False)
    with pytest.raises(VendorError) as later:
        await own.resolve_pages(resolving(found.ref), again=False)
    assert later.value.retry_after == timedelta(seconds=60 + 3.0 - now[0]), "thirty must be over before one is free"
