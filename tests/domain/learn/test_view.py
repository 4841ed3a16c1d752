"""What the records keep of an incident's learning is what its events say."""

import pytest

from domain.report.kpi import Scope, measure
from records.overview import overview
from tests.domain.learn.case import POLICY, completed, days, fought, hours


@pytest.mark.sop("KPI-1", "KPI-2", "KPI-4", "KPI-5")
def test_the_figures_of_one_incident_are_read_from_its_events() -> None:
    case = fought()
    case.passes(hours(20))
    completed(case)
    case.passes(days(3))
    case.acts("close_item", "jira", item="item-1")
    row = overview(case.view)
    assert (row.root_cause, row.repeat_of, row.items, row.items_due, row.items_in_time) == ("capacity", None, 1, 1, 1)
    found = measure([row], POLICY.targets, Scope(), case.now)[:8]
    assert [one.says for one in found] == ["2 min", "20 min", "no data", "100.0%", "100.0%", "0.0%", "0 s", "0.0%"]
    assert [one.met for one in found] == [True, True, None, True, True, True, True, True]


@pytest.mark.sop("KPI-1")
def test_a_second_ringing_does_not_change_when_it_was_acknowledged_first() -> None:
    case = fought()
    acknowledged_at = case.view.acknowledged_at
    case.acts("reopen", "dana", reason="it is back")
    assert case.view.acknowledged_at == acknowledged_at
