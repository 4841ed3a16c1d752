"""What eases what is owed for a breach takes two people, and each breach has a clock of its own."""

import pytest

from tests.again import again
from tests.domain.learn.case import CONTENTS, NOON, Case, days, fought, hours
from tests.domain.learn.test_breach import breached
from tests.domain.learn.test_scorecard import card


@pytest.mark.sop("GDP-2")
def test_a_yes_is_taken_back_by_two_people_and_stays_in_the_record() -> None:
    case = breached()
    case.passes(hours(5))
    assert case.acts("answer_breach", "mira", breach=False, reason="the dump held test data").accepted
    assert len([one for one in case.view.due if one.clause == "GDP-2"]) == 1
    assert "a second person" in case.acts("answer_breach", "mira", breach=False, reason="really").text
    assert case.acts("answer_breach", "jonas", breach=False, reason="I looked too").accepted
    assert [one for one in case.view.due if one.clause == "GDP-2"] == []
    assert [e.what.breach for e in case.events("breach_answered")] == [True, False]
    assert "; Mira had said so first. " in case.said("GDP-1 *Jonas answered*")[0].text
    assert case.acts("answer_breach", "mira", breach=True, reason="no, it was real", aware_at=NOON).accepted
    assert [one.due_at for one in case.view.due if one.clause == "GDP-2"] == [NOON + hours(72)]


@pytest.mark.sop("GDP-2")
def test_awareness_is_moved_later_by_two_people_and_earlier_by_one() -> None:
    case = breached(aware_at=NOON)
    case.passes(hours(10))
    assert case.acts("answer_breach", "mira", breach=True, reason="later", aware_at=NOON + hours(5)).accepted
    assert [one.due_at for one in case.view.due if one.clause == "GDP-2"] == [NOON + hours(72)]
    assert case.acts("answer_breach", "jonas", breach=True, reason="yes", aware_at=NOON + hours(5)).accepted
    assert [one.due_at for one in case.view.due if one.clause == "GDP-2"] == [NOON + hours(77)]


@again
def known_earlier(by: float) -> Case:
    """A breach that is notified 60 hours after somebody was aware, as it seemed; it was `by` so many hours more."""
    case = breached(aware_at=NOON)
    case.passes(hours(60))
    assert case.acts("record_notification", "mira", reference="DPA-1", **CONTENTS).accepted
    before = NOON - hours(by)
    assert case.acts("answer_breach", "jonas", breach=True, reason="support knew", aware_at=before).accepted
    return case


@pytest.mark.sop("GDP-2")
def test_a_notification_in_time_is_late_where_the_company_turns_out_to_have_been_aware_earlier() -> None:
    case = known_earlier(by=20)
    (first,) = case.events("missed", clause="GDP-2")
    assert (first.at, first.what.due_at) == (case.now, NOON + hours(52))
    assert set(case.alone(asked := "GDP-2 Record why the authority was notified late")) == {"mira", "jonas"}
    assert case.said(asked)[0].buttons[0].act == "record_notification"
    case.passes(hours(12))
    assert len(case.events("missed", clause="GDP-2")) > 1
    assert case.acts("record_notification", "mira", late_reason="nobody asked support").accepted
    last = case.events("missed", clause="GDP-2")[-1].what
    assert last.stopped_at - last.due_at >= hours(8)
    assert case.said("GDP-2 the notification was late")
    case.passes(hours(12))
    assert case.events("missed", clause="GDP-2")[-1].what == last
    assert card(case)["GDP-2"].verdict == "late"


@pytest.mark.sop("GDP-2")
def test_a_notification_stays_in_time_where_awareness_was_a_little_earlier() -> None:
    case = known_earlier(by=5)
    case.passes(hours(12))
    assert (card(case)["GDP-2"].verdict, case.events("missed", clause="GDP-2")) == ("met", [])


@pytest.mark.sop("GDP-2")
def test_an_incident_stays_open_until_it_is_said_why_a_notification_was_late_after_all() -> None:
    case = known_earlier(by=20)
    for kind, said in (("waive_items", {}), ("waive_clause", {"clause": "PM-1"})):
        assert case.acts(kind, "mira", reason="written elsewhere", **said).accepted
    case.passes(days(30))
    assert case.phase == "resolved"
    assert case.acts("record_notification", "mira", late_reason="nobody asked support").accepted
    assert case.phase == "closed"


@pytest.mark.sop("GDP-2")
def test_72_hours_that_passed_stay_missed_whatever_is_answered_later() -> None:
    case = breached(aware_at=NOON)
    case.passes(hours(90))
    for by in ("mira", "jonas"):
        case.acts("answer_breach", by, breach=False, reason="the addresses are public")
    assert card(case)["GDP-2"].verdict == "missed"


@pytest.mark.sop("GDP-2")
def test_a_second_breach_has_72_hours_of_its_own_and_more_facts_of_the_first_have_none() -> None:
    case = breached(aware_at=NOON)
    case.passes(hours(20))
    case.acts("record_notification", "mira", reference="DPA-1", **CONTENTS)
    more = {**CONTENTS, "nature": "400 addresses and 12 telephone numbers"}
    case.acts("record_notification", "mira", reference="DPA-1", **more)
    said = case.said("GDP-2 Mira Castellano recorded the notification DPA-1")[-1].text
    assert said.splitlines()[1:] == ["nature: 400 addresses and 12 telephone numbers"]
    assert [one for one in case.view.due if one.clause == "GDP-2"] == []
    case.passes(hours(3))
    case.acts("answer_breach", "mira", breach=True, reason="card numbers as well", aware_at=case.now)
    (due,) = [one for one in case.view.due if one.clause == "GDP-2"]
    assert due.due_at == case.now + hours(72)
    case.passes(hours(80))
    assert card(case)["GDP-2"].verdict == "missed"


@pytest.mark.sop("GDP-2")
def test_nobody_is_notified_of_what_nobody_knew() -> None:
    case = breached()
    early = case.acts("record_notification", "mira", reference="DPA-1", notified_at=NOON, **CONTENTS)
    assert "which of the two is wrong?" in early.text


@pytest.mark.sop("GDP-1", "GDP-2")
def test_a_breach_without_risk_is_documented_by_two_people_and_not_notified() -> None:
    case = fought()
    answer = {"breach": True, "reason": "the disk is encrypted", "risk": "none"}
    case.acts("answer_breach", "mira", **answer, aware_at=case.now)
    assert len([one for one in case.view.due if one.clause == "GDP-2"]) == 1
    assert case.acts("answer_breach", "jonas", **answer).accepted
    assert [one for one in case.view.due if one.clause == "GDP-2"] == []
    assert "Article 33(1)" in case.said("GDP-1 *Jonas answered*")[-1].text


@pytest.mark.sop("GDP-2")
def test_who_else_was_told_is_on_record() -> None:
    case = breached()
    assert case.acts("record_affected_told", "mira", whom="controllers", what="by mail, with the list").accepted
    assert case.acts("record_affected_told", "mira", whom="people", what="by letter").accepted
    assert [e.what.whom for e in case.events("affected_told")] == ["controllers", "people"]
    assert "no breach is known" in fought().acts("record_affected_told", "mira", whom="people", what="x").text


@pytest.mark.sop("GDP-1")
def test_a_long_fight_is_asked_while_it_lasts() -> None:
    case = Case()
    case.acts("acknowledge", "dana")
    case.acts("declare", "jonas", severity="P1")
    case.passes(hours(4.5))
    assert card(case)["GDP-1"].verdict == "open"
    [asked] = case.said("GDP-1 4 hours into it")
    assert asked.buttons[0].act == "answer_breach"
    case.acts("resolve", "jonas", summary="over")
    assert [one.key for one in case.view.due if one.clause == "GDP-1"] == ["GDP-1"]
    case.acts("answer_breach", "mira", breach=False, reason="none was touched")
    assert card(case)["GDP-1"].verdict == "met"


@pytest.mark.sop("GDP-2", "SOC-1")
def test_a_clock_of_the_law_that_ended_before_its_time_says_by_whose_answer() -> None:
    case = breached(aware_at=NOON)
    case.passes(hours(1))
    case.acts("answer_breach", "mira", breach=False, reason="the addresses are public")
    assert card(case)["GDP-2"].ended == ()
    case.passes(hours(1))
    case.acts("answer_breach", "jonas", breach=False, reason="I looked too")
    [ended] = card(case)["GDP-2"].ended
    assert (ended.key, ended.due_at, ended.ended_at) == ("GDP-2", NOON + hours(72), case.now)
    assert ended.why == "Jonas Weber answered: personal data was not breached"


@pytest.mark.sop("GDP-2")
def test_what_is_known_of_a_breach_after_the_close_counts_in_a_new_incident_from_when_the_company_knew() -> None:
    """The one that has ended says so; there awareness may lie before the opening, and its 72 hours with it."""
    over = fought()
    over.acts("answer_breach", "mira", breach=False, reason="nothing was read")
    for kind, said in (("waive_items", {}), ("waive_clause", {"clause": "PM-1"})):
        over.acts(kind, "mira", reason="written elsewhere", **said)
    over.passes(days(30))
    assert over.phase == "closed"
    later = {"breach": True, "reason": "the log of June shows a read", "aware_at": NOON}
    assert "declare a new incident that names this one" in over.acts("answer_breach", "mira", **later).text
    case = Case(at=NOON + days(20), title=f"Data of {over.incident.id} was read after all")
    assert case.acts("answer_breach", "mira", **later).accepted
    case.passes(hours(1))
    assert case.events("missed", clause="GDP-2")[0].what.due_at == NOON + hours(72)
