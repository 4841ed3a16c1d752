"""A play counts unless its history shows that the test's own clock or limits spoiled it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType, TimeoutType
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from tests import histories
from tests.scenario.void import reasons

SKIPPED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED


def recorded(name: str = "incident") -> list[HistoryEvent]:
    return list(WorkflowHistory.from_json(name, histories.read(name)).events)


def leap(events: list[HistoryEvent], number: int, further: timedelta) -> None:
    """The clock goes further than it did in one of its transitions."""
    skipped = [one for one in events if one.event_type == SKIPPED][number]
    target = skipped.workflow_execution_time_skipping_transitioned_event_attributes.target_time
    target.FromDatetime(target.ToDatetime() + further)


@pytest.mark.parametrize("name", ["incident", "continued", "group"])
def test_a_recorded_play_counts(name: str) -> None:
    assert list(reasons(recorded(name))) == []


def test_a_play_whose_clock_jumped_over_a_timer_is_void() -> None:
    events = recorded()
    leap(events, 0, timedelta(minutes=2))
    (why,) = reasons(events)
    assert re.fullmatch(r"event \d+: the clock jumped 0:02:00 past the timer of event \d+", why)


def test_a_play_whose_clock_was_put_on_by_less_than_is_compared_counts() -> None:
    events = recorded()
    leap(events, 0, timedelta(milliseconds=500))
    assert list(reasons(events)) == []


def test_a_timer_that_was_set_aside_or_belongs_to_an_earlier_run_is_not_jumped_over() -> None:
    events = recorded()
    started = next(one for one in events if one.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED)
    place = next(number for number, one in enumerate(events) if one.event_type == SKIPPED)
    leap(events, 0, timedelta(minutes=2))
    assert list(reasons([*events[:place], started, *events[place:]])) == []


@pytest.mark.parametrize(
    ("failure", "count"),
    [
        (lambda: cut_off(TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE), 1),
        (lambda: cut_off(TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE, refused="VendorAway"), 0),
        (lambda: cut_off(TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE), 0),
    ],
    ids=["cut off", "cut off after a refusal", "another limit"],
)
def test_a_call_that_ran_out_of_time_makes_a_play_void_unless_the_vendor_was_away(
    failure: Callable[[], Failure], count: int
) -> None:
    event = HistoryEvent(event_id=7, event_type=EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT)
    event.activity_task_timed_out_event_attributes.failure.CopyFrom(failure())
    assert len(list(reasons([event]))) == count


@pytest.mark.parametrize(("limit", "count"), [("HEARTBEAT", 1), ("START_TO_CLOSE", 0)])
def test_an_attempt_that_starved_makes_a_play_void(limit: str, count: int) -> None:
    event = HistoryEvent(event_id=7, event_type=EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED)
    last = cut_off(TimeoutType.Value(f"TIMEOUT_TYPE_{limit}"))
    event.activity_task_started_event_attributes.last_failure.CopyFrom(last)
    assert len(list(reasons([event]))) == count


def cut_off(limit: TimeoutType.ValueType, refused: str = "") -> Failure:
    """What the engine says of a call that ran out of time, and of the last refusal before that."""
    failure = Failure()
    failure.timeout_failure_info.timeout_type = limit
    if refused:
        failure.cause.application_failure_info.type = refused
    return failure
