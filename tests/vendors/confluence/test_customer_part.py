"""COM-8: of a post-mortem in Confluence what people wrote under the heading for customers is read, and no more."""

import pytest

from domain.port.notebook import ReadDocument
from standins.confluence.standin import Standin
from tests.vendors.confluence.conftest import opening
from vendors.confluence.client import Client


def reading(page: str) -> ReadDocument:
    known = {"key": "read_document/1", "incident": "INC-7K3QF", "clause": "COM-8", "summary": "read"}
    return ReadDocument.model_validate({**known, "ref": page, "heading": "for Customers"})


@pytest.mark.sop("COM-8")
async def test_what_stands_under_the_heading_is_read_and_nothing_that_is_generated(
    client: Client, site: Standin
) -> None:
    page = (await client.open_document(opening(), again=False)).ref
    assert (await client.read_document(reading(page), again=False)).text == ""
    site.press_write(page, "<h2>For customers</h2><p>Cards <em>failed</em>.</p><ul><li><p>We retry now.</p></li></ul>")
    site.press_write(page, "<h3>Not for them</h3><p>A bug.</p>")
    assert (await client.read_document(reading(page), again=False)).text == "Cards failed.\n- We retry now."
