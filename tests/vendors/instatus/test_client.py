"""What is published is on the page once, and a difference is told."""

import pytest

from domain.company.status_template import filled
from domain.port.duty import NotDone, VendorError
from standins.instatus.standin import Standin
from standins.standin import Fault
from tests.vendors.publication import INCIDENT, draft, reading, update
from vendors.instatus.client import FURTHEST, PAGE_LENGTH, Client

FIRST = f"We are looking into it.\n\nReference: {INCIDENT}/1"


@pytest.mark.sop("COM-3")
async def test_a_draft_comes_from_the_pages_own_template_for_incidents_whatever_the_case(client: Client) -> None:
    drafted = await client.draft_from_template(draft(), again=False)
    assert drafted.text == "We see trouble with Checkout: payments fail. Next: 10:30."


@pytest.mark.sop("COM-3")
async def test_without_a_template_of_that_name_the_fallback_is_filled(client: Client) -> None:
    drafted = await client.draft_from_template(draft(template="Holding"), again=False)
    assert drafted.text == "Something is wrong with Checkout."


async def test_a_template_beyond_the_first_page_of_the_list_is_found(client: Client, page: Standin) -> None:
    page.account.templates = {f"Other {number}": "x" for number in range(PAGE_LENGTH)} | {"Late": "It is {service}."}
    assert (await client.draft_from_template(draft(template="late"), again=False)).text == "It is Checkout."


@pytest.mark.sop("COM-3")
async def test_people_can_choose_among_the_pages_own_templates(client: Client) -> None:
    found = await client.templates()
    assert found == await client.templates()
    assert all(one.name and one.body for one in found)
    assert "Investigating" in [one.name for one in found]


def test_a_placeholder_nobody_can_fill_stays_visible() -> None:
    said = "{service} [ETA] [link](https://x.example)"
    assert filled(said, {"service": "Web"}) == "Web [ETA] [link](https://x.example)"


@pytest.mark.sop("COM-1")
async def test_the_first_update_opens_the_pages_incident(client: Client, page: Standin) -> None:
    opened = await client.publish_update(update(), again=False)
    (shown,) = page.account.incidents.values()
    assert (opened.ref, shown["name"], shown["status"]) == (shown["id"], "Checkout is failing", "INVESTIGATING")
    assert (page.account.components["api"], page.account.notified) == ("DEGRADEDPERFORMANCE", [FIRST])


async def test_an_update_without_components_can_be_published(client: Client, page: Standin) -> None:
    opened = await client.publish_update(update(components={}), again=False)
    await client.publish_update(update(2, ref=opened.ref, components={}), again=False)
    assert (len(page.account.notified), page.account.components["api"]) == (2, "OPERATIONAL")


@pytest.mark.sop("COM-2")
async def test_later_updates_are_appended_to_it(client: Client, page: Standin) -> None:
    opened = await client.publish_update(update(), again=False)
    later = update(2, ref=opened.ref, status="identified", body="A deploy.", components={"web": "partial_outage"})
    assert (await client.publish_update(later, again=False)).ref == opened.ref
    (shown,) = page.account.incidents.values()
    assert (shown["status"], page.account.notified) == ("IDENTIFIED", [FIRST, f"A deploy.\n\nReference: {INCIDENT}/2"])
    assert page.account.components == {"api": "DEGRADEDPERFORMANCE", "web": "PARTIALOUTAGE"}


@pytest.mark.sop("COM-6")
async def test_the_resolution_makes_every_component_operational(client: Client, page: Standin) -> None:
    opened = await client.publish_update(
        update(components={"api": "major_outage", "web": "partial_outage"}), again=False
    )
    final = update(2, ref=opened.ref, status="resolved", body="It was a deploy.", components={})
    await client.publish_update(final, again=False)
    assert page.account.components == {"api": "OPERATIONAL", "web": "OPERATIONAL"}
    assert next(iter(page.account.incidents.values()))["status"] == "RESOLVED"


async def test_a_component_in_a_state_that_instatus_no_longer_takes_stays_named(client: Client, page: Standin) -> None:
    ref = (await client.publish_update(update(), again=False)).ref
    page.account.incidents[ref]["components"] = [{"id": "web", "name": "web", "status": "IDENTIFIED"}]
    await client.publish_update(update(2, ref=ref), again=False)
    assert {one["id"] for one in page.account.incidents[ref]["components"]} == {"api", "web"}


@pytest.mark.parametrize("status", ["investigating", "resolved"])
async def test_an_incident_whose_answer_was_lost_is_not_opened_twice(
    client: Client, page: Standin, status: str
) -> None:
    page.fail(Fault("lose", method="POST"))
    with pytest.raises(VendorError, match="504"):
        await client.publish_update(update(status=status), again=False)
    found = await client.publish_update(update(status=status), again=True)
    assert [shown["id"] for shown in page.account.incidents.values()] == [found.ref]
    assert page.account.notified == [FIRST]


async def test_an_incident_is_looked_for_even_when_nobody_knows_of_an_attempt(client: Client, page: Standin) -> None:
    first = await client.publish_update(update(), again=False)
    second = await client.publish_update(update(), again=False)
    assert (second.ref, len(page.account.notified)) == (first.ref, 1)


async def test_an_update_whose_answer_was_lost_is_not_appended_twice(client: Client, page: Standin) -> None:
    ref = (await client.publish_update(update(), again=False)).ref
    page.fail(Fault("lose", path="incident-updates"))
    later = update(2, ref=ref, body="Still looking.")
    with pytest.raises(VendorError):
        await client.publish_update(later, again=False)
    for again in (True, False):
        await client.publish_update(later, again=again)
    assert page.account.notified == [FIRST, f"Still looking.\n\nReference: {INCIDENT}/2"]


async def test_the_same_words_again_are_a_new_update_when_they_are_a_new_duty(client: Client, page: Standin) -> None:
    ref = (await client.publish_update(update(), again=False)).ref
    page.fail(Fault("refuse", method="POST", status=503))
    with pytest.raises(VendorError):
        await client.publish_update(update(2, ref=ref), again=False)
    await client.publish_update(update(2, ref=ref), again=True)
    assert len(page.account.notified) == 2


async def test_another_incident_of_ours_is_not_mistaken_for_this_one(client: Client, page: Standin) -> None:
    other = await client.publish_update(update(incident="INC-7K3QG"), again=False)
    mine = await client.publish_update(update(), again=True)
    assert (mine.ref != other.ref, len(page.account.notified)) == (True, 2)


async def test_an_incident_without_a_reference_of_ours_is_compared_by_its_newest_words(
    client: Client, page: Standin
) -> None:
    ref = (await client.publish_update(update(), again=False)).ref
    page.press_edit(ref, " We are  looking into it.\n")
    await client.publish_update(update(2, ref=ref), again=True)
    assert len(page.account.notified) == 1
    await client.publish_update(update(2, ref=ref), again=False)
    assert len(page.account.notified) == 2


async def test_an_incident_beyond_the_first_page_of_the_list_is_found(client: Client, page: Standin) -> None:
    ref = (await client.publish_update(update(), again=False)).ref
    for _ in range(PAGE_LENGTH + 20):
        page.press_open("Something else")
    assert (await client.publish_update(update(), again=True)).ref == ref


async def test_the_look_among_resolved_incidents_has_an_end(client: Client, page: Standin) -> None:
    for _ in range(PAGE_LENGTH * FURTHEST + 1):
        page.press_open("Something else", "RESOLVED")
    await client.publish_update(update(), again=True)
    assert [call.method for call in page.calls] == ["GET"] * (FURTHEST + 2) + ["POST"]


@pytest.mark.sop("COM-7")
async def test_a_page_that_shows_what_was_published_is_no_difference(client: Client) -> None:
    ref = (await client.publish_update(update(), again=False)).ref
    assert (await client.read_status(reading(ref), again=False)).text == ""


@pytest.mark.sop("COM-7")
async def test_an_edit_by_hand_is_told_in_plain_words(client: Client, page: Standin) -> None:
    ref = (await client.publish_update(update(), again=False)).ref
    page.press_update(ref, "MONITORING", "All good!")
    seen = await client.read_status(reading(ref), again=False)
    assert seen.text.splitlines() == [
        "The page says monitoring, the incident is investigating.",
        "The page's newest text is “All good!”, ours was “We are looking into it.”.",
    ]


@pytest.mark.sop("COM-7")
async def test_an_incident_deleted_by_hand_is_told(client: Client, page: Standin) -> None:
    ref = (await client.publish_update(update(), again=False)).ref
    page.press_delete(ref)
    assert "no longer shows" in (await client.read_status(reading(ref), again=False)).text


@pytest.mark.sop("COM-3")
async def test_an_update_that_was_called_back_is_looked_for_and_never_published(client: Client, page: Standin) -> None:
    with pytest.raises(NotDone):
        await client.publish_update(update().looked_for(), again=True)
    assert page.account.notified == []
    first = await client.publish_update(update(), again=False)
    assert (await client.publish_update(update().looked_for(), again=True)).ref == first.ref
    with pytest.raises(NotDone):
        await client.publish_update(update(2, ref=first.ref).looked_for(), again=True)
    assert len(page.account.notified) == 1
