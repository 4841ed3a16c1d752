"""Whole incidents without an engine, from the alert to the last action item: in time, never in time, with a breach."""

from datetime import timedelta

import pytest

from domain.port.mailer import SendInvitation
from domain.report.scorecard import Verdict, scorecard
from tests.domain.learn.case import BY_CLOCK, CONTENTS, NOON, Case, days, fought, hours

MINUTES = timedelta(minutes=1)


def card(case: Case) -> dict[str, Verdict]:
    return {one.clause: one for one in scorecard(case.incident, case.now)}


@pytest.mark.sop("PM-1", "PM-3", "ACT-1", "ACT-2", "REP-1", "GDP-1", "RES-1")
def test_from_the_alert_to_the_last_action_item_closed_13_days_later() -> None:
    case = fought()
    case.acts("approve_mail", "ines")
    resolved_at = case.now
    case.until(resolved_at + hours(20))
    case.acts("answer_breach", "mira", breach=False, reason="no personal data was touched")
    case.acts("name_cause", "dana", cause="capacity")
    case.acts("add_item", "dana", title="Limit the pool per tenant", owner="dana")
    case.acts("add_item", "mira", title="Alert on a pool at 80 %", owner="sam")
    assert case.acts("complete_postmortem", "mira").accepted
    assert case.acts("approve_public_postmortem", "ines", number=1).accepted
    case.passes(days(4))
    case.acts("close_item", "jira", item="item-2")
    assert case.phase == "resolved"
    case.until(resolved_at + days(13))
    case.acts("close_item", "jira", item="ref-open_item/item-1")
    assert case.phase == "closed"
    assert case.view.closed_at == resolved_at + days(13)
    assert case.incident.missed == {}
    verdicts = {one.verdict for one in card(case).values()}
    assert verdicts == {"met", "not_applicable"}
    case.passes(days(15))
    assert [duty.kind for duty in case.done].count("archive_room") == 1
    assert case.view.due == ()
    for kind in ("open_document", "open_room", "find_repeats"):
        assert len(case.did(kind)) == 1
    invited = [duty.person.id for duty in case.did("send_invitation") if isinstance(duty, SendInvitation)]
    assert sorted(invited) == ["dana", "ines", "jonas", "mira"]
    assert len(case.did("open_item")) == 2


@pytest.mark.sop("PM-2", "ACT-2", "GDP-1", "SOC-1")
def test_an_incident_that_misses_every_deadline_is_chased_to_its_end_and_says_so() -> None:
    case = Case(policy=BY_CLOCK)
    case.passes(20 * MINUTES)
    case.acts("acknowledge", "dana")
    case.passes(hours(2))
    case.acts("take_role", "jonas", role="commander")
    case.acts("take_role", "ines", role="comms")
    case.passes(hours(1))
    case.acts("acknowledge", "dana")
    case.acts("draft_update", "ines", body="We are late.")
    case.acts("approve_update", "ines")
    case.acts("post_finding", "dana", conditions="found at last")
    case.passes(50 * MINUTES)
    case.acts("acknowledge", "dana")
    case.passes(10 * MINUTES)
    case.acts("resolve", "jonas", summary="over, in the end")
    case.passes(days(3))
    case.acts("answer_breach", "mira", breach=False, reason="none was touched")
    case.acts("add_item", "mira", title="Do better", owner="dana")
    case.acts("complete_postmortem", "mira", cause="human-process")
    case.acts("approve_public_postmortem", "ines")
    case.passes(days(20))
    assert case.phase == "resolved"
    case.acts("close_item", "jira", item="item-1")
    assert case.phase == "closed"
    said = card(case)
    late = {"ACK-1", "WAR-3", "COM-1", "RES-2", "PM-1", "ACT-2", "GDP-1"}
    assert {clause: said[clause].verdict for clause in late} == dict.fromkeys(late, "late")
    assert {said[clause].verdict for clause in ("WAR-4", "COM-2", "COM-5")} == {"missed"}
    assert {said[clause].verdict for clause in ("KPI-1", "KPI-2", "KPI-4", "KPI-5")} == {"late"}
    assert said["PM-1"].late == days(1)
    assert said["PM-2"].verdict == said["COM-4"].verdict == "met"
    assert (case.view.items_due, case.view.items_in_time) == (1, 0)
    asked = case.alone("ACT-2 Close the action item 'Do better': was due")
    assert (asked[:2], set(asked[2:])) == (["dana", "mira"], {"dana"})
    assert 5 <= len(asked) <= 8


@pytest.mark.sop("SCP-3", "GDP-1", "GDP-2", "PM-3")
def test_a_breach_from_the_intrusion_to_the_recorded_notification() -> None:
    case = Case(title="Unauthorised access to the customer database")
    case.acts("acknowledge", "dana")
    case.acts("declare", "jonas", severity="P1")
    case.acts("post_finding", "dana", conditions="a leaked credential was used")
    case.passes(hours(2))
    case.acts("answer_breach", "jonas", breach=True, reason="customer e-mails were read", aware_at=case.now)
    aware_at = case.now
    case.acts("resolve", "jonas", summary="the credential was revoked")
    case.passes(hours(30))
    case.acts("add_item", "mira", title="Rotate credentials daily", owner="sam")
    assert case.acts("complete_postmortem", "mira", cause="attack").accepted
    case.until(aware_at + hours(71))
    assert case.acts("record_notification", "mira", reference="DPA-77", authority="the DPA", **CONTENTS).accepted
    case.passes(days(2))
    assert case.phase == "resolved"
    case.acts("close_item", "jira", item="item-1")
    assert case.phase == "closed"
    said = card(case)
    assert {said[clause].verdict for clause in ("SCP-3", "GDP-1", "GDP-2", "PM-1", "PM-3")} == {"met"}
    reminders = [event.at - aware_at for event in case.events("reminded", clause="GDP-2")]
    assert reminders == [hours(24), hours(48), hours(66)]
    assert case.did("send_mail", "publish_update") == []
    public = "".join(duty.message.model_dump_json() for duty in case.did("show_headline"))
    assert "e-mails were read" not in public
    assert "Unauthorised" not in public
    assert case.incident.opened.fired_at == NOON
