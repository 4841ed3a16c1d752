"""Every button and every form is met, pressed and sent through the door, twice, and by the wrong person first.

The table is held against the code: a button or a form that is new fails here until somebody has pressed it.
"""

from typing import Any

import httpx
import pytest

from domain.incident.event import Event
from ingress.chat.question import forms
from standins.slack.hand import has_button
from standins.slack.workspace import Room
from tests.ingress.slack.case import Case, buttons
from tests.ingress.slack.scene import Scene
from tests.ingress.slack.table import CASES

FOUND = "finding the disk is full"
BY_FORM = {case.code.split()[1] for case in CASES if case.values is not None}
BY_RULE = {
    "ASK Ask",
    "ask Ask to join",
    "add_to_room",
    "OPEN It is another",
    "declare Stay at",
    "draft_update Correct the page",
    "offer_role Offer it to somebody else",
    "adopt_catalog",
    "answer_law",
    "change_item",
    "close_as",
    "confirm_change",
    "correct",
    "decline_role",
    "finish_task",
    "give_up_role",
    "join I am here",
    "keep_task",
    "link",
    "merge",
    "post_by_hand",
    "post_public_postmortem",
    "tell_account",
    "record_affected_told",
    "record_legal_report",
    "relieve",
    "reopen_item",
    "say_customers_affected",
    "take_role Take the role",
    "take_task",
    "unlink",
    "withdraw_update",
}
"""Acts that are tried by rule and by command so far, and whose buttons nobody presses here yet."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code} {case.where}")
async def test_every_button_does_its_act_once_for_whom_may_and_for_nobody_else(scene: Scene, case: Case) -> None:
    incident = await case.setup(scene)
    if case.wrong:
        await _refused(scene, case, incident)
    before = len(_events(scene, case.event))
    response = await _pressed(scene, case, incident, case.right)
    assert (response.status_code, response.content) == (200, b"")
    if case.heard:
        assert case.heard in await _heard(scene, case.right)
    else:
        (event,) = _events(scene, case.event)[before:]
        assert event.by == scene.company.catalog.person_called(case.right).id  # type: ignore[union-attr]


async def _refused(scene: Scene, case: Case, incident: str) -> None:
    """The wrong person is told why, alone; the refusal is recorded once, and nothing else comes of it."""
    before, written = len(_events(scene, case.event)), _written(scene)
    told = await _pressed(scene, case, incident, case.wrong)
    (refused,) = [event for event in _events(scene, "refused") if _is_by(scene, event, case.wrong)]
    reason = refused.what.model_dump()["reason"]
    words = "; ".join(told.json()["errors"].values()) if told.content else scene.whispers(case.wrong)[-1]
    assert reason[:400].casefold() in words.casefold()
    await scene.settles(incident)
    assert (len(_events(scene, case.event)), _written(scene)) == (before, written)


async def _pressed(scene: Scene, case: Case, incident: str, user: str) -> httpx.Response:
    """The button is met where people meet it and pressed, and the form it opens filled in and sent: each twice."""
    if case.where == "home":
        await scene.twice(scene.slack.go_home(user))
        pressed = await scene.twice(scene.slack.press_home(case.label, user))
    else:
        room = await _room(scene, case, incident, user)
        message = _met(case, room)
        pressed = await scene.twice(scene.slack.press(room.id, message["ts"], case.label, user))
    return pressed if case.values is None else await scene.fill(case.values, user)


async def _room(scene: Scene, case: Case, incident: str, user: str) -> Room:
    """The room with the button; what only one person sees is put there for the stand-in to press."""
    if case.where in ("incidents", "room"):
        return scene.slack.rooms["incidents" if case.where == "incidents" else scene.room(incident)]
    if case.where in ("direct", "written"):
        alone = scene.slack.workspace.direct(user)
        if case.where == "written":
            await scene.twice(scene.slack.write(alone.id, case.label, user))
        return alone
    room = scene.room(incident) if case.where in ("menu", "usual", "found") else "incidents"
    typed = {"menu": "menu all", "usual": "", "lobby": f"{incident} menu", "which": "ack", "found": FOUND}[case.where]
    answer = await scene.command(typed, case.right if case.where == "menu" else user, room)
    scene.slack.workspace.post(scene.slack.rooms[room], {**answer, "subtype": "ephemeral"})
    return scene.slack.rooms[room]


def _met(case: Case, room: Room) -> dict[str, Any]:
    """The newest message with the button, and the words that tell it from others."""
    for message in reversed(room.messages):
        if has_button(message, case.label) and case.said in str(message):
            found: dict[str, Any] = message
            return found
    raise AssertionError(f"nobody has met {case.label!r} in #{room.name}")


async def _heard(scene: Scene, user: str) -> str:
    """What somebody was told last, alone."""
    direct = [message["text"] for message in scene.slack.direct_messages(user)]
    return str([*scene.whispers(user), *direct][-1])


def _events(scene: Scene, kind: str) -> list[Event]:
    return [event for one in scene.engine.incidents for event in scene.happened(one, kind)]


def _is_by(scene: Scene, event: Event, user: str) -> bool:
    return scene.company.catalog.people[event.by].at("slack") == user


def _written(scene: Scene) -> int:
    """What others can read; who is refused is led on alone."""
    return sum(len(scene.slack.messages(room.id)) for room in scene.slack.workspace.rooms if not room.direct)


def test_every_button_that_the_code_makes_is_pressed_here() -> None:
    pressed = {case.code.partition(": ")[2] for case in CASES}
    assert {
        button for button in buttons() - pressed if button not in BY_RULE and button.split()[0] not in BY_RULE
    } == set()


def test_every_form_is_sent_here() -> None:
    assert {kind.replace("OPEN", "open") for kind in BY_FORM} == set(forms()) - BY_RULE


def test_whatever_the_policy_restricts_is_also_tried_by_the_wrong_person(scene: Scene) -> None:
    may = scene.company.policy.may
    open_to_all = {case.code for case in CASES if not (case.wrong or case.reason)}
    restricted = {code for code in open_to_all if "anyone" not in may.get(code.split()[1], ("anyone",))}
    assert restricted == set()
