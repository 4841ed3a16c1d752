"""What happens in the workspace: pins become the timeline, the home shows what is open, strangers are turned away."""

import json
from datetime import timedelta

import pytest

from client.port import IncidentSummary
from domain.company.catalog import Level
from domain.value.calendar import Shift
from ingress.chat.answer import home
from ingress.chat.names import OnCall
from standins.slack.block import faults
from standins.standin import Fault
from tests.ingress.slack.scene import DANA, JONAS, MIRA, START, Scene
from tests.ingress.slack.test_command import labels
from tests.ingress.slack.test_press import declared
from vendors import door
from vendors.slack.webhook import FOUND


@pytest.mark.sop("WAR-6")
@pytest.mark.parametrize("reaction", ["pushpin", "round_pushpin"])
async def test_a_reaction_puts_a_message_on_the_timeline_once(scene: Scene, reaction: str) -> None:
    incident = await declared(scene)
    room = scene.slack.rooms[scene.room(incident)]
    await scene.deliver(scene.slack.write(room.id, "rolled back 4f2a &amp; watching", DANA))
    ts = room.messages[-1]["ts"]
    await scene.twice(scene.slack.react(room.id, ts, reaction, MIRA))
    await scene.twice(scene.slack.react(room.id, ts, reaction, JONAS))
    (note,) = scene.happened(incident, "noted")
    assert (note.by, note.what.model_dump()["text"]) == ("mira", "Dana Okafor: rolled back 4f2a & watching")
    assert note.what.model_dump()["url"].endswith(f"/archives/{room.id}/p{ts.replace('.', '')}")


@pytest.mark.sop("WAR-6")
async def test_a_pin_is_a_note_and_a_message_in_a_thread_can_be_pinned(scene: Scene) -> None:
    incident = await declared(scene)
    room = scene.slack.rooms[scene.room(incident)]
    parent = room.messages[-1]["ts"]
    reply = scene.slack.workspace.post(room, {"text": "it was the cache", "thread_ts": parent}, DANA)
    await scene.twice(scene.slack.pin(room.id, reply["ts"], JONAS))
    (note,) = scene.happened(incident, "noted")
    assert (note.by, note.what.model_dump()["text"]) == ("jonas", "Dana Okafor: it was the cache")


@pytest.mark.sop("WAR-4")
@pytest.mark.parametrize("reaction", ["mag", "mag_right"])
async def test_a_magnifying_glass_makes_a_message_a_finding_once(scene: Scene, reaction: str) -> None:
    incident = await declared(scene)
    room = scene.slack.rooms[scene.room(incident)]
    for words, marked_by in (("5xx falling", DANA), ("the pool is full", MIRA)):
        await scene.deliver(scene.slack.write(room.id, words, DANA))
        for who in (marked_by, JONAS):
            await scene.twice(scene.slack.react(room.id, room.messages[-1]["ts"], reaction, who))
    found = [(one.by, one.what.model_dump()["conditions"]) for one in scene.happened(incident, "finding_posted")]
    assert found == [("dana", "5xx falling"), ("mira", "Dana Okafor: the pool is full")]
    assert scene.happened(incident, "noted") == []


@pytest.mark.sop("WAR-4")
async def test_by_the_shortcut_a_message_is_a_finding_and_who_made_it_is_told_once(scene: Scene) -> None:
    incident = await declared(scene)
    room = scene.slack.rooms[scene.room(incident)]
    await scene.deliver(scene.slack.write(room.id, "the pool is full", DANA))
    ts = room.messages[-1]["ts"]
    await scene.twice(scene.slack.message_shortcut(FOUND, room.id, ts, MIRA))
    (found,) = scene.happened(incident, "finding_posted")
    assert (found.by, found.what.model_dump()["conditions"]) == ("mira", "Dana Okafor: the pool is full")
    (told,) = scene.whispers(MIRA)
    assert told.startswith("Mira found: Dana Okafor: the pool is full. Next: ")
    assert "<!date^" in told
    assert labels(scene.slack.ephemerals[-1]) == ["Undo"]


async def test_other_reactions_other_rooms_and_our_own_pins_are_nobodys_business(scene: Scene) -> None:
    incident = await declared(scene)
    room, lobby = scene.slack.rooms[scene.room(incident)], scene.slack.rooms["incidents"]
    card = room.pins[0]
    for request in (
        scene.slack.react(room.id, card, "tada", DANA),
        scene.slack.react(lobby.id, lobby.messages[0]["ts"], "pushpin", DANA),
        scene.slack.pin(room.id, card, "U0STANDFAST"),
        scene.slack.write(room.id, "hello", DANA),
    ):
        assert (await scene.twice(request)).status_code == 200
    assert scene.happened(incident, "noted") == []


async def test_an_event_that_slack_would_not_let_us_read_is_sent_again(scene: Scene) -> None:
    incident = await declared(scene)
    room = scene.slack.rooms[scene.room(incident)]
    scene.slack.fail(Fault(path="conversations.history", status=503))
    request = scene.slack.react(room.id, room.pins[0], "pushpin", DANA)
    assert (await scene.deliver(request)).status_code == 503
    assert (await scene.deliver(request)).status_code == 200
    assert len(scene.happened(incident, "noted")) == 1


async def test_the_home_shows_what_is_open_what_is_owed_and_declare(scene: Scene) -> None:
    await declared(scene)
    await scene.twice(scene.slack.go_home(DANA))
    blocks = scene.slack.state.homes[DANA]["blocks"]
    words = json.dumps(blocks)
    assert faults(blocks, 100) == []
    assert "*15 min left*: post findings, by <!date^" in words
    assert words.index("WAR-4") < words.index("ACK-5")
    assert (
        words.index("You owe") < words.index("Open now") < words.index("Declare an incident") < words.index("On call")
    )
    assert '"text": "Tell the room' in words
    assert '"text": "Open the room' in words
    assert "Payments: Dana" in words
    await scene.twice(scene.slack.go_home(MIRA))
    assert "You owe nothing." in json.dumps(scene.slack.state.homes[MIRA])


def test_the_home_says_first_what_is_longest_overdue_of_the_equally_grave_and_until_when_who_is_on_call() -> None:
    due = {"a": START, "b": None, "c": START - timedelta(minutes=5)}
    listed = [
        IncidentSummary(id=one, title=one, severity="P1", opened_at=START, next_due_at=at) for one, at in due.items()
    ]
    on_call = (OnCall("Payments", ("Dana Okafor",), START + timedelta(hours=6)), OnCall("Platform", ("Sam Lindqvist",)))
    shown = home(listed, [], START, {}, on_call)
    assert [incident for _, incident in shown if incident] == ["c", "a", "b"]
    called = shown[-1][0]
    assert called.text == "Payments: Dana Okafor, until 09:00 UTC\nPlatform: Sam Lindqvist"
    assert called.moments == (START + timedelta(hours=6),)


def test_a_shift_over_midnight_says_until_when() -> None:
    night = Shift(zone="UTC", begins="22:00", ends="06:00", people=("dana",))
    level = Level(people=("sam",), shifts=(night,))
    assert level.until(START) == START + timedelta(hours=3)
    assert level.until(START + timedelta(hours=9)) is None


async def test_the_home_is_shown_with_the_engine_away(scene: Scene) -> None:
    scene.engine.unreachable = True
    await scene.twice(scene.slack.go_home(DANA))
    words = json.dumps(scene.slack.state.homes[DANA])
    assert "the engine is away" in words
    assert "Declare an incident" in words


async def test_slack_asks_whether_the_door_is_ours(scene: Scene) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB", "token": "x"}).encode()
    response = await scene.twice(scene.slack.signed(body, "application/json"))
    assert response.json() == {"challenge": "3eZbrw1aB"}


async def test_what_slack_did_not_sign_is_turned_away(scene: Scene) -> None:
    request = scene.slack.go_home(DANA)
    forged = door.Request(
        headers={**request.headers, "x-slack-signature": "v0=00"}, body=request.body, received_at=START
    )
    assert (await scene.deliver(forged)).status_code == 401
    assert scene.slack.state.homes == {}


async def test_what_cannot_be_read_is_answered_with_the_place(scene: Scene) -> None:
    response = await scene.twice(scene.slack.signed(b"{", "application/json"))
    assert (response.status_code, response.json()["expected"]) == (400, "JSON in UTF-8")
