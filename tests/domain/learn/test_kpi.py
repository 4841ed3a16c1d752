"""The key figures: over any period, per service, team and severity, with the count behind each."""

from datetime import datetime, timedelta

import pytest

from domain.report.kpi import FIGURES, Scope, measure, measured
from records.overview import Overview
from tests.domain.learn.case import NOON, days, hours
from tests.domain.learn.rows import EVER, LATER, MINUTE, TARGETS, figures, row


@pytest.mark.sop("KPI-1", "KPI-2", "KPI-3", "KPI-4", "KPI-5", "KPI-6")
def test_without_incidents_every_figure_says_no_data() -> None:
    empty = figures()
    assert tuple(empty) == FIGURES
    assert {(one.says, one.count, one.met) for one in empty.values()} == {("no data", 0, None)}


@pytest.mark.sop("KPI-1", "KPI-2", "KPI-3", "KPI-4", "KPI-5", "KPI-6")
def test_the_targets_are_those_of_the_procedure() -> None:
    assert {clause: one.target for clause, one in figures().items()} == {
        "KPI-1": "under 5 min",
        "KPI-2": "under 1 h",
        "KPI-3": "under 4 h",
        "KPI-4": "at least 100%",
        "KPI-5": "at least 90%",
        "KPI-6": "under 5%",
        "KPI-7": "under 10 min",
        "KPI-8": "under 10%",
        "COM-2": "at least 95%",
        "WAR-3": "under 15 min",
        "TRI-2": "under 20%",
        "PM-3": "at least 1 each",
        "ACT-2": "under 14 days",
        "ACK-6": "under 25%",
    }


@pytest.mark.sop("KPI-1", "ACK-4")
def test_mtta_is_measured_from_the_firing_for_p1_and_p2() -> None:
    late_opened = row(opened_at=NOON + 2 * MINUTE)
    p2, p3 = row(severity="P2", acknowledged_at=NOON + 7 * MINUTE), row(severity="P3", acknowledged_at=NOON + days(1))
    mtta = figures(late_opened, p2, p3)["KPI-1"]
    assert (mtta.span, mtta.count, mtta.met, mtta.says) == (5 * MINUTE, 2, False, "5 min")
    assert figures(late_opened)["KPI-1"].met is True


@pytest.mark.sop("KPI-1")
def test_what_nobody_acknowledged_is_not_averaged_and_is_said() -> None:
    mtta = figures(row(), row(acknowledged_at=None))["KPI-1"]
    assert (mtta.count, mtta.unknown) == (1, 1)


@pytest.mark.sop("KPI-2", "KPI-3")
def test_mttr_is_of_its_own_severity_from_the_firing() -> None:
    found = figures(
        row(), row(severity="P2", resolved_at=NOON + hours(5)), row(severity="P4", resolved_at=NOON + days(2))
    )
    assert (found["KPI-2"].span, found["KPI-2"].count, found["KPI-2"].met) == (hours(0.5), 1, True)
    assert (found["KPI-3"].span, found["KPI-3"].count, found["KPI-3"].met) == (hours(5), 1, False)


@pytest.mark.sop("KPI-4")
def test_post_mortems_count_when_complete_or_due() -> None:
    due = NOON + hours(48)

    def rows(as_of: datetime) -> tuple[Overview, ...]:
        return (
            row(postmortem_due_at=due, postmortem_completed_at=due),
            row(postmortem_due_at=due, postmortem_completed_at=due + MINUTE),
            row(postmortem_due_at=due, as_of=as_of),
            row(severity="P3"),
        )

    before, after = figures(*rows(due - MINUTE))["KPI-4"], figures(*rows(due))["KPI-4"]
    assert (before.share, before.count, before.unknown) == (0.5, 2, 1)
    assert (after.share, after.count, after.unknown, after.met) == (1 / 3, 3, 0, False)
    assert figures(rows(due)[0])["KPI-4"].met is True
    assert after.counted == "1 of 3 post-mortems"


@pytest.mark.sop("KPI-5")
def test_items_whose_fate_is_open_do_not_count() -> None:
    closure = figures(row(items=9, items_due=4, items_in_time=3), row(items=6, items_due=6, items_in_time=6))["KPI-5"]
    assert (closure.share, closure.count, closure.met, closure.says) == (0.9, 10, True, "90.0%")
    assert figures(row(items=3))["KPI-5"].says == "no data"


@pytest.mark.sop("KPI-6")
def test_repeats_are_a_share_of_the_incidents_whose_cause_is_known() -> None:
    known = [row(root_cause="capacity") for _ in range(19)]
    repeats = figures(*known, row(root_cause="capacity", repeat_of="INC-00000"), row())["KPI-6"]
    assert (repeats.share, repeats.count, repeats.unknown, repeats.met) == (0.05, 20, 1, False)
    assert figures(*known)["KPI-6"].met is True


@pytest.mark.sop("KPI-1", "KPI-6")
def test_drills_are_excluded_from_every_figure() -> None:
    drill = row(drill=True, root_cause="capacity", repeat_of="INC-00000", items_due=1, postmortem_due_at=NOON)
    made = measured([drill, row()], TARGETS, EVER, LATER)
    assert (made.incidents, made.left_out) == (1, {"drill": 1})
    assert all(one.count == one.unknown == 0 for one in figures(drill).values())


def test_a_mean_says_how_many_were_in_time() -> None:
    mtta = figures(row(), row(), row(acknowledged_at=NOON + 8 * MINUTE))["KPI-1"]
    assert (mtta.says, mtta.met, mtta.counted) == ("4 min 40 s", True, "3 incidents, 2 of 3 in time")


@pytest.mark.sop("KPI-1", "SOC-1")
def test_a_span_of_days_is_said_to_the_minute_and_one_of_hours_to_the_second() -> None:
    figure = figures(row())["KPI-1"]
    said = [figure.model_copy(update={"span": span + timedelta(seconds=56)}).says for span in (days(271), hours(3))]
    assert said == ["271 days 1 min", "3 h 56 s"]


def test_a_period_holds_what_ended_in_it_and_its_end_belongs_to_the_next() -> None:
    first, second = row(), row(id="INC-00002", resolved_at=NOON + days(1))
    halves = (
        Scope(since=NOON, until=NOON + days(1)),
        Scope(since=NOON + days(1), until=NOON + days(2)),
        Scope(until=NOON),
    )
    assert [figures(first, second, scope=half)["KPI-2"].count for half in halves] == [1, 1, 0]


def test_what_is_not_over_is_in_every_month_and_what_was_reopened_stays_in_its_own() -> None:
    running = row(resolved_at=None, acknowledged_at=NOON + 40 * MINUTE)
    months = [Scope(since=NOON + days(at), until=NOON + days(at + 30)) for at in (0, 30, 60)]
    sheets = [measured([running], TARGETS, month, LATER) for month in months]
    assert [(one.incidents, one.running, one.figures[0].met) for one in sheets] == [(1, 1, False)] * 3
    reopened = row(resolved_at=None, ended_at=NOON + hours(1))
    assert [measured([reopened], TARGETS, month, LATER).incidents for month in months] == [1, 0, 0]
    carried = row(resolved_at=NOON + days(31))
    assert [measured([carried], TARGETS, month, LATER).running for month in months] == [1, 0, 0]


@pytest.mark.sop("KPI-2")
def test_figures_are_split_by_service_team_and_severity() -> None:
    rows = (row(), row(service="billing", resolved_at=NOON + hours(2)), row(service="platform", team="platform"))
    made = measured(rows, TARGETS, EVER, LATER)
    by_service = made.parts["service"]
    assert {name: found[1].span for name, found in by_service.items()} == {
        "billing": hours(2),
        "checkout": hours(0.5),
        "platform": hours(0.5),
    }
    assert {name: found[1].count for name, found in made.parts["team"].items()} == {
        "payments": 2,
        "platform": 1,
    }
    assert list(made.parts["severity"]) == ["P1"]
    assert (made.incidents, made.figures) == (3, measure(rows, TARGETS, EVER, LATER))


def test_a_figure_without_a_target_in_the_policy_is_not_made() -> None:
    assert [one.clause for one in measure((), {"KPI-2": TARGETS["KPI-2"]}, EVER, LATER)] == ["KPI-2"]
