"""Who is refused because it is another's to do reads whose it is, and asks them with one press, once."""

import json

import pytest

from domain.incident.event import Event
from tests.ingress.slack.case import active, alerting, bypassing, marked
from tests.ingress.slack.scene import DANA, JONAS, MIRA, SAM, STRANGER, Scene


def told(scene: Scene, user: str) -> str:
    """What somebody was shown last that nobody else sees, whole."""
    return json.dumps([one for one in scene.slack.ephemerals if one["user"] == user][-1])


async def press_again(scene: Scene, button: str, user: str) -> None:
    """Somebody presses what they alone were shown last."""
    number = max(number for number, one in enumerate(scene.slack.ephemerals) if one["user"] == user)
    await scene.twice(scene.slack.press_whisper(number, button, user))


def by(events: list[Event]) -> list[str]:
    return [one.by for one in events]


@pytest.mark.sop("FIX-2", "SOC-1")
async def test_a_refused_press_names_who_may_and_they_do_it_where_they_are_asked(scene: Scene) -> None:
    incident = await bypassing(scene)
    await scene.press("Allow it", JONAS, scene.room(incident))
    await press_again(scene, "Ask Mira", JONAS)
    assert "Mira was asked already" in told(scene, JONAS)
    asked = scene.slack.direct_messages(MIRA)
    assert len([one for one in asked if "Jonas asks you" in one["text"]]) == 1
    assert scene.happened(incident, "change_answered") == []
    await scene.twice(
        scene.slack.press(scene.slack.workspace.direct(MIRA).id, asked[-1]["ts"], "act:authorise_change", MIRA)
    )
    await scene.fill({"granted": "true", "reason": "now"}, MIRA)
    assert by(scene.happened(incident, "change_answered")) == ["mira"]


@pytest.mark.sop("RES-1", "SOC-1")
async def test_what_was_written_into_a_refused_form_reaches_who_may_send_it(scene: Scene) -> None:
    incident = await active(scene)
    await scene.passes(incident, minutes=1)
    await scene.press("Resolve", DANA, scene.room(incident))
    await scene.fill({"summary": "Rolled back to 4111."}, DANA)
    await press_again(scene, "Ask Jonas", DANA)
    asked = scene.slack.direct_messages(JONAS)[-1]
    await scene.twice(scene.slack.press(scene.slack.workspace.direct(JONAS).id, asked["ts"], "Resolve", JONAS))
    assert "Rolled back to 4111." in json.dumps(list(scene.slack.views.values())[-1])
    await scene.fill({}, JONAS)
    assert by(scene.happened(incident, "resolved")) == ["jonas"]


@pytest.mark.sop("WAR-3")
async def test_where_nobody_commands_the_command_itself_is_the_way(scene: Scene) -> None:
    incident = await active(scene)
    await scene.command("role give-up commander", JONAS, scene.room(incident))
    assert scene.engine.incidents[incident].commander == ""
    answer = json.dumps(await scene.command("update approve", MIRA, scene.room(incident)))
    assert "and nobody is that yet: take the role first" in answer
    assert ["Ask Ines" in answer, "Take command" in answer] == [True, True]


async def test_a_refusal_that_is_no_matter_of_rights_offers_nobody(scene: Scene) -> None:
    await alerting(scene)
    await scene.press("I'm on it", DANA)
    await scene.press("I'm on it", SAM)
    assert "Ask " not in json.dumps(scene.slack.ephemerals)


@pytest.mark.sop("SOC-1")
async def test_a_stranger_reads_who_can_add_them_and_asks_with_a_press(scene: Scene) -> None:
    await alerting(scene)
    await scene.press("I'm on it", STRANGER)
    assert "I don't know you yet, so nothing was counted. Mira can add you" in told(scene, STRANGER)
    assert f"slack: {STRANGER}" in told(scene, STRANGER)
    await press_again(scene, "Ask Mira", STRANGER)
    (asked,) = [one["text"] for one in scene.slack.direct_messages(MIRA) if "catalog" in one["text"]]
    assert asked.startswith(f"<@{STRANGER}> asks to be added to the catalog")


@pytest.mark.sop("SCP-3", "WAR-1")
async def test_who_asks_to_join_a_private_room_is_let_in_by_who_is_asked_and_by_nobody_else(scene: Scene) -> None:
    incident = await marked(scene)
    await scene.passes(incident, minutes=1)
    await scene.press("Ask to join", STRANGER)
    assert "I don't know you yet" in told(scene, STRANGER)
    await scene.press("Ask to join", SAM)
    assert "Jonas was asked already, in a direct message" in told(scene, SAM)
    assert "only who is in it lets somebody in" in str(await scene.command(f"{incident} invite <@{SAM}>", SAM))
    asked = scene.slack.direct_messages(JONAS)[-1]
    assert asked["text"].startswith("*Sam asks to join* the room of Checkout API: ")
    assert "session" not in json.dumps(asked)
    await scene.twice(scene.slack.press(scene.slack.workspace.direct(JONAS).id, asked["ts"], "Let Sam in", JONAS))
    await scene.settles(incident)
    assert by(scene.happened(incident, "added_to_room")) == ["jonas"]
    room = scene.slack.rooms[scene.room(incident)]
    assert (room.private, SAM in room.members) == (True, True)
    assert "is in the room already" in str(await scene.command(f"{incident} invite <@{SAM}>", JONAS))


@pytest.mark.sop("WAR-1")
async def test_anybody_lets_somebody_into_a_room_that_is_open(scene: Scene) -> None:
    incident = await active(scene)
    await scene.command(f"invite <@{SAM}>", DANA, scene.room(incident))
    await scene.settles(incident)
    assert SAM in scene.slack.rooms[scene.room(incident)].members
