"""Every verb is typed through the door, twice, and by the wrong person first; and everything that happens is tried."""

import json
from typing import NamedTuple
from urllib.parse import parse_qs

import pytest

from domain.incident.event import Event
from ingress.chat.word import USAGE
from tests.ingress.slack.case import Setup, active, alerting, bypassing, itemised, resolved, shown_complete, then
from tests.ingress.slack.scene import DANA, INES, JONAS, MIRA, SAM, Scene
from tests.vendors.slack.contract import inbound
from vendors import door
from vendors.slack.webhook import EVENTS


class Verb(NamedTuple):
    """Words that are typed, by whom, and the event that comes of them; without one, words of the answer."""

    words: str
    setup: Setup
    right: str
    event: str = ""
    wrong: str = ""
    answer: str = ""


VERBS = (
    Verb("declare billing P2 invoices are late", alerting, DANA, "opened"),
    Verb("ack", alerting, DANA, "acknowledged"),
    Verb("severity P1", then(alerting, (JONAS, "lead")), JONAS, "severity_declared", wrong=SAM),
    Verb("role comms", active, INES, "role_taken"),
    Verb(f"role commander <@{SAM}>", active, JONAS, "role_offered", wrong=DANA),
    Verb("finding the disk is full actions: deleting", active, DANA, "finding_posted"),
    Verb("update identified A bad deploy.", active, SAM, "update_drafted"),
    Verb("update approve", active, JONAS, "update_approved", wrong=DANA),
    Verb("change rollback to 1.2.3", active, JONAS, "change_recorded", wrong=DANA),
    Verb("change authorise 1", bypassing, MIRA, "change_answered", wrong=JONAS),
    Verb("note we call a friend", active, SAM, "noted"),
    Verb("page sam the database", active, DANA, "page_asked"),
    Verb(f"assign comms <@{INES}>", then(active, (SAM, "role comms")), SAM, "role_offered", wrong=DANA),
    Verb(f"task <@{SAM}> read the queries", active, JONAS, "task_assigned"),
    Verb(f"escalate <@{SAM}> the pool", active, DANA, "page_asked"),
    Verb("status", active, DANA, answer="Jonas commands."),
    Verb("who", active, DANA, answer="Communications lead: nobody yet"),
    Verb("join", active, DANA, answer="This is its war room."),
    Verb("due", active, DANA, answer="UTC> · COM-1"),
    Verb("timeline", active, DANA, answer="Jonas declared P1"),
    Verb("snooze WAR-4 15m rolling back", active, DANA, "snoozed", wrong=SAM),
    Verb(f"action <@{SAM}> alert on the pool", resolved, DANA, "item_added"),
    Verb("action done item-1", itemised, SAM, "item_closed"),
    Verb("action reopen item-1 it leaks", then(itemised, (SAM, "action done item-1")), SAM, "item_reopened"),
    Verb("action none it was the provider", resolved, MIRA, "items_waived", wrong=DANA),
    Verb("breach no nothing was read", resolved, MIRA, "breach_answered", wrong=DANA),
    Verb("resolve Rolled back.", active, JONAS, "resolved", wrong=DANA),
    Verb("reopen errors again", resolved, SAM, "reopened"),
    Verb("postmortem deployment", shown_complete, MIRA, "completion_asked", wrong=DANA),
    Verb("postmortem cause capacity", resolved, DANA, "cause_named", wrong=INES),
    Verb("waive WAR-4 we sit together", active, MIRA, "clause_waived", wrong=JONAS),
    Verb("drill end", active, DANA, answer="is no drill"),
    Verb("list", active, DANA, answer="1 open incident."),
    Verb("help", active, DANA, answer="alone opens a menu"),
    Verb("", active, DANA, answer="What do you want to do?"),
)
ALWAYS_A_FORM = {"mitigated"}
"""What is answered with a form whatever is typed behind it (`test_word`)."""


@pytest.mark.parametrize("verb", VERBS, ids=[verb.words or "nothing" for verb in VERBS])
async def test_every_verb_does_its_act_once_for_whom_may_and_for_nobody_else(scene: Scene, verb: Verb) -> None:
    incident = await verb.setup(scene)
    before = len(_happened(scene, verb.event))
    if verb.wrong:
        answer = await _typed(scene, verb, incident, verb.wrong)
        people = scene.company.catalog.people
        refused = [event for event in _happened(scene, "refused") if people[event.by].at("slack") == verb.wrong]
        assert [event.what.model_dump()["reason"].casefold() for event in refused] == [answer.casefold()]
        assert len(_happened(scene, verb.event)) == before
    answer = await _typed(scene, verb, incident, verb.right)
    assert verb.answer in answer
    assert len(_happened(scene, verb.event)) == before + bool(verb.event)


async def _typed(scene: Scene, verb: Verb, incident: str, user: str) -> str:
    """Type it where it is meant: in the war room, where there is one."""
    words = verb.words if scene.room(incident) or verb.event == "opened" else f"{incident} {verb.words}"
    answer = await scene.command(words, user, scene.room(incident) or "incidents")
    assert answer["response_type"] == "ephemeral"
    return str(answer["text"])


def _happened(scene: Scene, kind: str) -> list[Event]:
    return [event for one in scene.engine.incidents for event in scene.happened(one, kind)]


def test_every_verb_is_typed_here() -> None:
    assert {verb.words.partition(" ")[0] for verb in VERBS} - {""} == set(USAGE) - ALWAYS_A_FORM


# What happens by itself


def happenings(scene: Scene, room: str) -> dict[str, door.Request]:
    """One of everything that the door takes, by Slack's name for it."""
    ts = scene.slack.rooms[room].messages[-1]["ts"]
    channel = scene.slack.rooms[room].id
    return {
        "reaction_added": scene.slack.react(channel, ts, "pushpin", DANA),
        "pin_added": scene.slack.pin(channel, ts, DANA),
        "app_home_opened": scene.slack.go_home(DANA),
        "message.channels": scene.slack.write(channel, "I look at it", DANA),
        "message.groups": scene.slack.write(channel, "and at the cache", DANA),
        "message.im": scene.slack.write(scene.slack.workspace.direct(DANA).id, "due", DANA),
        "shortcut": scene.slack.shortcut("declare", DANA),
        "message_action": scene.slack.message_shortcut("note", channel, ts, DANA),
    }


async def test_every_event_of_the_app_is_tried_here(scene: Scene) -> None:
    incident = await active(scene)
    assert {*EVENTS, "shortcut", "message_action"} == happenings(scene, scene.room(incident)).keys()


@pytest.mark.parametrize("kind", ["reaction_added", "pin_added", "message_action"])
async def test_whatever_points_at_a_message_puts_it_on_the_timeline_once(scene: Scene, kind: str) -> None:
    incident = await active(scene)
    assert (await scene.twice(happenings(scene, scene.room(incident))[kind])).status_code == 200
    assert [event.by for event in scene.happened(incident, "noted")] == ["dana"]


@pytest.mark.sop("DET-2")
async def test_an_incident_is_declared_by_the_shortcut_from_anywhere(scene: Scene) -> None:
    incident = await active(scene)
    await scene.twice(happenings(scene, scene.room(incident))["shortcut"])
    await scene.fill({"service": "billing", "title": "invoices are late"}, DANA)
    assert len(scene.engine.incidents) == 2


@pytest.mark.sop("DET-2", "SCP-3")
async def test_a_security_incident_is_declared_as_one(scene: Scene) -> None:
    incident = await active(scene)
    await scene.twice(happenings(scene, scene.room(incident))["shortcut"])
    await scene.fill({"service": "billing", "title": "a stranger reads invoices", "security": "true"}, DANA)
    assert [one.secret for one in scene.engine.incidents.values()] == [False, True]


@pytest.mark.parametrize("kind", ["shortcut", "message_action"])
async def test_a_shortcut_of_the_standin_is_what_slack_sends(scene: Scene, kind: str) -> None:
    incident = await active(scene)
    request = happenings(scene, scene.room(incident))[kind]
    payload = json.loads(parse_qs(request.body.decode())["payload"][0])
    assert [error.message for error in inbound(f"In_{kind}").iter_errors(payload)] == []


async def test_shortcuts_that_are_not_ours_are_nobodys_business(scene: Scene) -> None:
    incident = await active(scene)
    room = scene.slack.rooms[scene.room(incident)]
    for request in (
        scene.slack.shortcut("lunch", DANA),
        scene.slack.message_shortcut("lunch", room.id, room.messages[-1]["ts"], DANA),
    ):
        assert (await scene.twice(request)).status_code == 200
    assert (scene.happened(incident, "noted"), scene.slack.views) == ([], {})
