"""Acts that need words are asked for in a form, and what comes back is an act or says what is wrong with it."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest

from domain.port.conversation import Opened, Options, Submitted, UnclearInput
from domain.procedure.changes import AuthoriseChange
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.roles import OfferRole
from domain.procedure.severity import Declare
from domain.value.act import Act
from ingress.chat.act import act_from, filled
from ingress.chat.question import OPEN, forms, wrong
from standins.slack.block import view_faults
from standins.slack.standin import Standin
from tests.vendors.slack.contract import inbound, request_faults
from tests.vendors.slack.modal import form_of, modal_of
from vendors import door
from vendors.slack.client import Client
from vendors.slack.form import errors_in, remembered
from vendors.slack.webhook import read, verify

NOW = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
ANSWERS: dict[str, dict[str, str]] = {
    "declare": {"severity": "P2", "reason": "half of the orders"},
    "post_finding": {"conditions": "disk is full"},
    "draft_update": {"status": "identified", "body": "A bad deploy."},
    "approve_update": {"status": "monitoring", "body": "Rolled back."},
    "withdraw_update": {"because": "it is wrong"},
    "tell_account": {"how": "on the telephone"},
    "post_by_hand": {"url": "https://status.example.com/incidents/7"},
    "say_customers_affected": {"affected": "true", "reason": "tickets come in"},
    "draft_public_postmortem": {"body": "Payments failed for an hour."},
    "approve_public_postmortem": {"body": "Payments failed for an hour."},
    "post_public_postmortem": {"url": "https://status.example.com/incidents/7"},
    "approve_mail": {"subject": "Incident", "body": "Dear customer"},
    "authorise_change": {"granted": "false", "reason": "use CI"},
    "assign_task": {"title": "read the queries", "to": "UBOB"},
    "take_task": {"task": "1"},
    "finish_task": {"task": "1", "result": "a lock"},
    "block_task": {"task": "1", "reason": "no access"},
    "drop_task": {"task": "1", "reason": "it is known"},
    "keep_task": {"task": "1"},
    "report_impact": {"blocks": "payment", "customers": "4,000", "regions": "eu, us", "since": "1772506800"},
    "mark_security": {"reason": "somebody reads the orders"},
    "unmark_security": {"reason": "it was an export"},
    "tell_customers": {"tell": "false", "reason": "it would warn them"},
    "record_change": {"change": "hotfix", "description": "patch", "bypass": "true"},
    "resolve": {"summary": "A bad deploy, rolled back."},
    "answer_breach": {"breach": "true", "reason": "names", "aware_at": "1772506800"},
    "answer_law": {"law": "nis2", "applies": "true", "reason": "two countries", "aware_at": "1772506800"},
    "record_legal_report": {"law": "nis2", "report": "notification", "reference": "A-1", "told_at": "1772506800"},
    "record_affected_told": {"whom": "people", "what": "by letter", "told_at": "1772506800"},
    "reopen_item": {"reason": "it still leaks"},
    "change_item": {"reason": "on leave", "owner": "UBOB", "due_at": "1772506800"},
    "note": {"text": "we chose the slow way"},
    "reopen": {"reason": "errors again"},
    "add_to_room": {"to": "UBOB"},
    "offer_role": {"role": "comms", "to": "UBOB", "note": "the mail is not out yet"},
    "unacknowledge": {"reason": "on a train"},
    "page_person": {"to": "secondary", "reason": "database knowledge"},
    "name_cause": {"cause": "capacity"},
    "add_item": {"title": "Limit the pool", "owner": "UBOB", "due_at": "1772506800"},
    "waive_items": {"reason": "the provider was down"},
    "complete_postmortem": {"cause": "new-cause", "title": "a new one"},
    "close_item": {"state": "declined", "reason": "no longer there"},
    "record_notification": {"reference": "DPA-1", "notified_at": "1772506800", "nature": "400 addresses"},
    "snooze": {"clause": "WAR-4", "until": "1772506800", "reason": "rolling back"},
    "waive_clause": {"clause": "WAR-4", "reason": "everybody sat together"},
    "correct": {"reason": "the export runs elsewhere", "service": "platform"},
    "adopt_catalog": {"reason": "a reorganisation"},
    "close_as": {"how": "false_alarm", "reason": "a test of the monitor"},
    "confirm_change": {"confirmed": "true", "reason": "it fits"},
    "decline_role": {"role": "comms", "reason": "on a train"},
    "give_up_role": {"role": "comms", "reason": "the shift is over"},
    "link": {"to": "INC-7KQ2M", "reason": "the same database"},
    "unlink": {"to": "INC-7KQ2M", "reason": "another database"},
    "withdraw_finding": {"finding": "1", "reason": "the wrong window"},
    "merge": {"into": "INC-7KQ2M", "reason": "the same outage"},
    "relieve": {"role": "commander", "reason": "not heard for ten minutes"},
}
KNOWN = {
    "authorise_change": {"number": "2"},
    "confirm_change": {"number": "2"},
    "approve_update": {"number": "1", "body": "Old words"},
    "close_item": {"item": "item-1"},
    "reopen_item": {"item": "item-1"},
    "change_item": {"item": "item-1"},
}
SERVICES: dict[str, Options] = {"service": (("checkout", "Checkout API"), ("billing", "Billing"))}


def test_every_form_is_of_an_act_and_has_an_answer_here() -> None:
    kinds = set(Act.kinds)
    assert set(forms()) == {*ANSWERS, OPEN}
    assert set(ANSWERS) <= kinds


def test_a_few_answers_are_all_seen_and_what_may_be_left_out_can_be_taken_back() -> None:
    severity, optional = (
        modal_of("declare", "INC-7K3QF", {})["blocks"][0],
        modal_of(OPEN, "", {}, SERVICES)["blocks"][2],
    )
    assert severity["element"]["type"] == "radio_buttons"
    assert (optional["element"]["type"], optional["optional"]) == ("static_select", True)
    many = tuple((str(number), str(number)) for number in range(6))
    assert modal_of("declare", "INC-7K3QF", {}, {"severity": many})["blocks"][0]["element"]["type"] == "static_select"


@pytest.mark.parametrize("kind", forms())
def test_every_form_is_one_that_slack_takes(kind: str) -> None:
    for fields in ({}, KNOWN.get(kind, {}), ANSWERS.get(kind, {"service": "billing", "title": "Invoices are late"})):
        view = modal_of(kind, "INC-7K3QF", fields, SERVICES)
        assert view_faults(view) == []
        assert request_faults("views.open", {"trigger_id": "1.2.3", "view": view}) == []


@pytest.mark.parametrize("kind", ANSWERS)
async def test_a_form_goes_out_and_comes_back_as_an_act(
    kind: str, slack: Standin, client: Client, settings: Any
) -> None:
    commanded = read(slack.command("", "UADA", slack.rooms["incidents"].id))
    assert commanded.kind == "commanded"
    view = await client.conversation.open_form(commanded.trigger, form_of(kind, "INC-7K3QF", KNOWN.get(kind, {})))
    request = slack.submit(view, ANSWERS[kind], "UADA")
    verify(request, settings)
    submitted = read(request)
    assert isinstance(submitted, Submitted)
    assert submitted == read(request)
    opened = filled(submitted)
    assert (opened.incident, opened.act) == ("INC-7K3QF", kind)
    assert opened.fields == {**KNOWN.get(kind, {}), **ANSWERS[kind]}
    person = {"to": "bob"} if kind in ("offer_role", "add_to_room") else {}  # who the ingress finds in the catalog
    act = act_from(opened.act, {**opened.fields, **person}, by="ada", via="slack", id=submitted.id, at=NOW)
    assert (act.kind, act.id) == (kind, submitted.id)


async def test_a_submission_of_the_standin_is_what_slack_sends(slack: Standin, client: Client) -> None:
    commanded = read(slack.command("", "UADA", slack.rooms["incidents"].id))
    assert commanded.kind == "commanded"
    view = await client.conversation.open_form(commanded.trigger, form_of("answer_breach", "INC-7K3QF", {}))
    payload = json.loads(parse_qs(slack.submit(view, ANSWERS["answer_breach"], "UADA").body.decode())["payload"][0])
    assert [error.message for error in inbound("In_view_submission").iter_errors(payload)] == []


def test_what_is_known_stands_in_the_form_and_the_rest_travels_with_it() -> None:
    view = modal_of("approve_update", "INC-7K3QF", {"number": "1", "status": "identified", "body": "A bad deploy."})
    status, body, _components = view["blocks"]
    assert status["element"]["initial_option"]["value"] == "identified"
    assert body["element"]["initial_value"] == "A bad deploy."
    assert json.loads(view["private_metadata"])["fields"] == {"number": "1"}


def test_the_policys_own_severities_can_be_offered() -> None:
    view = modal_of("declare", "INC-7K3QF", {"severity": "S0"}, {"severity": (("S0", "S0: everything"), ("S1", "S1"))})
    element = view["blocks"][0]["element"]
    assert [option["value"] for option in element["options"]] == ["S0", "S1"]
    assert element["initial_option"]["text"]["text"] == "S0: everything"


def test_what_is_known_may_not_be_more_than_slack_carries() -> None:
    with pytest.raises(UnclearInput, match="expected at most 3000"):
        modal_of("note", "INC-7K3QF", {"url": "x" * 3000})


def test_words_become_the_acts_own_types() -> None:
    declared = act_from("declare", {"severity": " p1 ".strip()}, by="ada", via="slack", id="1", at=NOW)
    refused = act_from("authorise_change", {"number": "2", "granted": "false"}, by="ada", via="slack", id="1", at=NOW)
    breach = act_from("answer_breach", ANSWERS["answer_breach"], by="ada", via="slack", id="1", at=NOW)
    offered = act_from("offer_role", {"role": "comms", "to": "bob"}, by="ada", via="slack", id="1", at=NOW)
    assert isinstance(declared, Declare)
    assert isinstance(refused, AuthoriseChange)
    assert isinstance(breach, AnswerBreach)
    assert isinstance(offered, OfferRole)
    assert (declared.severity, refused.number, refused.granted) == ("P1", 2, False)
    assert (breach.breach, breach.aware_at) == (True, NOW)


@pytest.mark.parametrize(
    ("kind", "fields", "errors"),
    [
        ("resolve", {}, {"summary": "this is needed"}),
        ("resolve", {"summary": "  "}, {"summary": "this is needed"}),
        ("declare", {"severity": "high"}, {"severity": "found 'HIGH', expected: String should match"}),
        ("authorise_change", {"number": "two"}, {"number": "found 'two', expected: Input should be a valid integer"}),
        (
            "draft_update",
            {"status": "fine", "body": "x"},
            {"status": "found 'fine', expected: Input should be 'invest"},
        ),
        ("note", {"text": "x", "colour": "red"}, {"colour": "found 'red', expected: Extra inputs"}),
        ("snooze", {"clause": "WAR-4", "until": "3pm", "reason": "x"}, {"until": "found '3pm', expected:"}),
        ("dance", {}, {"act": "found 'dance', expected one of 'acknowledge'"}),
    ],
)
def test_what_is_wrong_is_said_by_field(kind: str, fields: dict[str, str], errors: dict[str, str]) -> None:
    with pytest.raises(UnclearInput) as caught:
        act_from(kind, fields, by="ada", via="slack", id="1", at=NOW)
    assert caught.value.errors.keys() == errors.keys()
    assert all(caught.value.errors[field].startswith(said) for field, said in errors.items())


def test_the_shipped_roles_are_the_policys() -> None:
    roles = modal_of("offer_role", "INC-7K3QF", {"role": "on_call"})["blocks"][0]["element"]
    assert [option["value"] for option in roles["options"]] == ["commander", "on_call", "comms", "manager"]
    assert roles["initial_option"]["value"] == "on_call"


def test_errors_stand_where_the_form_has_a_question_for_them() -> None:
    errors = {"needs": "too long", "": "it is resolved", "number": "unknown"}
    answer = errors_in(wrong(Opened(incident="INC-7K3QF", act="post_finding"), errors))
    assert answer["response_action"] == "errors"
    assert answer["errors"] == {"needs": "too long", "conditions": "it is resolved; unknown"}
    assert [error.message for error in inbound("Out_view_response_action").iter_errors(answer)] == []


def test_a_form_that_is_not_ours_is_unreadable() -> None:
    with pytest.raises(door.Unreadable):
        remembered("This is for you!")
