"""A post-mortem is read back: people's headings with nothing under them but what the template says."""

import httpx
import pytest

from domain.port.notebook import ReviewDocument
from standins.confluence.standin import Standin
from tests.vendors.confluence.conftest import opening
from vendors.confluence.client import Client, Settings

TEMPLATE = (
    "<h2>Summary</h2><p>What did customers see?</p><h2>Timeline</h2><h2>Lessons</h2>"
    "<p><ac:placeholder>What next?</ac:placeholder></p>"
)


@pytest.mark.sop("PM-3")
async def test_headings_in_which_nobody_has_written_are_named(
    settings: Settings, http: httpx.AsyncClient, site: Standin
) -> None:
    template = site.press_create("Template", TEMPLATE)
    client = Client(settings.model_copy(update={"confluence_template": template}), http)
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
    site.press_write(page, "<p>Alert earlier.</p>")
    assert (await client.review_document(duty, again=False)).unwritten == ("Summary",)
    written = site.storage(page).replace("What did customers see?", "They could not pay.")
    site._write(site.pages[page], site.pages[page]["title"], written, "")
    assert (await client.review_document(duty, again=True)).unwritten == ()
