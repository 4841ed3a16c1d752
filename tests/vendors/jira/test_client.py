"""An action item is one issue in Jira, whatever happened to the answer, and is followed to its end."""

import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.responses import JSONResponse

from domain.company.catalog import Person
from domain.port.duty import ItemState, NotDone, VendorError
from standins.jira.standin import Standin
from standins.standin import Fault
from tests.vendors.jira.conftest import Stage
from tests.vendors.jira.duty import item, reading, writing
from vendors.jira.client import NEARBY, Client, Settings


@pytest.mark.sop("ACT-1")
async def test_an_item_becomes_an_issue_with_owner_and_due_date(
    client: Client, site: Standin, settings: Settings
) -> None:
    opened = await client.open_item(item(), again=False)
    fields = site.issues[opened.ref]["fields"]
    assert (fields["duedate"], fields["assignee"]) == ("2026-12-07", {"id": "5b10a2844c20165700ede21g"})
    assert fields["labels"] == ["standfast-inc-7k3qf-1", "incident-review"]
    assert (opened.url, opened.text) == (f"{settings.jira_url}/browse/{opened.ref}", "")


@pytest.mark.parametrize("email", ["gone@example.com", "example.com", ""])
async def test_an_owner_jira_cannot_tell_leaves_the_issue_unassigned_and_says_so(
    client: Client, site: Standin, email: str
) -> None:
    opened = await client.open_item(item(owner=Person(id="bob", name="Bob", email=email)), again=False)
    assert "assignee" not in site.issues[opened.ref]["fields"]
    assert opened.text.startswith("Left unassigned: ")
    assert (email or "Bob") in opened.text


async def test_an_owner_whose_address_is_hidden_is_found_when_nobody_else_matches(
    client: Client, site: Standin
) -> None:
    site.hiding, site.accounts = True, {"ann@example.com": "account-1"}
    opened = await client.open_item(item(), again=False)
    assert site.issues[opened.ref]["fields"]["assignee"] == {"id": "account-1"}


async def test_an_item_without_owner_is_opened_without_a_word(client: Client, site: Standin) -> None:
    opened = await client.open_item(item(owner=None, title="two\nlines " + "x" * 300), again=False)
    assert (opened.text, len(site.issues[opened.ref]["fields"]["summary"])) == ("", 255)


@pytest.mark.parametrize("lagging", [False, True])
async def test_an_issue_whose_answer_was_lost_is_not_opened_twice(client: Client, site: Standin, lagging: bool) -> None:
    site.press_open("Something else")
    site.lagging = lagging
    site.fail(Fault("lose", path="/issue", method="POST"))
    with pytest.raises(VendorError, match="504") as lost:
        await client.open_item(item(), again=False)
    found = await client.open_item(item(), again=True)
    assert lost.value.retryable
    assert (found.ref, len(site.issues)) == ("OPS-2", 2)


async def test_an_issue_that_was_called_back_is_looked_for_and_never_opened(client: Client, site: Standin) -> None:
    with pytest.raises(NotDone):
        await client.open_item(item().looked_for(), again=True)
    assert not site.issues
    opened = await client.open_item(item(), again=False)
    assert (await client.open_item(item().looked_for(), again=True)).ref == opened.ref
    assert list(site.issues) == [opened.ref]


async def test_the_first_issue_of_a_project_is_found_before_the_index_knows_any(client: Client, site: Standin) -> None:
    site.lagging = True
    first = await client.open_item(item(), again=False)
    assert (await client.open_item(item(), again=True)).ref == first.ref


async def test_behind_more_issues_than_are_looked_at_while_the_index_lags_a_second_one_is_opened(
    client: Client, site: Standin
) -> None:
    """The risk that remains, as the top of the client says it."""
    site.lagging = True
    for number in range(NEARBY.stop):
        site.press_open(f"Something else {number}")
    first = await client.open_item(item(), again=False)
    assert (await client.open_item(item(), again=True)).ref != first.ref


async def test_an_issue_is_not_read_back_so_that_it_cannot_seem_to_have_failed(client: Client, site: Standin) -> None:
    site.down = Fault("refuse", path="/issue/OPS", method="GET", status=404)
    assert (await client.open_item(item(), again=False)).ref == "OPS-1"


async def test_another_item_of_the_same_incident_is_another_issue(client: Client, site: Standin) -> None:
    await client.open_item(item(), again=True)
    await client.open_item(item(item="10"), again=True)
    await client.open_item(item(incident="INC-7K3QG"), again=True)
    assert len(site.issues) == 3


@pytest.mark.sop("ACT-2")
@pytest.mark.parametrize(
    ("status", "resolution", "state"),
    [
        ("To Do", "", "open"),
        ("In Progress", "", "open"),
        ("Done", "", "done"),
        ("Done", "Done", "done"),
        ("Done", "Won't Do", "declined"),
        ("Done", "Declined", "declined"),
        ("Declined", "", "declined"),
    ],
)
async def test_an_items_state_is_read_from_its_status_and_resolution(
    client: Client, site: Standin, status: str, resolution: str, state: str
) -> None:
    key = (await client.open_item(item(), again=False)).ref
    site.press_move(key, status, "ann@example.com", resolution)
    assert (await client.read_item(reading(key), again=False)).text == state


@pytest.mark.sop("ACT-2")
async def test_whose_an_item_is_and_until_when_is_read_with_its_state(client: Client, site: Standin) -> None:
    key = (await client.open_item(item(owner=None), again=False)).ref
    site.press_give(key, "joann@example.com", "2026-12-09", "ann@example.com")
    read = (await client.read_item(reading(key), again=False)).item
    assert read == ItemState(owner="joann@example.com", due_at=datetime(2026, 12, 9, 23, 59, tzinfo=UTC))


@pytest.mark.sop("ACT-2")
async def test_another_owner_and_day_are_set_on_the_issue(client: Client, site: Standin) -> None:
    key = (await client.open_item(item(owner=None), again=False)).ref
    wrote = await client.write_item(writing(key), again=False)
    assert (wrote.text, wrote.item) == ("", (await client.read_item(reading(key), again=False)).item)
    assert site.issues[key]["fields"]["duedate"] == "2026-12-09"
    assert site.issues[key]["fields"]["assignee"]["id"] == site.accounts["ann@example.com"]


@pytest.mark.parametrize("again", [False, True])
async def test_what_an_issue_does_not_take_stays_as_it_was_and_is_said(
    client: Client, site: Standin, again: bool
) -> None:
    key = (await client.open_item(item(), again=False)).ref
    site.off_screen = frozenset({"duedate"})
    zoe = Person(id="zoe", name="Zoe", email="zoe@elsewhere.example")
    wrote = await client.write_item(writing(key, zoe), again=again)
    assert "The assignee stays: zoe@elsewhere.example could not be matched" in wrote.text
    assert "Left as it was: due date" in wrote.text
    assert (wrote.item, site.issues[key]["fields"]["duedate"]) == (ItemState(), "2026-12-07")


async def test_an_issue_that_is_gone_is_not_written_to(client: Client) -> None:
    with pytest.raises(VendorError, match="does not exist") as refused:
        await client.write_item(writing("OPS-9"), again=False)
    assert not refused.value.retryable


async def test_an_issue_that_is_gone_is_not_asked_for_again(client: Client) -> None:
    with pytest.raises(VendorError, match="does not exist") as refused:
        await client.read_item(reading("OPS-9"), again=False)
    assert not refused.value.retryable


@pytest.mark.parametrize(
    ("status", "retryable"),
    [
        *((status, True) for status in (408, 429, 500, 502, 503, 504)),
        *((status, False) for status in (400, 401, 403, 404, 409, 410, 413, 422)),
    ],
)
async def test_each_refusal_is_retried_or_given_up(client: Client, site: Standin, status: int, retryable: bool) -> None:
    site.fail(Fault("refuse", path="/issue", method="POST", status=status, retry_after=7))
    with pytest.raises(VendorError, match=str(status)) as refused:
        await client.open_item(item(), again=False)
    assert (refused.value.retryable, refused.value.retry_after) == (retryable, timedelta(seconds=7))
    assert len([call for call in site.calls if call.method == "POST"]) == 1


@pytest.mark.parametrize("path", ["/serverInfo", "/field", "/search/jql", "/bulkfetch"])
async def test_a_look_that_fails_creates_nothing(client: Client, site: Standin, path: str) -> None:
    site.fail(Fault("refuse", path=path, status=503))
    with pytest.raises(VendorError) as refused:
        await client.open_item(item(), again=True)
    assert refused.value.retryable
    assert site.issues == {}


async def test_a_connection_that_is_refused_is_tried_again(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    away = settings.model_copy(update={"jira_url": f"http://127.0.0.1:{port}"})
    with pytest.raises(VendorError, match="ConnectionError") as refused:
        await Client(away).open_item(item(), again=False)
    assert refused.value.retryable


@pytest.mark.parametrize(("url", "said"), [("", "JIRA_URL is not set"), ("acme.atlassian.net", "check JIRA_URL")])
async def test_a_site_that_is_no_address_is_given_up(url: str, said: str) -> None:
    with pytest.raises(VendorError, match=said) as refused:
        await Client(Settings(jira_url=url)).open_item(item(), again=False)
    assert not refused.value.retryable


@pytest.mark.parametrize("answer", [{"odd": 1}, {"key": 7, "deploymentType": "Cloud", "versionNumbers": [1]}])
async def test_an_answer_nobody_can_read_is_given_up(settings: Settings, stage: Stage, answer: dict[str, Any]) -> None:
    stage.app = JSONResponse(answer)
    with pytest.raises(VendorError, match="could not be read") as refused:
        await Client(settings).read_item(reading("OPS-1"), again=False)
    assert not refused.value.retryable


async def test_a_refused_token_is_not_repeated_in_the_error(settings: Settings) -> None:
    wrong = settings.model_copy(update={"jira_api_token": SecretStr("very-secret")})
    with pytest.raises(VendorError, match="401") as refused:
        await Client(wrong).open_item(item(), again=False)
    assert "very-secret" not in f"{refused.value!r}{wrong!r}"
