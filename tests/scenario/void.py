"""What makes a play on the engine void: what the test's own clock and limits did to it, as its histories show."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import EventType, TimeoutType
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client

from tests.stories.timers import follow
from vendors.attempt import NOT_OURS, TOO_LATE

NOTICED = timedelta(seconds=1)
"""How far the clock must have jumped past a timer; less is forgiven in every comparison."""


async def history(client: Client, workflow: str) -> list[HistoryEvent]:
    """Everything that happened to a workflow, over all its runs."""
    found: list[HistoryEvent] = []
    run = (await client.get_workflow_handle(workflow).describe()).run_id
    while run:
        events = (await client.get_workflow_handle(workflow, run_id=run).fetch_history()).events
        found = [*events, *found]
        run = events[0].workflow_execution_started_event_attributes.continued_execution_run_id
    return found


def reasons(events: Iterable[HistoryEvent]) -> Iterator[str]:
    """Each timer that a jump of the skipping clock passed over, and each call that we cut off or that starved."""
    timers: dict[int, datetime] = {}
    for event in events:
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED:
            yield from _jumped(event, timers)
        yield from _spoiled(event)
        follow(timers, event)


def _spoiled(event: HistoryEvent) -> Iterator[str]:
    if _cut_off(event.activity_task_timed_out_event_attributes.failure):
        yield f"event {event.event_id}: our own limit cut off a call that no vendor had refused"
    if _starved(event.activity_task_started_event_attributes.last_failure):
        yield f"event {event.event_id}: a worker of the test starved until it seemed dead"


def _jumped(transition: HistoryEvent, timers: dict[int, datetime]) -> Iterator[str]:
    skipped = transition.workflow_execution_time_skipping_transitioned_event_attributes
    target = skipped.target_time.ToDatetime(UTC)
    for number, due in timers.items():
        if skipped.HasField("target_time") and target - due > NOTICED:
            yield f"event {transition.event_id}: the clock jumped {target - due} past the timer of event {number}"


def _cut_off(failure: Failure) -> bool:
    """Whether the whole time of a call ran out without a refusal that would have explained it."""
    ran_out = failure.timeout_failure_info.timeout_type == TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE
    return ran_out and not failure.cause.HasField("application_failure_info")


def _starved(failure: Failure) -> bool:
    """Whether the attempt before gave no sign of life for too long: in a play no worker dies."""
    silent = failure.timeout_failure_info.timeout_type == TimeoutType.TIMEOUT_TYPE_HEARTBEAT
    return silent or NOT_OURS in failure.message or TOO_LATE in failure.message
