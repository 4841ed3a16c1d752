"""Before the first incident the page says which components of the catalog it does not have."""

import pytest

from standins.statuspage.standin import Standin
from tests.domain.story import catalog, changed
from vendors.statuspage.client import Client


@pytest.mark.sop("COM-1")
async def test_a_component_that_the_page_has_not_is_found_beforehand(client: Client, page: Standin) -> None:
    known = changed(catalog(), services__checkout__components=["api", "web"], vendors__status_page="statuspage")
    strange = changed(known, services__checkout__components=["api", "gone"])
    assert "gone" not in str(await client.lacks(known))
    found = [lack for lack in await client.lacks(strange) if "checkout" in lack.said]
    assert ["without the component gone" in lack.said for lack in found] == [True]
    assert (found[0].fails, page.notified) == (False, [])
