"""Readings: lists, one incident, what is due, what happened, for people and for programs."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from console import due, reading, upcoming
from console.moment import clock, moment_in, named, span
from domain.procedure.findings import Note
from domain.procedure.headline import WORDS
from domain.procedure.retraction import CloseAs
from domain.run import progress as step
from domain.value.incident_id import spelled
from domain.value.model import said_span
from tests.console.conftest import Standfast
from tests.console.memory import Memory


def test_open_incidents_are_listed_the_newest_first(standfast: Standfast, house: Memory) -> None:
    older, newer = house.begin(), house.begin("slow invoices", "billing")
    standfast("severity", older, "P2")
    standfast("resolve", older, "over")
    told = standfast("list")
    assert newer in told.stdout
    assert older not in told.stdout
    assert [one["id"] for one in json.loads(standfast("list", "--all", "--json").stdout)] == [newer, older]


@pytest.mark.sop("WAR-6")
def test_an_incident_is_shown_as_it_was_known_at_a_moment(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    house.now += timedelta(minutes=2)
    standfast("ack", incident)
    house.now += timedelta(minutes=3)
    standfast("severity", incident, "P1")
    before, after = (json.loads(standfast("show", incident, "--at", at, "--json").stdout) for at in ("1m", "+4m"))
    assert (before["phase"], before["acknowledged_at"], before["severity"]) == ("alerting", None, None)
    assert [one["clause"] for one in before["due"]] == ["ACK-1"]
    assert (after["phase"], after["severity"]) == ("triage", None)
    assert "As it was known at" in standfast("show", incident, "--at", "1m").stdout
    assert "found 'noonish'" in standfast("show", incident, "--at", "noonish").stderr
    assert "nothing was known before" in standfast("show", incident, "--at", "1970-01-01").stderr
    for beyond in ("0001-01-01T00:00+12:00", "99999999d", "9999999999999d", "9999-12-31T23:59:59-12:00"):
        told = standfast("show", incident, "--at", beyond)
        assert (told.exit_code, f"found '{beyond}'" in told.stderr) == (2, True)
    assert "still to come" in standfast("show", incident, "--at", "900d").stderr


def test_a_time_of_day_is_the_first_one_after_the_opening() -> None:
    late = datetime(2026, 3, 2, 23, 50, 30, tzinfo=UTC)
    assert moment_in("23:50", late, UTC) == late
    assert moment_in("3:12", late, UTC) == datetime(2026, 3, 3, 3, 12, tzinfo=UTC)
    assert moment_in("3:12:05", late, UTC) == datetime(2026, 3, 3, 3, 12, 5, tzinfo=UTC)
    assert moment_in("2026-03-03T01:00", late, UTC) == datetime(2026, 3, 3, 1, tzinfo=UTC)


def test_an_empty_list_says_what_to_do(standfast: Standfast) -> None:
    assert "--all" in standfast("list").stdout


def test_a_question_cannot_be_smuggled_into_the_list(standfast: Standfast) -> None:
    told = standfast("list", "--service", "x' OR '1'='1")
    assert told.exit_code == 2
    assert "service: found" in told.stderr


def test_an_incident_is_shown_with_roles_clocks_and_what_is_owed(standfast: Standfast, house: Memory) -> None:
    incident = house.begin("checkout [5xx] is up")
    standfast("ack", incident)
    standfast("severity", incident, "P1")
    told = standfast("show", incident)
    assert told.exit_code == 0
    for words in (
        "P1  Checkout API: checkout [5xx] is up",
        "Dana commands and is on it",
        "COM-1",
        "9 min ",
        "open the war room",
        "know nothing yet",
        f"{incident}, being fought",
    ):
        assert words in told.stdout
    assert "\x1b" not in told.stdout
    assert json.loads(standfast("show", incident, "--json").stdout)["severity"] == "P1"


def test_the_newest_finding_stands_in_what_is_shown(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    for words in (("ack", incident), ("severity", incident, "P1"), ("finding", incident, "pool is empty")):
        standfast(*words)
    assert "Dana, " in standfast("show", incident).stdout
    assert ": pool is empty" in standfast("show", incident).stdout


def test_the_checklist_says_what_is_done_and_what_is_left_stage_by_stage(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    standfast("ack", incident)
    standfast("severity", incident, "P1")
    told = standfast("checklist", incident, "--utc").stdout
    assert told.endswith("Times: UTC\n")
    assert "✓ ACK-1  acknowledge" in told
    assert re.search(r"fought: \d+ left", told)
    assert re.search(r"○ COM-1  publish the first status page update", told)
    stages = json.loads(standfast("checklist", incident, "--json").stdout)
    assert [stage["name"] for stage in stages][:3] == ["taken", "triaged", "fought"]


def test_the_scorecard_counts_and_shows_what_was_not_kept_in_time(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    standfast("ack", incident)
    told = standfast("scorecard", incident).stdout
    assert re.search(r"^\d+ kept, \d+ late, \d+ never kept", told)
    assert "ACK-1" not in told
    assert re.search(r"^ACK-1 +kept +Somebody is on it ", standfast("scorecard", incident, "--all").stdout, re.M)
    verdicts = {one["clause"]: one["verdict"] for one in json.loads(standfast("scorecard", incident, "--json").stdout)}
    assert verdicts["ACK-1"] == "met"


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=59), "59 s"),
        (timedelta(minutes=13, seconds=59), "13 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=2, minutes=5), "2 h 5 min"),
        (timedelta(hours=23, minutes=59), "23 h 59 min"),
        (timedelta(days=1, minutes=20), "1 day"),
        (timedelta(days=1, hours=4, minutes=31), "1 day 5 h"),
        (timedelta(hours=47, minutes=59), "2 days"),
        (timedelta(days=3, hours=4, minutes=9), "3 days"),
    ],
)
def test_spans_are_said_as_people_say_them_in_the_same_words_everywhere(length: timedelta, said: str) -> None:
    assert span(length) == said_span(length) == said


def test_moments_are_said_in_the_readers_time(house: Memory) -> None:
    zone = timezone(timedelta(hours=2), "CEST")
    at = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)
    assert clock(at, at, zone) == "00:30"
    assert clock(at, at - timedelta(hours=2), zone) == "04 Mar 00:30"
    assert named(at, zone) == "Times: CEST (UTC+0200)"


def test_without_a_worker_the_last_known_state_is_shown(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    house.silent = True
    for words in (("show", incident), ("timeline", incident)):
        told = standfast(*words)
        assert told.exit_code == 5
        assert f"{WORDS['alerting']}, opened " in told.stdout
        assert "no worker answered" in told.stderr


def test_what_is_due_is_shown_across_incidents_the_next_first(standfast: Standfast, house: Memory) -> None:
    first, second = house.begin(), house.begin("slow invoices", "billing")
    standfast("ack", second)
    found = json.loads(standfast("due", "--json").stdout)
    assert {one["incident"] for one in found} == {first, second}
    assert [one["due_at"] for one in found] == sorted(one["due_at"] for one in found)
    assert standfast("due", second.lower()).stdout.count(second.removeprefix("INC-")) == len(
        [one for one in found if one["incident"] == second]
    )


def test_due_names_the_incidents_that_do_not_answer(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    house.silent = True
    told = standfast("due")
    assert (told.exit_code, told.stdout) == (5, "")
    assert f"{incident}: no worker answered; as last seen, its next deadline" in told.stderr


def test_only_those_are_asked_whose_next_deadline_is_among_the_next(standfast: Standfast, house: Memory) -> None:
    began = house.now
    for number in range(60):
        house.now = began + timedelta(minutes=number)
        house.begin(f"checkout {number}")
    told = standfast("due")
    assert told.exit_code == 0
    assert (told.stdout.count("ACK-1"), len(house.asked) < 60) == (due.NEXT, True)
    assert "Not asked yet: 4 incidents from" in told.stdout
    assert standfast("due", "--all").stdout.count("ACK-1") == 60
    assert len({one["incident"] for one in json.loads(standfast("due", "--json").stdout)}) == 60


def test_where_nobody_answers_not_everybody_is_asked(standfast: Standfast, house: Memory) -> None:
    for number in range(60):
        house.begin(f"checkout {number}")
    house.silent = True
    told = standfast("due")
    assert told.exit_code == 5
    assert len(house.asked) == upcoming.AT_ONCE
    assert told.stderr.count("no worker answered; as last seen, its next deadline") == due.NEXT
    assert "nor did 10 more answer" in told.stderr


def test_those_that_are_stuck_hide_nobody_else(standfast: Standfast, house: Memory) -> None:
    ids = [house.begin(f"checkout {number}") for number in range(20)]
    house.stuck = set(ids[: upcoming.AT_ONCE])
    told = standfast("due")
    assert (told.exit_code, told.stdout.count("ACK-1")) == (5, 12)
    assert told.stderr.count("no worker answered; as last seen, nothing is known") == upcoming.AT_ONCE


def test_those_that_owe_nothing_are_not_asked_what_is_next(standfast: Standfast, house: Memory) -> None:
    waiting, fought = house.begin("a disk that will be full", called="info"), house.begin()
    assert "ACK-1" in standfast("due").stdout
    assert house.asked == [fought]
    assert waiting in {one.id for one in asyncio.run(house.list_incidents())}


@pytest.mark.parametrize("words", ["--all", "--json"])
def test_who_wants_all_has_everybody_asked(words: str, standfast: Standfast, house: Memory) -> None:
    ids = [house.begin(f"checkout {number}") for number in range(20)]
    house.silent = True
    assert standfast("due", words).exit_code == 5
    assert set(house.asked) == set(ids)


def test_deadlines_of_those_that_were_asked_are_never_left_out_without_a_word(
    standfast: Standfast, house: Memory
) -> None:
    for number in range(upcoming.AT_ONCE):
        incident = house.begin(f"checkout {number}")
        standfast("ack", incident)
        standfast("severity", incident, "P1")
    left = len(json.loads(standfast("due", "--json").stdout)) - due.NEXT
    assert left > 0
    assert f"Not shown: {left} deadlines; `standfast due --all`" in standfast("due").stdout
    assert "Not shown" not in standfast("due", "--all").stdout


def test_a_long_timeline_is_read_to_its_end(standfast: Standfast, house: Memory) -> None:
    incident = house.begin()
    for number in range(450):
        note(house, incident, number)
    told = json.loads(standfast("timeline", incident, "--json").stdout)
    assert [event["number"] for event in told] == list(range(1, 452))
    assert "noted: note 449" in standfast("timeline", incident, "--after", "450").stdout


def note(house: Memory, incident: str, number: int) -> None:
    step.receive(house.incidents[incident], Note(id=str(number), by="dana", text=f"note {number}"), house.now)


async def test_following_ends_when_the_incident_is_closed(
    house: Memory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = house.begin()

    async def moments() -> AsyncIterator[datetime]:
        yield house.now
        found = house.incidents[incident]
        step.receive(found, CloseAs(by="mira", how="false_alarm", reason="a test"), house.now)
        yield house.now
        pytest.fail("it went on after the end")

    assert await reading.watch(house, incident, moments()) == 0
    assert "closed" in capsys.readouterr().out


async def test_following_ends_well_when_the_person_has_seen_enough(house: Memory) -> None:
    incident, seen = house.begin(), asyncio.Event()

    async def moments() -> AsyncIterator[datetime]:
        yield house.now
        seen.set()
        await asyncio.Event().wait()

    following = asyncio.create_task(reading.watch(house, incident, moments()))
    await seen.wait()
    following.cancel()
    assert await following == 0


@pytest.mark.parametrize("word", ["INC-7KQ21", "inc-7kq2l", "7kq2i", " #INC-7KQ21 ", "inc7kq21"])
def test_ids_are_understood_as_they_are_typed(word: str) -> None:
    assert spelled(word) == "INC-7KQ21"
