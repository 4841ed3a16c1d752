"""What people do while the engine is away is safe in the inbox: another process does it when the engine is back."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.procedure.acknowledgement import Acknowledge
from ingress.webhook.inbox import Inbox
from ingress.webhook.kept_act import DOOR, KeptActs
from ingress.webhook.relay import Relay
from ingress.webhook.sorting import Sorter
from tests.ingress.slack.scene import DANA, JONAS, Scene
from tests.ingress.slack.test_press import declared
from vendors.door import Request

LONG = timedelta(minutes=5)
"""How long a write is waited for here: how busy the machine is must not decide what a person is told."""


@pytest.fixture
async def inbox(scene: Scene, tmp_path: Path) -> AsyncIterator[Inbox]:
    """An inbox that the scene's door keeps acts in."""
    box = Inbox(str(tmp_path / "inbox.db"), now=lambda: scene.now, patience=LONG)
    scene.door.conversation.asking.keeper = KeptActs(box, scene.engine, lambda: scene.now, writing=LONG)
    yield box
    await box.close()


async def relayed(scene: Scene, inbox: Inbox) -> None:
    """A process that was started later relays what is in the inbox; then the incidents decide."""
    another = Inbox(str(inbox.database.url.database), now=lambda: scene.now)
    sort = Sorter(scene.company)
    keeper = KeptActs(another, scene.engine)
    await Relay(another, {}, scene.engine, sort, holder="another", keeper=keeper, now=lambda: scene.now).step()
    await another.close()
    scene.engine.wakes()


async def crash(scene: Scene) -> None:
    """The process that took the act ends; what it had only in memory is gone."""
    await scene.door.conversation.asking.stop()


@pytest.mark.sop("ACK-1")
async def test_a_press_outlives_the_process_that_took_it(scene: Scene, inbox: Inbox) -> None:
    incident = await scene.alert()
    scene.engine.unreachable = True
    message = scene.slack.messages("incidents")[0]
    request = scene.slack.press(scene.slack.rooms["incidents"].id, message["ts"], "I'm on it", DANA)
    assert [(await scene.post(request)).status_code for _ in range(2)] == [200, 200]
    pressed_at = scene.now
    await crash(scene)
    scene.now += timedelta(hours=2)
    scene.engine.unreachable = False
    await relayed(scene, inbox)
    (event,) = scene.happened(incident, "acknowledged")
    assert (event.by, event.at) == ("dana", pressed_at)
    assert await inbox.unrelayed(10) == []


async def test_the_person_hears_that_it_is_kept_and_then_what_became_of_it(scene: Scene, inbox: Inbox) -> None:
    incident = await declared(scene)
    room = scene.slack.rooms[scene.room(incident)]
    scene.engine.unreachable = True
    response = await scene.post(scene.slack.command("note we call a friend", DANA, room.id))
    assert response.json()["text"].startswith("Kept. The engine is away: this is safe here")
    scene.engine.unreachable = False
    await scene.door.conversation.asking.finish()
    await relayed(scene, inbox)
    [told] = scene.whispers(DANA)
    assert told.startswith(f'Your "Add a note" in {incident}: Dana noted: we call a friend. Next: ')
    assert len(scene.happened(incident, "noted")) == 1


@pytest.mark.sop("DET-2")
async def test_a_declaration_outlives_the_process_that_took_it(scene: Scene, inbox: Inbox) -> None:
    scene.engine.unreachable = True
    lobby = scene.slack.rooms["incidents"].id
    request = scene.slack.command("declare checkout P1 customers cannot pay", JONAS, lobby)
    answers = [(await scene.post(request)).json()["text"] for _ in range(2)]
    assert all(text.startswith("Kept: the engine is away. It is opened as soon as") for text in answers)
    await crash(scene)
    scene.engine.unreachable = False
    await relayed(scene, inbox)
    (incident,) = scene.engine.incidents
    assert scene.engine.incidents[incident].severity == "P1"
    assert [event.by for event in scene.happened(incident, "severity_declared")] == ["jonas"]


async def test_an_act_for_an_incident_that_ended_meanwhile_is_set_aside_and_shown(scene: Scene, inbox: Inbox) -> None:
    keeper = KeptActs(inbox, scene.engine, lambda: scene.now, writing=LONG)
    assert await keeper.keep_act("INC-7K3QF", Acknowledge(by="dana"))
    await relayed(scene, inbox)
    (shown,) = await inbox.unreadable()
    assert "INC-7K3QF has ended or never was" in shown.found


async def test_a_row_that_says_nothing_is_set_aside(scene: Scene, inbox: Inbox) -> None:
    for body in (b"{}", b"[]"):
        await inbox.put(DOOR, Request(headers={}, body=body, received_at=scene.now))
    await relayed(scene, inbox)
    assert len(await inbox.unreadable()) == 2


async def test_with_the_inbox_full_too_it_is_said_that_nothing_is_noted(scene: Scene, tmp_path: Path) -> None:
    incident = await declared(scene)
    full = Inbox(str(tmp_path / "full.db"), waiting=0)
    scene.door.conversation.asking.keeper = KeptActs(full, scene.engine)
    scene.engine.unreachable = True
    response = await scene.post(scene.slack.command("note x", DANA, scene.slack.rooms[scene.room(incident)].id))
    assert response.json()["text"].startswith("Not noted yet: the engine is away")
    await full.close()


@pytest.mark.sop("WAR-4")
async def test_what_was_kept_is_answered_later_with_the_press_that_takes_it_back(scene: Scene, inbox: Inbox) -> None:
    incident = await declared(scene)
    room = scene.slack.rooms[scene.room(incident)]
    scene.engine.unreachable = True
    response = await scene.post(scene.slack.command("finding the disk is full", DANA, room.id))
    assert response.json()["text"].startswith("Kept. The engine is away")
    scene.engine.unreachable = False
    await scene.door.conversation.asking.finish()
    answer = json.dumps([one for one in scene.slack.ephemerals if one["user"] == DANA][-1])
    assert f'Your \\"Tell the room\\" in {incident}: ' in answer
    assert '"Undo"' in answer
