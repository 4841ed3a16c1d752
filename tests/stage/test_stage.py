"""People look at the stage and press what they see: their presses go through the real door, and it shows what is so."""

import re
from html import unescape

import httpx
import pytest

from tests.stage.conftest import OWN, Visit


def words(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def form_of(answer: httpx.Response) -> str:
    """The id of the form that an answer shows."""
    found = re.search(r'name="form" value="([^"]+)"', answer.text)
    assert found, words(answer.text)
    return found[1]


async def declared(visit: Visit) -> str:
    """A P1 whose war room is open, declared by Jonas on the stage."""
    incident = await visit.scene.alert()
    headline = visit.on.slack.messages("incidents")[0]["ts"]
    room = visit.room()
    await visit.does("press", **{"as": "jonas"}, room=room, channel=room, message=headline, button="act:declare")
    await visit.scene.settles(incident)
    return incident


async def test_somebody_new_sees_everybody_and_what_is_to_be_done_first(visit: Visit) -> None:
    page = words(await visit.looks())
    assert "You are Dana Okafor on call Sam Lindqvist" in page
    assert "Ines Duarte writes to customers" in page
    assert "Do it for me : An alert fires" in page
    assert "Nothing was said here yet" in page
    assert "All systems operational" in page


async def test_the_page_of_real_vendors_names_what_each_needs(visit: Visit) -> None:
    page = words((await visit.http.get(f"{OWN}/stage/real")).text)
    assert "PagerDuty pager PAGERDUTY_" in page
    assert "Slack room SLACK_BOT_TOKEN" in page


async def test_what_came_of_the_incident_is_counted(visit: Visit) -> None:
    await declared(visit)
    assert "step by step: 1 alert, 3 pages, 1 room" in words(await visit.looks())


async def test_the_button_of_the_next_step_is_marked(visit: Visit) -> None:
    await visit.scene.alert()
    assert re.search(r'<button [^>]*class="\w* next">I&#39;m on it</button>', await visit.looks())
    assert not re.search(r'class="\w* next">Declare', await visit.looks())


async def test_a_press_is_done_by_the_incident_and_shown_by_it(visit: Visit) -> None:
    incident = await declared(visit)
    [event] = visit.scene.happened(incident, "severity_declared")
    assert event.by == "jonas"
    page = await visit.looks(room=visit.room(visit.scene.room(incident)))
    assert "Pinned · kept up to date" in page
    assert '<p class="hdr">P1 ' in page
    assert "You are not in this room" in words(await visit.looks(**{"as": "priya"}, room=visit.scene.room(incident)))


async def test_a_form_opens_shows_what_it_refuses_at_the_field_and_closes(visit: Visit) -> None:
    incident = await declared(visit)
    room = visit.room(visit.scene.room(incident))
    card = visit.on.slack.messages(room)[0]["ts"]
    who = {"as": "jonas", "room": room}
    opened = await visit.does("press", **who, channel=room, message=card, button="act:resolve")
    form = form_of(opened)
    assert f"form={form}" in str(opened.url)
    refused = await visit.does("submit", **who, form=form, summary="  ")
    assert refused.status_code == 422
    field = 'name="summary" id="f-summary" required aria-invalid="true" aria-describedby="w-summary'
    assert field in refused.text
    closed = await visit.does("submit", **who, form=form, summary="The fraud check was switched off.")
    assert closed.status_code == 200
    assert 'class="modal"' not in closed.text
    assert visit.scene.engine.incidents[incident].phase == "resolved"


async def test_a_command_is_answered_to_whom_typed_it_and_its_buttons_work(visit: Visit) -> None:
    incident = await declared(visit)
    room = visit.room(visit.scene.room(incident))
    answered = await visit.does("write", **{"as": "jonas"}, room=room, words="/incident")
    assert "Only visible to you" in answered.text
    assert "Only visible to you" not in await visit.looks(**{"as": "mira"}, room=room)
    menu = visit.on.slack.ephemerals[-1]
    elements = [one for block in menu["blocks"] for one in block.get("elements", ()) if one["type"] == "button"]
    asks = next(one["action_id"] for one in elements if one["text"]["text"].endswith("…"))
    where = {"room": room, "channel": room, "message": f"w{len(visit.on.slack.ephemerals) - 1}", "button": asks}
    assert form_of(await visit.does("press", **{"as": "jonas"}, **where))
    stolen = await visit.does("press", **{"as": "mira"}, **where)
    assert "that was shown to somebody else" in words(stolen.text)


async def test_what_is_chosen_in_a_form_changes_it_and_keeps_what_was_written(visit: Visit) -> None:
    incident = await declared(visit)
    room = visit.room(visit.scene.room(incident))
    card = visit.on.slack.messages(room)[0]["ts"]
    who = {"as": "ines", "room": room}
    opened = await visit.does("press", **who, channel=room, message=card, button="act:draft_update")
    filled = {"form": form_of(opened), "status": "identified", "body": "We know why <now>."}
    shown = await visit.does("choose", **who, choose="status", **filled)
    assert 'value="identified" required checked' in shown.text
    assert ">We know why &lt;now&gt;.</textarea>" in shown.text
    assert "What customers will read" in shown.text


async def test_what_people_write_stands_in_the_room_in_their_name(visit: Visit) -> None:
    room = visit.room()
    answered = await visit.does("write", **{"as": "sam"}, room=room, words="looking at <b>traces</b> & logs")
    assert "<b>Sam Lindqvist</b>" in answered.text
    assert "looking at &lt;b&gt;traces&lt;/b&gt; &amp; logs" in answered.text
    ts = visit.on.slack.messages(room)[0]["ts"]
    marked = await visit.does("react", **{"as": "ines"}, room=room, message=ts, **{"with": "pushpin"})
    assert "📌 1" in marked.text
    threaded = await visit.does("write", **{"as": "dana"}, room=room, thread=ts, words="same here")
    assert re.search(r'class="thr".*same here', threaded.text, re.DOTALL)


async def test_home_and_direct_messages_are_their_owners(visit: Visit) -> None:
    await visit.scene.alert()
    home = words(await visit.looks(**{"as": "dana"}, room="home"))
    await visit.scene.door.conversation.asking.finish()
    home = words(await visit.looks(**{"as": "dana"}, room="home"))
    assert "Declare an incident" in home
    direct = visit.on.slack.workspace.direct("U02SAM")
    visit.on.slack.workspace.post(direct, {"text": "You are paged."})
    assert "You are paged." in await visit.looks(**{"as": "sam"}, room=direct.id)
    assert "You are paged." not in await visit.looks(**{"as": "dana"}, room=direct.id)


async def test_a_message_whose_button_is_gone_is_said_to_be(visit: Visit) -> None:
    room = visit.room()
    answered = await visit.does("press", **{"as": "sam"}, room=room, channel=room, message="1.0", button="act:x")
    assert "Not done" in answered.text


@pytest.mark.parametrize("word", ["", "guessed"])
async def test_a_press_that_no_page_of_the_stage_made_is_refused(visit: Visit, word: str) -> None:
    answer = await visit.http.post("/stage/alert", data={"word": word, "alert": "errors"})
    assert answer.status_code == 403
    assert visit.on.pagerduty.pages == []


async def test_another_sites_press_and_another_name_for_this_machine_are_refused(visit: Visit) -> None:
    found = re.search(r'name="word" value="([^"]+)"', await visit.looks())
    assert found
    foreign = {"origin": "https://evil.example"}
    answer = await visit.http.post("/stage/kill", data={"word": found[1]}, headers=foreign)
    assert answer.status_code == 403
    named = await visit.http.get(f"{OWN}/stage", headers={"host": "evil.example"})
    assert named.status_code == 403


async def test_a_link_that_was_printed_leads_to_its_readers_page(visit: Visit) -> None:
    ticket = visit.on.jira.press_open("Give the fraud check a timeout")
    answer = await visit.http.get(f"{OWN}/stage/jira/browse/{ticket}", follow_redirects=False)
    assert answer.headers["location"] == f"/stage/tickets#{ticket}"
    assert f'id="{ticket}"' in await visit.looks("/stage/tickets")
    outside = words(await visit.looks("/stage/outside", to="https://runbooks.example/<x>"))
    assert "https://runbooks.example/<x>" in outside
