"""What Instatus refuses: tried again or given up, and never with the key in it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from domain.port.duty import VendorError
from standins.instatus.standin import Standin
from standins.standin import Fault
from tests.vendors.instatus.company import settings_of
from tests.vendors.publication import draft, reading, update
from vendors.instatus.client import Client

ACTS: dict[str, tuple[str, Callable[[Client, str], Awaitable[object]]]] = {
    "templates": ("GET", lambda client, ref: client.draft_from_template(draft(), again=False)),
    "look": ("GET", lambda client, ref: client.publish_update(update(), again=False)),
    "create": ("POST", lambda client, ref: client.publish_update(update(), again=False)),
    "show": ("GET", lambda client, ref: client.publish_update(update(2, ref=ref), again=False)),
    "append": ("POST", lambda client, ref: client.publish_update(update(2, ref=ref), again=False)),
    "read": ("GET", lambda client, ref: client.read_status(reading(ref), again=False)),
}
STATUSES = {408: True, 429: True, 500: True, 502: True, 503: True, 504: True}
STATUSES |= {400: False, 401: False, 403: False, 422: False}
TABLE = [(act, status, retried) for act in ACTS for status, retried in STATUSES.items()]
TABLE += [(act, 404, False) for act in ACTS if act != "read"]


@pytest.mark.parametrize(("act", "status", "retried"), TABLE)
async def test_a_refusal_is_tried_again_or_given_up(
    client: Client, page: Standin, act: str, status: int, retried: bool
) -> None:
    method, perform = ACTS[act]
    ref = page.press_open("Something else")
    page.down = Fault("refuse", method=method, status=status, retry_after=7)
    with pytest.raises(VendorError) as refused:
        await perform(client, ref)
    assert (refused.value.retryable, refused.value.retry_after) == (retried, timedelta(seconds=7))
    assert page.account.notified == []
    assert page.api_key not in f"{refused.value!r}{settings_of(page)!r}{client._api!r}"


@pytest.mark.parametrize("act", ACTS)
async def test_a_connection_that_breaks_is_tried_again(page: Standin, act: str) -> None:
    class Broken(httpx.AsyncBaseTransport):
        """A network that is away."""

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.ReadTimeout("slow", request=request)

    with pytest.raises(VendorError, match="ReadTimeout") as refused:
        await ACTS[act][1](Client(settings_of(page), httpx.AsyncClient(transport=Broken())), "x")
    assert refused.value.retryable


@pytest.mark.parametrize(("answer", "passes"), [('{"id": 7}', False), ("<html>", True)])
async def test_an_odd_answer_is_given_up_and_a_web_page_passes(page: Standin, answer: str, passes: bool) -> None:
    def odd(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=answer)

    async with httpx.AsyncClient(transport=httpx.MockTransport(odd)) as http:
        with pytest.raises(VendorError, match="could not be read") as refused:
            await Client(settings_of(page), http).read_status(reading("x"), again=False)
    assert refused.value.retryable is passes
