"""Takes an incident's events to the records; an outage of theirs delays them and nothing else."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

from domain.exchange import EventBatch, Recorded
from domain.incident.incident import Incident
from domain.report.glance import glance
from domain.value.portion import portion
from workflows.limit import RECORDING

BATCH = 200
"""Events in one write to the records, where they fit into one message."""


async def record(incident: Incident, after: int) -> Recorded | None:
    """Let the records have the events after a number; None where they are away (SOC-1)."""
    events = tuple(portion(incident.events[after : after + BATCH]))
    try:
        recorded: Recorded = await workflow.execute_activity(
            "record",
            EventBatch(incident=incident.id, events=events, view=glance(incident)),
            result_type=Recorded,
            task_queue=f"{workflow.info().task_queue}-records",
            summary=f"SOC-1 record events {events[0].number} to {events[-1].number}",
            start_to_close_timeout=RECORDING.try_for,
            schedule_to_close_timeout=RECORDING.go_on_for,
            retry_policy=RECORDING.retry,
        )
    except ActivityError:
        return None
    return recorded
