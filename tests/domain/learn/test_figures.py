"""What one incident adds to each figure: scorecard and sheet say the same of it."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.incident.lifecycle import self_resolved
from domain.procedure.figures import parts
from domain.report.kpi import Scope, measured
from domain.report.scorecard import scorecard
from tests.again import again
from tests.domain.learn.case import POLICY, Case, completed, days, fought, hours

MINUTE = timedelta(minutes=1)


def agree(case: Case) -> None:
    """The scorecard's verdict on each figure is what the sheet of this incident alone counts."""
    sheet = {one.clause: one for one in measured([case.view], POLICY.targets, Scope(), case.now).figures}
    for verdict in scorecard(case.incident, case.now):
        if not verdict.clause.startswith("KPI-"):
            continue
        figure = sheet[verdict.clause]
        kept = figure.judged - figure.part if verdict.clause in ("KPI-6", "KPI-8") else figure.part
        assert (verdict.verdict in ("met", "missed", "late", "open")) == (figure.judged > 0), verdict
        assert (verdict.verdict == "met") == (0 < kept == figure.judged), verdict


def part(case: Case, figure: str) -> tuple[int, int]:
    found = next(one for one in parts(case.incident) if one.figure == figure)
    return found.kept, found.judged


@pytest.mark.sop("KPI-1", "KPI-2", "KPI-4")
def test_a_downgrade_before_the_end_changes_no_figure() -> None:
    case = Case()
    case.acts("acknowledge", "dana")
    case.acts("declare", "jonas", severity="P1")
    case.passes(68 * MINUTE)
    case.acts("declare", "jonas", severity="P3", reason="few customers are left")
    case.acts("declare", "dana", severity="P3")
    case.acts("resolve", "jonas", summary="over")
    assert case.view.gravest == "P1"
    assert part(case, "KPI-2") == (0, 1)
    assert case.view.postmortem_due_at == case.now + hours(48)


@pytest.mark.sop("KPI-2", "KPI-1")
def test_what_nobody_declared_counts_as_proposed() -> None:
    case = Case()
    case.acts("acknowledge", "dana")
    case.passes(5 * MINUTE)
    case.acts("resolve", "dana", summary="it came back")
    assert (case.view.gravest, part(case, "KPI-1"), part(case, "KPI-2")) == ("P1", (1, 1), (1, 1))
    assert {one.clause: one.verdict for one in scorecard(case.incident, case.now)}["TRI-3"] == "missed"


@pytest.mark.sop("DET-5", "KPI-1", "KPI-2")
def test_what_rang_through_the_whole_ladder_is_followed_up_and_counted() -> None:
    case = Case()
    case.passes(hours(3))
    case.recovers()
    assert case.incident.phase == "resolved"
    assert (part(case, "KPI-1"), part(case, "KPI-2")) == ((0, 1), (0, 1))
    assert case.alone("DET-5 every alert has recovered after the whole ladder") == ["mira"]
    spoken = {one.clause: one.spoken for one in scorecard(case.incident, case.now)}
    assert (spoken["ACK-1"], spoken["KPI-1"], spoken["KPI-2"]) == ("never kept", "never kept", "2 h 1 min late")
    blip = Case()
    blip.passes(7 * MINUTE)
    blip.recovers()
    assert (self_resolved(blip.incident), part(blip, "KPI-1")) == (True, (0, 1))


@again
def secret(*answers: bool, published: bool = False) -> Case:
    """A P1 of security: customers are to be told or not, an answer every 20 minutes; 5 minutes later it is over."""
    case = Case(title="intruder in the admin console")
    case.acts("acknowledge", "dana")
    case.acts("declare", "jonas", severity="P1")
    for number, tell in enumerate(answers):
        case.passes(20 * MINUTE if number else 5 * MINUTE)
        case.acts("tell_customers", "jonas", tell=tell, reason="as we know by now")
    case.passes(5 * MINUTE)
    if published:
        case.acts("approve_update", "jonas")
    case.acts("resolve", "jonas", summary="over")
    return case


@pytest.mark.sop("KPI-7", "SCP-3")
def test_what_customers_are_rightly_not_told_of_counts_nothing_for_the_first_update() -> None:
    kept_quiet, unanswered = secret(False), secret()
    assert not [one for case in (kept_quiet, unanswered) for one in parts(case.incident) if one.figure == "KPI-7"]
    told = secret(False, True, published=True)
    assert part(told, "KPI-7") == (1, 1)
    agree(kept_quiet)
    agree(told)


@pytest.mark.sop("KPI-7", "TRI-3")
@pytest.mark.parametrize(("minutes", "counted"), [(6, None), (12, (0, 1))])
def test_what_is_lowered_before_its_first_update_is_due_owes_none_and_a_miss_stays_one(
    minutes: int, counted: tuple[int, int] | None
) -> None:
    case = Case()
    case.acts("acknowledge", "dana")
    case.acts("declare", "jonas", severity="P1", reason="it looks bad")
    case.passes(minutes * MINUTE)
    case.acts("declare", "jonas", severity="P3", reason="one customer alone")
    case.acts("declare", "mira", severity="P3", reason="one customer alone")
    assert case.incident.severity == "P3"
    case.passes(30 * MINUTE)
    case.acts("resolve", "jonas", summary="over")
    found = [one for one in parts(case.incident) if one.figure == "KPI-7"]
    assert [(one.kept, one.judged) for one in found] == ([counted] if counted else [])
    agree(case)


@pytest.mark.sop("KPI-7")
def test_an_end_before_the_first_update_is_due_leaves_it_open() -> None:
    case = Case()
    case.acts("acknowledge", "dana")
    case.acts("declare", "jonas", severity="P1")
    case.passes(6 * MINUTE)
    case.acts("resolve", "jonas", summary="over")
    (found,) = [one for one in parts(case.incident) if one.figure == "KPI-7"]
    assert (found.kept, found.judged, found.open) == (0, 0, 1)


@pytest.mark.sop("KPI-7", "SCP-3")
def test_a_miss_before_the_mark_stays_one() -> None:
    case = Case()
    case.acts("acknowledge", "dana")
    case.acts("declare", "jonas", severity="P1")
    case.passes(12 * MINUTE)
    case.acts("mark_security", "dana", reason="somebody reads the orders")
    case.acts("tell_customers", "jonas", tell=False, reason="it would warn them")
    assert part(case, "KPI-7") == (0, 1)


@pytest.mark.sop("RES-3", "KPI-2")
def test_the_calm_between_two_spells_is_no_outage() -> None:
    case = fought()
    case.passes(40 * MINUTE)
    case.acts("reopen", "dana", reason="it is back")
    case.passes(15 * MINUTE)
    case.acts("resolve", "jonas", summary="now really")
    assert next(one.spent for one in parts(case.incident) if one.figure == "KPI-2") == 35 * 60 * 1_000_000


@pytest.mark.sop("PM-1", "KPI-4")
def test_a_reopening_takes_no_miss_away_and_renews_no_48_hours() -> None:
    case = fought()
    case.passes(hours(60))
    case.acts("reopen", "dana", reason="one more look")
    case.acts("resolve", "jonas", summary="nothing was there")
    assert case.view.ended_at == case.incident.resolutions[0][0]
    case.passes(hours(1))
    completed(case)
    assert part(case, "KPI-4") == (0, 1)
    again = fought()
    again.passes(hours(47))
    again.acts("reopen", "dana", reason="one more look")
    again.acts("resolve", "jonas", summary="nothing was there")
    again.passes(hours(2))
    assert part(again, "KPI-4") == (0, 1)


@pytest.mark.sop("KPI-5", "ACT-2")
def test_an_item_declined_after_its_time_was_missed() -> None:
    case = fought()
    case.passes(hours(20))
    completed(case)
    case.passes(days(15))
    case.acts("close_item", "mira", item="item-1", state="declined", reason="nobody needs it")
    assert part(case, "KPI-5") == (0, 1)


@pytest.mark.sop("KPI-7")
def test_the_first_public_update_is_timed_from_the_declaration() -> None:
    case = Case()
    case.acts("acknowledge", "dana")
    case.passes(5 * MINUTE)
    case.acts("declare", "jonas", severity="P1")
    case.passes(12 * MINUTE)
    assert part(case, "KPI-7") == (0, 1)
    case.acts("approve_update", "jonas")
    assert next(one.spent for one in parts(case.incident) if one.figure == "KPI-7") == 12 * 60 * 1_000_000


@pytest.mark.sop("KPI-8", "TRI-4")
@pytest.mark.parametrize(("declared", "kept"), [(("P1",), 1), (("P3", "P1"), 0), (("P3",), 0), (("P1", "P3"), 0)])
def test_what_was_declared_below_the_matrix_whenever_or_raised_later_is_counted(
    declared: tuple[str, ...], kept: int
) -> None:
    case = Case()
    case.acts("acknowledge", "dana")
    for severity in declared:
        for by in ("jonas", "dana"):
            case.acts("declare", by, severity=severity, reason="as it looks now")
    assert part(case, "KPI-8") == (kept, 1)


STEPS = ("acknowledge", "P1", "P2", "P3", "wait", "long", "resolve", "reopen", "waive", "complete", "item", "recover")


@settings(max_examples=12, deadline=None)
@given(
    severity=some.sampled_from(["critical", "warning", "low"]), steps=some.lists(some.sampled_from(STEPS), max_size=9)
)
def test_scorecard_and_sheet_agree_on_any_incident(severity: str, steps: list[str]) -> None:
    case = Case(severity)
    for step in steps:
        _take(case, step)
        agree(case)


def _take(case: Case, step: str) -> None:
    match step:
        case "acknowledge":
            case.acts("acknowledge", "dana")
        case "P1" | "P2" | "P3":
            for by in ("jonas", "dana"):
                case.acts("declare", by, severity=step, reason="as it looks now")
        case "wait" | "long":
            case.passes(hours(50) if step == "long" and case.incident.over else 3 * MINUTE)
        case "resolve":
            case.acts("resolve", "jonas", summary="over")
        case "reopen":
            case.acts("reopen", "dana", reason="it is back")
        case "waive":
            case.acts("waive_clause", "mira", clause="PM-1", reason="written elsewhere")
        case "complete":
            completed(case)
        case "item":
            case.acts("close_item", "mira", item="item-1")
        case "recover":
            case.recovers()


@pytest.mark.sop("COM-2")
@pytest.mark.parametrize(("on_miss", "left"), [("nag", 0), ("holding", 1)])
def test_one_incident_that_is_silent_for_hours_is_one_of_those_that_were_not_all_in_time(
    on_miss: str, left: int
) -> None:
    said = POLICY.model_copy(update={"updates": POLICY.updates.model_copy(update={"on_miss": on_miss})})
    forgotten, kept = Case(policy=said), Case(policy=said)
    for case in (forgotten, kept):
        case.acts("acknowledge", "dana")
        case.acts("declare", "jonas", severity="P1")
        case.acts("approve_update", "jonas")
        case.passes(5 * MINUTE)
    kept.acts("resolve", "jonas", summary="over")
    forgotten.passes(hours(7.9))
    rows = [forgotten.view, kept.view]
    [sheet] = [one for one in measured(rows, POLICY.targets, Scope(), forgotten.now).figures if one.clause == "COM-2"]
    assert (sheet.unknown, sheet.incidents, sheet.whole) == (left, 2, 1)
    assert sheet.counted.endswith("all in time in 1 of 2 incidents")


@pytest.mark.sop("KPI-1", "KPI-2", "KPI-4")
def test_what_was_done_after_its_target_is_late_in_the_words_of_its_promise() -> None:
    def said(case: Case, *clauses: str) -> list[str]:
        return [one.spoken for one in scorecard(case.incident, case.now) if one.clause in clauses]

    case = Case()
    case.passes(7 * MINUTE)
    case.acts("acknowledge", "dana")
    case.acts("declare", "jonas", severity="P1")
    assert said(case, "ACK-1", "KPI-1") == ["2 min late", "2 min late"]
    case.passes(68 * MINUTE)
    case.acts("resolve", "jonas", summary="over")
    assert said(case, "RES-2", "KPI-2") == ["15 min late", "15 min late"]
    case.passes(hours(49))
    assert said(case, "KPI-4") == ["never kept"]
    completed(case)
    assert said(case, "PM-1", "KPI-4") == ["1 h late", "1 h late"]
