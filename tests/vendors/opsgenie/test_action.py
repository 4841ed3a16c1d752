"""Opsgenie's client against its stand-in: acknowledging and closing, each once."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from domain.port.duty import VendorError
from tests.vendors.opsgenie import company
from tests.vendors.opsgenie.company import acknowledging, client, page, resolving, standin
from vendors.opsgenie.client import Client


@pytest.mark.sop("ACK-1")
async def test_acknowledging_reaches_our_pages_and_the_monitors_own_and_twice_equals_once() -> None:
    vendor = standin()
    ours = [(await client(vendor).page(page(number), again=False)).ref for number in (0, 1)]
    vendor.press_create("Disk full", alias="disk/1")
    for again in (False, True):
        outcome = await client(vendor).acknowledge_pages(acknowledging(*ours, vendor.alerts[2].id), again=again)
        assert outcome.text == ""
        assert [(one.acknowledged, one.by) for one in vendor.alerts] == [(True, "Dana Ops")] * 3
    assert [call.path.rpartition("/")[2] for call in vendor.calls].count("acknowledge") == 3


@pytest.mark.sop("RES-1")
async def test_resolving_closes_every_page_with_the_reason_and_twice_equals_once() -> None:
    vendor = standin()
    refs = [(await client(vendor).page(page(number), again=False)).ref for number in (0, 1)]
    vendor.press_acknowledge(refs[1], "sam@acme.example")
    for again in (False, True):
        outcome = await client(vendor).resolve_pages(resolving(*refs), again=again)
        assert (outcome.text, vendor.open_alerts) == ("", [])
    assert [one.notes for one in vendor.alerts] == [["rolled back"]] * 2


async def test_what_is_closed_needs_no_acknowledgement() -> None:
    vendor = standin()
    ref = (await client(vendor).page(page(0), again=False)).ref
    vendor.press_close(ref, "sam@acme.example")
    outcome = await client(vendor).acknowledge_pages(acknowledging(ref, vendor.alerts[0].id), again=True)
    assert (outcome.text, vendor.alerts[0].acknowledged) == ("", False)


async def test_an_alert_that_opsgenie_does_not_know_is_named_and_holds_up_no_other() -> None:
    vendor = standin()
    known = (await client(vendor).page(page(1), again=False)).ref
    outcome = await client(vendor).resolve_pages(resolving("gone", "INC-7K3QF/page/9", known), again=False)
    assert outcome.text == "Opsgenie does not know gone, INC-7K3QF/page/9"
    assert vendor.open_alerts == []


async def test_a_page_that_a_person_closes_between_our_look_and_our_word_counts_as_done() -> None:
    vendor = standin()
    vendor.press_create("Disk full", alias="disk/1")
    vendor.lag = 1
    alert = vendor.alerts[0]

    async def somebody_deletes(seconds: float) -> None:
        if alert in vendor.alerts:
            vendor.press_delete(alert.id, "sam@acme.example")

    slow = Client(company.settings(), company.http(vendor), somebody_deletes)
    assert (await slow.resolve_pages(resolving(alert.id), again=False)).text == ""


async def test_a_page_that_would_not_close_is_told_after_the_others_were_closed() -> None:
    vendor = standin()
    refs = [(await client(vendor).page(page(number), again=False)).ref for number in (0, 1)]
    vendor.locked = {vendor.alerts[0].id}
    with pytest.raises(VendorError, match="would not close INC-7K3QF/page/0: Alert is locked") as refused:
        await client(vendor).resolve_pages(resolving(*refs), again=False)
    assert not refused.value.retryable
    assert vendor.open_alerts == [vendor.alerts[0]]


async def test_a_reference_cannot_reach_into_another_path() -> None:
    vendor = standin()
    outcome = await client(vendor).acknowledge_pages(acknowledging("../schedules/x"), again=False)
    assert outcome.text == "Opsgenie does not know ../schedules/x"
    assert [call.method for call in vendor.calls] == ["GET"]


async def test_the_pages_of_a_second_ringing_are_ours_too() -> None:
    now = datetime(2026, 11, 23, 3, tzinfo=UTC)
    vendor = standin(lambda: now)
    ref = (await client(vendor).page(page(0, key="page/r2-0"), again=False)).ref
    now += timedelta(minutes=1)
    assert (await client(vendor).resolve_pages(resolving(ref), again=False)).text == ""
    assert (ref, vendor.open_alerts) == ("INC-7K3QF/page/r2-0", [])
    assert json.loads(vendor.calls[0].body)["alias"] == ref
