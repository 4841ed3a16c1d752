"""What is published is on the page once, and a difference is told."""

import pytest

from domain.company.status_template import filled
from domain.port.duty import NotDone, VendorError
from standins.standin import Fault
from standins.statuspage.standin import Standin
from tests.vendors.publication import draft, reading, update
from vendors.statuspage.client import Client


@pytest.mark.sop("COM-3")
async def test_a_draft_comes_from_the_pages_own_template_whatever_the_case(client: Client) -> None:
    drafted = await client.draft_from_template(draft(), again=False)
    assert drafted.text == "We see trouble with Checkout: payments fail. Next: 10:30."


@pytest.mark.sop("COM-3")
async def test_without_a_template_of_that_name_the_fallback_is_filled(client: Client) -> None:
    drafted = await client.draft_from_template(draft(template="Holding"), again=False)
    assert drafted.text == "Something is wrong with Checkout."


@pytest.mark.sop("COM-3")
async def test_people_can_choose_among_the_pages_own_templates(client: Client) -> None:
    found = await client.templates()
    assert found == await client.templates()
    assert all(one.name and one.body for one in found)
    assert "Investigating" in [one.name for one in found]


def test_a_placeholder_nobody_can_fill_stays_visible() -> None:
    assert (
        filled("{service} [ETA] [link](https://x.example)", {"service": "Web"}) == "Web [ETA] [link](https://x.example)"
    )


@pytest.mark.sop("COM-1")
async def test_the_first_update_opens_the_pages_incident(client: Client, page: Standin) -> None:
    opened = await client.publish_update(update(), again=False)
    (shown,) = page.incidents.values()
    assert (opened.ref, opened.url) == (shown["id"], shown["shortlink"])
    assert (shown["name"], shown["impact"], page.components["api"]) == (
        "Checkout is failing",
        "major",
        "degraded_performance",
    )


@pytest.mark.sop("COM-2")
async def test_later_updates_are_appended_to_it(client: Client, page: Standin) -> None:
    opened = await client.publish_update(update(), again=False)
    await client.publish_update(update(2, ref=opened.ref, status="identified", body="A deploy."), again=False)
    (shown,) = page.incidents.values()
    assert [said["body"] for said in shown["incident_updates"]] == ["A deploy.", "We are looking into it."]


@pytest.mark.sop("COM-6")
async def test_the_resolution_makes_every_component_operational(client: Client, page: Standin) -> None:
    opened = await client.publish_update(
        update(components={"api": "major_outage", "web": "partial_outage"}), again=False
    )
    final = update(2, ref=opened.ref, status="resolved", body="It was a deploy.", components={})
    await client.publish_update(final, again=False)
    assert page.components == {"api": "operational", "web": "operational"}
    assert next(iter(page.incidents.values()))["status"] == "resolved"


@pytest.mark.parametrize("status", ["investigating", "resolved"])
async def test_an_incident_whose_answer_was_lost_is_not_opened_twice(
    client: Client, page: Standin, status: str
) -> None:
    page.fail(Fault("lose", method="POST"))
    with pytest.raises(VendorError, match="504"):
        await client.publish_update(update(status=status), again=False)
    found = await client.publish_update(update(status=status), again=True)
    assert [shown["id"] for shown in page.incidents.values()] == [found.ref]
    assert page.notified == ["We are looking into it."]


async def test_an_incident_is_looked_for_even_when_nobody_knows_of_an_attempt(client: Client, page: Standin) -> None:
    first = await client.publish_update(update(), again=False)
    second = await client.publish_update(update(), again=False)
    assert (second.ref, len(page.notified)) == (first.ref, 1)


async def test_an_update_whose_answer_was_lost_is_not_appended_twice(client: Client, page: Standin) -> None:
    ref = (await client.publish_update(update(), again=False)).ref
    page.fail(Fault("lose", method="PATCH"))
    later = update(2, ref=ref, body="Still looking.")
    with pytest.raises(VendorError):
        await client.publish_update(later, again=False)
    await client.publish_update(later, again=True)
    assert page.notified == ["We are looking into it.", "Still looking."]


async def test_the_same_words_again_are_a_new_update_when_they_are_a_new_duty(client: Client, page: Standin) -> None:
    ref = (await client.publish_update(update(), again=False)).ref
    page.fail(Fault("refuse", method="PATCH", status=503))
    with pytest.raises(VendorError):
        await client.publish_update(update(2, ref=ref), again=False)
    await client.publish_update(update(2, ref=ref), again=True)
    assert page.notified == ["We are looking into it."] * 2


async def test_an_incident_opened_by_hand_is_compared_by_its_newest_words(client: Client, page: Standin) -> None:
    ref = (await client.publish_update(update(), again=False)).ref
    page.incidents[ref]["metadata"] = {"other": {"tool": 1}}
    await client.publish_update(update(2, ref=ref), again=True)
    assert len(page.notified) == 1
    await client.publish_update(update(3, ref=ref, body="More."), again=True)
    assert page.notified[-1] == "More."
    assert page.incidents[ref]["metadata"]["other"] == {"tool": 1}


async def test_an_incident_beyond_the_first_hundred_is_found(client: Client, page: Standin) -> None:
    ref = (await client.publish_update(update(), again=False)).ref
    for _ in range(120):
        page.press_open("Something else")
    assert (await client.publish_update(update(), again=True)).ref == ref


@pytest.mark.sop("COM-7")
async def test_a_page_that_shows_what_was_published_is_no_difference(client: Client) -> None:
    ref = (await client.publish_update(update(), again=False)).ref
    assert (await client.read_status(reading(ref), again=False)).text == ""


@pytest.mark.sop("COM-7")
async def test_an_edit_by_hand_is_told_in_plain_words(client: Client, page: Standin) -> None:
    ref = (await client.publish_update(update(), again=False)).ref
    page.press_update(ref, "monitoring", "All good!")
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
    assert page.notified == []
    first = await client.publish_update(update(), again=False)
    assert (await client.publish_update(update().looked_for(), again=True)).ref == first.ref
    with pytest.raises(NotDone):
        await client.publish_update(update(2, ref=first.ref).looked_for(), again=True)
    assert len(page.notified) == 1
