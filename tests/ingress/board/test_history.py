"""Every incident of the records: page by page, searched, with its severity or what was proposed for it."""

import re

import httpx
import pytest

from tests.ingress.board.guest import read
from tests.ingress.board.night import Night, busy, minutes


async def test_the_history_has_every_incident_page_by_page(night: Night, http: httpx.AsyncClient) -> None:
    await night.has_a_past(days=150)
    seen: list[str] = []
    path = "/incidents"
    while path:
        page = (await http.get(path)).text
        seen += re.findall(r'class="incident [^"]*" id="(INC-\d{5})"', page)
        older = re.search(r'href="(\?after=[^"]*)"', page)
        path = f"/incidents{older[1]}" if older else ""
    assert len(seen) == len(set(seen)) == 119


async def test_the_history_is_searched_and_its_search_goes_on_to_older_pages(
    night: Night, http: httpx.AsyncClient
) -> None:
    plays = busy(night)
    await night.archives()
    await night.has_a_past(days=150)
    billing = (await http.get("/incidents?service=billing")).text
    found = re.findall(r'class="incident [^"]*" id="(INC-\w{5})"', billing)
    assert plays["partial"].incident.id in found
    assert plays["outage"].incident.id not in found
    for search in ("q=twice", "q=jonas+invoices", "person=jonas&severity=P2&phase=active", f"q={found[0][4:].lower()}"):
        assert plays["partial"].incident.id in (await http.get(f"/incidents?{search}")).text
    assert 'href="?phase=closed&amp;after=' in (await http.get("/incidents?phase=closed")).text
    assert "fits this search" in (await http.get("/incidents?q=100%25")).text


@pytest.mark.sop("SCP-3")
async def test_nobody_finds_a_security_incident_in_the_history_by_what_it_is_about(
    night: Night, http: httpx.AsyncClient
) -> None:
    breach = busy(night)["breach"].incident
    await night.archives()
    assert breach.id in (await http.get("/incidents?service=platform")).text
    for search in ("q=bucket", "q=unauthorised", "q=mira", "person=mira"):
        assert breach.id not in (await http.get(f"/incidents?{search}")).text
    assert "Mira commanded" not in (await http.get("/incidents?service=platform")).text


@pytest.mark.sop("TRI-2")
async def test_the_history_shows_what_was_proposed_for_what_nobody_declared(
    night: Night, http: httpx.AsyncClient
) -> None:
    proposed = night.alert("unheard", minutes(3)).incident
    await night.archives()
    for search in ("", "?severity=P1"):
        page = await read(http, f"/incidents{search}")
        assert proposed.id in page
        assert 'P1<span aria-hidden="true">?</span><span class="unseen"> proposed</span>' in page
    assert proposed.id not in await read(http, "/incidents?severity=P2")
