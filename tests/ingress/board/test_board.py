"""The board: what is open, what is due next and who owes it, whoever is away."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from ingress.board.memory import Memory
from ingress.board.recall import Recall
from ingress.board.sight import FOLLOWED, FRESH, STALE, Sight
from tests.ingress.board.guest import looking_at, visiting
from tests.ingress.board.night import HOSTILE, Night, after, busy, followed, minutes


def due(page: str) -> list[tuple[str, str]]:
    """The clocks in the list of what is due, by incident and clause, in order."""
    return re.findall(r'id="due-(INC-\w{5})-([\w-]+)"', page)


async def read(http: httpx.AsyncClient, path: str = "/") -> str:
    answer = await http.get(path)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", answer.text)


def words(page: str) -> str:
    """A page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


async def test_an_open_incident_is_shown_with_severity_phase_commander_and_its_next_clock(
    night: Night, http: httpx.AsyncClient
) -> None:
    outage = night.alert("outage", minutes(12))
    after(outage, minutes(2), "acknowledge", "dana")
    after(outage, minutes(4), "declare", "jonas", severity="P1")
    said = words(await read(http))
    for part in (outage.incident.id, "Checkout 5xx error rate above 5 %", "P1", "being fought", "Jonas Weber"):
        assert part in said
    assert "Checkout API" in said


@pytest.mark.sop("COM-4", "WAR-4")
async def test_what_is_due_stands_in_order_across_incidents_with_who_owes_it(
    night: Night, http: httpx.AsyncClient
) -> None:
    plays = busy(night)
    page = await read(http)
    shown = due(page)
    views = [await night.engine.view(play.incident.id) for play in plays.values()]
    expected = sorted((one.due_at, one.incident, one.key) for view in views for one in view.due)
    assert {(incident, key.replace("/", "-")) for _, incident, key in expected} == set(shown)
    at = {(incident, key.replace("/", "-")): moment for moment, incident, key in expected}
    assert [at[one] for one in shown] == [moment for moment, _, _ in expected]
    assert "<b>Ines Duarte</b>, communications lead" in page
    assert '<b class="nobody">nobody yet</b>, on-call engineer' in page


async def test_what_is_late_is_counted_and_said(night: Night, http: httpx.AsyncClient) -> None:
    night.alert("unheard", minutes(3))
    assert "0</b> late" in await read(http)
    night.clock.passes(minutes=3)
    page = await read(http)
    assert "1m 00s late" in page
    assert '<b data-sum="late">1</b> late' in page


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


async def test_whatever_a_vendor_writes_is_text(night: Night, http: httpx.AsyncClient) -> None:
    play = night.alert("hostile", minutes(2), title=HOSTILE, source="<b>grafana</b>")
    after(play, minutes(1), "acknowledge", "<i>dana</i>")
    await night.archives()
    for path in ("/", "/?part=live", "/incidents", f"/incidents/{play.incident.id}?all=1"):
        page = await read(http, path)
        assert "&lt;script&gt;" in page
        assert not any(tag in page for tag in ("<script>", "<img", "<b>grafana", "<i>dana"))


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
        "plot.css",
        "board.js",
        "chart.js",
        "plotly.js",
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
    assert (changed.status_code, "Dana Okafor" in changed.text) == (200, True)


@pytest.mark.sop("SCP-3")
async def test_a_security_incident_shows_that_it_is_there_and_nothing_of_what_it_is(
    night: Night, http: httpx.AsyncClient
) -> None:
    breach = busy(night)["breach"]
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


async def test_without_the_engine_the_clocks_go_on_from_the_records_and_that_is_said(
    night: Night, http: httpx.AsyncClient
) -> None:
    busy(night)
    await night.archives()
    complete = due(await read(http))
    night.engine.away = True
    night.clock.passes(seconds=20)
    page = await read(http)
    assert "Temporal does not answer" in page
    assert "since 03 Mar 03:12:40 UTC" in page
    assert due(page) == complete
    stranger = Night(night.records)  # one that has never seen the engine
    stranger.engine.away = True
    async with looking_at(stranger.board) as newcomer:
        page = await read(newcomer)
        assert "not once since this board was started" in page
        assert set(due(page)) == set(complete)


async def test_without_workers_the_list_stands_and_the_clocks_are_those_last_known(
    night: Night, http: httpx.AsyncClient
) -> None:
    busy(night)
    await night.archives()
    night.engine.asleep = True
    page = await read(http)
    assert "No worker answers" in page
    assert "22m 00s late" in page


async def test_an_incident_that_nothing_is_known_of_is_listed_all_the_same(
    night: Night, http: httpx.AsyncClient
) -> None:
    play = night.alert("unheard", minutes(3))
    night.engine.asleep = True
    said = words(await read(http))
    assert play.incident.id in said
    assert "next deadline; which is not known" in said


async def test_without_the_records_the_board_shows_what_the_engine_knows(tmp_path: Path) -> None:
    night = Night(Memory(f"sqlite:///{tmp_path}/records.db/no-folder"))
    outage = busy(night)["outage"].incident
    (tmp_path / "records.db").write_text("")
    async with looking_at(night.board) as http:
        page = await read(http)
        assert "The records do not answer" in page
        assert outage.id in page
        assert f'id="event-{outage.number}"' in await read(http, f"/incidents/{outage.id}?all=1")
        assert "The records do not answer" in await read(http, "/incidents")
        assert "The records do not answer" in await read(http, "/suppressed")
        answer = await http.get("/kpi")
        assert (answer.status_code, "No figure can be shown" in answer.text) == (503, True)


async def test_with_everybody_away_the_page_does_not_say_that_all_is_well(tmp_path: Path) -> None:
    night = Night(Memory(f"sqlite:///{tmp_path}/nothing.db"))
    night.engine.away = True
    async with looking_at(night.board) as http:
        page = await read(http)
    assert "Nothing is known of open incidents" in page
    assert "no such table" in page
    assert "No clock is known" in page
    assert "No incident is being fought" not in page


async def test_many_lookers_cost_one_look(night: Night) -> None:
    night.alert("outage", minutes(2))
    sight = Sight(night.engine, night.records, Recall(night.records, night.engine), night.clock)
    for looks in (1, 2):
        await asyncio.gather(*(sight.scene() for _ in range(20)))
        assert len(night.engine.asked) == looks
        night.clock.at += STALE


async def test_a_look_that_is_not_too_old_is_shown_while_the_next_is_taken(night: Night) -> None:
    night.alert("outage", minutes(2))
    sight = Sight(night.engine, night.records, Recall(night.records, night.engine), night.clock)
    first = await sight.scene()
    night.clock.at += FRESH
    night.engine.hangs = True
    assert await sight.scene() is first
    await sight.stop()


async def test_a_look_asks_a_bounded_number_and_says_what_is_missing(
    night: Night, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingress.board.sight.ASKED", 4)
    for number in range(6):
        night.alert(f"alert {number}", minutes(2), title=f"Alert {number}")
    page = await read(http)
    assert len(night.engine.asked) == 4
    assert "2 incidents have not been asked" in page
    assert len(re.findall('class="incident ', page)) == 6
    night.clock.at += STALE
    page = await read(http)
    assert len(set(night.engine.asked)) == 6
    assert "have not been asked" not in page


async def test_an_engine_that_hangs_holds_up_no_page_for_long(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingress.board.sight.WITHIN", timedelta(milliseconds=20))
    night.alert("outage", minutes(2))
    night.engine.hangs = True
    async with looking_at(night.board) as http:
        assert "No worker answers" in await read(http)


async def test_a_follow_up_is_asked_again_only_when_it_changed_or_after_a_while(night: Night) -> None:
    play = followed(night)["certificate"]
    sight = Sight(night.engine, night.records, Recall(night.records, night.engine), night.clock)
    await sight.scene()
    night.clock.at += STALE
    await sight.scene()
    assert night.engine.asked.count(play.incident.id) == 1
    night.clock.at += FOLLOWED
    await sight.scene()
    assert night.engine.asked.count(play.incident.id) == 2
    await sight.stop()


async def test_a_look_under_way_ends_with_the_board(night: Night) -> None:
    night.alert("outage", minutes(2))
    night.engine.hangs = True
    sight = Sight(night.engine, night.records, Recall(night.records, night.engine), night.clock)
    looking = asyncio.ensure_future(sight.scene())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await sight.stop()
    with pytest.raises(asyncio.CancelledError):
        await looking
