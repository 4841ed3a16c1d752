"""CheckpointWorkflow: a signed checkpoint of the records, started by Temporal's own schedule."""

import contextlib
import dataclasses
import logging
from datetime import timedelta

from temporalio import workflow
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError

with workflow.unsafe.imports_passed_through():
    from workflows.limit import SIGNING

log = logging.getLogger("standfast.checkpoint")


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


def schedule_id(queue: str) -> str:
    """The schedule of the workers of a task queue."""
    return f"checkpoints/{queue}"


async def keep_checkpoints(client: Client, queue: str, every: timedelta) -> None:
    """Have the engine start a checkpoint every so often: made once, changed when the setting has; a pause stays.

    The engine remembers it, so no worker has to. An engine that does not let us is said in the log and stops nothing.
    """
    wanted = _schedule(queue, every)

    def renewed(now: ScheduleUpdateInput) -> ScheduleUpdate:
        return ScheduleUpdate(dataclasses.replace(wanted, state=now.description.schedule.state))

    try:
        with contextlib.suppress(ScheduleAlreadyRunningError):
            await client.create_schedule(schedule_id(queue), wanted)
        await client.get_schedule_handle(schedule_id(queue)).update(renewed)
    except RPCError as error:
        log.error("%s could not be kept (%s): `standfast audit checkpoint` signs", schedule_id(queue), error.message)


def _schedule(queue: str, every: timedelta) -> Schedule:
    """One at a time; after an outage one checkpoint makes up for all that were missed."""
    return Schedule(
        action=ScheduleActionStartWorkflow(
            "Checkpoint",
            id=f"checkpoint/{queue}",
            task_queue=queue,
            static_summary="SOC-1 sign a checkpoint of the records",
        ),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=every),
    )
