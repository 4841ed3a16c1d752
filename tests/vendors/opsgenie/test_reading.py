"""Opsgenie's client against its stand-in: how pages stand, in the same words as its webhooks."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from domain.port.duty import PageState, VendorError
from standins.opsgenie.standin import Standin
from tests.specs import spec
from tests.vendors.opsgenie.company import FIRED_AT, acknowledging, client, page, reading, standin
from vendors.opsgenie import answer

LATER = FIRED_AT + timedelta(minutes=3)


async def stands(vendor: Standin, *refs: str) -> list[PageState]:
    """How these pages stand; asking changes nothing, so it is asked twice."""
    before = len(vendor.calls)
    first = await client(vendor).read_pages(reading(*refs), again=False)
    assert await client(vendor).read_pages(reading(*refs), again=True) == first
    assert {call.method for call in vendor.calls[before:]} == {"GET"}
    return list(first.pages)


@pytest.mark.sop("ACK-1")
async def test_who_took_a_page_and_when_is_said_of_ours_and_of_a_monitors_own() -> None:
    vendor = standin()
    ours = (await client(vendor).page(page(0), again=False)).ref
    vendor.press_create("Disk full", alias="disk/1")
    refs = (ours, vendor.alerts[1].id)
    assert await stands(vendor, *refs) == [PageState(ref=ref, state="ringing") for ref in refs]
    vendor.account.clock = lambda: LATER
    for alert in vendor.alerts:
        vendor.press_acknowledge(alert.id, "sam@acme.example")
    taken = {"state": "acknowledged", "by": "sam@acme.example", "at": LATER}
    assert await stands(vendor, *refs) == [PageState.model_validate({"ref": ref, **taken}) for ref in refs]


async def test_a_program_that_took_a_page_is_nobody() -> None:
    vendor = standin()
    ref = (await client(vendor).page(page(0), again=False)).ref
    await client(vendor).acknowledge_pages(acknowledging(ref), again=False)
    assert [(one.state, one.by) for one in await stands(vendor, ref)] == [("acknowledged", "")]


async def test_a_page_that_is_closed_is_over_since_then() -> None:
    vendor = standin()
    ref = (await client(vendor).page(page(0), again=False)).ref
    vendor.account.clock = lambda: LATER
    vendor.press_close(ref, "sam@acme.example")
    assert await stands(vendor, ref, "gone") == [PageState(ref=ref, state="resolved", at=LATER)]


async def test_without_a_key_it_is_said_what_to_set() -> None:
    with pytest.raises(VendorError, match="set OPSGENIE_API_KEY to ask how pages stand") as failed:
        await client(standin(), opsgenie_api_key="").read_pages(reading("x"), again=False)
    assert not failed.value.retryable


def test_a_real_alert_says_who_took_it_and_when() -> None:
    body = json.loads(spec("opsgenie/samples/responses/ocean.alert.b.json").read_text())
    at = datetime(2023, 9, 27, 16, 5, 51, 578000, tzinfo=UTC)
    taken = {"ref": "x", "state": "acknowledged", "by": "user1@example.com", "at": at}
    assert answer.Alert.model_validate(body).state("x") == PageState.model_validate(taken)
