"""What an incident takes over from one that is merged into it: what customers read, and since when it lasts."""

from datetime import timedelta
from typing import Any

import pytest

from domain.incident.severity import outage_began
from domain.port.duty import Outcome
from domain.port.internal import TellIncident
from domain.procedure.data_breach import must_answer
from domain.procedure.joining import Merge
from domain.procedure.linking import LinkIncidents
from domain.procedure.severity import Declare
from domain.procedure.tasks import AssignTask
from domain.run import progress as step
from domain.run.agenda import owed
from domain.simulation.expectation import Expectation
from domain.simulation.outcome import mistaken
from tests.domain.learn.case import NOON, Case
from tests.domain.story import START, Story, changed, policy
from tests.domain.test_joining import MERGE, TWO, incidents, shown, told


@pytest.mark.sop("COM-1", "COM-3")
def test_whatever_takes_in_what_customers_read_of_tells_them_itself_and_shows_the_end() -> None:
    small = {"at": "8m40s", "jonas": {"declare": "P3", "reason": "a few"}, "incident": 1}
    agreed = {"at": "8m50s", "mira": {"declare": "P3", "reason": "a few"}, "incident": 1}
    over = {"at": "22m", "jonas": "resolve over", "incident": 1}
    ensemble = told(*TWO, small, agreed, MERGE, over)
    *_, merged, ended = shown(ensemble)
    assert (merged, ended) == (
        ("resolved", {}),
        ("resolved", {"cmpcheckout1": "operational", "cmpbilling1": "operational"}),
    )
    expected: dict[str, Any] = {"of": {1: {"severity": "P3", "said": [{"May customers read this by": "ines"}]}}}
    assert mistaken(Expectation.model_validate(expected), ensemble) == []


@pytest.mark.sop("COM-3")
def test_what_took_a_shown_one_in_and_is_none_leaves_nothing_broken_on_the_page() -> None:
    none = {"at": "11m", "jonas": {"close_as": "false_alarm", "reason": "a load test"}, "incident": 1}
    *_, merged, ended = shown(told(*TWO, MERGE, none))
    assert merged == ("resolved", {})
    assert ended == ("resolved", {"cmpcheckout1": "operational", "cmpbilling1": "operational"})


@pytest.mark.sop("DET-7", "SCP-3", "COM-3")
@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize("told_too", [True, False])
def test_what_customers_read_of_is_not_merged_into_a_secret_that_they_do_not_read_of(
    apart: bool, told_too: bool
) -> None:
    secret = {"at": "8m10s", "dana": {"mark_security": "a session that nobody knows"}, "incident": 1}
    say = {"at": "8m30s", "jonas": {"tell_customers": told_too, "reason": "decided"}, "incident": 1}
    ensemble = told(*TWO, secret, say, MERGE, policy={"updates": {"shown_apart": apart}})
    _, second = incidents(ensemble)
    stays = apart and not told_too
    assert (second.phase == "active") == stays
    assert ("link the two" in str([event.what for event in second.events])) == stays
    assert [status for status, _ in shown(ensemble)].count("resolved") == (not stays)


@pytest.mark.sop("RES-2", "KPI-2")
@pytest.mark.parametrize(("how", "since"), [("worst_known", 210), ("worse_alert", 0)])
def test_what_an_outage_is_merged_into_lasts_since_that_one_began(how: str, since: int) -> None:
    lesser = (
        {"at": "0m", "alert": "cards are slow", "severity": "info"},
        *TWO[1:2],
        {"at": "2m20s", "jonas": "declare P4"},
    )
    worse = {"at": "9m40s", "jonas": "declare P2", "incident": 1}
    rules = {"alerts": {"outage_begins": how}}
    first, _ = incidents(told(*lesser, *TWO[3:], MERGE, worse, policy=rules))
    assert outage_began(first) - first.opened_at == timedelta(seconds=since)
    earlier = {"at": "1m", "alert": "invoices fail", "service": "billing", "severity": "warning", "late": "30m"}
    both, _ = incidents(told(*TWO[:3], earlier, *TWO[4:], MERGE, policy=rules))
    assert (outage_began(both) < both.opened.fired_at) == (how == "worst_known"), "the one that it is began then"


@pytest.mark.sop("DET-7")
def test_customers_feel_what_their_services_are_merged_into() -> None:
    lines = (
        {"at": "0m", "alert": "database primary down", "service": "platform"},
        {"at": "1m", "jonas": "declare P1"},
        {"at": "2m", "alert": "cards are declined", "service": "checkout"},
        {"at": "3m", "jonas": {"merge": 1}, "incident": 2},
        {"at": "5m", "ines": "take_role comms", "incident": 1},
        {"at": "6m", "ines": "approve_update", "incident": 1},
    )
    expected = {"refused": [], "of": {1: {"met": ["COM-1"]}}}
    assert mistaken(Expectation.model_validate(expected), told(*lines, lasts="15m")) == []


@pytest.mark.sop("DET-7", "SCP-3")
@pytest.mark.parametrize(("answered", "one", "ends"), [((), True, True), ((), False, False), ((1,), True, False)])
def test_of_two_security_incidents_that_are_merged_one_checkpoint_is_passed(
    answered: tuple[int, ...], one: bool, ends: bool
) -> None:
    marks = [{"at": f"8m{n}0s", "dana": {"mark_security": "a session nobody knows"}, "incident": n} for n in (1, 2)]
    no = {"answer_breach": False, "reason": "it read nothing"}
    before = [{"at": "8m40s", "mira": no, "incident": number} for number in answered]
    ensemble = told(*TWO, *marks, *before, MERGE, policy={"learn": {"one_checkpoint": one}})
    first, second = incidents(ensemble)
    assert (second.phase == "closed") == ends
    assert (f"link {first.id}" in str([event.what for event in second.events])) == (not ends)
    assert must_answer(first) == (not answered)


@pytest.mark.sop("DET-7", "FIX-2", "WAR-8")
def test_who_may_not_merge_yet_is_told_of_linking() -> None:
    story = Story().acts(Declare(by="jonas", severity="P1"), AssignTask(by="jonas", title="look at it", to="dana"))
    said = story.acts(Merge(by="jonas", into="INC-00000")).refused
    assert said.endswith("Or link the two, and each shows the other: link INC-00000")


@pytest.mark.sop("DET-7", "SCP-3")
def test_the_checkpoint_of_what_is_just_being_merged_is_answered_there() -> None:
    case = Case(title="data breach", slow="tell_incident")
    assert case.acts("merge", "jonas", into="INC-00000").accepted
    answer = case.acts("answer_breach", "mira", breach=True, reason="it was read", aware_at=NOON)
    assert "merged into INC-00000; answer it there" in answer.text


@pytest.mark.sop("DET-7")
@pytest.mark.parametrize("apart", [True, False])
def test_a_link_that_is_refused_late_leaves_the_merge_that_was_asked_since_to_its_own_answer(apart: bool) -> None:
    rules = changed(policy(), alerts__refuses_apart=apart)
    story = Story(rules).fails("group", "tell_incident").acts(LinkIncidents(by="dana", to="INC-AQGN5"))
    story.acts(Merge(by="dana", into="INC-AQGN5", reason="the same database"))
    merge, link = _told_of(story)
    step.done(story.incident, link, Outcome(text="it takes no link"), START + timedelta(minutes=2))
    assert [duty.key for duty in _told_of(story)] == ([merge.key] if apart else [])
    step.done(story.incident, merge, Outcome(text="it has ended"), START + timedelta(minutes=3))
    assert (_told_of(story), story.incident.relations.merging) == ([], None)


def _told_of(story: Story) -> list[TellIncident]:
    return [duty for duty in owed(story.incident) if isinstance(duty, TellIncident)]
