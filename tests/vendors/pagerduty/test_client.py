"""PagerDuty's client against its stand-in: who is woken, and that each effect happens once."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from domain.port.duty import NotDone, VendorError
from standins.standin import Fault
from tests.vendors.pagerduty import company
from tests.vendors.pagerduty.company import DANA, FIRED_AT, NEW, SAM, acknowledging, client, page, resolving, standin
from vendors.pagerduty.client import BULK, Client


@pytest.mark.sop("ACK-1")
async def test_the_first_page_is_an_event_that_pagerdutys_own_policy_answers() -> None:
    vendor = standin()
    outcome = await client(vendor).page(page(0), again=False)
    assert outcome.ref == "event:INC-7K3QF/page/0"
    (ringing,) = vendor.open_pages
    assert (ringing.who, ringing.key, ringing.status) == (("PDANA",), "INC-7K3QF/page/0", "triggered")
    assert ringing.title == "Checkout 5xx rate above 5% [INC-7K3QF/page/0]"
    assert [call.path for call in vendor.calls] == ["/v2/enqueue"]


@pytest.mark.sop("ACK-2")
async def test_a_further_page_wakes_the_people_it_names() -> None:
    vendor = standin()
    outcome = await client(vendor).page(page(1, people=(SAM,)), again=False)
    (ringing,) = vendor.open_pages
    assert (outcome.ref, outcome.people, outcome.text) == (ringing.id, ("sam",), "")
    assert outcome.url == f"https://standin.pagerduty.com/incidents/{ringing.id}"
    assert (ringing.who, ringing.key) == (("PSAM",), "INC-7K3QF/page/1")
    for word in ("Nobody has acknowledged", "https://grafana.acme.example/d/checkout"):
        assert word in ringing.text


async def test_a_first_page_that_names_people_goes_to_them() -> None:
    vendor = standin()
    outcome = await client(vendor).page(page(0, people=(SAM,)), again=False)
    assert (outcome.ref, [one.who for one in vendor.open_pages]) == (vendor.pages[0].id, [("PSAM",)])


async def test_a_page_without_people_asks_the_schedule() -> None:
    vendor = standin()
    outcome = await client(vendor).page(page(1, schedule="PSCHEDULE"), again=False)
    assert outcome.people == vendor.pages[0].who == ("PDANA", "PSAM")


@pytest.mark.sop("ACK-2")
async def test_a_page_in_a_hole_of_the_schedule_is_left_to_the_services_policy_and_says_so() -> None:
    vendor = standin()
    vendor.account.holes["PSCHEDULE"] = FIRED_AT, FIRED_AT + timedelta(hours=1)
    outcome = await client(vendor).page(page(1, schedule="PSCHEDULE"), again=False)
    assert [one.who for one in vendor.open_pages] == [("PDANA",)]
    assert outcome.text.startswith("PagerDuty has nobody on call in PSCHEDULE now")


async def test_a_page_without_people_or_schedule_is_left_to_the_services_policy_and_says_who_it_was() -> None:
    vendor = standin()
    outcome = await client(vendor).page(page(1), again=False)
    assert outcome.people == vendor.pages[0].who == ("PDANA",)


async def test_a_person_pagerduty_does_not_know_is_said_to_be_left_out() -> None:
    vendor = standin()
    outcome = await client(vendor).page(page(1, people=(SAM, NEW)), again=False)
    assert (outcome.people, outcome.text) == (("sam",), "PagerDuty could not be told to page new")


@pytest.mark.parametrize(
    ("changed", "service"),
    [({"pagerduty_api_token": ""}, "PCHECKOUT"), ({"pagerduty_from": ""}, "PCHECKOUT"), ({}, "")],
)
async def test_a_page_that_cannot_name_its_people_still_wakes_somebody(changed: dict[str, str], service: str) -> None:
    vendor = standin()
    outcome = await client(vendor, **changed).page(page(2, people=(SAM,), service=service), again=False)
    assert (outcome.ref, outcome.people) == ("event:INC-7K3QF/page/2", ())
    assert outcome.text == "PagerDuty could not be told to page sam"
    assert vendor.open_pages[0].who == ("PDANA",)


async def test_without_a_routing_key_the_first_page_is_an_incident() -> None:
    vendor = standin()
    outcome = await client(vendor, pagerduty_routing_key="").page(page(0), again=False)
    assert outcome.ref == vendor.open_pages[0].id


async def test_without_any_way_to_page_the_error_says_what_to_set() -> None:
    vendor = standin()
    nothing = client(vendor, pagerduty_routing_key="", pagerduty_api_token="")
    with pytest.raises(VendorError, match="set PAGERDUTY_ROUTING_KEY") as failed:
        await nothing.page(page(0), again=False)
    assert not failed.value.retryable
    assert vendor.calls == []


@pytest.mark.parametrize("number", [0, 1])
async def test_a_page_performed_twice_wakes_people_once(number: int) -> None:
    vendor, duty = standin(), page(number, people=(SAM,) * number)
    first = await client(vendor).page(duty, again=False)
    assert await client(vendor).page(duty, again=True) == first
    assert len(vendor.pages) == 1


@pytest.mark.parametrize("number", [0, 1])
async def test_a_page_whose_answer_was_lost_is_found_by_the_next_attempt(number: int) -> None:
    vendor, duty = standin(), page(number, people=(SAM,) * number)
    vendor.fail(Fault("lose", method="POST"))
    with pytest.raises(VendorError) as lost:
        await client(vendor).page(duty, again=False)
    outcome = await client(vendor).page(duty, again=True)
    assert lost.value.retryable
    assert (len(vendor.pages), vendor.account.find(outcome.ref)) == (1, vendor.pages[0])


async def test_a_page_whose_attempts_know_nothing_of_each_other_is_found_behind_the_refusal() -> None:
    vendor = standin()
    first = await client(vendor).page(page(1, people=(SAM,)), again=False)
    assert await client(vendor).page(page(1, people=(SAM,)), again=False) == first
    assert len(vendor.pages) == 1


async def test_a_page_that_was_resolved_before_the_second_attempt_does_not_ring_again() -> None:
    now = datetime(2026, 11, 23, 3, tzinfo=UTC)
    vendor = standin(lambda: now)
    first = await client(vendor).page(page(1, people=(SAM,)), again=False)
    vendor.press_resolve(first.ref, "PSAM")
    now += timedelta(days=40)
    assert (await client(vendor).page(page(1, people=(SAM,)), again=True)).ref == first.ref
    assert vendor.open_pages == []


async def test_of_two_pages_with_one_mark_the_one_that_rings_is_meant() -> None:
    vendor = standin()
    first = await client(vendor).page(page(1, people=(SAM,)), again=False)
    vendor.press_resolve(first.ref, "PSAM")
    second = await client(vendor).page(page(1, people=(SAM,)), again=False)
    assert (await client(vendor).page(page(1, people=(SAM,)), again=True)).ref == second.ref != first.ref


async def test_a_reference_cannot_reach_into_another_path() -> None:
    vendor = standin()
    outcome = await client(vendor).acknowledge_pages(acknowledging("../users/me"), again=False)
    assert (outcome.text, vendor.calls[0].path) == ("PagerDuty does not know ../users/me", "/incidents/../users/me")


@pytest.mark.sop("ACK-1")
async def test_acknowledging_reaches_events_our_incidents_and_the_monitors_own_and_twice_equals_once() -> None:
    vendor, ours = standin(), []
    ours += [(await client(vendor).page(page(number, people=(SAM,) * number), again=False)).ref for number in (0, 1)]
    vendor.press_trigger("PCHECKOUT", "Disk full")
    for again in (False, True):
        outcome = await client(vendor).acknowledge_pages(acknowledging(*ours, vendor.pages[2].id), again=again)
        assert outcome.text == ""
        assert [one.status for one in vendor.pages] == ["acknowledged"] * 3
    assert [call.method for call in vendor.calls].count("PUT") == 1


@pytest.mark.sop("RES-1")
async def test_resolving_takes_every_page_back_with_the_reason_and_twice_equals_once() -> None:
    vendor = standin()
    refs = [(await client(vendor).page(page(number, people=(SAM,) * number), again=False)).ref for number in (0, 1)]
    vendor.press_acknowledge(refs[1], "PSAM")
    for again in (False, True):
        await client(vendor).resolve_pages(resolving(*refs), again=again)
        assert vendor.open_pages == []
    assert vendor.pages[1].resolution == "rolled back"
    assert [call.method for call in vendor.calls].count("PUT") == 1


async def test_acknowledging_a_resolved_page_does_not_reopen_it() -> None:
    vendor = standin()
    refs = [(await client(vendor).page(page(number, people=(SAM,) * number), again=False)).ref for number in (0, 1)]
    await client(vendor).resolve_pages(resolving(*refs), again=False)
    await client(vendor).acknowledge_pages(acknowledging(*refs), again=True)
    assert [one.status for one in vendor.pages] == ["resolved", "resolved"]


@pytest.mark.parametrize("others", [0, 2])
async def test_a_page_that_a_person_acknowledges_between_our_look_and_our_word_counts_as_done(others: int) -> None:
    vendor = standin()
    refs = [(await client(vendor).page(page(n + 1, people=(DANA,)), again=False)).ref for n in range(others + 1)]

    async def somebody_is_faster(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "PUT" and vendor.account.find(refs[0]).status == "triggered":
            vendor.press_acknowledge(refs[0], "PSAM")
        await vendor.app(scope, receive, send)

    http = httpx.AsyncClient(transport=httpx.ASGITransport(app=somebody_is_faster))
    await Client(company.settings(), http).acknowledge_pages(acknowledging(*refs), again=False)
    assert {one.status for one in vendor.pages} == {"acknowledged"}


async def test_a_page_that_pagerduty_does_not_know_is_named_and_holds_up_no_other() -> None:
    vendor = standin()
    known = (await client(vendor).page(page(1, people=(SAM,)), again=False)).ref
    outcome = await client(vendor).resolve_pages(resolving("QGONE", known), again=False)
    assert outcome.text == "PagerDuty does not know QGONE"
    assert vendor.open_pages == []


async def test_more_pages_than_one_request_takes_are_split() -> None:
    vendor = standin()
    for number in range(BULK + 1):
        vendor.press_trigger("PCHECKOUT", f"Disk {number} full")
    await client(vendor).resolve_pages(resolving(*(one.id for one in vendor.pages)), again=False)
    assert vendor.open_pages == []
    assert [call.method for call in vendor.calls].count("PUT") == 2


async def test_changing_an_incident_without_a_token_says_what_to_set() -> None:
    vendor = standin()
    with pytest.raises(VendorError, match="set PAGERDUTY_API_TOKEN and PAGERDUTY_FROM") as failed:
        await client(vendor, pagerduty_api_token="").acknowledge_pages(acknowledging("Q1"), again=False)
    assert not failed.value.retryable


async def test_who_is_on_call_is_said_first_level_first_and_once_each() -> None:
    assert await client(standin()).on_call("PSCHEDULE") == ("PDANA", "PSAM")
    assert await client(standin()).on_call("PUNKNOWN") == ()


async def test_a_long_list_of_who_is_on_call_is_read_to_its_end() -> None:
    vendor = standin()
    levels = tuple((level, f"P{level:03}") for level in range(150))
    vendor.account.schedules = {"PLONG": tuple(reversed(levels))}
    assert await client(vendor).on_call("PLONG") == tuple(user for _, user in levels)


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ({"severity": "P1"}, "critical"),
        ({"severity": ""}, "critical"),
        ({"severity": "P3"}, "error"),
        ({"severity": "P0", "impact": "critical"}, "critical"),
        ({"severity": "P1", "impact": "major"}, "error"),
        ({"severity": "P5", "impact": "none"}, "error"),
        ({"severity": "P3", "urgency": "low"}, "warning"),  # ACK-6: what can wait does
    ],
)
async def test_a_page_is_never_sent_at_a_severity_that_may_wake_nobody(said: dict[str, str], sent: str) -> None:
    vendor = standin()
    await client(vendor).page(page(0, **said), again=False)
    assert f'"severity":"{sent}"'.encode() in vendor.calls[0].body.replace(b": ", b":")


async def test_a_title_too_long_for_pagerduty_is_cut_before_its_mark() -> None:
    vendor = standin()
    for number in (0, 1):
        await client(vendor).page(page(number, title="x" * 2000, people=(SAM,) * number), again=False)
    assert [len(one.title) for one in vendor.pages] == [1024, 1024]
    assert [one.title[-19:] for one in vendor.pages] == [" [INC-7K3QF/page/0]", "xxxxx [INC-7K3QF/1]"]


@pytest.mark.sop("ACK-1")
async def test_who_is_paged_by_name_reads_the_short_mark_at_the_titles_end() -> None:
    vendor = standin()
    await client(vendor).page(page(1, people=(SAM,)), again=False)
    assert [(one.title, one.key) for one in vendor.pages] == [
        ("Checkout 5xx rate above 5% [INC-7K3QF/1]", "INC-7K3QF/page/1")
    ]


@pytest.mark.sop("ACK-1")
async def test_a_page_that_was_called_back_is_looked_for_and_never_made() -> None:
    vendor, duty = standin(), page(1, people=(SAM,))
    with pytest.raises(NotDone):
        await client(vendor).page(duty.looked_for(), again=True)
    assert vendor.pages == []
    first = await client(vendor).page(duty, again=False)
    assert await client(vendor).page(duty.looked_for(), again=True) == first
    assert [one.status for one in vendor.pages] == ["triggered"]


@pytest.mark.sop("ACK-1")
async def test_a_page_by_an_event_cannot_be_looked_for_and_is_resolved_unseen() -> None:
    vendor = standin()
    await client(vendor).page(page(0), again=False)
    with pytest.raises(NotDone):
        await client(vendor).page(page(0).looked_for(), again=True)
    assert [one.status for one in vendor.pages] == ["resolved"]
    with pytest.raises(NotDone):
        await client(vendor).page(page(0, key="page/r2-0", service="").looked_for(), again=True)
    assert len(vendor.pages) == 1
