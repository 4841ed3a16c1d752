"""The breach checkpoint and the 72 hours of GDPR Article 33; nothing is ever sent by itself."""

from datetime import timedelta
from typing import Any

import pytest

from domain.company.policy import Policy
from tests.again import again
from tests.domain.learn.case import BY_CLOCK, CONTENTS, NOON, POLICY, Case, accounts, completed, days, fought, hours
from tests.domain.learn.test_scorecard import card


@again
def breached(**fields: Any) -> Case:
    """A resolved P1 in which personal data was breached."""
    case = fought(policy=BY_CLOCK)
    answer = {"breach": True, "reason": "e-mail addresses were in the dump", "aware_at": case.now, **fields}
    assert case.acts("answer_breach", "mira", **answer).accepted
    return case


@again
def intrusion() -> Case:
    return Case(title="Unauthorised access to the customer database")


@pytest.mark.sop("SCP-3", "GDP-1")
def test_a_security_incident_gets_a_private_room_and_is_asked_from_its_opening() -> None:
    case = intrusion()
    assert [room.private for room in case.did("open_room")] == [True]
    (due,) = [one for one in case.view.due if one.clause == "SCP-3"]
    assert due.due_at == NOON + hours(4)
    case.passes(hours(5))
    assert [event.at - NOON for event in case.events("reminded", clause="SCP-3")] == [hours(3)]
    assert [event.at - NOON for event in case.events("missed", clause="SCP-3")] == [hours(4), hours(5)]
    assert case.said("SCP-3")[0].buttons[0].act == "answer_breach"


@pytest.mark.sop("SCP-3")
def test_the_checkpoint_of_a_security_incident_cannot_be_skipped() -> None:
    case = intrusion()
    case.acts("declare", "jonas", severity="P1")
    case.acts("resolve", "jonas", summary="the account was locked")
    for clause in ("SCP-3", "GDP-1"):
        assert "may be waived" in case.acts("waive_clause", "mira", clause=clause, reason="no time").text
    case.acts("waive_items", "mira", reason="none")
    assert "personal data" in case.acts("complete_postmortem", "mira", cause="attack").text
    case.acts("waive_clause", "mira", clause="PM-1", reason="written elsewhere")
    case.passes(days(4))
    assert case.phase == "resolved"
    case.acts("answer_breach", "mira", breach=False, reason="the logs show no read")
    assert case.phase == "closed"


@pytest.mark.sop("SCP-3")
def test_a_security_incident_says_nothing_of_its_subject_in_its_invitation() -> None:
    case = intrusion()
    case.acts("resolve", "dana", summary="the account was locked")
    (invitation,) = case.did("send_invitation")
    assert "Unauthorised" not in invitation.model_dump_json()


@pytest.mark.sop("GDP-1")
@pytest.mark.parametrize("severity", ["P1", "P2", "P3", "P4"])
def test_every_incident_is_asked_and_chased_and_stays_open_until_answered(severity: str) -> None:
    case = fought(severity, policy=BY_CLOCK)
    start = case.now
    case.passes(hours(33))
    assert [event.at - start for event in case.events("reminded", clause="GDP-1")] == [hours(16)]
    assert [event.at - start for event in case.events("missed", clause="GDP-1")] == [hours(24), hours(32)]
    assert case.phase == "resolved"
    case.acts("answer_breach", "mira", breach=False, reason="none was touched")
    owed = case.incident.policy.severities[severity].post_mortem
    assert case.phase == ("resolved" if owed else "closed")


@pytest.mark.sop("GDP-1")
def test_an_answer_before_the_resolution_is_enough() -> None:
    case = Case()
    case.acts("declare", "jonas", severity="P1")
    case.acts("answer_breach", "mira", breach=False, reason="only metrics were affected")
    case.acts("resolve", "jonas", summary="over")
    assert [one for one in case.view.due if one.clause == "GDP-1"] == []


@pytest.mark.sop("GDP-1")
def test_the_policy_may_ask_only_for_some_severities() -> None:
    rules = {**POLICY.severities, "P4": POLICY.severities["P4"].model_copy(update={"breach_check": False})}
    policy: Policy = POLICY.model_copy(update={"severities": rules})
    case = fought("P4", policy=policy)
    case.passes(hours(2))
    assert case.phase == "closed"


@pytest.mark.sop("GDP-2")
def test_yes_starts_72_continuous_hours_from_awareness_with_reminders() -> None:
    case = breached(aware_at=NOON)
    (due,) = [one for one in case.view.due if one.clause == "GDP-2"]
    assert (due.due_at, due.person) == (NOON + hours(72), "mira")
    case.until(NOON + hours(85))
    reminders = [event.at - NOON for event in case.events("reminded", clause="GDP-2")]
    misses = [event.at - NOON for event in case.events("missed", clause="GDP-2")]
    assert reminders == [hours(24), hours(48), hours(66)]
    assert misses == [hours(72), hours(78), hours(84)]
    assert case.said("GDP-2")[0].buttons[0].act == "record_notification"
    assert not any("breach" in mail.subject for mail in case.did("send_mail"))


@pytest.mark.sop("GDP-2")
def test_72_hours_run_through_the_weekend_and_the_change_of_clocks() -> None:
    friday = NOON.replace(day=27)  # Europe's clocks change on 29 March 2026
    case = Case(at=friday)
    case.acts("answer_breach", "mira", breach=True, reason="a dump was public", aware_at=friday)
    assert [one.due_at for one in case.view.due if one.clause == "GDP-2"] == [friday + timedelta(seconds=72 * 3600)]


@pytest.mark.sop("GDP-2")
def test_awareness_cannot_lie_in_the_future_and_can_be_corrected() -> None:
    case = fought()
    later = case.acts("answer_breach", "mira", breach=True, reason="a dump", aware_at=case.now + hours(1))
    assert "aware_at" in later.text
    assert case.incident.learning.breach is None
    unsaid = case.acts("answer_breach", "mira", breach=True, reason="a dump")
    assert "say since when the company knows of it; the alert fired on 03 Mar 12:00 UTC" in unsaid.text
    case.acts("answer_breach", "mira", breach=True, reason="a dump", aware_at=case.now)
    assert case.acts("answer_breach", "mira", breach=True, reason="dana knew at noon", aware_at=NOON).accepted
    (due,) = [one for one in case.view.due if one.clause == "GDP-2"]
    assert due.due_at == NOON + hours(72)


@pytest.mark.sop("GDP-2")
def test_a_recorded_notification_with_its_four_contents_keeps_the_promise() -> None:
    case = breached()
    case.passes(hours(20))
    for name in CONTENTS:
        some = {key: words for key, words in CONTENTS.items() if key != name}
        assert "Article 33(3)" in case.acts("record_notification", "mira", reference="DPA-1", **some).text
    assert case.acts("record_notification", "mira", reference="DPA-1", authority="the DPA", **CONTENTS).accepted
    (kept,) = case.events("kept", clause="GDP-2")
    assert kept.at == case.now
    (recorded,) = case.events("notification_recorded")
    assert recorded.what.model_dump(include=set(CONTENTS)) == CONTENTS
    assert case.said("GDP-2 Mira Castellano recorded the notification DPA-1 to the DPA")


@pytest.mark.sop("GDP-2")
def test_a_late_notification_needs_its_reason() -> None:
    case = breached()
    case.passes(hours(80))
    refused = case.acts("record_notification", "mira", reference="DPA-1", **CONTENTS)
    assert "Article 33(1)" in refused.text
    reason = "the extent was known only yesterday"
    assert case.acts("record_notification", "mira", reference="DPA-1", late_reason=reason, **CONTENTS).accepted
    (late,) = [e.what for e in case.events("missed", clause="GDP-2") if e.what.stopped_at]
    assert late.stopped_at - late.due_at == hours(8)


@pytest.mark.sop("GDP-2", "SOC-1")
def test_a_notification_recorded_after_the_miss_does_not_undo_it_and_before_it_counts_when_it_was_sent() -> None:
    case = breached()
    sent_at = case.now + hours(70)
    case.passes(hours(71))
    assert case.acts("record_notification", "mira", reference="DPA-1", notified_at=sent_at, **CONTENTS).accepted
    (kept,) = case.events("kept", clause="GDP-2")
    assert kept.what.stopped_at == sent_at
    again = breached()
    sent_at = again.now + hours(70)
    again.passes(hours(80))
    again.acts("record_notification", "mira", reference="DPA-1", notified_at=sent_at, **CONTENTS)
    assert card(again)["GDP-2"].late == hours(8)
    assert again.events("notification_recorded")[0].what.notified_at == sent_at


@pytest.mark.sop("GDP-2")
def test_the_reason_for_lateness_can_come_first_and_does_not_stop_the_chase() -> None:
    case = breached()
    case.passes(hours(71))
    assert case.acts("record_notification", "mira", late_reason="the forensics are not done").accepted
    case.passes(hours(14))
    assert len(case.events("missed", clause="GDP-2")) == 3
    assert case.acts("record_notification", "mira", reference="DPA-1", **CONTENTS).accepted
    assert case.acts("record_notification", "mira", reference="DPA-1", **CONTENTS, authority="the DPA").accepted


@pytest.mark.sop("GDP-2")
def test_no_notification_is_recorded_without_a_breach_or_without_anything_said() -> None:
    assert "answer the checkpoint" in fought().acts("record_notification", "mira", reference="X", **CONTENTS).text
    assert "late_reason" in breached().acts("record_notification", "mira").text
    future = {"reference": "X", "notified_at": NOON + days(9), **CONTENTS}
    assert "notified_at" in breached().acts("record_notification", "mira", **future).text


@pytest.mark.sop("GDP-2")
def test_a_breached_incident_stays_open_until_the_notification_and_nobody_waives_or_silences_the_law() -> None:
    case = breached()
    case.acts("waive_items", "mira", reason="none")
    case.acts("complete_postmortem", "mira", cause="attack")
    accounts(case)
    case.passes(days(10))
    assert case.phase == "resolved"
    assert "may be waived" in case.acts("waive_clause", "mira", clause="GDP-2", reason="they will not mind").text
    for clause in ("GDP-1", "GDP-2"):
        quiet = case.acts("snooze", "dana", clause=clause, until=case.now + hours(1), reason="later")
        assert "nobody silences it" in quiet.text
    late = {"late_reason": "nobody looked", **CONTENTS}
    case.acts("record_notification", "mira", reference="DPA-1", **late)
    assert case.phase == "closed"


def test_the_answer_is_not_shown_in_incidents() -> None:
    case = breached()
    completed(case)
    shown = case.did("show_headline")[-1].message.model_dump_json()
    assert "dump" not in shown
    assert "reached" not in shown


@pytest.mark.sop("GDP-1", "DET-5")
def test_what_recovered_before_anybody_came_is_asked_about_and_closes_with_the_answer() -> None:
    case = Case()
    case.passes(hours(0.1))
    case.recovers()
    ended_at = case.now
    assert (case.phase, [one.clause for one in case.view.due]) == ("resolved", ["GDP-1"])
    [asked] = case.said("GDP-1 it recovered before anybody acknowledged: was personal data touched?")
    assert (case.alone("GDP-1 it recovered"), asked.buttons[0].act) == (["mira"], "answer_breach")
    case.passes(days(3))
    assert next(event.at - ended_at for event in case.events("missed", clause="GDP-1")) == hours(24)
    assert case.view.ended_at == ended_at
    assert "declare a new incident" in case.acts("reopen", "dana", reason="it is back").text
    case.acts("answer_breach", "mira", breach=False, reason="no request was answered")
    case.passes(hours(1))
    assert (case.phase, case.incident.closed_reason, case.view.ended_at) == ("closed", "self_resolved", ended_at)


@pytest.mark.sop("GDP-1", "GDP-2", "DET-5")
def test_a_breach_in_what_recovered_by_itself_has_its_72_hours_and_a_false_alarm_is_asked_nothing() -> None:
    case = Case()
    case.recovers()
    case.acts("answer_breach", "mira", breach=True, reason="a dump was read", aware_at=NOON)
    assert [(one.clause, one.due_at) for one in case.view.due] == [("GDP-2", NOON + hours(72))]
    case.acts("record_notification", "mira", reference="DPA-1", authority="ICO", **CONTENTS)
    case.passes(hours(1))
    assert (case.phase, case.incident.closed_reason) == ("closed", "self_resolved")
    false = Case()
    false.recovers()
    false.acts("close_as", "mira", how="false_alarm", reason="a test of the monitor")
    assert (false.phase, false.view.due, false.view.left_out) == ("closed", (), "false alarm")


@pytest.mark.sop("GDP-1", "DET-5")
def test_a_policy_that_does_not_ask_of_it_closes_it_at_once() -> None:
    quiet = POLICY.model_copy(update={"learn": POLICY.learn.model_copy(update={"breach_asked_self_resolved": ("P1",)})})
    case = Case("warning", policy=quiet)
    case.recovers()
    assert (case.phase, case.view.due) == ("closed", ())
