"""SOC-1: who acts is somebody of ours: a workspace that is none of ours is not heard, and no press asks for a right."""

import json
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

from tests.ingress.slack.scene import DANA, Scene
from vendors import door

ELSEWHERE = "T0ELSEWHERE"
FORM = "application/x-www-form-urlencoded"


def _press(scene: Scene, **over: Any) -> door.Request:
    """A press, signed, that claims something else of where it comes from."""
    message = scene.slack.messages("incidents")[0]
    pressed = scene.slack.press(scene.slack.rooms["incidents"].id, message["ts"], "I'm on it", DANA)
    payload = json.loads(parse_qs(pressed.body.decode())["payload"][0])
    for name, value in over.items():
        payload[name] = {**payload[name], **value} if value is not None else None
    return scene.slack.signed(urlencode({"payload": json.dumps(payload)}).encode(), FORM)


@pytest.mark.sop("SOC-1")
@pytest.mark.parametrize("over", [{"team": {"id": ELSEWHERE}}, {"user": {"team_id": ELSEWHERE}}])
async def test_who_is_of_another_workspace_is_not_heard(scene: Scene, over: dict[str, Any]) -> None:
    incident = await scene.alert()
    assert (await scene.deliver(_press(scene, **over))).status_code == 401
    assert scene.happened(incident, "acknowledged") == []


@pytest.mark.sop("SOC-1")
async def test_nor_is_what_comes_from_none(scene: Scene) -> None:
    await scene.alert()
    assert (await scene.deliver(_press(scene, team=None, user={"team_id": ""}))).status_code == 401


@pytest.mark.sop("SOC-1")
async def test_a_command_from_elsewhere_is_turned_away_too(scene: Scene) -> None:
    sent = scene.slack.command("declare checkout it is broken", DANA, "#incidents")
    body = sent.body.decode().replace("T0STANDFAST", ELSEWHERE).encode()
    assert (await scene.deliver(scene.slack.signed(body, FORM))).status_code == 401
    assert scene.engine.asked == []


@pytest.mark.sop("SOC-1", "ACK-1")
async def test_a_workspace_that_is_named_is_heard_and_the_tokens_own_is_then_not(scene: Scene) -> None:
    incident = await scene.alert()
    scene.talk._settings = scene.talk._settings.model_copy(update={"slack_team_ids": f"T1, {ELSEWHERE}"})
    assert (await scene.deliver(_press(scene))).status_code == 401
    there = {"team": {"id": ELSEWHERE}, "user": {"team_id": ELSEWHERE}}
    assert (await scene.deliver(_press(scene, **there))).status_code == 200
    assert len(scene.happened(incident, "acknowledged")) == 1


@pytest.mark.sop("ACK-1")
async def test_a_press_that_names_its_incident_looks_no_room_up(scene: Scene) -> None:
    await scene.alert()
    await scene.press("I'm on it", DANA)
    assert [call for call in scene.slack.calls if call.path.endswith("conversations.info")] == []
