"""The end of the fight ends the promises of the fight."""

from datetime import timedelta

import pytest

from domain.port.duty import Outcome
from domain.run import progress as step
from domain.run.agenda import duties
from tests.domain.learn.case import Case, hours


@pytest.mark.sop("RES-1", "COM-6")
def test_a_final_update_that_is_published_after_the_resolution_starts_no_clock() -> None:
    case = Case()
    case.acts("declare", "jonas", severity="P1")
    case.slow = "publish_update"
    case.acts("resolve", "jonas", summary="over")
    case.acts("approve_update", "jonas", body="It is over.")
    case.now += timedelta(seconds=2)
    (publish,) = [duty for duty in duties(case.incident, case.now) if duty.kind == "publish_update"]
    step.done(case.incident, publish, Outcome(ref="1"), case.now)
    case.slow = ""
    case.passes(hours(3))
    assert {one.clause for one in case.view.due if one.clause.startswith("COM")} <= {"COM-5"}
    assert case.events("missed", clause="COM-2") == []
