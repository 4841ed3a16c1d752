"""A verdict can be missed, or says that the clause is held by how the house is built (SOC-1)."""

import pytest

from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.changes import ConfirmChange, RecordChange
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.evidence import WaiveClause
from domain.procedure.resolution import Resolve
from domain.procedure.security import MarkSecurity
from domain.procedure.severity import Declare
from domain.procedure.sop import PROCEDURE
from domain.report.scorecard import scorecard
from domain.rule.clause import happened
from tests.domain.story import Story, changed, policy

MARK = happened().__code__


@pytest.mark.sop("SOC-1")
def test_a_clause_that_only_waits_for_something_to_happen_says_that_nothing_can_break_it() -> None:
    waits = [one for one in PROCEDURE.clauses.values() if getattr(one.judge, "__code__", None) is MARK]
    assert [one.id for one in waits if not (one.constructed or one.promise or one.still)] == ["WAR-7"]
    story = Story().acts(Acknowledge(by="dana"))
    [opened] = [one for one in scorecard(story.incident, story.play.now) if one.clause == "DET-1"]
    assert opened.why == "held by construction: opened by a monitor or a pager"


@pytest.mark.sop("SCP-1")
@pytest.mark.parametrize(("environment", "verdict"), [("staging", "missed"), ("prod-eu", "met"), ("", "met")])
def test_an_incident_of_what_the_policy_keeps_back_is_out_of_scope_however_it_was_opened(
    environment: str, verdict: str
) -> None:
    story = Story(environment=environment).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    assert story.verdict("SCP-1") == verdict


@pytest.mark.sop("FIX-1")
def test_a_change_that_no_commander_ever_confirmed_is_missed() -> None:
    story = Story().acts(Acknowledge(by="dana"), RecordChange(by="dana", change="rollback", description="build 41"))
    story.acts(Declare(by="jonas", severity="P1"))
    assert story.verdict("FIX-1") == "not_applicable"
    story.acts(Resolve(by="jonas", summary="rolled back"))
    assert story.verdict("FIX-1") == "missed"
    assert story.acts(ConfirmChange(by="jonas", number=1)).verdict("FIX-1") == "met"


@pytest.mark.sop("SOC-1", "WAR-4")
@pytest.mark.parametrize(("minute", "verdict"), [(5, "waived"), (20, "missed")])
def test_what_was_due_only_after_a_waiver_is_no_miss(minute: int, verdict: str) -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).at(minutes=minute)
    story.acts(WaiveClause(by="mira", clause="WAR-4", reason="one engineer")).at(minutes=25)
    assert story.acts(Resolve(by="jonas", summary="rolled back")).verdict("WAR-4") == verdict


@pytest.mark.sop("SOC-1", "ACK-5")
def test_what_ends_at_the_moment_in_which_it_was_said_to_be_missed_was_missed() -> None:
    rules = changed(policy(), **{"clocks__ACK-5__within": "30m"})
    story = Story(rules).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=31)
    [unheard] = [one for one in scorecard(story.incident, story.play.now) if one.clause == "ACK-5"]
    assert (unheard.verdict, unheard.ended) == ("missed", ())


@pytest.mark.sop("GDP-1", "SCP-3")
def test_a_question_that_the_mark_asks_is_not_said_to_be_never_answered_while_it_can_be() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    story.acts(MarkSecurity(by="dana", reason="an intrusion"), Resolve(by="jonas", summary="sessions revoked"))
    assert (story.verdict("SCP-3"), story.verdict("GDP-1")) == ("open", "open")
    story.acts(AnswerBreach(by="mira", breach=False, reason="none was touched"))
    assert (story.verdict("SCP-3"), story.verdict("GDP-1")) == ("met", "met")


@pytest.mark.sop("RES-1")
def test_an_end_whose_pages_cannot_be_taken_back_yet_is_under_way() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).fails("pager")
    assert story.acts(Resolve(by="jonas", summary="mended")).verdict("RES-1") == "open"
    story.mends()
    assert story.passes(hours=1).verdict("RES-1") == "met"
