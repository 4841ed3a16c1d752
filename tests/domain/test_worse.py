"""TRI-6: severity follows the worst that is known, until the end and after it."""

from datetime import timedelta
from typing import Any

import pytest

from domain.company.policy import Policy
from domain.incident.severity import open_challenges
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.matrix import HearSeverity
from domain.procedure.postmortem_clock import due_at
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.roles import TakeRole
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate
from tests.again import again
from tests.domain.story import Story, changed, minutes, policy

WORSE: dict[str, Any] = {"key": "alert-2", "title": "invoices are lost", "severity": "critical"}


@again
def calm() -> Story:
    """A warning on a service of the second tier, acknowledged: a P3 by the matrix."""
    return Story(service="billing", severity="warning").acts(Acknowledge(by="dana"))


@again
def declared_p3() -> Story:
    return calm().passes(minutes=3).acts(Declare(by="jonas", severity="P3"))


@pytest.mark.sop("TRI-6", "TRI-4")
def test_before_a_declaration_the_proposal_rises_and_is_taken_when_nobody_decides() -> None:
    story = calm().passes(minutes=3).hears(**WORSE).acts(Acknowledge(by="dana"))
    assert (story.incident.proposal[0], story.incident.likely, story.severity()) == ("P2", "P2", None)
    assert any("P2 is proposed now" in words for words in story.said()) or not story.incident.room
    story.passes(minutes=11)
    assert (story.severity(), story.last("severity_declared").clause) == ("P2", "TRI-4")


@pytest.mark.sop("TRI-6")
def test_after_it_the_commander_is_asked_with_one_button_and_unanswered_it_rises() -> None:
    story = declared_p3().passes(minutes=7).hears(**WORSE)
    assert (story.severity(), "TRI-6/1" in story.running()) == ("P3", True)
    story.passes(minutes=11)
    assert (story.severity(), story.last("severity_declared").clause) == ("P2", "TRI-6")
    assert story.when("missed", "TRI-6/1") == minutes(20)
    assert "TRI-6/1" not in story.running()


@pytest.mark.sop("TRI-6")
def test_the_commander_answers_it_by_raising_at_once() -> None:
    story = declared_p3().hears(**WORSE).passes(minutes=2).acts(Declare(by="jonas", severity="P2"))
    assert (story.severity(), "TRI-6/1" in story.keys("kept")) == ("P2", True)


@pytest.mark.sop("TRI-6", "TRI-4")
def test_keeping_it_lower_takes_a_reason_and_a_second_person_and_is_asked_once() -> None:
    story = declared_p3().hears(**WORSE).acts(Declare(by="jonas", severity="P3"))
    assert "give a reason" in story.refused
    story.acts(Declare(by="jonas", severity="P3", reason="a test tenant"), Declare(by="sam", severity="P3"))
    assert (story.severity(), open_challenges(story.incident)) == ("P3", [])
    story.hears(**{**WORSE, "key": "alert-3"}).passes(minutes=15)
    assert (story.severity(), len(story.events("severity_challenged"))) == ("P3", 1)


@pytest.mark.sop("TRI-6")
def test_a_storm_of_worse_alerts_challenges_once_and_what_is_no_worse_never() -> None:
    story = declared_p3()
    for number in range(5):
        story.hears(**{**WORSE, "key": f"alert-{number + 2}"})
    story.hears(key="alert-9", title="invoices are slow", severity="warning")
    assert len(story.events("severity_challenged")) == 1


@pytest.mark.sop("TRI-6")
def test_a_known_alert_that_grows_worse_is_a_worse_alert() -> None:
    story = declared_p3().hears(severity="critical")
    assert [challenge.severity for challenge in story.incident.challenges] == ["P2"]


@pytest.mark.sop("TRI-6")
def test_a_priority_raised_in_the_pager_is_worse_news_and_a_lower_one_is_for_the_timeline() -> None:
    raised = HearSeverity(by="dana", via="pagerduty", word="P1", where="PagerDuty")
    story = calm().acts(raised)
    assert story.incident.likely == "P2"
    story = declared_p3().acts(raised.model_copy(update={"word": "P4"}), raised.model_copy(update={"word": "blue"}))
    assert not open_challenges(story.incident)
    assert len(story.events("severity_heard")) == 2
    story.acts(raised).acts(raised.model_copy(update={"id": "again"}))
    assert [(one.severity, one.because) for one in open_challenges(story.incident)] == [("P2", "P1 in PagerDuty")]
    assert any("it is P2 by what is known now: P1 in PagerDuty" in said for said in story.said())
    assert story.passes(minutes=15).severity() == "P2"


@pytest.mark.sop("TRI-6")
def test_a_low_that_is_taken_back_in_the_pager_counts_like_an_alert_without_a_word() -> None:
    lifted = HearSeverity(by="dana", via="pagerduty", word="high urgency", lifted=True, where="PagerDuty")
    low = Story(severity="low")
    assert low.incident.likely == "P4"
    assert low.acts(lifted).incident.likely == "P3"
    assert not open_challenges(declared_p3().acts(lifted).incident)


@pytest.mark.sop("TRI-6", "RES-1")
def test_a_priority_that_is_set_after_the_end_reopens_nothing() -> None:
    story = declared_p3().acts(Resolve(by="jonas", summary="requeued"))
    story.acts(HearSeverity(by="dana", via="pagerduty", word="P1", where="PagerDuty"))
    assert (story.phase(), story.incident.likely) == ("resolved", "P3")


def test_a_worse_alert_after_two_people_lowered_it_is_asked_about() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P3", reason="one customer"))
    story.acts(Declare(by="sam", severity="P3")).passes(minutes=5).hears(**WORSE)
    assert [challenge.severity for challenge in story.incident.challenges] == ["P1"]


@pytest.mark.sop("TRI-6")
def test_raising_it_half_way_leaves_the_rest_to_be_answered() -> None:
    story = Story(severity="info").acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P4"))
    story.hears(**WORSE).passes(minutes=1).acts(Declare(by="jonas", severity="P3"))
    assert (story.severity(), "TRI-6/1" in story.running()) == ("P3", True)
    assert story.passes(minutes=10).severity() == "P1"


@pytest.mark.sop("TRI-6", "PM-1")
def test_it_rises_though_the_fight_was_over_before_anybody_answered() -> None:
    story = declared_p3().hears(**WORSE).passes(minutes=2).acts(Resolve(by="jonas", summary="a job was restarted"))
    story.passes(minutes=10)
    assert (story.phase(), story.severity(), "PM-1" in story.running()) == ("resolved", "P2", True)


@pytest.mark.sop("TRI-6", "PM-1", "COM-6")
def test_it_is_corrected_after_the_end_with_what_that_entails_from_then_on() -> None:
    story = declared_p3().passes(minutes=20).acts(Resolve(by="jonas", summary="a job was restarted"))
    story.passes(hours=12).acts(Declare(by="jonas", severity="P1"))
    assert "give the reason" in story.refused
    story.acts(Declare(by="jonas", severity="P1", reason="a third of the payments is lost"))
    assert (story.severity(), story.last("severity_declared").clause, story.phase()) == ("P1", "TRI-6", "resolved")
    assert due_at(story.incident) == story.play.now + timedelta(hours=48)
    assert not story.done("publish_update")
    assert not story.done("open_room")


@pytest.mark.sop("TRI-6", "WAR-7")
def test_whom_a_severity_wakes_is_told_when_it_is_raised_to_that_after_the_end() -> None:
    story = declared_p3().passes(minutes=20).acts(Resolve(by="jonas", summary="a job was restarted"))
    story.passes(hours=12).acts(Declare(by="jonas", severity="P1", reason="a third of the payments is lost"))
    assert story.told("It is P1 now*, was P3: a third of the payments is lost (Jonas)") == {"ines", "mira"}
    assert story.told("Customers have read nothing of it") == {"ines", "mira"}
    story.acts(Declare(by="mira", severity="P2", reason="it was a tenth"), Declare(by="sam", severity="P2"))
    assert story.severity() == "P2"
    assert not story.told("It is P2 now")


@pytest.mark.sop("TRI-6")
def test_where_the_policy_does_not_say_so_nobody_is_called_by_a_correction() -> None:
    story = Story(service="billing", severity="warning", rules=changed(policy(), room__raised_calls=False))
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P3"), Resolve(by="jonas", summary="restarted"))
    story.passes(hours=1).acts(Declare(by="jonas", severity="P1", reason="a third of the payments is lost"))
    assert story.severity() == "P1"
    assert not story.told("It is P1 now")


@pytest.mark.sop("TRI-6", "TRI-4")
def test_a_correction_to_lower_takes_two_people_and_leaves_the_post_mortem_owed() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    story.acts(Resolve(by="jonas", summary="it was the flag")).passes(hours=1)
    story.acts(Declare(by="jonas", severity="P3", reason="a load test"))
    assert (story.severity(), "PM-1" in story.running()) == ("P1", True)
    story.acts(Declare(by="sam", severity="P3"))
    assert (story.severity(), "PM-1" in story.running()) == ("P3", True)


@pytest.mark.sop("TRI-6", "WAR-7")
def test_who_manages_asks_for_a_lower_severity_after_the_end_when_the_commander_is_gone() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    assert story.acts(Declare(by="mira", severity="P3", reason="a load test")).refused.startswith(
        "only Jonas may declare"
    )
    story.acts(Resolve(by="jonas", summary="it was the flag")).passes(days=2)
    assert story.acts(Declare(by="dana", severity="P3", reason="a load test")).refused.startswith(
        "only Jonas may declare"
    )
    story.acts(Declare(by="mira", severity="P3", reason="a load test"), Declare(by="dana", severity="P3"))
    assert (story.severity(), story.last("severity_declared").asked_by) == ("P3", "mira")


@pytest.mark.sop("TRI-6", "RES-3")
def test_a_reopening_takes_back_what_the_correction_asked_for() -> None:
    story = declared_p3().acts(Resolve(by="jonas", summary="restarted"))
    story.acts(Declare(by="jonas", severity="P1", reason="payments are lost"), Reopen(by="jonas", reason="again"))
    assert ("PM-1" in story.running(), story.severity()) == (False, "P1")


@pytest.mark.sop("TRI-6")
def test_a_policy_without_a_line_for_it_takes_as_long_as_a_classification() -> None:
    rules = policy()
    older = Policy.model_validate({**rules.model_dump(), "clocks": _without(rules, "TRI-6")})
    story = Story(older, service="billing", severity="warning").acts(Acknowledge(by="dana"))
    story.acts(Declare(by="jonas", severity="P3")).hears(**WORSE).passes(minutes=11)
    assert story.severity() == "P2"


def _without(rules: Policy, clause: str) -> dict[str, object]:
    return {name: clock for name, clock in rules.model_dump()["clocks"].items() if name != clause}


@again
def promised(severity: str) -> Story:
    """A P2 with a published update, lowered by two people."""
    story = Story(severity="warning").acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P2"))
    story.acts(TakeRole(by="ines", role="comms"), ApproveUpdate(by="ines")).passes(minutes=10)
    return story.acts(
        Declare(by="jonas", severity=severity, reason="one customer"), Declare(by="sam", severity=severity)
    )


@pytest.mark.sop("COM-2", "TRI-4")
@pytest.mark.parametrize("severity", ["P3", "P4"])
def test_a_lowered_severity_keeps_what_the_page_promised(severity: str) -> None:
    story = promised(severity)
    assert "COM-2/1" in story.running()
    story.passes(minutes=21)
    assert story.when("missed", "COM-2/1") == minutes(30)
    assert [duty.key for duty in story.done("draft_from_template")] == ["draft/1", "draft/2"]


@pytest.mark.sop("COM-2")
def test_the_end_of_the_incident_ends_what_the_page_promised() -> None:
    story = promised("P3").acts(Resolve(by="jonas", summary="it was the flag"))
    assert not [key for key in story.running() if key.startswith("COM-2")]


@pytest.mark.sop("COM-1", "COM-2")
def test_raised_again_the_page_has_one_promise_and_not_two() -> None:
    story = promised("P3").passes(minutes=5).acts(Declare(by="jonas", severity="P2"))
    assert [key for key in sorted(story.running()) if key.startswith("COM-")] == ["COM-1/s2", "COM-7/2"]
