"""Every button that people see is pressed through the door, twice, and some by the wrong person."""

import asyncio

import pytest

from tests.ingress.slack.scene import DANA, DIRECT, INES, JONAS, MIRA, SAM, STRANGER, Scene
from tests.vendors.slack.contract import inbound


@pytest.mark.sop("ACK-1")
async def test_an_alert_is_acknowledged_by_a_press_that_counts_once(scene: Scene) -> None:
    incident = await scene.alert()
    response = await scene.press("I'm on it", DANA)
    assert (response.status_code, response.content) == (200, b"")
    (event,) = scene.happened(incident, "acknowledged")
    assert event.by == "dana"
    assert scene.whispers(DANA) == []


async def test_two_presses_are_two_acts_and_the_second_hears_who_was_first(scene: Scene) -> None:
    incident = await scene.alert()
    await scene.press("I'm on it", DANA)
    await scene.press("I'm on it", SAM)
    assert len(scene.happened(incident, "acknowledged")) == 1
    assert len({act.id for _, act in scene.engine.asked}) == 2


@pytest.mark.sop("TRI-3", "WAR-1", "WAR-2")
async def test_a_declaration_opens_the_room_and_the_card_there_has_the_next_presses(scene: Scene) -> None:
    incident = await scene.alert()
    await scene.press("I'm on it", DANA)
    await scene.press("Declare P1", JONAS)
    await scene.settles(incident)
    assert [event.by for event in scene.happened(incident, "severity_declared")] == ["jonas"]
    room = scene.slack.rooms[scene.room(incident)]
    assert JONAS in room.members
    assert len(room.pins) == 1
    assert room.topic == "P1 · being fought · Jonas commands"
    await scene.passes(incident, seconds=61)
    assert room.topic == "P1 · being fought · Jonas commands"
    assert len([m for m in scene.slack.messages("incidents") if "thread_ts" not in m]) == 1


@pytest.mark.sop("FIX-2")
async def test_the_wrong_person_is_told_why_and_nobody_else_is(scene: Scene) -> None:
    incident = await declared(scene)
    room = scene.room(incident)
    await scene.command("change hotfix bypass restart by hand", JONAS, room)
    await scene.settles(incident)
    written = len(scene.slack.messages(room))
    await scene.press("Allow it", JONAS, room)
    assert (
        scene.whispers(JONAS)
        == ["Only Mira may authorise a change that bypasses the normal deployment, as engineering manager"] * 2
    )
    assert scene.happened(incident, "change_answered") == []
    (refused,) = scene.happened(incident, "refused")
    assert refused.by == "jonas"
    await scene.settles(incident)
    assert len(scene.slack.messages(room)) == written
    await scene.press("Allow it", MIRA, room)
    (answered,) = scene.happened(incident, "change_answered")
    assert answered.by == "mira"


@pytest.mark.sop("WAR-3")
async def test_a_role_is_offered_in_a_form_and_accepted_by_a_press(scene: Scene) -> None:
    incident = await declared(scene)
    room = scene.room(incident)
    await scene.command("role", JONAS, room)
    await scene.fill({"role": "commander", "to": SAM}, JONAS)
    await scene.settles(incident)
    await scene.press("I command now", MIRA, room)
    assert scene.whispers(MIRA)[-1] == "Jonas Weber is incident commander; they must offer it to you"
    await scene.press("I command now", SAM, room)
    assert scene.engine.incidents[incident].commander == "sam"


@pytest.mark.sop("TRI-4")
async def test_a_downgrade_is_asked_in_a_form_and_confirmed_by_a_second_persons_press(scene: Scene) -> None:
    incident = await scene.alert()
    await scene.press("Another severity", DANA)
    answer = await scene.fill({"severity": "P3"}, DANA)
    assert "give a reason" in answer.json()["errors"]["severity"]
    assert [error.message for error in inbound("Out_view_response_action").iter_errors(answer.json())] == []
    await scene.fill({"severity": "P3", "reason": "one customer only"}, DANA)
    await scene.settles(incident)
    await scene.press("Agree to P3", JONAS)
    (event,) = scene.happened(incident, "severity_declared")
    assert (event.by, scene.engine.incidents[incident].severity) == ("jonas", "P3")


@pytest.mark.sop("SOC-1")
async def test_somebody_the_catalog_does_not_know_is_refused_and_told_so(scene: Scene) -> None:
    incident = await scene.alert()
    await scene.press("I'm on it", STRANGER)
    assert scene.happened(incident, "acknowledged") == []
    (event,) = scene.happened(incident, "refused")
    assert event.by == f"slack:{STRANGER}"
    assert scene.whispers(STRANGER)


@pytest.mark.sop("WAR-4", "COM-1")
async def test_a_reminder_is_answered_where_it_appears(scene: Scene) -> None:
    incident = await declared(scene)
    room = scene.room(incident)
    await scene.passes(incident, minutes=6)
    await scene.press("Publish only", DANA, room)
    assert scene.happened(incident, "update_approved") == []
    assert "Only Jonas may approve an update" in scene.whispers(DANA)[-1]
    await scene.press("Publish the update", INES, DIRECT)
    form = list(scene.slack.views.values())[-1]
    body = next(block["element"]["initial_value"] for block in form["blocks"] if block["block_id"] == "body")
    assert body == scene.engine.incidents[incident].updates[1].body
    await scene.fill({"status": "identified", "body": "A bad deploy of the checkout."}, INES)
    (approved,) = scene.happened(incident, "update_approved")
    assert (approved.by, approved.what.kind) == ("ines", "update_approved")
    assert scene.engine.incidents[incident].updates[1].body == "A bad deploy of the checkout."
    assert scene.engine.incidents[incident].holders["comms"] == "ines"


@pytest.mark.sop("COM-5")
async def test_the_customer_mail_can_be_edited_whole_before_it_goes(scene: Scene) -> None:
    incident = await declared(scene)
    room = scene.room(incident)
    await scene.press("Publish only", JONAS, room)
    await scene.passes(incident, minutes=11)
    await scene.press("Mail customers", INES, DIRECT)
    mails = [view for view in scene.slack.views.values() if view["callback_id"] == "act:approve_mail"]
    values = {block["block_id"]: block["element"].get("initial_value", "") for block in mails[-1]["blocks"]}
    draft = scene.engine.incidents[incident].outward.mail_draft
    assert draft
    assert values == {"subject": draft.subject, "body": draft.body}
    await scene.fill({"subject": "Checkout is down", "body": "We are on it."}, INES)
    (approved,) = scene.happened(incident, "mail_approved")
    assert approved.by == "ines"


@pytest.mark.sop("RES-1", "RES-3")
async def test_resolving_and_reopening_are_forms_behind_a_button(scene: Scene) -> None:
    incident = await declared(scene)
    await scene.passes(incident, minutes=1)
    room = scene.room(incident)
    await scene.press("Resolve", DANA, room)
    refused = await scene.fill({"summary": "Rolled back."}, DANA)
    assert refused.json()["errors"]["summary"].startswith("Only Jonas may resolve")
    await scene.press("Resolve", JONAS, room)
    accepted = await scene.fill({"summary": "Rolled back."}, JONAS)
    assert (accepted.status_code, accepted.content) == (200, b"")
    assert scene.engine.incidents[incident].phase == "resolved"
    await scene.passes(incident, minutes=1)
    await scene.press("Not over", DANA)
    await scene.fill({"reason": "errors again"}, DANA)
    assert scene.engine.incidents[incident].phase == "active"


async def test_a_press_on_an_incident_that_has_ended_is_answered(scene: Scene) -> None:
    incident = await scene.alert()
    del scene.engine.incidents[incident]
    await scene.press("I'm on it", DANA)
    assert scene.whispers(DANA) == [f"{incident} has ended or never was"] * 2


async def test_a_press_while_nobody_is_at_work_is_kept_and_answered_later(scene: Scene) -> None:
    incident = await scene.alert()
    scene.engine.falls_asleep()
    message = scene.slack.messages("incidents")[0]
    request = scene.slack.press(scene.slack.rooms["incidents"].id, message["ts"], "I'm on it", DANA)
    started = asyncio.get_running_loop().time()
    assert (await scene.post(request)).status_code == 200
    assert asyncio.get_running_loop().time() - started < 3
    assert [act.id for _, act in scene.engine.left] == [scene.engine.left[0][1].id]
    scene.engine.wakes()
    await scene.door.conversation.asking.finish()
    assert len(scene.happened(incident, "acknowledged")) == 1
    told = scene.whispers(DANA)
    assert told[0].startswith("Noted. The engine has it, but nobody is at work there now")
    assert told[1] == f'Your "I\'m on it" in {incident}: That was done already.'


async def test_a_press_that_cannot_even_be_left_says_so_and_is_tried_again(scene: Scene) -> None:
    incident = await scene.alert()
    scene.engine.unreachable = True
    message = scene.slack.messages("incidents")[0]
    request = scene.slack.press(scene.slack.rooms["incidents"].id, message["ts"], "I'm on it", DANA)
    assert (await scene.post(request)).status_code == 200
    assert scene.happened(incident, "acknowledged") == []
    scene.engine.unreachable = False
    await scene.door.conversation.asking.finish()
    assert len(scene.happened(incident, "acknowledged")) == 1
    assert any(told.startswith("Not noted yet: the engine is away") for told in scene.whispers(DANA))


async def declared(scene: Scene) -> str:
    """A P1 that Dana acknowledged and Jonas commands, with its war room."""
    incident = await scene.alert()
    await scene.press("I'm on it", DANA)
    await scene.press("Declare P1", JONAS)
    await scene.settles(incident)
    return incident
