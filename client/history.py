"""What a run's own history still tells where no release can replay it: its events, and what was sent to it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowExecutionDescription
from temporalio.service import RPCError

from domain.exchange import EventBatch
from domain.incident.event import Event
from domain.incident_input import IncidentInput, unpack

WOKEN = frozenset({"nudge"})
"""Signals that say nothing."""


async def written(client: Client, described: WorkflowExecutionDescription) -> list[Event]:
    """The events that a run began with, and those that it handed to the records, whether these took them or not."""
    found: dict[int, Event] = {}
    handle = client.get_workflow_handle(described.id, run_id=described.run_id)
    with suppress(RPCError):
        async for event in handle.fetch_history_events():
            for one in await _events(client, event):
                found.setdefault(one.number, one)
    return _unbroken(found)


async def sent(
    client: Client, described: WorkflowExecutionDescription, since: datetime
) -> list[tuple[str, Sequence[Payload]]]:
    """The acts and alerts that came to a run after a moment, in order: signals, and updates that it had accepted."""
    found = []
    with suppress(RPCError):
        handle = client.get_workflow_handle(described.id, run_id=described.run_id)
        async for event in handle.fetch_history_events():
            name, payloads = _message(event)
            if name and name not in WOKEN and event.event_time.ToDatetime(UTC) > since:
                found.append((name, payloads))
    return found


async def is_sealed(client: Client, described: WorkflowExecutionDescription) -> bool:
    """Whether something that a replay of a run needs was encrypted with a key that is not here."""
    handle = client.get_workflow_handle(described.id, run_id=described.run_id)
    async for event in handle.fetch_history_events():
        given = event.workflow_execution_started_event_attributes.input.payloads
        ordered = event.activity_task_scheduled_event_attributes.input.payloads
        came = event.activity_task_completed_event_attributes.result.payloads
        if await plain(client, [*given, *ordered, *came, *_message(event)[1]]) is None:
            return True
    return False


async def plain(client: Client, payloads: Sequence[Payload]) -> Sequence[Payload] | None:
    """Payloads as they were before they were encrypted; None where the key of one is not here."""
    from workflows.codec import ENCODING, KeyUnfit  # costs a library of ciphers

    codec = client.data_converter.payload_codec
    try:
        found = await codec.decode(payloads) if codec else payloads
    except KeyUnfit:
        return None
    return None if any(one.metadata.get("encoding") == ENCODING for one in found) else found


async def first_task(client: Client, described: WorkflowExecutionDescription) -> int:
    """The number of the event at which a run decided for the first time; 0 where it never did."""
    return await anext(_decisions(client, described), 0)


async def last_task(client: Client, described: WorkflowExecutionDescription) -> int:
    """The number of the event at which a run decided last; 0 where it never did."""
    last = 0
    async for number in _decisions(client, described):
        last = number
    return last


async def _decisions(client: Client, described: WorkflowExecutionDescription) -> AsyncIterator[int]:
    handle = client.get_workflow_handle(described.id, run_id=described.run_id)
    async for event in handle.fetch_history_events():
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
            yield event.event_id


async def _events(client: Client, event: HistoryEvent) -> Sequence[Event]:
    """The events of the incident that one event of the history carries."""
    if event.HasField("workflow_execution_started_event_attributes"):
        given = event.workflow_execution_started_event_attributes.input.payloads
        [life] = await client.data_converter.decode(given, [IncidentInput])
        return unpack(life.packed) if life.packed else ()
    scheduled = event.activity_task_scheduled_event_attributes
    if scheduled.activity_type.name != "record":
        return ()
    [batch] = await client.data_converter.decode(scheduled.input.payloads, [EventBatch])
    return tuple(batch.events)


def _message(event: HistoryEvent) -> tuple[str, Sequence[Payload]]:
    """The name and the arguments of what one event of the history brought, if it brought anything."""
    signalled = event.workflow_execution_signaled_event_attributes
    asked = event.workflow_execution_update_accepted_event_attributes.accepted_request.input
    return signalled.signal_name or asked.name, list(signalled.input.payloads or asked.args.payloads)


def _unbroken(found: dict[int, Event]) -> list[Event]:
    """From the first event on, as far as none is missing."""
    events: list[Event] = []
    while len(events) + 1 in found:
        events.append(found[len(events) + 1])
    return events
