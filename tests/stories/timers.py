"""Timers whose moment has come while the engine has not told of them yet."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

BOUNDS = (
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED,
)
"""Where no timer runs: a run begins or has ended."""
LONG = 300.0
"""Seconds for which nothing that comes to rest goes on, on however busy a machine."""
EASE = timedelta(minutes=1)
"""How long an answer is waited for: on a busy machine a worker is late, and how late proves nothing."""


def follow(timers: dict[int, datetime], event: HistoryEvent) -> None:
    """Keep the moments of the timers that run, by the event that began each, through the next event of a history."""
    match event.event_type:
        case EventType.EVENT_TYPE_TIMER_STARTED:
            span = event.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
            timers[event.event_id] = event.event_time.ToDatetime(UTC) + span
        case EventType.EVENT_TYPE_TIMER_FIRED:
            timers.pop(event.timer_fired_event_attributes.started_event_id, None)
        case EventType.EVENT_TYPE_TIMER_CANCELED:
            timers.pop(event.timer_canceled_event_attributes.started_event_id, None)
        case one if one in BOUNDS:
            timers.clear()


async def ring(environment: WorkflowEnvironment, handle: WorkflowHandle[Any, Any]) -> None:
    """Wait until every timer that is due by the workflow's clock has rung, which it does a moment after that."""
    began = time.monotonic()
    while await _next(handle) <= await environment.get_current_time(handle):
        if time.monotonic() > began + LONG:
            raise AssertionError(f"{handle.id}: a timer that is due does not ring")
        await asyncio.sleep(0.02)


async def _next(handle: WorkflowHandle[Any, Any]) -> datetime:
    """The moment of the first timer that runs; the end of time where none does."""
    timers: dict[int, datetime] = {}
    for event in (await handle.fetch_history()).events:
        follow(timers, event)
    return min(timers.values(), default=datetime.max.replace(tzinfo=UTC))
