"""What happens in a workspace that nobody planned has a planned answer."""

import pytest

from standins.standin import Fault
from tests.ingress.slack.case import active, commanded
from tests.ingress.slack.scene import DANA, JONAS, MIRA, Scene


async def declared_as_p1(scene: Scene, incident: str) -> None:
    await scene.command(f"{incident} sev1", JONAS)
    await scene.settles(incident)


@pytest.mark.sop("WAR-1")
async def test_a_name_that_is_taken_gets_a_number_and_the_room_is_still_the_incidents(scene: Scene) -> None:
    incident = await commanded(scene)
    name = f"incident-{incident.removeprefix('INC-').lower()}"
    scene.slack.workspace.add_room(name, creator="U0ADMIN", bot=False)
    await declared_as_p1(scene, incident)
    assert scene.room(incident) == f"{name}-2"
    await scene.command("note we are in the second room", DANA, f"{name}-2")
    assert len(scene.happened(incident, "noted")) == 1


@pytest.mark.sop("WAR-2", "WAR-4")
async def test_in_a_room_that_was_archived_by_hand_nothing_is_lost_it_goes_on_under_the_headline(scene: Scene) -> None:
    incident = await active(scene)
    scene.slack.rooms[scene.room(incident)].archived = True
    await scene.passes(incident, minutes=16)
    headline = scene.slack.messages("incidents")[0]["ts"]
    thread = [message["text"] for message in scene.slack.messages("incidents") if message.get("thread_ts") == headline]
    assert any("The room was to hear from you" in text for text in thread)
    await scene.press("Tell the room", DANA)
    await scene.fill({"conditions": "the disk is full"}, DANA)
    assert len(scene.happened(incident, "finding_posted")) == 1
    failed = [event.what.model_dump()["said"] for event in scene.happened(incident, "failed")]
    assert all("that channel is archived: unarchive it in Slack" in said for said in failed)
    assert failed


@pytest.mark.sop("SCP-3")
async def test_what_a_private_room_refuses_is_never_said_in_public(scene: Scene) -> None:
    incident = await scene.alert("unauthorised access to the checkout database")
    scene.slack.rooms[scene.room(incident)].archived = True
    await scene.passes(incident, minutes=20)
    assert [message for message in scene.slack.messages("incidents") if "thread_ts" in message] == []


@pytest.mark.sop("WAR-1")
async def test_a_person_who_left_keeps_nobody_else_out_and_it_is_said_what_to_correct(scene: Scene) -> None:
    incident = await commanded(scene)
    del scene.slack.workspace.users[MIRA]
    await declared_as_p1(scene, incident)
    room = scene.slack.rooms[scene.room(incident)]
    assert {DANA, JONAS} <= room.members
    told = [message["text"] for message in scene.slack.messages(room.id)]
    assert any("correct the person's `slack` id in the catalog" in text and "Mira" in text for text in told)


async def test_a_missing_scope_spoils_the_pin_and_not_the_card_and_is_said(scene: Scene) -> None:
    incident = await commanded(scene)
    scene.slack.error = "missing_scope"
    scene.slack.fail(Fault(path="pins.add", status=200))
    await declared_as_p1(scene, incident)
    room = scene.slack.rooms[scene.room(incident)]
    assert (room.pins, scene.slack.messages(room.id)[0]["blocks"] != []) == ([], True)
    (card,) = [
        event.what.model_dump()
        for event in scene.happened(incident, "done")
        if event.what.model_dump()["key"] == "card/0"
    ]
    assert card["outcome"]["text"].startswith("not pinned: pins.add: missing_scope")


async def test_without_the_scope_to_open_rooms_the_commander_is_told_what_to_add_and_the_rest_goes_on(
    scene: Scene,
) -> None:
    incident = await commanded(scene)
    scene.slack.error = "missing_scope"
    scene.slack.fail(Fault(path="conversations.create", status=200))
    await declared_as_p1(scene, incident)
    told = [message["text"] for message in scene.slack.messages("incidents")]
    assert any(
        "add the scope to the app in its configuration" in text and "By hand: talk in any channel" in text
        for text in told
    )
    await scene.passes(incident, minutes=16)
    assert scene.room(incident)
