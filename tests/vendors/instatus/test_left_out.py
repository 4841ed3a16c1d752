"""A component that the page does not take is left out, said, and customers read the update all the same."""

import pytest

from standins.instatus.standin import Standin
from standins.standin import Fault
from tests.vendors.publication import update
from vendors.instatus.client import Client

BOTH = {"api": "major_outage", "gone": "major_outage"}


@pytest.mark.sop("COM-1")
@pytest.mark.parametrize("by_hand", [False, True])
async def test_an_update_is_published_without_a_component_that_is_gone(
    client: Client, page: Standin, by_hand: bool
) -> None:
    ref = page.press_open("Checkout") if by_hand else ""
    said = await client.publish_update(update(2, ref=ref, components=BOTH), again=False)
    assert (said.ref, len(page.account.incidents)) == (ref or said.ref, 1)
    assert page.account.components["api"] == "MAJOROUTAGE"
    assert "without the component gone" in said.text


async def test_an_update_is_published_without_any_component_where_the_page_will_have_none(
    client: Client, page: Standin
) -> None:
    page.down = Fault("refuse", path="/incidents", method="POST", status=422, says="api")
    said = await client.publish_update(update(body="We look into it."), again=False)
    assert len(page.account.incidents) == 1
    assert "without the component api" in said.text


@pytest.mark.sop("COM-2", "COM-6")
async def test_an_update_leaves_all_the_same_where_somebody_deleted_the_incident_from_the_page(
    client: Client, page: Standin
) -> None:
    ref = (await client.publish_update(update(), again=False)).ref
    page.press_delete(ref)
    said = await client.publish_update(update(2, ref=ref, body="Payments work again."), again=False)
    assert said.ref in page.account.incidents
    assert said.text == f"begun anew: the page does not show {ref}, where it stood, any more"
