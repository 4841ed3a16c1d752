"""Looking while somebody is away, while many look, and while there is much to see."""

import asyncio
import os
import re
import shutil
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from config.company import SHIPPED, Company
from config.company import Settings as CompanySettings
from domain.simulation.incident import SimulatedIncident
from ingress.board.memory import RecordsReader
from ingress.board.page import environment
from ingress.board.reader import HistoryReader
from ingress.board.snapshot import FOLLOWED, FRESH, STALE, Snapshots
from records.erasure import Request
from records.redaction import Redaction, names
from tests.ingress.board.guest import due, looking_at, read, words
from tests.ingress.board.night import Night, after, busy, followed, minutes
from tests.records.test_export import KEY


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
    assert "22 min overdue" in page


async def test_an_incident_that_nothing_is_known_of_is_listed_all_the_same(
    night: Night, http: httpx.AsyncClient
) -> None:
    play = night.alert("unheard", minutes(3))
    night.engine.asleep = True
    said = words(await read(http))
    assert play.incident.id in said
    assert "next deadline; which is not known" in said


async def test_without_the_records_the_board_shows_what_the_engine_knows(tmp_path: Path) -> None:
    night = Night(RecordsReader(f"sqlite:///{tmp_path}/records.db/no-folder"))
    outage = busy(night)["outage"].incident
    (tmp_path / "records.db").write_text("")
    async with night.board.running(), looking_at(night.board) as http:
        page = await read(http)
        assert "The records do not answer" in page
        assert outage.id in page
        assert f'id="event-{outage.number}"' in await read(http, f"/incidents/{outage.id}?all=1")
        assert "The records do not answer" in await read(http, "/incidents")
        assert "The records do not answer" in await read(http, "/suppressed")
        answer = await http.get("/kpi")
        assert (answer.status_code, "No figure can be shown" in answer.text) == (503, True)


async def test_with_everybody_away_the_page_does_not_say_that_all_is_well(tmp_path: Path) -> None:
    night = Night(RecordsReader(f"sqlite:///{tmp_path}/nothing.db"))
    night.engine.away = True
    async with night.board.running(), looking_at(night.board) as http:
        page = await read(http)
    assert "Nothing is known of open incidents" in page
    assert "no such table" in page
    assert "No clock is known" in page
    assert "No incident is being fought" not in page


@pytest.mark.sop("SOC-1")
async def test_a_file_of_the_company_that_cannot_be_used_is_said_and_a_quiet_board_stays_quiet(
    night: Night, tmp_path: Path
) -> None:
    for name in ("policy", "catalog"):
        shutil.copy(SHIPPED / f"{name}.yaml", tmp_path)
    files = CompanySettings(standfast_policy=tmp_path / "policy.yaml", standfast_catalog=tmp_path / "catalog.yaml")
    edited = Night(night.records, company=Company(files))
    async with edited.board.running(), looking_at(edited.board) as http:
        assert "cannot be used" not in await read(http)
        spoilt(tmp_path / "catalog.yaml")
        said = words(await read(http))
        assert "catalog.yaml cannot be used . It was changed, and what it said before goes on. Found: not YAML" in said
        assert "Nothing is due." in said


async def test_the_first_reader_waits_for_no_template(tmp_path: Path) -> None:
    environment.cache_clear()
    night = Night(RecordsReader(f"sqlite:///{tmp_path}/records.db"))
    async with night.board.running():
        kept = environment().cache
        assert kept is not None
        assert {name for _, name in kept.keys()} == set(environment().list_templates())  # noqa: SIM118


async def test_many_lookers_cost_one_look(night: Night) -> None:
    night.alert("outage", minutes(2))
    sight = Snapshots(night.engine, night.reader, HistoryReader(night.reader, night.engine), night.clock)
    for looks in (1, 2):
        await asyncio.gather(*(sight.scene() for _ in range(20)))
        assert len(night.engine.asked) == looks
        night.clock.at += STALE


async def test_a_look_that_is_not_too_old_is_shown_while_the_next_is_taken(night: Night) -> None:
    night.alert("outage", minutes(2))
    sight = Snapshots(night.engine, night.reader, HistoryReader(night.reader, night.engine), night.clock)
    first = await sight.scene()
    night.clock.at += FRESH
    night.engine.hangs = True
    assert await sight.scene() is first
    await sight.stop()


async def test_a_look_asks_a_bounded_number_and_says_what_is_missing(
    night: Night, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingress.board.snapshot.ASKED", 4)
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
    monkeypatch.setattr("ingress.board.snapshot.WITHIN", timedelta(milliseconds=20))
    night.alert("outage", minutes(2))
    night.engine.hangs = True
    async with looking_at(night.board) as http:
        assert "No worker answers" in await read(http)


async def test_a_page_waits_for_no_slow_incident_and_the_next_one_shows_what_it_said(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, reached = asyncio.Event(), night.engine._reached

    async def slowly(incident: str) -> SimulatedIncident:
        await answers.wait()
        return await reached(incident)

    monkeypatch.setattr("ingress.board.snapshot.SOON", timedelta())
    monkeypatch.setattr("ingress.board.snapshot.WITHIN", timedelta(minutes=1))
    monkeypatch.setattr(night.engine, "_reached", slowly)
    night.alert("outage", minutes(2))
    sight = Snapshots(night.engine, night.reader, HistoryReader(night.reader, night.engine), night.clock)
    first = await sight.scene()
    assert [one.due for one in first.standing] == [None]
    assert [one.what for one in first.troubles] == ["1 incident has not been asked yet what is due"]
    monkeypatch.setattr("ingress.board.snapshot.SOON", timedelta(minutes=1))
    answers.set()
    night.clock.at += STALE
    (shown,) = (await sight.scene()).standing
    assert shown.due
    assert set(night.engine.asked) == {shown.id}
    await sight.stop()


async def test_a_follow_up_is_asked_again_only_when_it_changed_or_after_a_while(night: Night) -> None:
    play = followed(night)["certificate"]
    sight = Snapshots(night.engine, night.reader, HistoryReader(night.reader, night.engine), night.clock)
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
    sight = Snapshots(night.engine, night.reader, HistoryReader(night.reader, night.engine), night.clock)
    looking = asyncio.ensure_future(sight.scene())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await sight.stop()
    with pytest.raises(asyncio.CancelledError):
        await looking


@pytest.mark.sop("SOC-1")
async def test_who_was_erased_from_what_is_over_is_gone_from_the_page_at_the_next_look(night: Night) -> None:
    play = night.alert("erased", minutes(40))
    after(play, minutes(1), "acknowledge", "dana")
    after(play, minutes(2), "close_as", "dana", how="false_alarm", reason="a load test of ours")
    await night.archives()
    reader = HistoryReader(night.reader, night.engine)
    before = (await reader.whole(play.incident.id)).incident
    assert before
    assert (before.phase, "dana" in str(before.events)) == ("closed", True)
    words = Redaction({"dana", *names(await night.records.known("dana"))}, "erased-1f")
    asked = Request(request="DSR-7", by="mira", seconded_by="jonas", reason="Article 17")
    await night.records.erase(words, asked, key=KEY, at=night.clock() + timedelta(days=21))
    night.engine.away = True
    left = (await reader.whole(play.incident.id)).incident
    assert left
    assert "dana" not in str(left.events)


def spoilt(file: Path) -> None:
    """Somebody slips while they edit a file."""
    file.write_text("services: [")
    os.utime(file, (1, 1))
