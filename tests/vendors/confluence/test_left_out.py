"""What Confluence has no more of a setting does not take the post-mortem with it."""

import httpx
import pytest

from domain.port.duty import VendorError
from domain.port.notebook import Section
from standins.confluence.standin import Standin
from tests.vendors.confluence.conftest import IMPACT, opening, writing
from vendors.confluence.client import Client, Settings
from vendors.confluence.storage import written


@pytest.mark.sop("PM-1")
@pytest.mark.parametrize("setting", ["confluence_template", "confluence_parent"])
async def test_a_template_or_a_parent_that_is_gone_is_done_without(
    settings: Settings, http: httpx.AsyncClient, site: Standin, setting: str
) -> None:
    chosen = settings.model_copy(update={setting: "4040"})
    opened = await Client(chosen, http).open_document(opening(sections=(IMPACT,)), again=False)
    assert site.storage(opened.ref) == f"<h2>Impact &amp; cost</h2><p></p>{written(IMPACT)}"
    assert setting.upper() in opened.text
    assert "4040" in opened.text


@pytest.mark.parametrize("status", ["archived", "trashed"])
async def test_a_page_that_was_put_away_says_how_to_bring_it_back(client: Client, site: Standin, status: str) -> None:
    page = (await client.open_document(opening(), again=False)).ref
    site.pages[page]["status"] = status
    with pytest.raises(VendorError, match=status) as told:
        await client.write_document(writing(page, Section(heading="Impact", lines=("More.",))), again=False)
    assert (told.value.retryable, "restore the page" in told.value.do) == (False, True)


async def test_a_token_with_scopes_calls_another_address_than_people_are_sent_to(
    settings: Settings, http: httpx.AsyncClient
) -> None:
    links = "https://acme.atlassian.net/wiki"
    changed = {"confluence_api_url": settings.confluence_url, "confluence_url": links}
    opened = await Client(settings.model_copy(update=changed), http).open_document(opening(), again=False)
    assert opened.url.startswith(f"{links}/spaces/OPS/pages/")
