"""What Notion will not have written holds up nothing else, and people are told how to bring it back."""

import pytest

from domain.port.duty import VendorError
from domain.port.notebook import Section
from domain.port.outline import caption
from standins.notion.standin import Standin
from tests.vendors.notion.conftest import IMPACT, TIMELINE, opening, writing
from vendors.notion.client import Client

GROWN = Section(heading=TIMELINE.heading, lines=("- three",))
CHANGED = Section(heading=IMPACT.heading, lines=("All of them.",))


@pytest.mark.sop("PM-1")
async def test_a_block_that_is_archived_holds_up_no_other_section(client: Client, site: Standin) -> None:
    page = (await client.open_document(opening(), again=False)).ref
    old = next(id_ for id_ in site.workspace.children[page] if caption(IMPACT) in str(site.workspace.blocks[id_]))
    site.archived.add(old)
    with pytest.raises(VendorError, match=r"archived.*restore it in Notion") as told:
        await client.write_document(writing(page, CHANGED, GROWN), again=False)
    assert not told.value.retryable
    assert " three" in [line.rstrip() for line in site.workspace.text(page)]
    site.archived.clear()
    await client.write_document(writing(page, CHANGED, GROWN), again=True)
    assert " All of them." in [line.rstrip() for line in site.workspace.text(page)]


async def test_a_page_that_is_archived_says_how_to_bring_it_back(client: Client, site: Standin) -> None:
    page = (await client.open_document(opening(), again=False)).ref
    site.archived.add(page)
    with pytest.raises(VendorError, match="restore it in Notion"):
        await client.write_document(writing(page, CHANGED), again=False)
    site.workspace.children.pop(page)
    with pytest.raises(VendorError, match="404") as told:
        await client.write_document(writing(page, CHANGED), again=False)
    assert "restore it in Notion" in told.value.do


async def test_a_post_mortem_is_opened_though_a_part_of_it_cannot_be_written(client: Client, site: Standin) -> None:
    page = (await client.open_document(opening(sections=(IMPACT,)), again=False)).ref
    site.archived.add(page)
    found = await client.open_document(opening(), again=True)
    assert found.ref == page
    assert TIMELINE.heading in found.text
