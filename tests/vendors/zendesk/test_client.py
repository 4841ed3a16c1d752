"""Zendesk's client against its stand-in: a ticket is told once, for agents alone."""

import json
from datetime import UTC, datetime

import httpx
import pytest
from pydantic import SecretStr

from domain.port.duty import VendorError
from domain.port.support import TellTicket
from standins.standin import Fault
from standins.zendesk.standin import Standin
from vendors.zendesk.client import Client, Settings

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
TOKEN = SecretStr("zendesk-token")


@pytest.fixture
def desk() -> Standin:
    desk = Standin("s3cr3t")
    desk.press_escalate(NOW, "5158", "Checkout is down")
    return desk


def client(desk: Standin, token: SecretStr = TOKEN) -> Client:
    http = httpx.AsyncClient(transport=httpx.ASGITransport(desk.app))
    settings = Settings(
        zendesk_api_url="https://acme.zendesk.com", zendesk_email="standfast@acme.example", zendesk_api_token=token
    )
    return Client(settings, http)


def telling(turn: str = "opened", ticket: str = "5158") -> TellTicket:
    key = f"tell_ticket/{ticket}/{turn}"
    body = f"INC-7K3QF is {turn}"
    return TellTicket(key=key, incident="INC-7K3QF", clause="DET-2", summary="tell", ticket=ticket, body=body)


@pytest.mark.sop("DET-2")
async def test_a_ticket_is_told_for_agents_alone_and_twice_equals_once(desk: Standin) -> None:
    for turn in ("opened", "resolved-1"):
        for again in (False, True):
            outcome = await client(desk).tell_ticket(telling(turn), again=again)
            assert (outcome.ref, outcome.text) == ("5158", "")
    marks = [f"[INC-7K3QF/tell_ticket/5158/{turn}]" for turn in ("opened", "resolved-1")]
    assert desk.notes("5158") == [f"INC-7K3QF is opened {marks[0]}", f"INC-7K3QF is resolved-1 {marks[1]}"]
    assert desk.notes("5158", public=True) == []


async def test_the_note_is_the_body_that_zendesk_documents(desk: Standin) -> None:
    await client(desk).tell_ticket(telling(), again=False)
    (call,) = desk.calls
    assert (call.method, call.path) == ("PUT", "/api/v2/tickets/5158.json")
    body = "INC-7K3QF is opened [INC-7K3QF/tell_ticket/5158/opened]"
    assert json.loads(call.body) == {"ticket": {"comment": {"body": body, "public": False}}}


async def test_an_answer_that_was_lost_makes_no_second_note_however_much_was_said_since(desk: Standin) -> None:
    desk.page_size = 2
    desk.fail(Fault("lose", method="PUT"))
    with pytest.raises(VendorError) as lost:
        await client(desk).tell_ticket(telling(), again=False)
    assert lost.value.retryable
    for number in range(5):
        await client(desk).tell_ticket(telling(f"reopened-{number}"), again=False)
    await client(desk).tell_ticket(telling(), again=True)
    assert len(desk.notes("5158")) == 6


@pytest.mark.parametrize("gone", ["closed", "deleted"])
async def test_a_ticket_that_takes_no_note_has_nothing_left_to_be_told(desk: Standin, gone: str) -> None:
    desk.close("5158")
    ticket = "5158" if gone == "closed" else "9"
    for again in (False, True):
        outcome = await client(desk).tell_ticket(telling(ticket=ticket), again=again)
        assert outcome.text == "the ticket takes no note any more"
    assert desk.notes("5158") == []


@pytest.mark.parametrize(
    ("status", "retryable"), [(409, True), (429, True), (500, True), (503, True), (400, False), (403, False)]
)
async def test_what_is_worth_another_try(desk: Standin, status: int, retryable: bool) -> None:
    desk.fail(Fault(status=status, retry_after=7 if status == 429 else None))
    with pytest.raises(VendorError) as refused:
        await client(desk).tell_ticket(telling(), again=False)
    assert refused.value.retryable is retryable
    assert (refused.value.retry_after is not None) == (status == 429)


async def test_a_wrong_token_is_refused_without_being_said(desk: Standin) -> None:
    with pytest.raises(VendorError, match="401") as refused:
        await client(desk, SecretStr("guess-me")).tell_ticket(telling(), again=False)
    assert not refused.value.retryable
    assert "guess-me" not in str(refused.value)


async def test_a_note_that_zendesk_cannot_take_is_said(desk: Standin) -> None:
    desk.fail(Fault(status=422))
    with pytest.raises(VendorError, match="422") as refused:
        await client(desk).tell_ticket(telling(), again=False)
    assert not refused.value.retryable


async def test_a_proxys_page_instead_of_comments_is_worth_another_try() -> None:
    page = httpx.MockTransport(lambda request: httpx.Response(200, text="<html>"))
    settings = Settings(zendesk_api_url="https://acme.zendesk.com")
    with pytest.raises(VendorError, match="the answer could not be read") as refused:
        await Client(settings, httpx.AsyncClient(transport=page)).tell_ticket(telling(), again=True)
    assert refused.value.retryable


async def test_the_token_can_be_proved_without_changing_anything(desk: Standin) -> None:
    assert await client(desk).probe() == "the API token is good"
    with pytest.raises(VendorError, match="refused"):
        await client(desk, SecretStr("guess-me")).probe()
