"""What a worker counts: deadlines by how they ended, and what is owed the longest."""

from datetime import UTC, datetime, timedelta

import pytest

from activities.gauge import FORGOTTEN, Measured, ended, telemetry
from domain.incident.clocks import Kept, Missed
from domain.incident.fact import Fact

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PROMISE = {"clause": "ACK-1", "key": "acknowledge", "owner": "oncall", "due_at": NOON, "says": "acknowledge the page"}


def after(**span: float) -> datetime:
    return NOON + timedelta(**span)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (Kept(**PROMISE, stopped_at=NOON), "met"),
        (Missed(**PROMISE), "missed"),
        (Missed(**PROMISE, times=2), ""),
        (Missed(**PROMISE, stopped_at=after(minutes=3)), "late"),
        (Missed(**PROMISE, stopped_at=after(minutes=3), broken=True), ""),
    ],
)
def test_a_deadline_counts_once_for_each_way_it_ends(what: Fact, said: str) -> None:
    assert ended(what) == said


def test_what_is_owed_is_owed_since_its_first_try_and_until_it_is_done() -> None:
    measured, page = Measured(), ("INC-7K2QF", "page/1")
    measured.begun("q-pagerduty", page, NOON, after(seconds=1))
    measured.begun("q-pagerduty", page, after(minutes=2), after(minutes=2))  # scheduled again after it was given up
    measured.begun("q-pagerduty", ("INC-7K2QF", "page/2"), after(minutes=1), after(minutes=1))
    measured.begun("q-records", ("INC-7K2QF", "records"), after(minutes=1), after(minutes=1))
    assert measured.oldest(after(minutes=3)) == {"q-pagerduty": 180, "q-records": 120}
    measured.done("q-pagerduty", page)
    measured.done("q-records", ("INC-7K2QF", "records"))
    assert measured.oldest(after(minutes=3)) == {"q-pagerduty": 120, "q-records": 0}


def test_what_another_worker_did_meanwhile_is_forgotten() -> None:
    measured = Measured()
    measured.begun("q-slack", ("INC-7K2QF", "say/1"), NOON, NOON)
    assert measured.oldest(NOON + FORGOTTEN) == {"q-slack": 0}
    assert measured.oldest(NOON + FORGOTTEN) == {"q-slack": 0}


def test_an_address_that_cannot_be_listened_on_is_said_and_nothing_ends(caplog: pytest.LogCaptureFixture) -> None:
    assert telemetry("") is None
    assert telemetry("nowhere") is None
    assert "STANDFAST_METRICS: found nowhere" in caplog.text
