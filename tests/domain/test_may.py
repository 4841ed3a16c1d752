"""Who may do what: the policy's table, act by act."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from domain.incident.alerts import AlertSeen
from domain.run.may import forbidden
from domain.simulation.scenario import ScenarioAlert
from domain.value.act import Act
from tests.domain.story import START, Story, policy

ACT: TypeAdapter[Act] = TypeAdapter(Act)
EVERYBODY = {"jonas", "dana", "ines", "mira", "sam"}
FIELDS: dict[str, dict[str, Any]] = {
    "page_escalated": {"people": ["sam"]},
    "hear_severity": {"word": "P4", "where": "the pager"},
    "declare": {"severity": "P1"},
    "take_role": {"role": "comms"},
    "offer_role": {"role": "comms", "to": "sam"},
    "add_to_room": {"to": "sam"},
    "page_person": {"to": "sam"},
    "post_finding": {"conditions": "x"},
    "draft_update": {"body": "x"},
    "withdraw_update": {"because": "x"},
    "post_by_hand": {"url": "https://x"},
    "say_customers_affected": {"reason": "x"},
    "assign_task": {"title": "x"},
    "take_task": {"task": 1},
    "finish_task": {"task": 1},
    "block_task": {"task": 1, "reason": "x"},
    "drop_task": {"task": 1, "reason": "x"},
    "keep_task": {"task": 1},
    "mark_security": {"reason": "x"},
    "tell_customers": {"tell": True, "reason": "x"},
    "record_change": {"change": "config", "description": "x"},
    "authorise_change": {"number": 1},
    "answer_breach": {"breach": False, "reason": "x"},
    "note": {"text": "x"},
    "snooze": {"clause": "COM-1", "until": START, "reason": "x"},
    "relieve": {"role": "comms", "reason": "x"},
    "give_up_role": {"role": "comms"},
    "decline_role": {"role": "comms"},
    "confirm_change": {"number": 1},
    "adopt_catalog": {"reason": "x"},
    "correct": {"reason": "x", "title": "y"},
    "close_as": {"how": "false_alarm", "reason": "x"},
    "hear_kept_back": {"alerts": [], "reason": "x"},
    "join_report": {"alert": AlertSeen.of(ScenarioAlert().alert(START))},
    "link": {"to": "INC-00001"},
    "merge": {"into": "INC-00001"},
    "take_in": {"incident": "INC-00001", "title": "x"},
    "take_link": {"incident": "INC-00001"},
    "take_unlink": {"incident": "INC-00001"},
    "unlink": {"to": "INC-00001"},
    "withdraw_finding": {"finding": 1},
    "hear_cause": {
        "repeat": {"incident": "INC-00001", "title": "x", "service": "checkout", "fired_at": START},
        "naming": 3,
    },
    "resolve": {"summary": "x"},
    "reopen": {"reason": "x"},
    "close_item": {"item": "x"},
    "reopen_item": {"item": "x"},
    "change_item": {"item": "x", "reason": "x"},
    "move_item": {"item": "x", "ref": "x", "url": "x"},
    "record_affected_told": {"whom": "people", "what": "x"},
    "answer_law": {"law": "nis2", "applies": True, "reason": "x"},
    "record_legal_report": {"law": "nis2", "report": "notification", "reference": "x"},
    "name_cause": {"cause": "x"},
    "draft_public_postmortem": {"body": "x"},
    "post_public_postmortem": {"url": "https://status.example/1"},
    "tell_account": {"how": "on the telephone"},
    "add_item": {"title": "x", "owner": "dana"},
    "waive_items": {"reason": "x"},
    "waive_clause": {"clause": "WAR-4", "reason": "x"},
}
ALLOWED = {
    "declare": {"jonas"},
    "resolve": {"jonas"},
    "record_change": {"jonas"},
    "authorise_change": {"mira"},
    "approve_update": {"ines", "jonas"},
    "approve_mail": {"ines", "jonas"},
    "approve_public_postmortem": {"ines", "jonas"},
    "post_public_postmortem": {"ines", "jonas"},
    "withdraw_update": {"ines", "jonas"},
    "post_by_hand": {"ines", "jonas", "dana"},
    "tell_account": {"ines", "jonas", "dana"},
    "tell_customers": {"jonas", "mira"},
    "snooze": {"jonas", "dana", "ines", "mira"},
    "answer_breach": {"mira", "jonas"},
    "name_cause": {"mira", "jonas", "dana"},
    "waive_items": {"mira"},
    "complete_postmortem": {"mira", "jonas"},
    "record_notification": {"mira", "jonas"},
    "record_affected_told": {"mira", "jonas"},
    "answer_law": {"mira", "jonas"},
    "record_legal_report": {"mira", "jonas"},
    "change_item": {"mira", "jonas"},
    "waive_clause": {"mira"},
    "close_as": {"jonas"},
    "confirm_change": {"jonas"},
    "adopt_catalog": {"mira"},
}
VACANT = {"declare", "resolve", "close_as", "record_change"}
MANAGERS = {kind for kind, roles in policy().may.items() if "manager" in roles}
HOLDERS = {"commander": "jonas", "on_call": "dana", "comms": "ines", "manager": "mira"}


def allowed(kind: str, holders: dict[str, str]) -> set[str]:
    incident = Story().incident
    incident.holders.clear()
    incident.holders.update(holders)
    acts = {by: ACT.validate_python({"kind": kind, "by": by, **FIELDS.get(kind, {})}) for by in EVERYBODY}
    return {by for by, act in acts.items() if forbidden(incident, act) is None}


@pytest.mark.parametrize("kind", sorted(Act.kinds))
def test_with_every_role_filled_the_table_is_the_law(kind: str) -> None:
    assert allowed(kind, HOLDERS) == ALLOWED.get(kind, EVERYBODY)


@pytest.mark.parametrize("kind", sorted(ALLOWED))
def test_with_every_role_vacant_only_what_cannot_wait_is_anybodys(kind: str) -> None:
    listed = {"ines"} if policy().may[kind][0] == "comms" else set[str]()
    assert allowed(kind, {}) == (EVERYBODY if kind in VACANT else {"mira"} if kind in MANAGERS else listed)


def test_every_line_of_the_table_is_about_an_act_that_exists() -> None:
    assert set(policy().may) <= set(Act.kinds)


def test_a_refusal_names_the_role_and_who_holds_it_or_that_nobody_does() -> None:
    incident = Story().incident
    refusal = forbidden(incident, ACT.validate_python({"kind": "approve_update", "by": "dana"}))
    assert refusal is not None
    assert refusal.reason == (
        "only the communications lead or incident commander may approve an update, "
        "and nobody is that yet: take the role first"
    )
