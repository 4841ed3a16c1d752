"""Opens an incident, for a group of alerts and for a drill alike."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.exchange import OpenIncidentRequest
    from workflows.limit import OPENING


async def open_incident(order: OpenIncidentRequest, summary: str) -> str:
    """DET-1, DET-3: one incident; its id comes from the seed, so a second attempt finds the first."""
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
