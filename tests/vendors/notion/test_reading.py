"""A post-mortem is read back: people's headings with nothing under them but what the template says."""

import pytest

from domain.port.notebook import ReviewDocument
from standins.notion.standin import Standin
from tests.vendors.notion.conftest import opening
from vendors.notion.client import Client


@pytest.mark.sop("PM-3")
async def test_headings_in_which_nobody_has_written_are_named(client: Client, site: Standin) -> None:
    template = site.workspace.add_template(site.postmortems, "Summary", "Timeline", "Lessons")
    site.press_write(template, "What did customers see?", after="Summary")
    page = (await client.open_document(opening(), again=False)).ref
    duty = ReviewDocument(
        key="review_document/1",
        incident="INC-7K3QF",
        clause="PM-3",
        summary="",
        ref=page,
        generated=("Timeline", "Impact"),
    )
    assert (await client.review_document(duty, again=False)).unwritten == ("Summary", "Lessons")
    site.press_write(page, "Alert earlier.", after="Lessons")
    assert (await client.review_document(duty, again=False)).unwritten == ("Summary",)
    site.press_write(page, "They could not pay.", after="Summary")
    assert (await client.review_document(duty, again=True)).unwritten == ()
