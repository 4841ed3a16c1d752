"""Opsgenie's client against its stand-in: who is woken, and that a page happens once."""

import pytest

from domain.company.catalog import Person
from domain.port.duty import NotDone, VendorError
from standins.standin import Fault
from tests.vendors.opsgenie import company
from tests.vendors.opsgenie.company import DANA, NEW, ON_CALL, SAM, acknowledging, client, page, resolving, standin
from vendors.opsgenie.client import LATER, PAUSES, Client

GONE = Person(id="gone", name="Gone", ids={"opsgenie": "gone@acme.example"})


@pytest.mark.sop("ACK-1")
async def test_a_page_without_people_goes_to_the_services_team() -> None:
    vendor = standin()
    outcome = await client(vendor).page(page(0), again=False)
    (ringing,) = vendor.open_alerts
    assert (outcome.ref, outcome.people, outcome.text) == ("INC-7K3QF/page/0", (), "")
    assert (ringing.alias, ringing.who) == ("INC-7K3QF/page/0", ("dana@acme.example",))


@pytest.mark.sop("ACK-2")
async def test_a_page_wakes_the_people_it_names_by_id_or_username() -> None:
    vendor = standin()
    outcome = await client(vendor).page(page(1, people=(SAM, DANA)), again=False)
    (ringing,) = vendor.open_alerts
    assert (outcome.people, outcome.text) == (("sam", "dana"), "")
    assert outcome.url == f"https://app.opsgenie.com/alert/detail/{ringing.id}/details"
    assert ringing.who == ("sam@acme.example", "dana@acme.example")
    for word in ("Checkout 5xx", "Nobody has acknowledged", "https://grafana.acme.example/d/checkout"):
        assert word in ringing.wanted.description


async def test_a_page_without_people_asks_the_schedule() -> None:
    vendor = standin()
    outcome = await client(vendor).page(page(1, schedule="payments_schedule"), again=False)
    assert outcome.people == vendor.alerts[0].who == ON_CALL


@pytest.mark.parametrize("schedule", ["empty_schedule", "unknown_schedule"])
async def test_a_schedule_with_nobody_on_call_leaves_the_page_to_the_team_and_says_so(schedule: str) -> None:
    vendor = standin()
    outcome = await client(vendor).page(page(1, schedule=schedule), again=False)
    assert (outcome.people, outcome.text) == ((), f"Opsgenie has nobody on call in {schedule}")
    assert vendor.alerts[0].who == ("dana@acme.example",)


async def test_without_a_team_the_schedule_itself_is_named() -> None:
    vendor = standin()
    await client(vendor).page(page(1, schedule="empty_schedule", service=""), again=False)
    assert [(one.type, one.name) for one in vendor.alerts[0].wanted.responders] == [("schedule", "empty_schedule")]


async def test_a_page_that_can_name_nobody_is_left_to_the_integrations_own_team() -> None:
    vendor = standin()
    outcome = await client(vendor).page(page(1, people=(NEW,), service=""), again=False)
    assert (outcome.text, vendor.alerts[0].wanted.responders) == ("Opsgenie could not be told to page new", ())


async def test_a_person_opsgenie_does_not_know_is_said_to_be_left_out() -> None:
    vendor = standin()
    outcome = await client(vendor).page(page(1, people=(SAM, NEW)), again=False)
    assert (outcome.people, outcome.text) == (("sam",), "Opsgenie could not be told to page new")


@pytest.mark.sop("ACK-2")
@pytest.mark.parametrize(("people", "woken"), [((SAM, GONE), "sam@acme.example"), ((GONE,), "dana@acme.example")])
async def test_who_opsgenie_does_not_know_does_not_take_the_page_with_them(
    people: tuple[Person, ...], woken: str
) -> None:
    vendor = standin()
    outcome = await client(vendor).page(page(1, people=people), again=False)
    assert [one.who for one in vendor.open_alerts] == [(woken,)]
    assert "would not page gone@acme.example" in outcome.text
    assert "gone" not in outcome.people


async def test_a_team_that_is_gone_leaves_the_page_to_the_integrations_own_rules() -> None:
    vendor = standin()
    outcome = await client(vendor).page(page(1, service="renamed"), again=False)
    assert len(vendor.open_alerts) == 1
    assert "would not page renamed" in outcome.text


async def test_a_page_that_opsgenie_would_make_for_nobody_is_told() -> None:
    vendor = standin()
    vendor.down = Fault("refuse", path="/v2/alerts", method="POST", status=422)
    with pytest.raises(VendorError, match="was not made") as failed:
        await client(vendor).page(page(1, people=(SAM,)), again=False)
    assert not failed.value.retryable


async def test_without_a_key_the_error_says_what_to_set() -> None:
    vendor = standin()
    nothing = client(vendor, opsgenie_api_key="")
    for perform in (
        nothing.page(page(0), again=False),
        nothing.acknowledge_pages(acknowledging("a"), again=False),
        nothing.on_call("payments_schedule"),
    ):
        with pytest.raises(VendorError, match="set OPSGENIE_API_KEY") as failed:
            await perform
        assert not failed.value.retryable
    assert vendor.calls == []


@pytest.mark.parametrize("changed", [{}, {"people": (SAM,)}, {"schedule": "payments_schedule"}])
async def test_a_page_performed_twice_wakes_people_once(changed: dict[str, object]) -> None:
    vendor, duty = standin(), page(1, **changed)
    first = await client(vendor).page(duty, again=False)
    vendor.account.schedules = {}
    assert await client(vendor).page(duty, again=True) == first
    assert [(one.count, one.status) for one in vendor.alerts] == [(1, "open")]


async def test_a_page_whose_answer_was_lost_is_found_by_the_next_attempt() -> None:
    vendor, duty = standin(), page(1, people=(SAM,))
    vendor.fail(Fault("lose", method="POST"))
    with pytest.raises(VendorError) as lost:
        await client(vendor).page(duty, again=False)
    outcome = await client(vendor).page(duty, again=True)
    assert (lost.value.retryable, outcome.people) == (True, ("sam",))
    assert [one.count for one in vendor.alerts] == [1]


async def test_attempts_that_know_nothing_of_each_other_meet_in_one_alert() -> None:
    vendor, duty = standin(), page(1, people=(SAM,))
    first = await client(vendor).page(duty, again=False)
    assert await client(vendor).page(duty, again=False) == first
    assert [one.who for one in vendor.alerts] == [("sam@acme.example",)]


async def test_a_page_that_was_closed_before_the_second_attempt_does_not_ring_again() -> None:
    vendor, duty = standin(), page(1, people=(SAM,))
    first = await client(vendor).page(duty, again=False)
    vendor.press_close(first.ref, "sam@acme.example")
    assert await client(vendor).page(duty, again=True) == first
    assert (len(vendor.alerts), vendor.open_alerts) == (1, [])


async def test_a_page_that_takes_a_while_is_asked_about_at_growing_pauses() -> None:
    vendor, pauses = standin(), list[float]()
    vendor.lag = len(PAUSES) - 1

    async def note(seconds: float) -> None:
        pauses.append(seconds)

    await Client(company.settings(), company.http(vendor), note).page(page(1), again=False)
    assert (tuple(pauses), len(vendor.open_alerts)) == (PAUSES, 1)


async def test_a_page_that_still_waits_is_worth_another_try_which_does_not_page_twice() -> None:
    vendor, duty = standin(), page(1, people=(SAM,))
    vendor.lag = 100
    with pytest.raises(VendorError, match="request-1 is not processed yet") as waits:
        await client(vendor).page(duty, again=False)
    assert (waits.value.retryable, waits.value.retry_after) == (True, LATER)
    with pytest.raises(VendorError):
        await client(vendor).page(duty, again=True)
    vendor.settle()
    await client(vendor).page(duty, again=True)
    assert [one.who for one in vendor.alerts] == [("sam@acme.example",)]


async def test_who_is_on_call_is_said_in_the_schedules_order() -> None:
    assert await client(standin()).on_call("payments_schedule") == ON_CALL
    assert await client(standin()).on_call("unknown") == ()


@pytest.mark.parametrize(
    ("severity", "impact", "sent"),
    [
        ("P1", "", "P1"),
        ("", "", "P1"),
        ("P2", "", "P2"),
        ("P4", "", "P3"),
        ("P0", "critical", "P1"),
        ("P1", "major", "P2"),
        ("P5", "none", "P3"),
    ],
)
async def test_a_page_is_never_sent_at_a_priority_that_may_wake_nobody(severity: str, impact: str, sent: str) -> None:
    vendor = standin()
    await client(vendor).page(page(0, severity=severity, impact=impact), again=False)
    assert vendor.alerts[0].priority == sent


async def test_a_page_that_can_wait_is_sent_at_the_priority_that_waits() -> None:
    vendor = standin()
    await client(vendor).page(page(0, severity="P3", impact="minor", urgency="low"), again=False)
    assert vendor.alerts[0].priority == "P4"


async def test_what_is_too_long_for_opsgenie_is_cut() -> None:
    vendor = standin()
    await client(vendor).page(page(0, title="x" * 200, text="y" * 20_000), again=False)
    await client(vendor).resolve_pages(
        resolving("INC-7K3QF/page/0").model_copy(update={"reason": "z" * 30_000}), again=False
    )
    (alert,) = vendor.alerts
    assert (len(alert.wanted.message), len(alert.wanted.description), len(alert.notes[0])) == (130, 15_000, 25_000)


async def test_the_eu_region_is_spoken_to_and_pointed_to() -> None:
    vendor = standin()
    outcome = await client(vendor, opsgenie_api_url="https://api.eu.opsgenie.com/").page(page(0), again=False)
    assert outcome.url.startswith("https://app.eu.opsgenie.com/alert/detail/")
    assert {call.headers["host"] for call in vendor.calls} == {"api.eu.opsgenie.com"}


async def test_behind_a_proxy_no_page_is_pointed_to() -> None:
    vendor = standin()
    outcome = await client(vendor, opsgenie_api_url="https://api.acme.example").page(page(0), again=False)
    assert outcome.url == ""


@pytest.mark.sop("ACK-1")
async def test_a_page_that_was_called_back_is_looked_for_and_never_made() -> None:
    vendor, duty = standin(), page(1, people=(SAM,))
    with pytest.raises(NotDone):
        await client(vendor).page(duty.looked_for(), again=True)
    assert vendor.alerts == []
    first = await client(vendor).page(duty, again=False)
    assert await client(vendor).page(duty.looked_for(), again=True) == first
    assert [one.count for one in vendor.alerts] == [1]
