"""What Notion refuses: tried again, given up or taken as done, as its documentation says."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from starlette.responses import JSONResponse, PlainTextResponse

from domain.port.duty import VendorError
from standins.notion.standin import Standin
from standins.standin import Fault
from tests.vendors.notion.conftest import IMPACT, TIMELINE, opening, writing
from vendors.notion.client import Client, Settings

Act = Callable[[Client, str], Awaitable[object]]
ACTS: dict[str, tuple[str, str, Act]] = {
    "create": (
        "POST",
        "/v1/pages",
        lambda client, page: client.open_document(opening(incident="INC-00000"), again=False),
    ),
    "look up": ("POST", "/query", lambda client, page: client.open_document(opening(), again=True)),
    "templates": ("GET", "/templates", lambda client, page: client.open_document(opening(), again=True)),
    "read": ("GET", "/children", lambda client, page: client.write_document(writing(page, TIMELINE), again=False)),
    "append": ("PATCH", "/children", lambda client, page: client.write_document(writing(page, TIMELINE), again=False)),
    "clear": ("DELETE", "/v1/blocks", lambda client, page: client.write_document(writing(page), again=False)),
    "library": ("POST", "/query", lambda client, page: client.runbooks()),
}
STATUSES = {408: True, 409: True, 429: True, 500: True, 502: True, 503: True, 504: True, 529: True}
STATUSES |= {400: False, 401: False, 403: False}
TABLE = [(act, status, retried) for act in ACTS for status, retried in STATUSES.items()]
TABLE += [(act, 404, False) for act in ACTS if act != "clear"]


@pytest.mark.parametrize(("act", "status", "retried"), TABLE)
async def test_a_refusal_is_tried_again_or_given_up_as_documented(
    client: Client, site: Standin, act: str, status: int, retried: bool
) -> None:
    method, path, perform = ACTS[act]
    page = (await client.open_document(opening(sections=(IMPACT,)), again=False)).ref
    site.fail(Fault("refuse", path=path, method=method, status=status, retry_after=7))
    with pytest.raises(VendorError, match=f"{method} .*{status}") as failed:
        await perform(client, page)
    assert (failed.value.retryable, failed.value.retry_after) == (retried, timedelta(seconds=7))
    assert (len(site.faults), len(site.workspace.pages)) == (0, 1)
    assert site.token not in str(failed.value)


async def test_a_workspace_that_is_full_is_no_conflict(client: Client, site: Standin) -> None:
    site.code = "row_limit_exceeded"
    site.fail(Fault("refuse", path="/v1/pages", method="POST", status=409))
    with pytest.raises(VendorError, match="row_limit_exceeded") as failed:
        await client.open_document(opening(), again=False)
    assert not failed.value.retryable


async def test_an_old_toggle_that_somebody_has_removed_is_done_with(client: Client, site: Standin) -> None:
    page = (await client.open_document(opening(sections=(IMPACT,)), again=False)).ref
    site.fail(Fault("refuse", path="/v1/blocks", method="DELETE", status=404))
    assert (await client.write_document(writing(page), again=False)).ref == page


async def test_a_place_that_is_none_is_given_up(settings: Settings, http: httpx.AsyncClient) -> None:
    unknown = settings.model_copy(update={"notion_postmortems": "00000000-0000-4000-8000-000000000000"})
    with pytest.raises(VendorError, match="shared with your integration") as failed:
        await Client(unknown, http).open_document(opening(), again=False)
    assert not failed.value.retryable


@pytest.mark.parametrize(("code", "goes_on"), [("validation_error", True), ("missing_version", False)])
async def test_an_id_of_another_kind_is_looked_up_further_and_a_wrong_request_is_not(
    client: Client, site: Standin, code: str, goes_on: bool
) -> None:
    """Whether Notion says 404 or 400 of a page's id where a data source's is expected is not published."""
    site.code = code
    site.fail(Fault("refuse", path="/v1/data_sources", status=400), Fault("refuse", path="/v1/databases", status=404))
    with pytest.raises(VendorError) as failed:
        await client.open_document(opening(), again=False)
    assert ("/v1/blocks" in failed.value.said, len(site.faults)) == (goes_on, 0 if goes_on else 1)


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
    with pytest.raises(VendorError, match=r"GET /v1/data_sources/.* could not be read") as failed:
        await Client(settings, http).runbooks()
    assert failed.value.retryable is passes


async def test_an_append_that_shows_nothing_new_is_given_up(settings: Settings) -> None:
    http = httpx.AsyncClient(transport=httpx.ASGITransport(JSONResponse({"results": []})))
    with pytest.raises(VendorError, match="shows no toggle") as failed:
        await Client(settings, http).write_document(writing("page", TIMELINE), again=False)
    assert not failed.value.retryable


async def test_a_refused_token_is_not_repeated_in_the_error(settings: Settings, http: httpx.AsyncClient) -> None:
    wrong = settings.model_copy(update={"notion_token": SecretStr("very-secret")})
    with pytest.raises(VendorError, match="401") as failed:
        await Client(wrong, http).open_document(opening(), again=False)
    assert (failed.value.retryable, "very-secret" in f"{failed.value!r}{wrong!r}") == (False, False)
