"""Every closed incident says of every clause what became of it."""

from datetime import timedelta
from typing import Any

import pytest

from domain.procedure.sop import PROCEDURE
from domain.report.scorecard import Verdict, scorecard
from tests.domain.learn.case import NOON, Case, completed, days, fought, hours
from tests.domain.learn.past import archive, earlier
from tests.sop import DOCUMENT, read


def card(case: Case) -> dict[str, Verdict]:
    return {one.clause: one for one in scorecard(case.incident, case.now)}


def closed(case: Case) -> Case:
    """Completed and closed in time, the accounts told that it is over."""
    case.acts("approve_mail", "ines")
    completed(case)
    case.passes(hours(2))
    for item in list(case.incident.items):
        case.acts("close_item", "jira", item=item)
    assert case.phase == "closed"
    return case


def test_the_clauses_are_those_of_the_document_word_for_word() -> None:
    assert [(clause.id, clause.text) for clause in PROCEDURE.clauses.values()] == list(
        read(DOCUMENT.read_text()).clauses.items()
    )


def test_every_clause_has_a_rule_that_says_what_it_looks_at() -> None:
    assert [clause.id for clause in PROCEDURE.clauses.values() if not clause.judged_by] == []


@pytest.mark.sop("SOC-1")
@pytest.mark.parametrize("severity", ["P1", "P2", "P3", "P4"])
def test_a_closed_incident_judges_every_clause_and_leaves_none_open(severity: str) -> None:
    case = fought(severity)
    case.acts("answer_breach", "mira", breach=False, reason="none was touched")
    if severity in ("P1", "P2"):
        closed(case)
    case.passes(hours(2))
    said = card(case)
    assert list(said) == list(PROCEDURE.clauses)
    assert {one.title for one in said.values()} == {clause.text for clause in PROCEDURE.clauses.values()}
    assert "open" not in {one.verdict for one in said.values()}
    assert all(one.why or one.count for one in said.values())


@pytest.mark.sop("SOC-1")
def test_an_incident_in_time_has_its_promises_met_and_counted() -> None:
    case = fought(drill=False)
    said = card(closed(case))
    met = {"ACK-1", "TRI-3", "TRI-4", "WAR-1", "WAR-3", "WAR-4", "COM-1", "COM-5", "RES-1", "RES-2"}
    met |= {
        "PM-1",
        "PM-3",
        "PM-4",
        "ACT-1",
        "ACT-2",
        "REP-1",
        "GDP-1",
        "SOC-1",
        "KPI-1",
        "KPI-2",
        "KPI-4",
        "KPI-6",
        "KPI-7",
        "KPI-8",
    }
    assert {clause for clause in met if said[clause].verdict != "met"} == set()
    assert said["WAR-3"].count == 2
    absent = {"SCP-2", "SCP-3", "DET-2", "DET-5", "ACK-3", "TRI-5", "FIX-2", "RES-3", "GDP-2", "KPI-3"}
    assert {clause for clause in absent if said[clause].verdict != "not_applicable"} == set()
    assert "missed" not in {one.verdict for one in said.values()}


@pytest.mark.sop("SOC-1")
def test_a_late_promise_says_by_how_much() -> None:
    case = fought()
    case.passes(hours(50))
    said = card(closed(case))["PM-1"]
    assert (said.verdict, said.late, said.spoken) == ("late", hours(2), "2 h late")


@pytest.mark.sop("SOC-1")
def test_a_promise_that_was_never_kept_is_missed_though_the_incident_ended() -> None:
    case = Case()
    case.acts("acknowledge", "dana")
    case.acts("declare", "jonas", severity="P1")
    case.passes(timedelta(minutes=40))
    case.acts("resolve", "jonas", summary="over")
    said = card(closed(case))
    assert said["COM-1"].verdict == "missed"
    assert said["WAR-4"].verdict == "missed"
    assert said["WAR-3"].why == "WAR-3/comms fill the role of communications lead"
    assert said["RES-2"].verdict == "met"
    assert said["COM-4"].verdict == "met"


@pytest.mark.sop("SOC-1")
def test_a_late_resolution_is_late_and_not_missed() -> None:
    case = Case()
    case.acts("acknowledge", "dana")
    case.acts("declare", "jonas", severity="P1")
    case.passes(hours(3))
    case.acts("resolve", "jonas", summary="over")
    assert card(case)["RES-2"].late == hours(2)
    assert card(case)["KPI-2"].late == hours(2)


@pytest.mark.sop("SOC-1")
def test_a_waived_clause_says_by_whom_and_why_and_is_chased_no_more() -> None:
    case = fought()
    case.passes(hours(47))
    assert case.acts("waive_clause", "mira", clause="PM-1", reason="the same as INC-00001, written there").accepted
    assert not case.acts("waive_clause", "mira", clause="PM-1", reason="again").accepted
    before = len(case.events("missed", clause="PM-1"))
    case.passes(days(3))
    assert len(case.events("missed", clause="PM-1")) == before
    said = card(case)["PM-1"]
    assert (said.verdict, said.by, said.spoken) == ("waived", "Mira Castellano", "waived by Mira Castellano")
    assert said.why == said.waiver == "the same as INC-00001, written there"
    assert case.said("PM-1 *Mira waived PM-1*")
    figure = card(case)["KPI-4"]
    assert (figure.verdict, figure.by) == ("waived", "Mira Castellano")


@pytest.mark.sop("SOC-1", "KPI-4")
def test_a_waiver_stands_beside_what_was_missed_before_it_and_takes_nothing_away() -> None:
    case = fought()
    case.passes(hours(49))
    case.acts("waive_clause", "mira", clause="PM-1", reason="written elsewhere")
    case.passes(days(3))
    for said in (card(case)["PM-1"], card(case)["KPI-4"]):
        assert (said.verdict, said.spoken) == ("missed", "never kept, then waived by Mira Castellano")
        assert said.told == "never kept, then waived by Mira Castellano: written elsewhere"


@pytest.mark.sop("COM-2")
def test_each_period_that_passes_without_a_promise_that_repeats_is_a_miss() -> None:
    case = Case()
    case.acts("acknowledge", "dana")
    case.acts("declare", "jonas", severity="P1")
    case.acts("approve_update", "jonas")
    case.passes(hours(7.9))
    said = card(case)["COM-2"]
    assert (said.misses, said.spoken) == (15, "never kept, 15 times")


@pytest.mark.sop("SOC-1")
@pytest.mark.parametrize(
    ("by", "fields", "word"),
    [
        ("dana", {"clause": "PM-1"}, "engineering manager"),
        ("mira", {"clause": "ACK-1"}, "expected one that may be waived: WAR-3"),
        ("mira", {"clause": "XYZ-9"}, "expected one that may be waived"),
    ],
)
def test_only_what_the_policy_lists_is_waived_and_by_whom_it_says(by: str, fields: dict[str, Any], word: str) -> None:
    answer = fought().acts("waive_clause", by, reason="no time", **fields)
    assert not answer.accepted
    assert word in answer.text


def test_an_open_incident_says_what_is_still_open() -> None:
    case = fought()
    said = card(case)
    assert [said[clause].verdict for clause in ("PM-1", "PM-3", "GDP-1")] == ["open"] * 3
    assert scorecard(case.incident, case.now + hours(49))[list(PROCEDURE.clauses).index("PM-1")].verdict == "missed"


def test_a_role_that_is_handed_over_later_was_filled_in_time_all_the_same() -> None:
    case = Case()
    case.acts("acknowledge", "dana")
    case.acts("declare", "jonas", severity="P1")
    case.acts("take_role", "ines", role="comms")
    case.passes(hours(1))
    case.acts("offer_role", "jonas", role="commander", to="sam")
    assert case.acts("take_role", "sam", role="commander").accepted
    assert card(case)["WAR-3"].verdict == "met"


def test_a_self_resolved_incident_owes_nothing_and_says_so() -> None:
    case = Case()
    case.recovers()
    case.acts("answer_breach", "mira", breach=False, reason="nobody reached it")
    said = card(case)
    assert (case.phase, case.incident.closed_reason) == ("closed", "self_resolved")
    assert (said["DET-5"].verdict, said["GDP-1"].verdict) == ("met", "met")
    learning = ("PM-1", "PM-3", "ACT-1", "REP-1", "KPI-1")
    assert {said[one].verdict for one in learning} == {"not_applicable"}


@pytest.mark.sop("KPI-6", "REP-1")
def test_a_repetition_misses_its_part_of_the_figure() -> None:
    case = fought(answers=archive(earlier()))
    case.acts("name_cause", "dana", cause="capacity")
    assert (card(case)["KPI-6"].verdict, card(case)["REP-1"].verdict) == ("missed", "met")


def test_a_breach_is_judged_from_its_awareness() -> None:
    case = fought()
    case.acts("answer_breach", "mira", breach=True, reason="a dump", aware_at=NOON)
    assert card(case)["GDP-2"].verdict == "open"
    case.passes(hours(80))
    assert card(case)["GDP-2"].verdict == "missed"
