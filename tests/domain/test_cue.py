"""What people, vendors and monitors did is read back from the events that it turned into."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from domain.incident.alerts import AlertSeen
from domain.incident.entry import STANDFAST
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.action_items import AddItem
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate
from domain.replay.input import ReplayInput, cues, made_by, refused
from domain.simulation.scenario import ScenarioAlert
from domain.value.act import Act
from domain.value.kind import kind_of
from tests.domain.story import START, Story, changed, policy

ACT: TypeAdapter[Act] = TypeAdapter(Act)
LEFT_OUT = {"at", "proof", "catalog"}
"""What is compared for itself, or stands in the event as it came to be."""
DEGRADED = {"components": "cmpcheckout1: degraded"}
FILLED_IN = ("notified_at", "told_at")
"""What the act may leave open and the event says."""
CONTENTS = {"nature": "a dump", "contact": "the officer", "consequences": "spam", "measures": "keys revoked"}
EARLIER = {"incident": "INC-00004", "title": "slow", "service": "checkout", "cause": "capacity", "fired_at": START}
KEPT = AlertSeen.of(ScenarioAlert().alert(START)).model_dump()
FOUGHT: tuple[dict[str, Any], ...] = (
    {"kind": "decline_page", "by": "dana"},
    {"kind": "acknowledge", "by": "dana"},
    {"kind": "record_change", "by": "dana", "change": "rollback", "description": "to 811", "bypass": False},
    {"kind": "page_escalated", "by": "pagerduty", "people": ("sam",)},
    {"kind": "hear_severity", "by": "dana", "word": "P3", "where": "the pager", "url": "https://pager.example/1"},
    {"kind": "hear_kept_back", "by": "monitor", "alerts": (KEPT,), "reason": "staging"},
    {"kind": "add_to_room", "by": "dana", "to": "priya"},
    {"kind": "page_person", "by": "dana", "to": "priya", "reason": "she knows the pool"},
    {"kind": "page_person", "by": "dana", "to": "last_resort", "reason": ""},
    {"kind": "declare", "by": "jonas", "severity": "P1", "reason": ""},
    {"kind": "confirm_change", "by": "jonas", "number": 1, "confirmed": True, "reason": "right"},
    {"kind": "declare", "by": "jonas", "severity": "P2", "reason": "only a few"},
    {"kind": "declare", "by": "dana", "severity": "P2", "reason": "only a few"},
    {"kind": "take_role", "by": "ines", "role": "comms"},
    {"kind": "offer_role", "by": "jonas", "role": "commander", "to": "dana"},
    {"kind": "take_role", "by": "dana", "role": "commander"},
    {"kind": "offer_role", "by": "dana", "role": "commander", "to": "sam"},
    {"kind": "decline_role", "by": "sam", "role": "commander", "reason": "asleep"},
    {"kind": "give_up_role", "by": "ines", "role": "comms", "reason": "a train"},
    {"kind": "take_role", "by": "ines", "role": "comms"},
    {"kind": "relieve", "by": "mira", "role": "comms", "reason": "not reachable"},
    {"kind": "take_role", "by": "ines", "role": "comms"},
    {"kind": "post_finding", "by": "dana", "conditions": "slow", "actions": "looking", "needs": "eyes"},
    {"kind": "withdraw_finding", "by": "dana", "finding": 1, "reason": "another pool"},
    {"kind": "join", "by": "mira"},
    {"kind": "hear_talk", "by": "priya"},
    {"kind": "unacknowledge", "by": "dana", "reason": "the wrong button"},
    {"kind": "acknowledge", "by": "dana"},
    {"kind": "note", "by": "sam", "text": "pinned", "url": "https://example.com"},
    {"kind": "snooze", "by": "dana", "clause": "WAR-4", "until": START + timedelta(hours=1), "reason": "busy"},
    {"kind": "draft_update", "by": "ines", "status": "identified", "body": "We found it."},
    {"kind": "approve_update", "by": "ines", "number": 2, "status": "identified", "body": "We found it.", **DEGRADED},
    {"kind": "post_by_hand", "by": "ines", "number": 2, "url": "https://status.example.com/incidents/7"},
    {"kind": "draft_update", "by": "ines", "status": "identified", "body": "We lost it."},
    {"kind": "withdraw_update", "by": "ines", "number": 3, "because": "we did not"},
    {"kind": "say_customers_affected", "by": "dana", "affected": True, "reason": "tickets come in"},
    {"kind": "approve_mail", "by": "ines", "number": 1, "subject": "An outage", "body": "We are on it."},
    {"kind": "tell_account", "by": "ines", "how": "on the telephone", "account": "ops@northwind.example"},
    {"kind": "link", "by": "dana", "to": "INC-00001", "reason": "the same pool"},
    {"kind": "take_link", "by": "sam", "incident": "INC-00002", "title": "slow", "room": "", "reason": "the pool"},
    {"kind": "take_unlink", "by": "sam", "incident": "INC-00002", "reason": "another pool"},
    {"kind": "take_link", "by": "sam", "incident": "INC-00004", "title": "slow", "room": "", "reason": "the pool"},
    {"kind": "unlink", "by": "dana", "to": "INC-00004", "reason": "another pool"},
    {"kind": "correct", "by": "dana", "title": "logins fail", "service": "", "team": "", "reason": "not only there"},
    {"kind": "merge", "by": "dana", "into": "INC-00001", "reason": "the same pool"},
    {"kind": "take_in", "by": "sam", "incident": "INC-00003", "title": "slow", "people": ("sam",)},
    {"kind": "record_change", "by": "dana", "change": "hotfix", "description": "patch", "bypass": True},
    {"kind": "authorise_change", "by": "mira", "number": 2, "granted": True, "reason": "go"},
    {"kind": "assign_task", "by": "dana", "title": "read the queries", "to": "sam"},
    {"kind": "take_task", "by": "mira", "task": 1},
    {"kind": "block_task", "by": "mira", "task": 1, "reason": "no access"},
    {"kind": "drop_task", "by": "dana", "task": 1, "reason": "it is known"},
    {"kind": "assign_task", "by": "dana", "title": "call the provider", "to": ""},
    {"kind": "finish_task", "by": "sam", "task": 2, "result": "they look"},
    {"kind": "assign_task", "by": "dana", "title": "tidy the queue", "to": "sam"},
    {"kind": "keep_task", "by": "dana", "task": 3},
    {"kind": "report_impact", "by": "ines", "blocks": "payment", "customers": 40, "regions": ("eu",), "since": START},
    {"kind": "mark_security", "by": "sam", "reason": "a session nobody knows"},
    {"kind": "tell_customers", "by": "dana", "tell": False, "reason": "it would warn them"},
    {"kind": "unmark_security", "by": "sam", "reason": "an export"},
    {"kind": "unmark_security", "by": "mira", "reason": "an export indeed"},
    {"kind": "resolve", "by": "dana", "summary": "patched"},
    {"kind": "reopen", "by": "sam", "reason": "it is back"},
    {"kind": "resolve", "by": "dana", "summary": "patched again"},
    {"kind": "answer_breach", "by": "mira", "breach": True, "reason": "a dump", "aware_at": START},
    {"kind": "record_notification", "by": "mira", "reference": "DPA-1", "authority": "", "late_reason": "", **CONTENTS},
    {"kind": "add_item", "by": "mira", "title": "limit it", "owner": "sam", "body": "soon"},
    {"kind": "record_affected_told", "by": "mira", "whom": "people", "what": "by letter"},
    {"kind": "answer_law", "by": "mira", "law": "nis2", "applies": True, "reason": "two countries", "aware_at": START},
    {"kind": "record_legal_report", "by": "mira", "law": "nis2", "report": "notification", "reference": "A-1"},
    {"kind": "change_item", "by": "mira", "item": "item-1", "reason": "sam is away", "owner": "dana"},
    {
        "kind": "move_item",
        "by": "jira",
        "via": "jira",
        "item": "item-1",
        "ref": "PLAT-7",
        "url": "https://t.test/PLAT-7",
    },
    {"kind": "waive_items", "by": "mira", "reason": "one is enough"},
    {"kind": "adopt_catalog", "by": "mira", "reason": "priya has left", "without": ("priya",), "catalog": None},
    {"kind": "waive_clause", "by": "mira", "clause": "WAR-4", "reason": "nobody needed it"},
    {"kind": "name_cause", "by": "mira", "cause": "capacity", "title": "a resource ran out"},
    {"kind": "hear_cause", "by": "mira", "repeat": EARLIER, "naming": 9},
    {"kind": "complete_postmortem", "by": "mira", "cause": "deployment", "title": "a deployment brought a defect"},
    {"kind": "draft_public_postmortem", "by": "ines", "body": "A pool ran out."},
    {"kind": "approve_public_postmortem", "by": "ines", "number": 2, "body": "A pool of connections ran out."},
    {"kind": "post_public_postmortem", "by": "ines", "url": "https://status.example.com/incidents/7/postmortem"},
    {"kind": "close_item", "by": "sam", "item": "item-1", "state": "done", "reason": "by hand"},
    {"kind": "reopen_item", "by": "sam", "item": "item-1", "reason": "not everywhere"},
    {"kind": "close_item", "by": "sam", "item": "item-1", "state": "declined", "reason": "obsolete"},
)
"""Acts of one incident, each of which is accepted where it stands."""


def fought(named: bool) -> tuple[Story, list[Act]]:
    """An incident in which everything was done once, by acts with ids or without."""
    story, acts = Story(changed(policy(), legal={"nis2": {}})), list[Act]()
    story.fails("status_page", "publish_update").fails("status_page", "publish_postmortem").fails("mailer")
    for number, said in enumerate(FOUGHT):
        story.passes(seconds=7)
        act = ACT.validate_python({**said, "id": f"act-{number}" if named else ""})
        story.acts(act)
        assert not story.refused, f"{act.kind}: {story.refused}"
        acts.append(act)
    return story, acts


@pytest.mark.parametrize("named", [True, False])
def test_every_act_is_read_back_with_its_words_and_its_moment(named: bool) -> None:
    story, acts = fought(named)
    found = [cue for cue in cues(story.incident.events) if cue.act]
    assert [cue.at - START for cue in found] == [timedelta(seconds=7 * (n + 1)) for n in range(len(acts))]
    for cue, act in zip(found, acts, strict=True):
        assert cue.act is not None
        said, given = cue.act.model_dump(exclude=LEFT_OUT), act.model_dump(exclude=LEFT_OUT)
        assert said | {name: given[name] for name in FILLED_IN if name in given} == given


def test_the_acts_above_and_those_that_close_are_all_there_are() -> None:
    assert {said["kind"] for said in FOUGHT} | {"end_drill", "close_as", "join_report"} == set(Act.kinds)
    assert {kind_of(act) for act in made_by().values()} == set(Act.kinds)


def test_what_the_procedure_did_by_itself_is_not_read_back() -> None:
    story = Story(changed(policy(), updates__on_miss="holding")).acts(Acknowledge(by="dana")).passes(hours=3)
    by_itself = {event.what.kind for event in story.incident.events if event.by == STANDFAST}
    assert {"severity_declared", "update_drafted", "update_approved", "missed", "reminded"} <= by_itself
    assert [cue.act.kind for cue in cues(story.incident.events) if cue.act] == ["acknowledge"]


def test_alerts_that_joined_are_heard_again_as_they_were() -> None:
    story = Story().passes(minutes=1).hears(count=3, key="latency", title="p99", severity="warning").passes(minutes=1)
    story.hears(state="resolved")
    latency, recovered = cues(story.incident.events)
    assert (latency.count, latency.at - START, latency.act) == (3, timedelta(minutes=1), None)
    assert [(one.key, one.title, one.severity) for one in latency.alerts] == [("latency", "p99", "warning")]
    assert [one.state for one in recovered.alerts] == ["resolved"]


def test_an_act_that_arrived_late_keeps_its_own_moment_and_comes_after_what_was_there() -> None:
    story = Story().at(minutes=6)
    story.acts(ACT.validate_python({"kind": "acknowledge", "by": "dana", "at": START + timedelta(minutes=4)}))
    (cue,) = cues(story.incident.events)
    assert isinstance(cue, ReplayInput)
    assert cue.act is not None
    assert cue.act.at == START + timedelta(minutes=4)
    assert cue.at == START + timedelta(minutes=6)  # the pager was asked at six minutes, before it came


def test_a_due_date_that_the_policy_chose_is_left_to_the_next_policy() -> None:
    story, _ = fought(named=True)
    items = [cue.act for cue in cues(story.incident.events) if isinstance(cue.act, AddItem)]
    assert [item.due_at for item in items] == [None]


def test_refused_acts_are_counted_because_their_words_are_gone() -> None:
    story = Story().acts(ACT.validate_python({"kind": "reopen", "by": "sam", "reason": "it is back"}))
    assert refused(story.incident.events) == 1
    [cue] = cues(story.incident.events)
    assert (cue.act, cue.refused) == (None, story.incident.events[-1])


def test_an_alert_is_remembered_with_the_senders_word() -> None:
    opened = Story(severity="critical").incident.opened
    assert [opened.remembered(seen).severity for seen in opened.alerts] == ["critical"]


def test_a_role_that_was_taken_by_a_press_is_read_back_as_that_press_alone() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=1)
    story.acts(ApproveUpdate(by="ines", via="slack", id="once"))
    assert story.incident.holders["comms"] == "ines"
    assert [cue.act.kind for cue in cues(story.incident.events) if cue.act and cue.act.by == "ines"] == [
        "approve_update"
    ]
