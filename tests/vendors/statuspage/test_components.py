"""COM-7: what somebody opened by hand is continued, and one incident's end leaves another's components as they are."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from standins.statuspage.standin import Standin
from tests.vendors.publication import reading, update
from vendors.statuspage.client import Client

NOW = datetime.now(UTC)
LATELY, LATER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)


@pytest.mark.sop("COM-1")
@pytest.mark.parametrize(("name", "components"), [("Payments fail", ("api",)), ("checkout is down", ())])
async def test_an_incident_that_somebody_opened_by_hand_is_continued(
    client: Client, page: Standin, name: str, components: tuple[str, ...]
) -> None:
    by_hand = page.press_open(name, components)
    said = await client.publish_update(update(adopts=LATELY, subject="Checkout"), again=False)
    assert (said.ref, len(page.incidents)) == (by_hand, 1)
    assert f"continued '{name}'" in said.text
    again = await client.publish_update(update(2, ref=said.ref), again=False)
    assert (again.ref, again.text) == (by_hand, "")


@pytest.mark.sop("COM-1")
async def test_what_is_old_about_something_else_or_ours_is_not_continued(client: Client, page: Standin) -> None:
    page.press_open("Mail is slow", ("web",))
    other = await client.publish_update(update(incident="INC-AAAAA"), again=False)
    ours = await client.publish_update(update(adopts=LATELY, subject="Checkout"), again=False)
    page.press_open("Checkout is down", ("api",))
    late = await client.publish_update(update(incident="INC-BBBBB", adopts=LATER, subject="Checkout"), again=False)
    assert len({other.ref, ours.ref, late.ref}) == 3
    assert len(page.incidents) == 5


@pytest.mark.sop("COM-7")
async def test_an_end_leaves_the_components_on_which_another_incident_burns(client: Client, page: Standin) -> None:
    first = await client.publish_update(update(components={"api": "major_outage", "web": "degraded"}), again=False)
    second = update(incident="INC-AAAAA", components={"api": "major_outage"})
    other = await client.publish_update(second, again=False)
    works = {"api": "operational", "web": "operational"}
    end = update(2, ref=first.ref, status="resolved", components=works)
    said = await client.publish_update(end, again=False)
    assert page.components == {"api": "major_outage", "web": "operational"}
    assert "left api as it stands" in said.text
    looked = reading(first.ref, status="resolved", components=works)
    assert (await client.read_status(looked, again=False)).text == ""
    ended = update(2, incident="INC-AAAAA", ref=other.ref, status="resolved", components={"api": "operational"})
    await client.publish_update(ended, again=False)
    assert page.components == works


@pytest.mark.sop("COM-3", "COM-7")
async def test_a_component_stays_as_bad_as_the_worse_of_two_incidents_shows_it(client: Client, page: Standin) -> None:
    first = await client.publish_update(update(components={"api": "major_outage"}), again=False)
    lesser: dict[str, Any] = {"incident": "INC-AAAAA", "components": {"api": "partial_outage"}}
    second = await client.publish_update(update(**lesser), again=False)
    assert page.components["api"] == "major_outage"
    assert "left api as it stands" in second.text
    eased = update(2, ref=first.ref, components={"api": "degraded"}, before={"api": "major_outage"})
    assert (await client.publish_update(eased, again=False)).text == ""
    further = update(2, ref=second.ref, before=lesser["components"], **lesser)
    assert (await client.publish_update(further, again=False)).text == ""
    assert page.components["api"] == "partial_outage"


@pytest.mark.sop("COM-7")
async def test_a_component_that_shows_something_else_is_a_difference(client: Client, page: Standin) -> None:
    said = await client.publish_update(update(components={"api": "maintenance"}), again=False)
    assert page.components["api"] == "under_maintenance"
    page.press_component("api", "operational")
    found = await client.read_status(reading(said.ref, components={"api": "maintenance"}), again=False)
    assert found.text == "The page shows component api as operational, ours was under_maintenance."


@pytest.mark.sop("COM-7")
async def test_planned_work_that_the_list_has_is_no_incident_on_which_a_component_burns(
    client: Client, page: Standin
) -> None:
    planned = page.press_open("New disks", ("api",))
    page.incidents[planned]["status"] = "in_progress"
    first = await client.publish_update(update(components={"api": "major_outage"}), again=False)
    end = update(2, ref=first.ref, status="resolved", components={"api": "operational"})
    assert (await client.publish_update(end, again=False)).text == ""
    assert page.components["api"] == "operational"
