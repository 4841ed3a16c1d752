"""Takes an incident's events to the records; an outage of theirs delays them and nothing else."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

from domain.exchange import EventBatch, Recorded
from domain.incident.incident import Incident
from domain.report.glance import glance
from domain.report.view import View
from domain.value.portion import portion
from workflows.limit import RECORDING

BATCH = 200
"""Events in one write to the records, where they fit into one message."""


class Recording:
    """What one run has the records know of its incident: each event once, and the row where it says something else.

    The row goes with the first write of a run, for what an earlier run wrote is not known to it, and with the next one
    after a write that nobody answered, for that may have been done or not.
    """

    def __init__(self) -> None:
        self._sent: View | None = None
        self._there: View | None = None

    async def record(self, incident: Incident, after: int) -> Recorded | None:
        """Let the records have the events after a number; None where they are away (SOC-1)."""
        batch = self.batch(incident, after)
        try:
            recorded: Recorded = await workflow.execute_activity(
                "record",
                batch,
                result_type=Recorded,
                task_queue=f"{workflow.info().task_queue}-records",
                summary=f"SOC-1 record events {batch.events[0].number} to {batch.events[-1].number}",
                start_to_close_timeout=RECORDING.try_for,
                schedule_to_close_timeout=RECORDING.go_on_for,
                retry_policy=RECORDING.retry,
            )
        except ActivityError:
            return None
        self.answered(recorded)
        return recorded

    def batch(self, incident: Incident, after: int) -> EventBatch:
        """What fits of the events after a number, with the row unless the records have it."""
        events, row = tuple(portion(incident.events[after : after + BATCH])), glance(incident)
        known, self._sent, self._there = self._there, row, None
        return EventBatch(incident=incident.id, events=events, view=None if row == known else row)

    def answered(self, recorded: Recorded) -> None:
        """The records have the row that was sent last, unless they disagree."""
        self._there = None if recorded.said else self._sent
