"""What Confluence refuses: tried again, given up or taken as done, as far as it is documented."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from starlette.responses import JSONResponse, PlainTextResponse

from domain.port.duty import VendorError
from standins.confluence.standin import Standin
from standins.standin import Fault
from tests.vendors.confluence.conftest import IMPACT, TIMELINE, opening, writing
from vendors.confluence.client import Client, Settings

ACTS: dict[str, tuple[str, str, Callable[[Client, str], Awaitable[object]]]] = {
    "space": ("GET", "/spaces", lambda client, page: client.open_document(opening(), again=True)),
    "look up": ("GET", "/pages", lambda client, page: client.open_document(opening(), again=True)),
    "create": (
        "POST",
        "/pages",
        lambda client, page: client.open_document(opening(incident="INC-00000"), again=False),
    ),
    "read": ("GET", "/pages/", lambda client, page: client.write_document(writing(page, TIMELINE), again=False)),
    "write": ("PUT", "/pages/", lambda client, page: client.write_document(writing(page, TIMELINE), again=False)),
    "label": ("GET", "/label", lambda client, page: client.runbooks()),
    "library": ("GET", "/labels/", lambda client, page: client.runbooks()),
}
STATUSES = {408: True, 409: True, 429: True, 500: True, 502: True, 503: True, 504: True}
STATUSES |= {400: False, 401: False, 403: False, 410: False, 413: False}
TABLE = [(act, status, retried) for act in ACTS for status, retried in STATUSES.items()]
TABLE += [(act, 404, False) for act in ACTS if act != "label"]


@pytest.mark.parametrize(("act", "status", "retried"), TABLE)
async def test_a_refusal_is_tried_again_or_given_up(
    client: Client, site: Standin, act: str, status: int, retried: bool
) -> None:
    method, path, perform = ACTS[act]
    page = (await client.open_document(opening(sections=(IMPACT,)), again=False)).ref
    site.labels["runbook"] = [page]
    site.fail(Fault("refuse", path=path, method=method, status=status, retry_after=7))
    with pytest.raises(VendorError, match=f"{method} .*{status}") as failed:
        await perform(client, page)
    assert (failed.value.retryable, failed.value.retry_after) == (retried, timedelta(seconds=7))
    assert (len(site.faults), len(site.pages), site.pages[page]["version"]["number"]) == (0, 1, 1)


async def test_a_space_that_is_not_there_is_named(settings: Settings, http: httpx.AsyncClient) -> None:
    wrong = Client(settings.model_copy(update={"confluence_space": "NONE"}), http)
    with pytest.raises(VendorError, match="no space 'NONE'") as failed:
        await wrong.open_document(opening(), again=False)
    assert not failed.value.retryable


@pytest.mark.parametrize("body", [{}, {"storage": {"representation": "storage"}}])
async def test_a_page_that_comes_without_its_body_is_not_written_over(
    client: Client, site: Standin, body: dict[str, Any]
) -> None:
    page = site.press_create("Post-mortem", "<p>By hand.</p>")
    site.pages[page]["body"] = body
    with pytest.raises(VendorError, match="without its body") as failed:
        await client.write_document(writing(page, IMPACT), again=False)
    assert (failed.value.retryable, {call.method for call in site.calls}) == (False, {"GET"})


async def test_a_broken_connection_is_tried_again(settings: Settings) -> None:
    class Broken(httpx.AsyncBaseTransport):
        """A network that is away."""

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("no route", request=request)

    with pytest.raises(VendorError, match="ConnectError") as failed:
        await Client(settings, httpx.AsyncClient(transport=Broken())).runbooks()
    assert failed.value.retryable


@pytest.mark.parametrize(
    ("answer", "passes"),
    [(JSONResponse({"odd": 1}), False), (JSONResponse([]), False), (PlainTextResponse("<html>"), True)],
)
async def test_an_odd_answer_is_given_up_and_a_web_page_passes(settings: Settings, answer: Any, passes: bool) -> None:
    http = httpx.AsyncClient(transport=httpx.ASGITransport(answer))
    with pytest.raises(VendorError, match=r"GET /wiki/rest/api/label: the answer could not be read") as failed:
        await Client(settings, http).runbooks()
    assert failed.value.retryable is passes


async def test_a_refused_token_is_not_repeated_in_the_error(settings: Settings, http: httpx.AsyncClient) -> None:
    wrong = settings.model_copy(update={"confluence_api_token": SecretStr("very-secret")})
    with pytest.raises(VendorError, match="401") as failed:
        await Client(wrong, http).open_document(opening(), again=False)
    assert (failed.value.retryable, "very-secret" in f"{failed.value!r}{wrong!r}") == (False, False)
