"""PagerDuty's client against its stand-in: how pages stand, in the same words as its webhooks."""

import json
from datetime import timedelta

import pytest

from domain.port.duty import PageState, VendorError
from standins.pagerduty.standin import Standin
from tests.specs import spec
from tests.vendors.pagerduty.company import DANA, FIRED_AT, SAM, acknowledging, client, page, reading, standin
from vendors.pagerduty import answer


async def stands(vendor: Standin, *refs: str) -> list[PageState]:
    """How these pages stand; asking changes nothing, so it is asked twice."""
    first = await client(vendor).read_pages(reading(*refs), again=False)
    assert await client(vendor).read_pages(reading(*refs), again=True) == first
    assert {call.method for call in vendor.calls[-len(refs) :]} == {"GET"}
    return list(first.pages)


@pytest.mark.sop("ACK-1")
@pytest.mark.parametrize("number", [0, 1])
async def test_who_took_a_page_and_when_is_said_whichever_way_it_was_sent(number: int) -> None:
    vendor = standin()
    ref = (await client(vendor).page(page(number, people=(SAM,) * number), again=False)).ref
    who = "PSAM" if number else "PDANA"
    assert await stands(vendor, ref) == [PageState(ref=ref, state="ringing", people=(who,))]
    vendor.account.clock = lambda: FIRED_AT + timedelta(minutes=3)
    vendor.press_acknowledge(ref, "PDANA")
    at = FIRED_AT + timedelta(minutes=3)
    assert await stands(vendor, ref) == [PageState(ref=ref, state="acknowledged", by="PDANA", at=at, people=(who,))]


async def test_a_program_that_took_a_page_is_nobody() -> None:
    vendor = standin()
    ref = (await client(vendor).page(page(0), again=False)).ref
    await client(vendor).acknowledge_pages(acknowledging(ref), again=False)
    assert [(one.state, one.by, one.at) for one in await stands(vendor, ref)] == [("acknowledged", "", None)]


@pytest.mark.sop("ACK-3")
async def test_whom_pagerduty_woke_by_itself_is_said() -> None:
    vendor = standin()
    vendor.press_trigger("PCHECKOUT", "Disk full")
    vendor.escalate(vendor.pages[0].id, "PSAM")
    assert [one.people for one in await stands(vendor, vendor.pages[0].id)] == [("PSAM",)]


async def test_a_page_that_is_over_is_told_from_one_that_went_into_another() -> None:
    vendor = standin()
    for title in ("Disk full", "Disk fuller"):
        vendor.press_trigger("PCHECKOUT", title)
    first, second = (one.id for one in vendor.pages)
    vendor.press_merge(second, first, "PSAM")
    vendor.press_resolve(first)
    assert [(one.state, one.at) for one in await stands(vendor, first, second)] == [
        ("resolved", FIRED_AT),
        ("merged", FIRED_AT),
    ]


async def test_a_page_that_pagerduty_does_not_know_is_left_out() -> None:
    vendor = standin()
    known = (await client(vendor).page(page(1, people=(DANA,)), again=False)).ref
    assert [one.ref for one in await stands(vendor, "QGONE", "event:nothing", known)] == [known]


async def test_without_a_token_it_is_said_what_to_set() -> None:
    vendor = standin()
    with pytest.raises(VendorError, match="set PAGERDUTY_API_TOKEN to ask how pages stand") as failed:
        await client(vendor, pagerduty_api_token="").read_pages(reading("Q1"), again=False)
    assert not failed.value.retryable
    assert vendor.calls == []


@pytest.mark.parametrize("name", ["a", "b"])
def test_a_real_incident_is_read(name: str) -> None:
    body = json.loads(spec(f"pagerduty/samples/responses/ocean.incidents.{name}.json").read_text())
    stands = answer.Incident.model_validate(body).state("Q1")
    assert (stands.state == "ringing") == (body["status"] == "triggered")
    assert len(stands.people) == len(body["assignments"])
