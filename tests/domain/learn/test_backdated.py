"""What was missed stays missed, and nobody silences it for long."""

from datetime import timedelta

import pytest

from tests.domain.learn.case import NOON, Case, days, fought, hours
from tests.domain.learn.test_scorecard import card


@pytest.mark.sop("SOC-1", "ACK-1", "KPI-1")
def test_an_act_cannot_undo_a_miss_by_claiming_an_earlier_minute() -> None:
    case = Case()
    case.passes(hours(1 / 3))
    case.acts("acknowledge", "dana", at=NOON + timedelta(minutes=1))
    (acknowledged,) = case.events("acknowledged")
    assert (acknowledged.at, acknowledged.claimed_at) == (case.now, NOON + timedelta(minutes=1))
    assert card(case)["ACK-1"].late == timedelta(minutes=15)
    assert card(case)["KPI-1"].verdict == "late"


@pytest.mark.sop("SOC-1")
def test_a_snooze_is_short() -> None:
    case = fought()
    assert "within 1 day" in case.acts("snooze", "mira", clause="PM-1", until=case.now + days(300), reason="later").text


@pytest.mark.sop("SOC-1", "WAR-6")
def test_a_miss_moves_no_act_that_has_nothing_to_do_with_it() -> None:
    case = Case()
    case.passes(hours(1 / 3))
    case.acts("note", "dana", text="looked at the graphs", at=NOON + timedelta(minutes=4))
    (noted,) = case.events("noted")
    assert (noted.at, noted.arrived_at, noted.claimed_at) == (NOON + timedelta(minutes=4), case.now, None)
    assert card(case)["ACK-1"].verdict in ("open", "missed")
