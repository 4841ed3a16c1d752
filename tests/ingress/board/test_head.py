"""The head of an incident's page, its lanes, and the events behind each verdict."""

import re

import httpx
import pytest

from domain.incident.effects import Done
from domain.procedure.sop import PROCEDURE
from domain.report.promises import PromiseRun, promises, spoken, state_of
from ingress.board.lane import counted, lanes
from tests.ingress.board.guest import read, words
from tests.ingress.board.night import NOW, Night, after, busy, followed, minutes

LATER = "Next for customers"


def answer(page: str, question: str) -> str:
    """The words under one question of the head."""
    [found] = re.findall(rf"<dt>{question}</dt><dd>(.*?)</dd>", page)
    return words(found)


async def test_the_head_says_who_what_for_whom_since_when_and_what_next(night: Night, http: httpx.AsyncClient) -> None:
    page = await read(http, f"/incidents/{busy(night)['outage'].incident.id}")
    head = words(page.partition('class="answers"')[0])
    assert "since 03 Mar 02:25 UTC , 47 min" in head
    assert "Jonas Weber commands Dana Okafor is on it Ines Duarte writes to customers" in answer(page, "Who decides")
    sees = answer(page, "What customers see")
    assert "Checkout: major outage “Payments fail for some customers. We are working on it.”" in sees
    assert "told at 02:35 UTC" in sees
    assert "Dana , 02:58 UTC “Half the pods are back; the queue drains.”" in answer(page, "Found last")
    assert "Dana tells the room 1 min left" in answer(page, "Next word")
    assert "Ines releases the mail to customers 26 min overdue" in answer(page, "Next for customers")


async def test_what_nobody_does_yet_is_said_first(night: Night, http: httpx.AsyncClient) -> None:
    page = await read(http, f"/incidents/{night.alert('unheard', minutes(3)).incident.id}")
    assert answer(page, "Who decides").strip().startswith("Nobody is on it yet.")
    assert answer(page, "What customers see").strip() == "They have been told nothing yet."
    assert "Dana, asked , answers 2 min left" in answer(page, "Next")


@pytest.mark.sop("COM-6")
async def test_who_approves_the_last_words_reads_until_when_they_wait(night: Night, http: httpx.AsyncClient) -> None:
    outage = busy(night)["outage"]
    after(outage, night.clock() - outage.incident.opened_at, "resolve", "jonas", summary="Back to build 4112.")
    page = await read(http, f"/incidents/{outage.incident.id}")
    due = words(page.partition('id="due"')[2].partition("</ol>")[0])
    assert "Ines publishes the last words, else neutral ones leave communications lead · COM-6" in due


@pytest.mark.sop("COM-3")
async def test_the_head_says_when_the_draft_comes_of_what_customers_hear_next(
    night: Night, http: httpx.AsyncClient
) -> None:
    fought = night.alert("fought", minutes(20))
    after(fought, minutes(3), "acknowledge", "sam")
    after(fought, minutes(4), "declare", "jonas", severity="P1")
    after(fought, minutes(6), "take_role", "ines", role="comms")
    after(fought, minutes(8), "approve_update", "ines")
    after(fought, minutes(9), "approve_mail", "ines")
    path = f"/incidents/{fought.incident.id}"
    assert re.search(
        r"by \d\d:\d\d UTC , a draft comes at \d\d:\d\d UTC · COM-2", answer(await read(http, path), LATER)
    )
    after(fought, minutes(12), "draft_update", "ines", body="We know why.")
    assert "reminded at" in answer(await read(http, path), LATER)


async def test_what_the_room_reads_of_an_event_is_one_press_away(night: Night, http: httpx.AsyncClient) -> None:
    outage = busy(night)["outage"].incident
    [said, *_] = [one for one in outage.events if isinstance(one.what, Done) and one.what.key.startswith("say/")]
    assert isinstance(said.what, Done)
    told = int(said.what.key.split("/")[1])
    where = said.what.outcome.model_copy(update={"url": "https://slack.example/p1"})
    outage.events[said.number - 1] = said.model_copy(update={"what": said.what.model_copy(update={"outcome": where})})
    page = await read(http, f"/incidents/{outage.id}?all=1")
    entry = page.partition(f'id="event-{told}"')[2].partition("</li>")[0]
    assert '<a href="https://slack.example/p1" rel="noreferrer">in Slack</a>' in entry
    assert page.count("in Slack</a>") == 1


async def test_the_head_of_a_private_incident_says_nothing_of_its_subject(
    night: Night, http: httpx.AsyncClient
) -> None:
    page = await read(http, f"/incidents/{busy(night)['breach'].incident.id}")
    assert answer(page, "What customers see").strip() == answer(page, "Found last").strip() == "Private."
    assert "Mira Castellano commands" in answer(page, "Who decides")
    assert 'class="lane"' not in page


async def test_each_promise_has_a_lane_with_its_verdict_in_one_wording(night: Night, http: httpx.AsyncClient) -> None:
    outage = busy(night)["outage"].incident
    page = await read(http, f"/incidents/{outage.id}")
    drawn = {lane.says: [word.words for word in lane.words] for group in lanes(outage, NOW) for lane in group.lanes}
    assert drawn["Somebody is on it"] == ["kept, 2 min early"]
    assert drawn["The room hears"] == ["running", "1 min late", "kept, 4 min early"]
    assert drawn["Customers hear again"] == ["overdue"]
    assert page.count('<li class="lane">') == len(drawn) + 3
    assert "met" not in {state for state, _, _ in counted(lanes(outage, NOW))}


def test_every_run_of_a_promise_is_drawn_inside_the_picture(night: Night) -> None:
    for play in (busy(night) | followed(night)).values():
        play.pass_until(night.clock())
        for group in lanes(play.incident, night.clock()):
            for lane in (*group.lanes, *group.own):
                for bar in lane.bars:
                    assert 0 <= bar.left <= 100
                    assert 0 <= bar.late <= bar.taken <= 100 - bar.left + 0.01
                    assert 0 <= bar.allowed <= 100 - bar.left + 0.01
            assert 1 <= len(group.marks) <= 7


def test_what_follows_the_fight_has_an_axis_of_its_own(night: Night) -> None:
    play = followed(night)["certificate"]
    play.pass_until(night.clock())
    fight, later = lanes(play.incident, night.clock())
    assert "Post-mortem completed" in {lane.says for lane in later.lanes}
    assert [lane.clause for lane in later.lanes if lane.clause == "ACT-2"]
    assert fight.now is None
    assert later.now is not None


@pytest.mark.sop("WAR-3", "ACK-5")
def test_a_lane_says_what_is_so_once_its_promise_is_kept(night: Night) -> None:
    said = {
        (lane.clause, lane.says)
        for play in (busy(night) | followed(night)).values()
        for group in lanes(play.incident, night.clock())
        for lane in group.lanes
    }
    asked = {(clause, promise.what.partition(" ")[0].capitalize()) for clause, promise in PROCEDURE.promises.items()}
    assert not {(clause, says.partition(" ")[0]) for clause, says in said} & asked
    assert ("ACK-5", "Somebody is heard from") in said
    assert PROCEDURE.promises["WAR-3"].stated("fill the role of commander") == "Role of commander filled"


def test_a_promise_is_said_as_people_say_it(night: Night) -> None:
    due = NOW
    for stopped, broken, said in (
        (NOW - minutes(8), False, "kept, 8 min early"),
        (NOW + minutes(1), False, "1 min late"),
        (NOW + minutes(1), True, "never kept"),
        (None, False, "overdue, 2 min"),
    ):
        one = PromiseRun("COM-1", "publish", due, stopped, broken)
        incident = night.alert("outage", minutes(30)).incident
        at = NOW + minutes(2)
        assert spoken(one, state_of(incident, one, at), at) == said
    early = NOW - minutes(13)
    one = PromiseRun("COM-1", "publish", due, None)
    assert spoken(one, state_of(incident, one, early), early) == "running, 13 min left"


async def test_a_verdict_links_to_what_was_done_and_to_what_was_said_of_it(
    night: Night, http: httpx.AsyncClient
) -> None:
    outage = busy(night)["outage"].incident
    page = await read(http, f"/incidents/{outage.id}?show=customers")
    taken = next(event.number for event in outage.events if event.what.kind == "acknowledged")
    kept = promises(outage)["ACK-1"]["ACK-1"].event
    rows = re.findall(r'<tr class="good"><th scope="row"><abbr[^>]*>ACK-1</abbr>.*?</tr>', page)
    linked = [int(number) for number in re.findall(r'aria-label="event (\d+)"', rows[0])]
    assert linked == [taken, kept]
    for number in linked:
        assert f'href="?before={number + 1}&amp;all=1#event-{number}"' in rows[0]
        assert f'id="event-{number}"' in await read(http, f"/incidents/{outage.id}?before={number + 1}&all=1")


async def test_the_timeline_shows_a_part_alone(night: Night, http: httpx.AsyncClient) -> None:
    outage = busy(night)["outage"].incident
    pages = {part: await read(http, f"/incidents/{outage.id}?show={part}") for part in ("people", "promises", "x")}
    assert "found</span>" in pages["people"]
    assert "overdue:" not in pages["people"]
    assert "found</span>" not in pages["promises"]
    assert 'aria-current="true">People' in pages["x"]
    assert 'Dana</b> <span class="words">found</span> <b class="late">· 1 min late</b>' in pages["people"]


async def test_a_moment_of_the_past_is_kept_by_the_links_to_its_parts(night: Night, http: httpx.AsyncClient) -> None:
    outage = busy(night)["outage"]
    after(outage, night.clock() - outage.world.starts_at, "note", "dana", text="later")
    then = f"{outage.incident.events[30].heard_at:%Y-%m-%dT%H:%M:%SZ}"
    page = await read(http, f"/incidents/{outage.incident.id}?at={then}")
    assert page.count(f'href="?at={then.replace(":", "%3A")}') > 4
