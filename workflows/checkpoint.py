"""CheckpointWorkflow: a signed checkpoint of the records, started by Temporal's own schedule."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.limit import SIGNING
    from workflows.schedule import Regularly


@workflow.defn(name="Checkpoint")
class CheckpointWorkflow:
    """One checkpoint; its result says what was signed. Records that are away are asked again until they answer."""

    @workflow.run
    async def run(self) -> str:
        """Have the records' desk sign."""
        said: str = await workflow.execute_activity(
            "sign_checkpoint",
            result_type=str,
            task_queue=f"{workflow.info().task_queue}-records",
            summary="SOC-1 sign how far each incident's record has come",
            start_to_close_timeout=SIGNING.try_for,
            schedule_to_close_timeout=SIGNING.go_on_for,
            retry_policy=SIGNING.retry,
        )
        workflow.set_current_details(said)
        return said


def checkpoints(every: timedelta) -> Regularly:
    """A checkpoint every so often; after an outage one makes up for all that were missed."""
    return Regularly(
        name="checkpoints",
        workflow="Checkpoint",
        summary="SOC-1 sign a checkpoint of the records",
        every=every,
        instead="`standfast audit checkpoint` signs",
    )
