"""The post-mortem: made, scheduled, chased, complete only when something was learned, and without culprits."""

from datetime import timedelta

import pytest

from domain.procedure.postmortem_document import PEOPLES, headings, sections
from domain.run import progress as step
from domain.run.agenda import owed
from domain.value.calendar import Calendar
from tests.domain.learn.case import BY_CLOCK, CATALOG, POLICY, Case, accounts, completed, days, fought, hours

MINUTE = timedelta(minutes=1)
HEADINGS = [
    *("Summary", "Impact", "Contributors", "Timeline", "What went well", "What was hard", "Promises"),
    *("Deployments before the alert", "Changes", "Root cause", "Action items", "Lessons"),
    *("For customers", "Agenda of the meeting"),
]


@pytest.mark.sop("PM-4")
def test_its_moments_are_in_the_teams_own_time_with_utc_beside() -> None:
    berlin = Calendar.model_validate({"zone": "Europe/Berlin", "begins": "09:00", "ends": "17:00"})
    paging = POLICY.paging.model_copy(update={"hours": "office"})
    case = fought(policy=POLICY.model_copy(update={"calendars": {"office": berlin}, "paging": paging}))
    said = {section.heading: section.lines for section in sections(case.incident)}
    assert all(" CET (" in line and " UTC)" in line for line in said["Timeline"])


@pytest.mark.sop("PM-3")
def test_people_write_a_summary_contributors_and_lessons_before_it_is_complete() -> None:
    left = {heading for heading in HEADINGS if heading not in headings(fought().incident)}
    assert left == {"Summary", "Contributors", "Lessons"}


@pytest.mark.sop("PM-1")
def test_a_resolved_p1_gets_a_document_a_meeting_and_48_hours_owned_by_the_manager() -> None:
    case = fought()
    (document,) = case.did("open_document")
    invitation, *others = case.did("send_invitation")
    assert [section.heading for section in document.sections] == HEADINGS
    said = {section.heading: section.lines for section in document.sections}
    assert any("the on-call engineer is on it" in line for line in said["Timeline"])
    assert {heading for heading, lines in said.items() if not lines} == {*PEOPLES, "For customers"}
    assert [line for line in said["Impact"] if "We are on it." in line]
    assert invitation.person.id == "mira"
    assert [one.person.id for one in others] == ["dana", "jonas", "ines"]
    assert {(one.uid, one.starts_at) for one in others} == {(invitation.uid, invitation.starts_at)}
    assert invitation.text.startswith(
        "Checkout API works again. Its post-mortem is yours to complete by 05 Mar 12:20 UTC."
    )
    assert "which Mira Castellano completes" in others[0].text
    assert "10 min: what happened" in others[0].text
    assert case.now < invitation.starts_at
    assert invitation.starts_at + invitation.length <= case.now + hours(48)
    (due,) = [one for one in case.view.due if one.clause == "PM-1"]
    assert (due.owner, due.person, due.due_at) == ("manager", "mira", case.now + hours(48))


@pytest.mark.sop("PM-1")
def test_a_policy_that_says_nothing_of_it_invites_the_owner_alone() -> None:
    silent = POLICY.model_copy(update={"learn": POLICY.learn.model_copy(update={"invites": "owner"})})
    assert type(silent).model_validate(silent.model_dump()).learn.invites == "owner"
    assert "invites" not in silent.model_dump()["learn"]
    assert [one.person.id for one in fought(policy=silent).did("send_invitation")] == ["mira"]


@pytest.mark.sop("PM-1")
@pytest.mark.parametrize(("severity", "owed"), [("P1", True), ("P2", True), ("P3", False), ("P4", False)])
def test_p1_and_p2_owe_a_post_mortem_and_the_others_none(severity: str, owed: bool) -> None:
    case = fought(severity)
    assert bool(case.did("open_document")) is owed
    assert (case.view.postmortem_due_at is not None) is owed


@pytest.mark.sop("PM-1")
def test_a_proposed_p1_that_nobody_declared_owes_one_too() -> None:
    case = Case()
    case.acts("acknowledge", "dana")
    case.acts("resolve", "dana", summary="A false alarm, said too soon.")
    assert case.did("open_document")


@pytest.mark.sop("PM-2")
def test_it_is_chased_before_and_after_the_deadline_and_a_miss_is_recorded() -> None:
    case = fought(policy=BY_CLOCK)
    start = case.now
    case.acts("answer_breach", "mira", breach=False, reason="none was touched")
    case.passes(hours(73))
    reminders = [event.at - start for event in case.events("reminded", clause="PM-1")]
    misses = [event.at - start for event in case.events("missed", clause="PM-1")]
    assert reminders == [hours(24), hours(44)]
    assert misses == [hours(48), hours(60), hours(72)]
    asked = case.alone("PM-1 The post-mortem")
    assert (asked[:4], set(asked[4:])) == (["mira", "mira", "mira", "jonas"], {"mira"})
    assert case.alone("PM-1 Nobody has done it, and you may, as deputy: complete the post-mortem") == [
        "priya"
    ]  # who stands in
    assert completed(case).accepted
    (late,) = [e.what for e in case.events("missed", clause="PM-1") if e.what.stopped_at]
    assert late.stopped_at == case.now


@pytest.mark.sop("PM-3", "GDP-1")
def test_it_is_complete_only_with_a_cause_an_item_and_an_answered_checkpoint() -> None:
    case = fought()
    refused = case.acts("complete_postmortem", "mira")
    assert not refused.accepted
    assert all(word in refused.text for word in ("root cause", "action item", "personal data"))
    case.acts("name_cause", "dana", cause="capacity")
    assert "root cause" not in case.acts("complete_postmortem", "mira").text
    case.acts("add_item", "dana", title="Limit the pool", owner="dana")
    still = case.acts("complete_postmortem", "mira").text
    assert "personal data" in still
    assert "action item" not in still
    case.acts("answer_breach", "mira", breach=False, reason="none was touched")
    assert case.acts("complete_postmortem", "mira").accepted
    assert case.view.postmortem_completed_at == case.now
    assert not case.acts("complete_postmortem", "mira").accepted


@pytest.mark.sop("PM-3")
def test_a_named_persons_reason_stands_for_an_action_item() -> None:
    case = fought()
    case.acts("answer_breach", "mira", breach=False, reason="none was touched")
    assert not case.acts("waive_items", "dana", reason="nothing to do").accepted
    assert case.acts("waive_items", "mira", reason="the provider has mended it").accepted
    assert case.acts("complete_postmortem", "mira", cause="dependency").accepted
    assert "the provider has mended it" in case.said("PM-3 *No action item*")[0].text


@pytest.mark.sop("PM-3")
def test_bringing_a_bypass_back_is_no_lesson() -> None:
    case = Case()
    case.acts("declare", "jonas", severity="P1")
    case.acts("record_change", "jonas", change="hotfix", description="flag off", bypass=True)
    case.acts("authorise_change", "mira", number=1)
    case.acts("resolve", "jonas", summary="flag off")
    case.acts("answer_breach", "mira", breach=False, reason="none was touched")
    assert "action item" in case.acts("complete_postmortem", "mira", cause="deployment").text


@pytest.mark.sop("PM-3")
def test_a_declined_item_is_no_action_item() -> None:
    case = fought()
    case.acts("answer_breach", "mira", breach=False, reason="none was touched")
    case.acts("add_item", "dana", title="Limit the pool", owner="dana")
    case.acts("close_item", "dana", item="item-1", state="declined", reason="cannot be done")
    assert "action item" in case.acts("complete_postmortem", "mira", cause="capacity").text


@pytest.mark.sop("PM-3")
def test_a_new_cause_needs_a_title_and_a_known_one_does_not() -> None:
    case = fought()
    refused = case.acts("name_cause", "dana", cause="clock-skew")
    assert "capacity" in refused.text
    assert case.acts("name_cause", "dana", cause="clock-skew", title="clocks ran apart").accepted
    assert case.view.root_cause == "clock-skew"
    assert case.acts("name_cause", "dana", cause="capacity").accepted
    assert case.incident.learning.cause_title == POLICY.learn.causes["capacity"]


@pytest.mark.sop("PM-3")
@pytest.mark.parametrize(("kind", "fields"), [("complete_postmortem", {}), ("waive_items", {"reason": "none"})])
def test_only_the_roles_of_the_policy_may_end_it(kind: str, fields: dict[str, str]) -> None:
    answer = fought().acts(kind, "sam", **fields)
    assert not answer.accepted
    assert "engineering manager" in answer.text


def test_an_open_incident_has_no_post_mortem_to_complete() -> None:
    case = Case()
    case.acts("declare", "jonas", severity="P1")
    assert "is active" in case.acts("complete_postmortem", "mira", cause="capacity").text


@pytest.mark.sop("PM-4")
def test_the_generated_document_names_roles_and_no_person_of_the_company() -> None:
    case = fought()
    case.acts("note", "sam", text="asked <@U01DANA> and dana@harbourline.example; @jonas agreed with Weber")
    case.acts("name_cause", "mira", cause="mistake", title="Dana Okafor typed the wrong number")
    completed(case)
    written = [*case.did("open_document"), *case.did("write_document")]
    text = "\n".join(line for duty in written for section in duty.sections for line in section.lines)
    for person in CATALOG.people.values():
        for name in (*person.name.split(), person.email, person.at("slack"), f"@{person.id}"):
            assert name not in text
    assert "the on-call engineer found: The pool is exhausted since the on-call engineer's deploy" in text
    assert "the incident commander decided a rollback: back to build 41" in text
    assert "a responder noted: asked the on-call engineer" in text


@pytest.mark.sop("PM-1")
def test_the_document_is_brought_up_to_date_when_it_is_complete_and_when_all_is_closed() -> None:
    case = fought()
    completed(case)
    case.passes(hours(2))
    case.acts("close_item", "jira", item="item-1")
    first, last = case.did("write_document")
    said, ended = ({one.heading: one.lines for one in written.sections} for written in (first, last))
    assert said["Root cause"] == ("- capacity: a resource ran out",)
    assert "the on-call engineer" in said["Action items"][0]
    assert "open" in said["Action items"][0]
    assert "done" in ended["Action items"][0]
    assert len(case.did("open_document")) == 1


@pytest.mark.sop("PM-1")
def test_a_reopening_stops_the_deadline_and_the_next_resolution_gives_what_was_left_and_moves_the_meeting() -> None:
    case = fought()
    case.passes(hours(30))
    case.acts("reopen", "dana", reason="it is back")
    assert case.view.postmortem_due_at is None
    case.passes(hours(1))
    case.acts("resolve", "jonas", summary="now really")
    assert case.view.postmortem_due_at == case.now + hours(48 - 30)
    first, second = [one for one in case.did("send_invitation") if one.person.id == "mira"]
    assert first.uid == second.uid
    assert (first.sequence, second.sequence) == (0, 1)
    assert len(case.did("open_document")) == 1
    assert completed(case).accepted


@pytest.mark.sop("PM-1")
def test_the_incident_stays_open_until_the_post_mortem_is_complete() -> None:
    case = fought()
    case.acts("answer_breach", "mira", breach=False, reason="none was touched")
    case.passes(days(3))
    assert case.phase == "resolved"
    assert "completes the post-mortem" in dict(case.did("show_headline")[-1].message.facts)["Still owed"]
    case.acts("waive_items", "mira", reason="nothing to do")
    case.acts("complete_postmortem", "mira", cause="hardware")
    accounts(case)
    assert case.phase == "closed"


@pytest.mark.sop("PM-1")
def test_whoever_is_invited_finds_the_document() -> None:
    assert {one.url for one in fought().did("send_invitation")} == {"https://example.com/document"}


@pytest.mark.sop("PM-1")
@pytest.mark.parametrize("waits", [True, False])
def test_the_invitation_waits_for_the_document_until_it_fails_once(waits: bool) -> None:
    learn = POLICY.learn.model_copy(update={"invites_with_document": waits})
    case = fought(policy=POLICY.model_copy(update={"learn": learn}), slow="open_document")
    assert bool(case.did("send_invitation")) is not waits
    (document,) = [duty for duty in owed(case.incident) if duty.kind == "open_document"]
    step.failed(case.incident, document, "503", True, case.now)
    case.wakes()
    assert {one.url for one in case.did("send_invitation")} == {""}
