"""The board: what is open, what is due next and who owes it, whoever is away."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from domain.company.policy_secrecy import SecrecyRule
from domain.report.view import view
from ingress.board.access import shielded
from ingress.board.gate import Guest
from ingress.board.names import BoardNames
from ingress.board.status import BoardSnapshot, OpenIncident
from ingress.board.wanted import SearchQuery
from tests.domain.story import START, catalog, policy
from tests.ingress.board.guest import due, read, visiting, words
from tests.ingress.board.night import HOSTILE, Night, after, busy, minutes


async def test_an_open_incident_is_shown_with_severity_phase_commander_and_its_next_clock(
    night: Night, http: httpx.AsyncClient
) -> None:
    outage = night.alert("outage", minutes(12))
    after(outage, minutes(2), "acknowledge", "dana")
    after(outage, minutes(4), "declare", "jonas", severity="P1")
    said = words(await read(http))
    for part in (outage.incident.id, "Checkout 5xx error rate above 5 %", "P1", "Being fought", "Jonas commands"):
        assert part in said
    assert "Checkout API" in said


async def test_the_list_says_who_does_what_what_was_found_and_what_is_overdue_longest_first(
    night: Night, http: httpx.AsyncClient
) -> None:
    plays = busy(night)
    page = await read(http)
    said = words(page)
    assert "Jonas commands, Dana is on it, Ines writes to customers" in said
    assert "Dana, 02:58 UTC : “Half the pods are back; the queue drains.”" in said
    assert "Customers told at 02:" in said
    assert re.search(r'Customers told at <time class="moment" datetime="[^"]+T02:', page)  # the browser says it locally
    assert "Nobody is on it yet" in said
    order = re.findall(r'<li class="incident rank1" id="(INC-\w{5})">', page)
    assert order.index(plays["outage"].incident.id) < order.index(plays["breach"].incident.id)


@pytest.mark.sop("COM-4", "WAR-4")
async def test_what_is_due_stands_in_order_across_incidents_with_who_owes_it(
    night: Night, http: httpx.AsyncClient
) -> None:
    plays = busy(night)
    page = await read(http)
    shown = due(page)
    views = [await night.engine.view(play.incident.id) for play in plays.values()]
    owed = sorted((due for view in views for due in view.due), key=lambda due: (due.order, due.incident, due.key))
    expected = [(one.due_at, one.incident, one.key) for one in owed]
    assert {(incident, key.replace("/", "-")) for _, incident, key in expected} == set(shown)
    at = {(incident, key.replace("/", "-")): moment for moment, incident, key in expected}
    assert [at[one] for one in shown] == [moment for moment, _, _ in expected]
    assert "<b>Ines</b> tells customers again" in page
    assert '<b class="nobody">Dana, asked</b>, answers' in page


async def test_what_is_late_is_counted_and_said(night: Night, http: httpx.AsyncClient) -> None:
    night.alert("unheard", minutes(3))
    assert "0</b> overdue" in await read(http)
    night.clock.passes(minutes=3)
    page = await read(http)
    assert "1 min overdue" in page
    assert '<b data-sum="late">1</b> overdue' in page


async def test_resolved_incidents_stand_apart_until_they_are_closed(night: Night, http: httpx.AsyncClient) -> None:
    play = night.alert("slow", minutes(40), service="billing", title="High latency", severity="warning")
    after(play, minutes(2), "acknowledge", "dana")
    after(play, minutes(4), "declare", "jonas", severity="P3")
    after(play, minutes(30), "resolve", "jonas", summary="It passed.")
    page = await read(http)
    assert page.index('id="h-followed"') < page.index(f'id="{play.incident.id}"')
    after(play, minutes(40), "answer_breach", "mira", breach=False, reason="No personal data was touched.")
    night.clock.passes(days=15)
    assert f'id="{play.incident.id}"' not in await read(http)
    assert play.incident.phase == "closed"


async def test_what_is_followed_up_stands_by_when_it_is_due_next(night: Night, http: httpx.AsyncClient) -> None:
    due = []
    for name, ago, ends in (("first", 80, 70), ("second", 60, 5), ("third", 70, 30)):
        play = night.alert(name, minutes(ago), service="billing", title=name)
        after(play, minutes(2), "acknowledge", "dana")
        after(play, minutes(4), "declare", "jonas", severity="P2")
        after(play, minutes(ends), "resolve", "jonas", summary="It passed.")
        due.append((min(one.due_at for one in view(play.incident, ()).due), play.incident.id))
    page = await read(http)
    shown = page[page.index('id="h-followed"') :]
    places = [shown.index(f'id="{name}"') for _, name in sorted(due)]
    assert places == sorted(places)


async def test_whatever_a_vendor_writes_is_text(night: Night, http: httpx.AsyncClient) -> None:
    play = night.alert("hostile", minutes(2), title=HOSTILE, source="<b>grafana</b>")
    after(play, minutes(1), "note", "<i>dana</i>", text="<i>seen</i>")
    await night.archives()
    for path in ("/", "/?part=live", "/incidents", f"/incidents/{play.incident.id}?all=1"):
        page = await read(http, path)
        assert "&lt;script&gt;" in page
        assert not any(tag in page for tag in ("<script>", "<img", "<b>grafana", "<i>dana", "<i>seen"))


async def test_pages_allow_nothing_from_elsewhere(night: Night, http: httpx.AsyncClient) -> None:
    busy(night)
    for path in ("/", "/kpi", "/incidents", "/suppressed"):
        answer = await http.get(path)
        policy = answer.headers["content-security-policy"]
        assert ("default-src 'none'" in policy, "unsafe" in policy, "http" in policy) == (True, False, False)
        assert answer.headers["cache-control"] == "no-store"
        assert not re.search(r'(src|href)="(https?:)?//', answer.text)
        assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", answer.text)


async def test_files_of_the_page_may_be_kept_for_ever_under_the_name_of_their_content(
    night: Night, http: httpx.AsyncClient
) -> None:
    found = re.findall(r'(?:src|href)="(/board/[^"]+)"', await read(http, "/kpi"))
    assert {Path(one).name for one in found} == {
        "icon.svg",
        "board.css",
        "board.js",
    }
    for path in found:
        answer = await http.get(path)
        assert (answer.status_code, "immutable" in answer.headers["cache-control"]) == (200, True)
        assert (await http.get(path, headers={"accept-encoding": "identity"})).content == answer.content
        changed = re.sub(r"/board/\w+/", "/board/0123456789abcdef/", path)
        assert (await http.get(changed)).status_code == 404


async def test_a_browser_that_has_the_page_is_told_that_nothing_changed(night: Night, http: httpx.AsyncClient) -> None:
    play = night.alert("outage", minutes(2))
    first = await http.get("/?part=live")
    night.clock.passes(seconds=30)
    again = await http.get("/?part=live", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert int(again.headers["x-standfast-now"]) == round(night.clock().timestamp() * 1000)
    after(play, night.clock() - play.world.starts_at, "acknowledge", "dana")
    night.clock.passes(seconds=30)
    changed = await http.get("/?part=live", headers={"if-none-match": first.headers["etag"]})
    assert (changed.status_code, "Dana is on it" in changed.text) == (200, True)


@pytest.mark.sop("SCP-3")
async def test_a_security_incident_shows_that_it_is_there_and_nothing_of_what_it_is(
    night: Night, http: httpx.AsyncClient
) -> None:
    breach = busy(night)["breach"]
    after(breach, minutes(20), "post_finding", "priya", conditions="Keys of the customer export were copied.")
    await night.archives()
    for path in ("/", "/incidents", f"/incidents/{breach.incident.id}"):
        page = await read(http, path)
        assert "security incident, private" in page
        assert not any(word in page for word in ("customer export", breach.incident.room_name, "data breached"))
    page = await read(http, f"/incidents/{breach.incident.id}")
    assert "SCP-3" in page
    assert "Priya Raman" in page
    assert 'id="timeline"' not in page


@pytest.mark.sop("SCP-3")
def test_who_reads_a_security_incident_is_the_policys_to_say() -> None:
    held, managers = {"on_call": "dana", "commander": "jonas"}, ("mira",)

    def readers(**rule: Any) -> set[str]:
        said = SecrecyRule.model_validate(rule)
        return {one for one in ("dana", "jonas", "mira", "sam") if said.reads(one, held, managers)}

    assert readers() == {"dana", "jonas", "mira"}
    assert readers(roles=["commander"]) == {"jonas", "mira"}
    assert readers(roles=[], managers=False, people=["sam"]) == {"sam"}


@pytest.mark.sop("SCP-3")
def test_nobody_finds_a_security_incident_by_those_who_hold_a_role_in_it() -> None:
    secret = OpenIncident(id="INC-7K3QF", kind="security", people={"on_call": "dana"})
    [seen] = shielded(BoardSnapshot(at=START, standing=(secret,)), Guest(), catalog(), SecrecyRule()).standing
    assert not SearchQuery(person="dana").holds(seen, BoardNames(policy(), catalog()))


@pytest.mark.sop("SCP-3")
@pytest.mark.parametrize(("who", "may"), [("mira@harbourline.example", True), ("U06PRIYA", True), ("dana", False)])
async def test_whom_a_trusted_proxy_names_reads_the_security_incident_they_hold_a_role_in(
    tmp_path: Path, who: str, may: bool
) -> None:
    proxy = {"standfast_board_proxy_header": "X-User", "standfast_board_proxies": "127.0.0.1"}
    async with visiting(tmp_path, **proxy) as (night, http):
        breach = busy(night)["breach"]
        for path in ("/", f"/incidents/{breach.incident.id}"):
            answer = await http.get(path, headers={"x-user": who})
            assert ("customer export" in answer.text) is may
