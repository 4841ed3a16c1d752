"""The key figures of any incidents at all, and of a fixed synthetic year computed a second time."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.report.kpi import FIGURES, Scope, measure, measured
from records.overview import Overview
from tests.domain.learn.case import days, hours
from tests.domain.learn.rows import EVER, LATER, MINUTE, TARGETS, figures, row

MOMENTS = some.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=some.just(UTC))
SPANS = some.timedeltas(timedelta(), days(20))


@some.composite
def overviews(draw: some.DrawFn) -> Overview:
    """Any incident at all, ended or not."""
    fired_at = draw(MOMENTS)
    later = some.none() | SPANS.map(lambda span: fired_at + span)
    items = draw(some.integers(0, 5))
    judged = draw(some.integers(0, items))
    return row(
        severity=draw(some.sampled_from([None, "P1", "P2", "P3", "P4"])),
        service=draw(some.sampled_from(["checkout", "billing"])),
        drill=draw(some.booleans()),
        fired_at=fired_at,
        opened_at=fired_at,
        acknowledged_at=draw(later),
        resolved_at=draw(later),
        closed_at=draw(later),
        postmortem_due_at=draw(later),
        postmortem_completed_at=draw(later),
        root_cause=draw(some.sampled_from([None, "capacity"])),
        repeat_of=draw(some.sampled_from([None, "INC-00000"])),
        items=items,
        items_due=judged,
        items_in_time=draw(some.integers(0, judged)),
    )


@given(rows=some.lists(overviews(), max_size=30), as_of=MOMENTS)
def test_a_figure_has_a_value_exactly_when_something_was_counted(rows: list[Overview], as_of: datetime) -> None:
    for one in measure(rows, TARGETS, EVER, as_of):
        value = one.span if one.span is not None else one.share
        assert (value is None) == (one.count == 0) == (one.says == "no data")
        assert (one.met is None) == (one.judged == 0)
        assert one.share is None or 0 <= one.share <= 1
        assert one.span is None or one.span >= timedelta()


@given(rows=some.lists(overviews(), max_size=30), cut=MOMENTS)
def test_the_counts_of_two_periods_are_those_of_both_but_for_what_never_ended(
    rows: list[Overview], cut: datetime
) -> None:
    whole, before, after = (
        measure(rows, TARGETS, scope, LATER) for scope in (EVER, Scope(until=cut), Scope(since=cut))
    )
    twice = measure([one for one in rows if not one.ended_at and one.opened_at < cut], TARGETS, EVER, LATER)
    for all_of_it, early, late, both in zip(whole, before, after, twice, strict=True):
        assert all_of_it.count == early.count + late.count - both.count
        assert all_of_it.judged == early.judged + late.judged - both.judged


@given(rows=some.lists(overviews(), max_size=30), seed=some.integers())
def test_neither_order_nor_drills_change_a_figure(rows: list[Overview], seed: int) -> None:
    shuffled = [one for one in rows if not one.drill]
    random.Random(seed).shuffle(shuffled)  # noqa: S311 -- no secret
    assert measure(rows, TARGETS, EVER, LATER) == measure(shuffled, TARGETS, EVER, LATER)
    services = measured(rows, TARGETS, EVER, LATER).parts["service"]
    assert sum(found[0].count for found in services.values()) == figures(*rows)["KPI-1"].count


def year() -> Iterator[Overview]:
    """A fixed synthetic year: 365 incidents, one a day, their fates by simple rules on the day's number."""
    start = datetime(2025, 1, 1, tzinfo=UTC)
    for day in range(365):
        fired = start + days(day)
        severity = ("P1", "P2", "P3", "P4")[day % 4]
        resolved = fired + timedelta(minutes=20 + day % 90)
        grave = severity in ("P1", "P2")
        yield row(
            id=f"INC-{day:05d}",
            severity=severity,
            drill=day % 50 == 0,
            fired_at=fired,
            opened_at=fired + MINUTE,
            acknowledged_at=None if day % 31 == 0 else fired + timedelta(seconds=60 + day % 300),
            resolved_at=resolved,
            closed_at=resolved + days(10),
            postmortem_due_at=resolved + hours(48) if grave else None,
            postmortem_completed_at=resolved + hours(30 + day % 20) if grave and day % 40 else None,
            root_cause="capacity" if grave else None,
            repeat_of=f"INC-{day - 8:05d}" if grave and day % 36 == 8 else None,
            items=2 if grave else 0,
            items_due=2 if grave else 0,
            items_in_time=(1 if day % 12 == 0 else 2) if grave else 0,
        )


@pytest.mark.sop("KPI-1", "KPI-2", "KPI-3", "KPI-4", "KPI-5", "KPI-6")
def test_the_figures_of_a_synthetic_year_are_those_computed_from_its_rules() -> None:
    """Nothing of the product is used for what is expected: only the rules of the year, as plain arithmetic."""
    real = [day for day in range(365) if day % 50]
    grave = [day for day in real if day % 4 < 2]
    heard = [day for day in grave if day % 31]
    ones, twos = [d for d in real if d % 4 == 0], [d for d in real if d % 4 == 1]
    in_time = [day for day in grave if day % 40 and 30 + day % 20 <= 48]
    done = sum(1 if day % 12 == 0 else 2 for day in grave)
    found = figures(*year())
    assert found["KPI-1"].count == len(heard)
    assert found["KPI-1"].unknown == len(grave) - len(heard)
    assert found["KPI-1"].span == timedelta(seconds=sum(60 + day % 300 for day in heard)) / len(heard)
    assert found["KPI-2"].span == timedelta(minutes=sum(20 + day % 90 for day in ones)) / len(ones)
    assert found["KPI-3"].span == timedelta(minutes=sum(20 + day % 90 for day in twos)) / len(twos)
    assert (found["KPI-2"].count, found["KPI-3"].count) == (len(ones), len(twos))
    assert (found["KPI-4"].share, found["KPI-4"].count) == (len(in_time) / len(grave), len(grave))
    assert (found["KPI-5"].share, found["KPI-5"].count) == (done / (2 * len(grave)), 2 * len(grave))
    repeated = [day for day in grave if day % 36 == 8]
    assert (found["KPI-6"].share, found["KPI-6"].count) == (len(repeated) / len(grave), len(grave))
    assert [found[clause].met for clause in FIGURES] == [True, False, True, False, True, False, *[None] * 8]


@pytest.mark.sop("KPI-1", "KPI-2", "KPI-3")
def test_a_month_of_the_year_is_that_month_alone() -> None:
    march = Scope(since=datetime(2025, 3, 1, tzinfo=UTC), until=datetime(2025, 4, 1, tzinfo=UTC))
    inside = [day for day in range(59, 90) if day % 50 and day % 4 == 0]
    mttr = figures(*year(), scope=march)["KPI-2"]
    assert mttr.count == len(inside)
    assert mttr.span == timedelta(minutes=sum(20 + day % 90 for day in inside)) / len(inside)
