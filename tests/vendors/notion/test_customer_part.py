"""COM-8: of a post-mortem in Notion what people wrote under the heading for customers is read, and no more."""

import pytest

from domain.port.notebook import ReadDocument
from standins.notion.standin import Standin
from standins.notion.workspace import rich
from tests.vendors.notion.conftest import opening
from vendors.notion.client import Client


def reading(page: str) -> ReadDocument:
    known = {"key": "read_document/1", "incident": "INC-7K3QF", "clause": "COM-8", "summary": "read"}
    return ReadDocument.model_validate({**known, "ref": page, "heading": "for Customers"})


@pytest.mark.sop("COM-8")
async def test_what_stands_under_the_heading_is_read_and_nothing_that_is_generated(
    client: Client, site: Standin
) -> None:
    page = (await client.open_document(opening(), again=False)).ref
    assert (await client.read_document(reading(page), again=False)).text == ""
    blocks = ("heading_2", "For customers"), ("paragraph", "Cards failed."), ("bulleted_list_item", "We retry now.")
    for kind, words in (*blocks, ("heading_3", "Not for them"), ("paragraph", "A bug.")):
        site.workspace.add_block(page, {"type": kind, kind: {"rich_text": rich(words)}})
    assert (await client.read_document(reading(page), again=False)).text == "Cards failed.\n- We retry now."
