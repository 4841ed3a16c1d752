"""The page of one incident: clocks, timeline, links, facts; from the engine, the records, or both."""

import re
from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.company.catalog import Link
from domain.incident.incident import Incident
from domain.procedure.changes import AuthoriseChange, RecordChange
from domain.run.agenda import can_be_kept, deadlines
from domain.value.line import AsTheyAre
from ingress.board.incident_page import LINES, NEWEST, same_cause
from ingress.board.page import led, left, web
from tests.ingress.board.guest import looking_at
from tests.ingress.board.night import Night, after, busy, followed, minutes


async def page_of(http: httpx.AsyncClient, incident: Incident, query: str = "") -> str:
    answer = await http.get(f"/incidents/{incident.id}{query}")
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", answer.text)


def numbers(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="event-(\d+)"', page)]


@pytest.mark.sop("WAR-6")
async def test_everything_that_happened_is_told_with_who_and_when_the_newest_first(
    night: Night, http: httpx.AsyncClient
) -> None:
    outage = busy(night)["outage"].incident
    page = await page_of(http, outage, "?all=1")
    assert numbers(page) == [event.number for event in reversed(outage.events)]
    assert '<b class="by">Dana</b> <span class="words">found</span>' in page
    assert "The new fraud check times out on every order." in page
    assert re.search(r"overdue: the communications lead, due \d\d \w{3} 03:05 UTC", page)
    assert "Ines Duarte is communications lead" in page


@pytest.mark.sop("FIX-1")
async def test_what_was_decided_stands_at_the_side_with_who_and_when(night: Night, http: httpx.AsyncClient) -> None:
    plays = busy(night)
    page = await page_of(http, plays["outage"].incident)
    assert '<h2 id="h-decided">Decided</h2>' in page
    decided = page.partition('id="h-decided"')[2].partition("</ul>")[0]
    assert "checkout back to build 4112 (rollback)" in decided
    assert '<span class="small">Jonas</span>' in decided


@pytest.mark.sop("FIX-2")
async def test_when_what_brings_a_bypass_back_is_due_is_said_in_the_readers_time(
    night: Night, http: httpx.AsyncClient
) -> None:
    outage = busy(night)["outage"]
    outage.act(RecordChange(by="jonas", change="config", description="fraud check off by flag", bypass=True))
    outage.act(AuthoriseChange(by="mira", number=2, granted=True))
    decided = (await page_of(http, outage.incident)).partition('id="h-decided"')[2].partition("</ul>")[0]
    assert "fraud check off by flag (config)" in decided
    assert re.search(r'allowed by Mira; [^<]+ open, due <time class="moment" datetime="[^"]+" data-at', decided)


@pytest.mark.sop("WAR-6")
async def test_a_moment_shows_what_was_known_and_due_then(night: Night, http: httpx.AsyncClient) -> None:
    outage = busy(night)["outage"].incident
    fifth = outage.events[4]
    page = await page_of(http, outage, f"?all=1&at={fifth.heard_at:%Y-%m-%dT%H:%M:%S.%f}Z")
    assert max(numbers(page)) == max(one.number for one in outage.events if one.heard_at <= fifth.heard_at)
    assert "As it was known at" in page
    assert "The new fraud check" not in page
    for no_moment in ("1970-01-01", "0001-01-01T00:00%2B12:00", "2199-01-01", "9999-12-31T23:59:59-12:00"):
        assert "As it was known at" not in await page_of(http, outage, f"?at={no_moment}")


async def test_what_is_overdue_is_due_first_and_what_nobody_is_asked_for_any_more_last(
    night: Night, http: httpx.AsyncClient
) -> None:
    outage = busy(night)["outage"].incident
    page = await page_of(http, outage)
    due = [int(at) for at in re.findall(r'data-due="(\d+)" data-counted', page)]
    asked = sorted((not can_be_kept(one), one.due_at) for one in deadlines(outage) if one.ring != "wait")
    assert due == [int(at.timestamp() * 1000) for _, at in asked]
    assert (asked[0][0], asked[-1][0]) == (False, True)
    assert due[0] < night.clock().timestamp() * 1000


async def test_a_role_that_a_deed_brought_is_no_line_of_its_own(night: Night, http: httpx.AsyncClient) -> None:
    outage = busy(night)["outage"].incident
    people, everything = await page_of(http, outage), await page_of(http, outage, "?show=news")
    assert "Jonas Weber is incident commander" not in people
    assert "Jonas Weber is incident commander" in everything
    assert "Ines Duarte is communications lead" in people
    assert f"People {len(numbers(people))}<" in people


async def test_why_a_clause_was_not_kept_is_said_without_the_keys_of_clocks(
    night: Night, http: httpx.AsyncClient
) -> None:
    page = await page_of(http, busy(night)["outage"].incident)
    assert "<td>publish the next status page update</td>" in page
    assert not re.search(r"<td>[A-Z]{2,3}-\d+", page)


async def test_upkeep_is_left_out_unless_asked_for(night: Night, http: httpx.AsyncClient) -> None:
    outage = busy(night)["outage"].incident
    news = await page_of(http, outage, "?show=news")
    assert len(numbers(await page_of(http, outage))) < len(numbers(news)) < len(outage.events)
    assert "keep the headline" not in news


async def test_a_long_timeline_begins_with_the_newest_and_folds_the_rest_unless_it_is_asked_for(
    night: Night, http: httpx.AsyncClient
) -> None:
    play = night.alert("outage", minutes(60))
    for number in range(NEWEST + 3):
        after(play, minutes(1), "note", "dana", text=f"note {number}")
    page = await page_of(http, play.incident)
    shown, _, folded = page.partition('<details id="before">')
    assert len(numbers(shown)) == NEWEST
    assert f"<summary>{len(numbers(folded))} more, earlier</summary>" in page
    assert numbers(shown) + numbers(folded) == sorted(numbers(page), reverse=True)
    for asked in ("?all=1", f"?before={numbers(page)[0]}"):
        assert '<details id="before">' not in await page_of(http, play.incident, asked)


async def test_a_long_timeline_has_pages(night: Night, http: httpx.AsyncClient) -> None:
    play = night.alert("outage", minutes(60))
    for number in range(LINES // 2 + 30):  # each is said in the room, which is an event too
        after(play, minutes(1), "note", "dana", text=f"note {number}")
    seen = numbers(await page_of(http, play.incident, "?all=1"))
    assert len(seen) == LINES
    rest = numbers(await page_of(http, play.incident, f"?all=1&before={seen[-1]}"))
    assert seen + rest == [event.number for event in reversed(play.incident.events)]


async def test_where_to_look_is_linked_and_only_what_is_of_the_web(night: Night, http: httpx.AsyncClient) -> None:
    play = night.alert("outage", minutes(5))
    bad = (Link(label="Panel", url="javascript:alert(1)"), Link(label="Good panel", url="https://grafana.example/d/1"))
    play.incident.opened = play.incident.opened.model_copy(update={"links": bad})
    play.incident.events[0] = play.incident.events[0].model_copy(update={"what": play.incident.opened})
    page = await page_of(http, play.incident)
    assert "javascript:" not in page
    for url in ("https://grafana.example/d/1", "https://grafana.harbourline.example/d/checkout"):
        assert f'href="{url}" rel="noreferrer"' in page
    assert "runbooks.harbourline.example/errors-after-deploy" in page


@pytest.mark.sop("REP-1")
async def test_that_nothing_else_had_the_cause_is_said_once_it_was_looked_up(
    night: Night, http: httpx.AsyncClient
) -> None:
    disk = followed(night)["disk"].incident
    assert "Same cause as</dt><dd>no other incident</dd>" in await page_of(http, disk)
    disk.done = {key: done for key, done in disk.done.items() if not key.startswith("find_repeats")}
    assert same_cause(disk) == "not looked up yet"


async def test_the_clauses_so_far_are_judged(night: Night, http: httpx.AsyncClient) -> None:
    page = await page_of(http, busy(night)["outage"].incident)
    assert re.search(r"Clause by clause, with the proof: \d+", page)
    assert re.search(r'<td>overdue</td><td>[^<]+</td><td><a class="proof"', page)


async def test_each_place_to_look_is_named_once_and_the_page_itself_is_none(
    night: Night, http: httpx.AsyncClient
) -> None:
    page = await page_of(http, followed(night)["certificate"].incident)
    named = re.findall(r'<a href="([^"]+)" rel="noreferrer">', page.partition('class="links"')[2].partition("</ul>")[0])
    assert named
    assert len(named) == len({*named})
    assert not any("/incidents/" in one for one in named)


async def test_the_checklist_says_what_is_left(night: Night, http: httpx.AsyncClient) -> None:
    page = await page_of(http, busy(night)["outage"].incident)
    assert re.search(r"The checklist: taken (complete|\d+ left), triaged", page)
    assert "<td>fought</td>" in page


async def test_the_records_alone_tell_the_whole_story(night: Night, http: httpx.AsyncClient) -> None:
    outage = busy(night)["outage"].incident
    await night.archives()
    complete = numbers(await page_of(http, outage, "?all=1"))
    alone = Night(night.records)
    alone.engine.away = True
    async with looking_at(alone.board) as newcomer:
        page = await page_of(newcomer, outage, "?all=1")
    assert numbers(page) == complete
    assert "Temporal does not answer" in page


async def test_the_engine_adds_what_the_records_do_not_have_yet(night: Night, http: httpx.AsyncClient) -> None:
    play = busy(night)["outage"]
    await night.archives()
    await page_of(http, play.incident)
    after(play, night.clock() - play.world.starts_at, "note", "dana", text="And this is news.")
    page = await page_of(http, play.incident)
    assert "And this is news." in page
    assert "does not answer" not in page


async def test_an_id_is_found_however_it_is_spelled(night: Night, http: httpx.AsyncClient) -> None:
    incident = night.alert("outage", minutes(5)).incident
    answer = await http.get(f"/incidents/{incident.id.removeprefix('INC-').lower()}")
    assert (answer.status_code, answer.headers["location"]) == (307, f"/incidents/{incident.id}")


async def test_an_incident_that_nobody_knows_is_not_there(night: Night, http: httpx.AsyncClient) -> None:
    for name in ("INC-00000", "nonsense", "%3Cscript%3E"):
        answer = await http.get(f"/incidents/{name}")
        assert (answer.status_code, "No such incident" in answer.text, "<script>" in answer.text) == (404, True, False)


async def test_an_incident_that_cannot_be_looked_up_is_not_said_to_be_missing(
    night: Night, http: httpx.AsyncClient
) -> None:
    night.engine.away = True
    answer = await http.get("/incidents/INC-00000")
    assert (answer.status_code, "Temporal did not answer" in answer.text) == (503, True)


@pytest.mark.parametrize("before", ["x", "-1", "\u0663", "9" * 400, "1e3"])
async def test_an_odd_page_number_is_the_first_page(night: Night, http: httpx.AsyncClient, before: str) -> None:
    incident = night.alert("outage", minutes(5)).incident
    answer = await http.get(f"/incidents/{incident.id}", params={"before": before, "all": "1"})
    assert numbers(answer.text)[0] == incident.number


def test_every_event_of_a_busy_night_has_words(night: Night) -> None:
    told = [event for play in (busy(night) | followed(night)).values() for event in play.incident.events]
    assert len({event.what.kind for event in told}) > 17
    for event in told:
        line = event.what.line(AsTheyAre())
        assert line.words
        assert "{" not in line.words


@given(some.timedeltas())
def test_a_clock_is_short_whatever_it_shows(span: timedelta) -> None:
    assert re.fullmatch(r"(\d\d? (s|min)|\d\d? h( \d\d? min)?|\d+ days) (left|overdue)", left(span))


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.com/a", True),
        ("http://example.com", True),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.com", False),
        ("https:", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_only_addresses_of_the_web_become_links(url: str, kept: bool) -> None:
    assert bool(web(url)) is kept


@pytest.mark.sop("WAR-6")
async def test_who_it_was_is_said_of_what_has_no_other_subject(night: Night, http: httpx.AsyncClient) -> None:
    play = busy(night)["outage"]
    now = night.clock() - play.world.starts_at
    after(play, now, "add_item", "mira", title="Alert on the pool", owner="sam")
    after(play, now, "add_item", "sam", title="A runbook for it", owner="sam")
    page = await page_of(http, play.incident)
    said = re.findall(r'(<b class="by">\w+</b>: )?<span class="words">action item for Sam', page)
    assert said == ["", '<b class="by">Mira</b>: ']


def test_an_incident_that_a_text_names_is_a_link_and_the_rest_is_text() -> None:
    assert led("INC-7K3QF, 3 days before; root cause <b>") == (
        '<a href="/incidents/INC-7K3QF">INC-7K3QF</a>, 3 days before; root cause &lt;b&gt;'
    )
    assert led('"INC-7K3QF2 INC-7K3Q') == "&#34;INC-7K3QF2 INC-7K3Q"
