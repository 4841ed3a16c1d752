"""What people type is answered to them alone, within Slack's three seconds, whether or not the engine is there."""

import asyncio
from typing import Any

import pytest

from standins.slack.block import faults
from standins.slack.hand import has_button
from tests.ingress.slack.scene import DANA, JONAS, STRANGER, Scene
from tests.ingress.slack.test_press import declared


def labels(answer: Any) -> list[str]:
    """The words on the buttons, without the dots that announce a form."""
    elements = [element for block in answer.get("blocks", []) for element in block.get("elements", [])]
    return [element["text"]["text"].removesuffix("…") for element in elements if element["type"] == "button"]


async def test_nothing_typed_opens_a_menu_of_what_is_open(scene: Scene) -> None:
    incident = await scene.alert()
    answer = await scene.command("", DANA)
    assert (answer["response_type"], faults(answer["blocks"])) == ("ephemeral", [])
    assert labels(answer) == ["Declare an incident", "Open menu", "What is due"]
    assert incident in answer["text"]


async def test_in_a_war_room_nothing_typed_opens_the_incidents_menu(scene: Scene) -> None:
    incident = await declared(scene)
    answer = await scene.command("", DANA, scene.room(incident))
    assert faults(answer["blocks"]) == []
    assert {"Tell the room", "Page somebody", "Quiet for a while", "Everything else I may do"} <= set(labels(answer))
    assert len(labels(answer)) <= 7
    assert answer["text"].startswith("*Checkout API: checkout 5xx error rate above 5 %*\nP1, being fought. Dana ")
    assert "|03:1" in answer["text"]
    assert "Resolve" in labels(await scene.command("", JONAS, scene.room(incident)))
    whole = labels(await scene.command("menu all", DANA, scene.room(incident)))
    assert "Timeline" in whole
    assert {"Report impact", "Quiet for a while"} <= set(whole)
    assert not {"Resolve", "Not over", "I'm on it", "Complete the review"} & set(whole)


@pytest.mark.sop("WAR-4")
async def test_a_finding_typed_in_the_war_room_is_its_incidents(scene: Scene) -> None:
    incident = await declared(scene)
    answer = await scene.command("finding the disk is full actions: deleting needs: sam", DANA, scene.room(incident))
    assert answer["text"].startswith("Dana found: the disk is full; deleting; sam. Next: Dana tells the room by <!")
    (event,) = scene.happened(incident, "finding_posted")
    assert event.by == "dana"


async def test_outside_a_war_room_it_asks_which_and_the_button_carries_on(scene: Scene) -> None:
    first, second = await scene.alert(), await scene.alert("billing is slow: p99 latency")
    answer = await scene.command("ack", DANA)
    assert answer["text"].startswith("Which incident do you mean?")
    assert labels(answer) == ["This one", "This one"]
    posted = scene.slack.workspace.post(scene.slack.rooms["incidents"], answer)
    button = next(e for b in answer["blocks"] for e in b.get("elements", []) if second in e["value"])
    message = {**posted, "blocks": [{"type": "actions", "elements": [button]}]}
    scene.slack.rooms["incidents"].messages[-1] = message
    await scene.press("This one", DANA)
    assert [len(scene.happened(one, "acknowledged")) for one in (first, second)] == [0, 1]


async def test_an_incident_that_is_named_is_meant_wherever_it_is_typed(scene: Scene) -> None:
    incident = await scene.alert()
    answer = await scene.command(f"{incident.lower()} ack", DANA)
    assert answer["text"].startswith("Dana is on it. Next: Dana says how bad it is by <!")


async def test_a_renamed_room_is_still_its_incidents(scene: Scene) -> None:
    incident = await declared(scene)
    scene.slack.rooms[scene.room(incident)].name = "checkout-is-on-fire"
    await scene.command("note we call a friend", DANA, "checkout-is-on-fire")
    assert len(scene.happened(incident, "noted")) == 1


async def test_the_wrong_person_hears_the_reason(scene: Scene) -> None:
    incident = await declared(scene)
    answer = await scene.command("resolve it is over", DANA, scene.room(incident))
    assert answer["text"] == "Only Jonas may resolve, as incident commander"


async def test_readings_are_answered_with_what_is_due_and_what_happened(scene: Scene) -> None:
    incident = await declared(scene)
    room = scene.room(incident)
    due = (await scene.command("due", DANA, room))["text"]
    assert "*10 min left*: the communications lead (nobody yet) tells customers for the first time, by <!date" in due
    assert "|03:10 UTC> · COM-1" in due
    timeline = (await scene.command("timeline", DANA, room))["text"]
    assert "Jonas declared P1" in timeline
    listed = await scene.command("list", DANA)
    assert "*P1 · Checkout API: checkout 5xx error rate above 5 %*\nbeing fought, Jonas commands" in listed["text"]
    assert incident in listed["text"]
    everything = (await scene.command("help", DANA))["text"]
    assert "declare &lt;service&gt; [severity]" in everything
    said = (await scene.command("help sev", DANA))["text"]
    assert said == "`/incident severity &lt;severity&gt; [reason], such as: severity P2 only few are hit`"


@pytest.mark.sop("SOC-1")
async def test_help_in_a_war_room_begins_with_what_its_reader_may_do_now(scene: Scene) -> None:
    room = scene.room(await declared(scene))
    engineer, commander = [(await scene.command("help", one, room))["text"] for one in (DANA, JONAS)]
    assert engineer.startswith("Now you may:\n• ")
    assert "Tell the room: `/incident finding" in engineer
    assert ("• Resolve: `/incident resolve" in engineer, "• Resolve: `/incident resolve" in commander) == (False, True)
    assert "alone opens a menu" in engineer
    scene.engine.unreachable = True
    assert (await scene.command("help", DANA, room))["text"].startswith("`/incident` alone opens a menu")


@pytest.mark.sop("SCP-3")
async def test_a_security_incident_is_read_in_its_own_room_only(scene: Scene) -> None:
    incident = await scene.alert("unauthorised access to the checkout database")
    outside = await scene.command(f"timeline {incident}", DANA)
    assert outside["text"] == f"{incident} is a security incident: it is read in its own war room."
    assert "database" not in (await scene.command("list", DANA))["text"]
    room = scene.slack.rooms[scene.room(incident)]
    assert room.private
    assert "opened" in (await scene.command("timeline", DANA, room.name))["text"]


@pytest.mark.sop("DET-2")
async def test_an_incident_is_declared_in_words_once(scene: Scene) -> None:
    answer = await scene.command("declare checkout P1 customers cannot pay", JONAS)
    (incident,) = scene.engine.incidents
    assert answer["text"].startswith(f"{incident} is open. Jonas declared P1: customers cannot pay. ")
    opened = scene.engine.incidents[incident].opened
    assert (opened.clause, opened.title, opened.source) == ("DET-2", "customers cannot pay", "slack")
    assert scene.engine.incidents[incident].commander == "jonas"
    assert scene.engine.adopted[0] == ("checkout/production", incident)


@pytest.mark.sop("DET-2")
async def test_an_incident_is_declared_in_a_form_once(scene: Scene) -> None:
    assert await scene.command("declare payments are failing", DANA) == {}
    view = list(scene.slack.views.values())[-1]
    title = next(block for block in view["blocks"] if block["block_id"] == "title")
    assert title["element"]["initial_value"] == "payments are failing"
    assert (await scene.fill({"title": "payments are failing"}, DANA)).json()["errors"] == {"service": "this is needed"}
    await scene.fill({"service": "billing", "title": "payments are failing", "severity": "P2"}, DANA)
    (incident,) = scene.engine.incidents
    assert (scene.engine.incidents[incident].opened.service, scene.engine.incidents[incident].severity) == (
        "billing", "P2",
    )  # fmt: skip
    assert scene.whispers(DANA)[-1].startswith(f"{incident} is open. Dana declared P2: payments are failing. ")


@pytest.mark.sop("DET-7")
async def test_whoever_declares_is_shown_what_is_open_on_the_service_and_joins_it_with_one_press(scene: Scene) -> None:
    there = await declared(scene)
    answer = await scene.command("declare checkout P1 customers cannot pay", JONAS)
    (new,) = set(scene.engine.incidents) - {there}
    assert labels(answer) == [f"It is {there}"]
    assert "checkout 5xx error rate above 5 %" in answer["text"]
    await scene.command("declare", DANA)
    await scene.fill({"service": "checkout", "title": "payments are failing"}, DANA)
    (third,) = set(scene.engine.incidents) - {there, new}
    shown = scene.slack.ephemerals[-1]
    assert [has_button(shown, f"It is {one}") for one in (there, new, third)] == [True, True, False]
    await scene.twice(scene.slack.press_whisper(len(scene.slack.ephemerals) - 1, f"It is {there}", DANA))
    (asked,) = scene.happened(third, "merge_asked")
    assert (asked.by, asked.what.model_dump()["into"]) == ("dana", there)


@pytest.mark.sop("DET-4")
async def test_whoever_declares_what_was_opened_just_now_joins_it_and_opens_another_with_one_press(
    scene: Scene,
) -> None:
    there, scene.engine.joins = await scene.alert("checkout 5xx error rate above 5 %"), True
    await scene.command("declare", DANA)
    await scene.fill({"service": "checkout", "title": "payments are failing", "severity": "P1"}, DANA)
    assert f"{there} was opened on checkout a moment ago, and your report joined it." in scene.whispers(DANA)[-1]
    [joined] = scene.happened(there, "report_joined")
    assert (joined.by, scene.engine.incidents[there].severity) == ("dana", "P1")
    await scene.twice(scene.slack.press_whisper(len(scene.slack.ephemerals) - 1, "It is another", DANA))
    (another,) = set(scene.engine.incidents) - {there}
    assert str(scene.engine.incidents[another].title) == "payments are failing"
    assert scene.engine.incidents[another].severity == "P1"


@pytest.mark.sop("ACK-2")
async def test_somebody_is_paged_by_name_or_by_level(scene: Scene) -> None:
    incident = await declared(scene)
    room = scene.room(incident)
    told = (await scene.command("page sam the database needs you", DANA, room))["text"]
    assert told.startswith("Dana had Sam paged: the database needs you. Next: ")
    await scene.command("page last resort", DANA, room)
    assert "expected a person of the catalog, one of primary" in scene.answers[-1].text
    await scene.command("page last-resort", DANA, room)
    await scene.settles(incident)
    pages = scene.engine.incidents[incident].pages
    assert {"hand-1", "hand-2"} <= pages.keys()
    assert any("aged " in message["text"] for message in scene.slack.messages(room))


async def test_an_action_item_is_asked_for_with_its_owner(scene: Scene) -> None:
    incident = await declared(scene)
    await scene.command("action alert on the disk before it is full", DANA, scene.room(incident))
    view = list(scene.slack.views.values())[-1]
    values = {block["block_id"]: block["element"] for block in view["blocks"]}
    assert (values["title"]["initial_value"], values["owner"]["initial_user"]) == (
        "alert on the disk before it is full", DANA,
    )  # fmt: skip
    await scene.fill({"title": "alert on the disk before it is full", "owner": DANA}, DANA)
    assert len(scene.happened(incident, "item_added")) == 1


async def test_a_role_is_handed_to_nobody_whom_the_catalog_does_not_know(scene: Scene) -> None:
    incident = await declared(scene)
    answer = await scene.command(f"lead <@{STRANGER}|who>", JONAS, scene.room(incident))
    assert answer["text"].startswith(f"to: found '{STRANGER}', whom the catalog does not know")
    assert scene.happened(incident, "role_offered", "refused") == []


@pytest.mark.parametrize(
    "words", ["ack", "due", "status", "who", "list", "", "declare checkout P1 it burns", "finding smoke"]
)
async def test_with_the_engine_away_every_command_is_answered_in_time_and_says_so(scene: Scene, words: str) -> None:
    incident = await declared(scene)
    room = scene.slack.rooms[scene.room(incident)]
    scene.engine.unreachable = True
    started = asyncio.get_running_loop().time()
    response = await scene.post(scene.slack.command(words, DANA, room.id))
    assert asyncio.get_running_loop().time() - started < 3
    scene.engine.wakes()
    if words:
        assert "engine is away" in response.json()["text"]
    else:
        assert "I'm on it" in labels(response.json())


async def test_with_nobody_at_work_a_command_is_kept_within_slacks_time(scene: Scene) -> None:
    incident = await declared(scene)
    room = scene.slack.rooms[scene.room(incident)]
    scene.engine.falls_asleep()
    response = await scene.post(scene.slack.command("resolve it is over", DANA, room.id))
    assert response.json()["text"].startswith("Noted. The engine has it, but nobody is at work there now")
    scene.engine.wakes()
    await scene.door.conversation.asking.finish()
    assert scene.whispers(DANA) == [f'Your "Resolve" in {incident}: only Jonas may resolve, as incident commander']


async def test_a_declaration_with_the_engine_away_is_tried_until_it_is_open(scene: Scene) -> None:
    scene.engine.unreachable = True
    response = await scene.post(
        scene.slack.command("declare checkout P1 it burns", JONAS, scene.slack.rooms["incidents"].id)
    )
    assert response.json()["text"].startswith("Not opened yet: the engine is away")
    scene.engine.unreachable = False
    await scene.door.conversation.asking.finish()
    assert len(scene.engine.incidents) == 1
    assert [told.split(". ")[1] for told in scene.whispers(JONAS)] == ["Jonas declared P1: it burns"]
