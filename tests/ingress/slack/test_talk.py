"""What people write in a war room counts: as a sign of life, or as the finding that they are asked for."""

import json

import pytest

from domain.procedure.plain_talk import HearTalk
from standins.slack.standin import Standin
from standins.standin import Fault
from tests.ingress.slack.scene import DANA, DIRECT, JONAS, SAM, STRANGER, Scene
from tests.ingress.slack.test_press import declared
from vendors import door

ROOM, THREAD = "room", "thread"


def says(scene: Scene, incident: str, words: str, user: str, thread: str = "") -> door.Request:
    """Somebody writes in the war room, or under a message of it."""
    room = scene.slack.rooms[scene.room(incident)]
    return scene.slack.write(room.id, words, user, thread=thread)


def found(scene: Scene, incident: str) -> list[tuple[str, str]]:
    return [(one.by, one.what.model_dump()["conditions"]) for one in scene.happened(incident, "finding_posted")]


def heard(scene: Scene, incident: str) -> list[str]:
    return [one.by for one in scene.happened(incident, "talk_heard")]


def ask(scene: Scene, incident: str) -> str:
    """The time stamp of the message that asks for findings in the room."""
    return scene.engine.incidents[incident].said["clock/WAR-4/1"].ref.partition(":")[2]


@pytest.mark.sop("ACK-5")
async def test_a_word_of_the_on_call_engineer_is_a_sign_of_life_once_and_says_nothing(scene: Scene) -> None:
    incident = await declared(scene)
    await scene.passes(incident, minutes=6)
    before = len(scene.slack.rooms[scene.room(incident)].messages)
    await scene.twice(says(scene, incident, "I look at the database", DANA))
    await scene.deliver(says(scene, incident, "and at the cache", DANA))
    await scene.settles(incident)
    assert heard(scene, incident) == ["dana"]
    assert len(scene.slack.rooms[scene.room(incident)].messages) == before + 2
    assert scene.whispers(DANA) == []
    assert "database" not in str(scene.engine.asked) + str(scene.engine.incidents[incident].events)


@pytest.mark.sop("ACK-5")
async def test_a_busy_room_costs_no_act_for_each_message(scene: Scene) -> None:
    incident = await declared(scene)
    await scene.passes(incident, minutes=6)
    asked = len(scene.engine.asked)
    for number in range(40):
        for user in (DANA, JONAS, SAM):
            await scene.deliver(says(scene, incident, f"line {number}", user))
    assert sorted(heard(scene, incident)) == ["dana", "jonas"]
    assert len(scene.engine.asked) == asked + 2


@pytest.mark.sop("WAR-4")
@pytest.mark.parametrize("where", [ROOM, THREAD])
async def test_an_answer_to_the_ask_for_findings_is_the_finding_once_and_its_author_is_told(
    scene: Scene, where: str
) -> None:
    incident = await declared(scene)
    await scene.passes(incident, minutes=13)
    if where == THREAD:
        await scene.passes(incident, minutes=6)
    thread = ask(scene, incident) if where == THREAD else ""
    room = scene.slack.rooms[scene.room(incident)]
    await scene.twice(says(scene, incident, "flag is off &amp; 5xx falling", DANA, thread))
    await scene.twice(scene.slack.react(room.id, room.messages[-1]["ts"], "mag", JONAS))
    assert found(scene, incident) == [("dana", "flag is off & 5xx falling")]
    assert ["found" in told and "<!date^" in told for told in scene.whispers(DANA)] == [True]


@pytest.mark.sop("WAR-4")
async def test_what_others_write_under_the_ask_is_no_finding(scene: Scene) -> None:
    incident = await declared(scene)
    await scene.passes(incident, minutes=19)
    for user in (JONAS, SAM, STRANGER):
        await scene.deliver(says(scene, incident, "any news?", user, ask(scene, incident)))
    assert (found(scene, incident), heard(scene, incident)) == ([], ["jonas"])


def by_a_bot(slack: Standin, request: door.Request) -> door.Request:
    """The same as a message that an app posted in somebody's name."""
    body = json.loads(request.body)
    body["event"] |= {"subtype": "bot_message", "bot_id": "B0DEPLOY"}
    return slack.signed(json.dumps(body).encode(), "application/json")


@pytest.mark.sop("ACK-5")
async def test_what_a_bot_says_and_what_is_said_elsewhere_is_nobodys_word(scene: Scene) -> None:
    incident = await declared(scene)
    await scene.passes(incident, minutes=6)
    lobby = scene.slack.rooms["incidents"]
    await scene.deliver(by_a_bot(scene.slack, says(scene, incident, "deploy done", DANA)))
    scene.slack.calls.clear()
    for _ in range(3):
        await scene.deliver(scene.slack.write(lobby.id, "what is going on?", DANA))
    assert heard(scene, incident) == []
    assert [one.path.rpartition("/")[2] for one in scene.slack.calls] == ["conversations.info"]


@pytest.mark.sop("ACK-5", "SOC-1")
async def test_while_the_engine_is_away_a_word_of_each_is_kept_and_no_more(scene: Scene) -> None:
    incident = await declared(scene)
    await scene.passes(incident, minutes=6)
    scene.engine.falls_asleep()
    for _ in range(3):
        for user in (DANA, JONAS):
            assert (await scene.post(says(scene, incident, "still looking", user))).status_code == 200
    while len(scene.engine.left) < 2:
        await scene.door.conversation.asking._pause(0.01)
    assert {type(act) for _, act in scene.engine.left} == {HearTalk}
    scene.engine.wakes()
    await scene.door.conversation.asking.finish()
    assert sorted(heard(scene, incident)) == ["dana", "jonas"]


@pytest.mark.sop("ACK-5")
async def test_a_room_that_slack_would_not_tell_of_is_asked_about_again(scene: Scene) -> None:
    incident = await declared(scene)
    await scene.passes(incident, minutes=6)
    scene.slack.fail(Fault(path="conversations.info", status=503))
    await scene.deliver(says(scene, incident, "I look at the database", DANA))
    assert heard(scene, incident) == []
    await scene.deliver(says(scene, incident, "and at the cache", DANA))
    assert heard(scene, incident) == ["dana"]


def writes(scene: Scene, words: str, user: str) -> door.Request:
    """Somebody writes to the app alone."""
    return scene.slack.write(scene.slack.workspace.direct(user).id, words, user)


def answer(scene: Scene, user: str) -> str:
    """What the app said last in the direct messages of somebody, with its buttons."""
    return json.dumps(scene.slack.direct_messages(user)[-1])


@pytest.mark.sop("ACK-1", "SOC-1")
@pytest.mark.parametrize("words", ["On it!", "ack", "acknowledged"])
async def test_who_answers_the_app_in_words_is_offered_the_press_once_and_it_counts(scene: Scene, words: str) -> None:
    incident = await scene.alert()
    before = len(scene.slack.direct_messages(DANA))
    await scene.twice(writes(scene, words, DANA))
    assert len(scene.slack.direct_messages(DANA)) == before + 2
    assert scene.happened(incident, "acknowledged") == []
    await scene.press("I'm on it", DANA, DIRECT)
    assert [one.by for one in scene.happened(incident, "acknowledged")] == ["dana"]


@pytest.mark.sop("WAR-4")
async def test_what_is_written_to_the_app_stands_in_the_press_that_it_offers(scene: Scene) -> None:
    incident = await declared(scene)
    await scene.deliver(writes(scene, "found the pool is full &amp; growing", DANA))
    assert "Nothing is done until you press" in answer(scene, DANA)
    assert found(scene, incident) == []
    await scene.press("Tell the room", DANA, DIRECT)
    assert found(scene, incident) == [("dana", "the pool is full & growing")]


@pytest.mark.parametrize(("words", "told"), [("due", "tells the room"), ("thanks, what now?", "1 open incident")])
async def test_what_can_be_read_is_read_and_other_words_show_what_is_open(scene: Scene, words: str, told: str) -> None:
    incident = await declared(scene)
    before = len(scene.engine.asked)
    await scene.deliver(writes(scene, words, DANA))
    assert told in answer(scene, DANA)
    assert incident in answer(scene, DANA)
    assert len(scene.engine.asked) == before


async def test_a_declaration_in_words_is_a_form_and_declares_nothing(scene: Scene) -> None:
    await scene.deliver(writes(scene, "declare checkout P1 nobody can pay", SAM))
    assert scene.engine.incidents == {}
    await scene.press("Declare an incident", SAM, DIRECT)
    assert [one.opened.title for one in scene.engine.incidents.values()] == ["nobody can pay"]


async def test_of_several_incidents_the_app_asks_which_is_meant(scene: Scene) -> None:
    await scene.alert()
    await scene.alert("billing is slow: p99 latency")
    await scene.deliver(writes(scene, "ack", DANA))
    assert "Which incident do you mean?" in answer(scene, DANA)


async def test_the_app_answers_while_the_engine_is_away(scene: Scene) -> None:
    await scene.alert()
    scene.engine.unreachable = True
    await scene.deliver(writes(scene, "on it", DANA))
    assert "The engine is away" in answer(scene, DANA)


@pytest.mark.sop("WAR-4")
async def test_what_was_found_by_form_is_taken_back_by_the_press_in_its_answer(scene: Scene) -> None:
    incident = await declared(scene)
    room = scene.slack.rooms[scene.room(incident)]
    await scene.press("Tell the room", DANA, room.name)
    await scene.fill({"conditions": "the pool is full"}, DANA)
    told = scene.slack.ephemerals[-1]
    assert told["user"] == DANA
    scene.slack.workspace.post(room, {**told, "subtype": "ephemeral"})
    await scene.press("Undo", DANA, room.name)
    assert [one.by for one in scene.happened(incident, "finding_withdrawn")] == ["dana"]
