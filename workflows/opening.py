"""Opens an incident, for a group of alerts and for a drill alike."""

from temporalio import workflow
from temporalio.exceptions import FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from domain.exchange import OpenIncidentRequest
    from workflows.limit import OPENING, OPENING_HERE
    from workflows.since import since

HERE = "an incident is opened within the task that asks for it"
"""Runs that began before this was so go on as they were recorded."""


async def open_incident(order: OpenIncidentRequest, summary: str) -> str:
    """DET-1, DET-3: one incident; its id comes from the seed, so a second attempt finds the first.

    The worker that decides it does it, in one try; where that fails it is an activity like any other.
    """
    if since(HERE):
        try:
            return await _open_here(order, summary)
        except FailureError as error:  # what a local activity raises comes as it is, in no ActivityError
            if is_cancelled_exception(error):
                raise
            workflow.logger.warning("%s: not within the task: %s", summary, error.cause or error)
    incident: str = await workflow.execute_activity(
        "open_incident",
        order,
        result_type=str,
        task_queue=f"{workflow.info().task_queue}-engine",
        summary=summary[:200],
        start_to_close_timeout=OPENING.try_for,
        retry_policy=OPENING.retry,
    )
    return incident


async def _open_here(order: OpenIncidentRequest, summary: str) -> str:
    incident: str = await workflow.execute_local_activity(
        "open_incident",
        order,
        result_type=str,
        summary=summary[:200],
        schedule_to_close_timeout=OPENING_HERE.go_on_for,
        retry_policy=OPENING_HERE.retry,
    )
    return incident
