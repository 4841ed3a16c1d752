"""A company that opens no door: the same presses, commands and forms come through Socket Mode."""

from collections.abc import AsyncIterator

import pytest

from standins.slack.link import Link, enveloped
from tests.ingress.slack.conftest import APP
from tests.ingress.slack.scene import DANA, JONAS, Scene
from tests.vendors.slack.contract import inbound


@pytest.fixture
async def link(scene: Scene) -> AsyncIterator[Link]:
    """The stand-in's end, with our door connected to it."""
    link = Link()
    async with link.open() as url:
        scene.slack.state.socket_url = url
        async with scene.door.running():
            await link.connected.wait()
            yield link


async def test_an_incident_is_handled_through_the_connection_alone(scene: Scene, link: Link) -> None:
    incident = await scene.alert()
    lobby = scene.slack.rooms["incidents"]
    press = scene.slack.press(lobby.id, lobby.messages[0]["ts"], "I'm on it", DANA)
    assert [await link.deliver(press), await link.deliver(press)] == [{}, {}]
    assert [event.by for event in scene.happened(incident, "acknowledged")] == ["dana"]

    answer = await link.deliver(scene.slack.command(f"{incident} severity P1", JONAS, lobby.id))
    assert answer["text"].startswith("Jonas declared P1. Jonas is incident commander. Next: ")
    await scene.settles(incident)

    room = scene.slack.rooms[scene.room(incident)]
    assert await link.deliver(scene.slack.command("resolve", DANA, room.id)) == {}
    form = list(scene.slack.views)[-1]
    refused = await link.deliver(scene.slack.submit(form, {"summary": "Rolled back."}, DANA))
    assert refused["errors"]["summary"].startswith("Only Jonas may resolve")
    assert await link.deliver(scene.slack.submit(form, {"summary": "Rolled back."}, JONAS)) == {}
    assert scene.engine.incidents[incident].phase == "resolved"

    await link.deliver(scene.slack.react(room.id, room.pins[0], "pushpin", DANA))
    assert len(scene.happened(incident, "noted")) == 1


async def test_slack_asks_to_connect_anew_and_nothing_is_lost(scene: Scene, link: Link) -> None:
    incident = await scene.alert()
    await link.disconnect()
    await link.connected.wait()
    lobby = scene.slack.rooms["incidents"]
    await link.deliver(scene.slack.press(lobby.id, lobby.messages[0]["ts"], "I'm on it", DANA))
    assert len(scene.happened(incident, "acknowledged")) == 1


async def test_the_connection_is_asked_for_with_the_apps_own_token(scene: Scene, link: Link) -> None:
    asked = [call for call in scene.slack.calls if call.path.endswith("apps.connections.open")]
    assert [call.headers["authorization"] for call in asked] == [f"Bearer {APP}"]


async def test_the_standins_envelopes_are_what_slack_sends(scene: Scene) -> None:
    await scene.alert()
    lobby = scene.slack.rooms["incidents"]
    ts = lobby.messages[0]["ts"]
    for request in (
        scene.slack.press(lobby.id, ts, "I'm on it", DANA),
        scene.slack.command("list", DANA, lobby.id),
        scene.slack.react(lobby.id, ts, "pushpin", DANA),
    ):
        envelope = {"envelope_id": "1", **enveloped(request)}
        assert [error.message for error in inbound("SocketMode_envelope").iter_errors(envelope)] == []
