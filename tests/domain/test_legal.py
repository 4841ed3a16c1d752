"""GDP-2: NIS2, DORA and a customer's contract run on the same clocks; nothing does unless the policy lists it."""

from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from domain.check import lint
from domain.company.policy import Policy
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.legal_answer import AnswerLaw, RecordLegalReport
from domain.procedure.resolution import Resolve
from domain.procedure.roles import TakeRole
from domain.procedure.severity import Declare
from domain.run.agenda import deadlines
from domain.value.act import Act
from tests.again import again
from tests.domain.story import START, Story, catalog, changed, policy

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def listing(**laws: object) -> Policy:
    rules: Policy = changed(policy(), legal=laws)
    return rules


OVER = Resolve(by="jonas", summary="rolled back")
"""A law's clocks outlive the fight."""


@again
def declared(rules: Policy | None = None) -> Story:
    """A P1 with mira as manager."""
    return Story(rules).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))


def applies(law: str, aware_at: datetime = START) -> Act:
    return AnswerLaw(by="mira", law=law, applies=True, reason="customers of two countries", aware_at=aware_at)


def reported(law: str, step: str, **said: object) -> Act:
    return RecordLegalReport.model_validate({"by": "mira", "law": law, "report": step, "reference": "A-1", **said})


def dues(story: Story) -> dict[str, timedelta]:
    """The running clocks of laws and when they are due, from the start on."""
    keys = [one for one in deadlines(story.incident) if ":" in one.key]
    return {one.key.removeprefix("GDP-2/"): one.due_at - START for one in keys}


@pytest.mark.sop("GDP-2")
def test_no_law_but_the_gdpr_is_asked_about_unless_the_policy_lists_it() -> None:
    assert dues(declared()) == {}
    assert "expected one that the policy lists: none" in declared().acts(applies("nis2")).refused


@pytest.mark.sop("GDP-2")
def test_nis2_asks_then_wants_a_warning_a_notification_and_a_report_a_month_after_it() -> None:
    story = declared(listing(nis2={}))
    assert dues(story) == {"nis2:asked": 4 * HOUR}
    assert story.told("Is it a significant incident") == {"mira"}
    story.acts(applies("nis2"), OVER)
    assert dues(story) == {"nis2:early-warning": 24 * HOUR, "nis2:notification": 72 * HOUR}
    story.at(hours=20).acts(reported("nis2", "early-warning"))
    story.at(hours=70).acts(reported("nis2", "notification"))
    assert dues(story) == {"nis2:final-report": 70 * HOUR + 30 * DAY}


@pytest.mark.sop("GDP-2")
def test_dora_counts_from_the_classification_and_a_day_after_the_awareness_at_the_latest() -> None:
    story = declared(listing(dora={"owner": "commander"})).at(hours=2)
    story.acts(applies("dora"))
    assert dues(story) == {"dora:initial": 6 * HOUR}
    story.acts(reported("dora", "initial"))
    assert dues(story) == {"dora:intermediate": 74 * HOUR}
    late = declared(listing(dora={})).acts(OVER).at(hours=22).acts(applies("dora"))
    assert dues(late) == {"dora:initial": 24 * HOUR}


@pytest.mark.sop("GDP-2")
def test_a_report_that_is_late_is_missed_and_takes_a_reason() -> None:
    story = declared(listing(nis2={})).acts(applies("nis2"), OVER).at(hours=25)
    assert "GDP-2/nis2:early-warning" in story.keys("missed")
    assert "say why it is late" in story.acts(reported("nis2", "early-warning")).refused
    assert story.acts(reported("nis2", "early-warning", late_reason="nobody knew the address")).answer.accepted
    assert story.verdict("GDP-2") in ("late", "missed", "open")


@pytest.mark.sop("GDP-2")
def test_who_said_yes_takes_a_second_person_to_take_it_back_and_both_words_are_kept() -> None:
    story = declared(listing(nis2={})).acts(applies("nis2"))
    no = AnswerLaw(by="mira", law="nis2", applies=False, reason="one customer only")
    assert "second person" in story.acts(no).refused
    assert story.acts(no.model_copy(update={"by": "jonas", "id": "second"})).answer.accepted
    assert dues(story) == {}
    assert len([event for event in story.incident.events if event.what.kind == "law_answered"]) == 2


@pytest.mark.sop("GDP-2")
def test_an_incident_stays_open_until_what_a_contract_asks_for_is_reported() -> None:
    rule = {"title": "the contract with Acme", "question": "Did Acme lose orders?", "to": "Acme", "steps": {}}
    with pytest.raises(ValidationError, match="steps"):
        listing(acme=rule)
    story = declared(listing(acme={**rule, "steps": {"notice": {"title": "the notice", "within": "8h"}}}))
    story.acts(applies("acme"), OVER).learns()
    assert story.at(days=20).phase() == "resolved"
    story.acts(reported("acme", "notice", late_reason="forgotten"))
    assert story.at(days=21).phase() == "closed"


@pytest.mark.sop("GDP-1", "GDP-2")
def test_a_role_for_privacy_owns_the_breach_clock_and_is_the_second_person() -> None:
    rules = changed(policy(), legal={"nis2": {"owner": "privacy"}})
    rules = changed(
        rules,
        roles=rules.roles | {"privacy": {"title": "data protection officer"}},
        **{"clocks__GDP-2__owner": "privacy"},
        may__answer_breach=("privacy", "manager"),
    )
    story = declared(rules).acts(TakeRole(by="ines", role="privacy"))
    assert story.due("GDP-2/nis2:asked").owner == "privacy"
    yes = AnswerBreach(by="mira", breach=True, reason="names", aware_at=START)
    story.acts(yes, AnswerBreach(by="mira", breach=False, reason="only ours"))
    assert story.due("GDP-2").owner == "privacy"
    assert story.told("Until a second person confirms it") == {"ines"}
    story.acts(AnswerBreach(by="ines", breach=False, reason="only ours"))
    assert "GDP-2" not in story.running()


@pytest.mark.sop("GDP-2")
def test_a_law_that_nobody_owns_or_no_severity_asks_about_is_found() -> None:
    rules = listing(dora={"owner": "nobody-of-us", "severities": ["P9"]})
    assert {one.path for one in lint(rules, catalog())} >= {"legal.dora.owner", "legal.dora.severities"}


@pytest.mark.sop("GDP-2")
def test_a_report_in_time_is_late_where_the_company_turns_out_to_have_been_aware_earlier() -> None:
    story = declared(listing(nis2={})).acts(OVER).at(hours=20).acts(applies("nis2", START + 10 * HOUR))
    story.at(hours=30).acts(reported("nis2", "early-warning"))
    story.at(hours=31).acts(applies("nis2", START)).passes(minutes=1)
    assert "GDP-2/nis2:early-warning/r2" in story.keys("missed")
    assert "mira" in story.told("Record why the early warning was late")
    assert dues(story)["nis2:early-warning/r2"] == 24 * HOUR
    story.at(hours=32).acts(reported("nis2", "early-warning", late_reason="support had not said so"))
    assert "nis2:early-warning/r2" not in dues(story)
