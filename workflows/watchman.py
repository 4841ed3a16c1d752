"""WatchmanWorkflow: looks each minute for what stands still, and wakes the last resort once for each thing.

Temporal's own schedule starts it; what was said before comes to it as the result of the look before.
"""

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
from temporalio.exceptions import ActivityError
from temporalio.service import RPCError

with workflow.unsafe.imports_passed_through():
    from domain.exchange import Alarm, Seen
    from workflows.limit import PAGING, TELLING

log = logging.getLogger("standfast.watchman")
EVERY = timedelta(minutes=1)


@workflow.defn(name="Watchman")
class WatchmanWorkflow:
    """One look around; its result is what it said, so that the next one says only what is new."""

    @workflow.run
    async def run(self) -> Seen:
        """Look, and page the last resort for what was not said before; what could not be said is said next time."""
        before = Seen()
        if workflow.has_last_completion_result():
            before = workflow.get_last_completion_result(Seen) or before
        alarms: tuple[Alarm, ...] = await workflow.execute_activity(
            "look_around",
            result_type=tuple[Alarm, ...],
            task_queue=f"{workflow.info().task_queue}-engine",
            summary="look for what stands still",
            start_to_close_timeout=timedelta(seconds=30),
            schedule_to_close_timeout=timedelta(minutes=2),
            retry_policy=TELLING.retry,
        )
        said = [one.key for one in alarms if one.key in before.said or await self._says(one)]
        workflow.set_current_details("\n".join(f"* {one.page.title}" for one in alarms) or "nothing stands still")
        return Seen(said=tuple(said))

    async def _says(self, alarm: Alarm) -> bool:
        """Page; whether that was done."""
        try:
            await workflow.execute_activity(
                "page",
                alarm.page,
                task_queue=f"{workflow.info().task_queue}-{alarm.vendor}",
                summary=alarm.page.summary[:200],
                start_to_close_timeout=PAGING.try_for,
                schedule_to_close_timeout=PAGING.go_on_for,
                retry_policy=PAGING.retry,
                priority=PAGING.priority,
            )
        except ActivityError as error:
            workflow.logger.error("%s could not be said: %s", alarm.page.title, error.cause)
            return False
        return True


def schedule_id(queue: str) -> str:
    """The schedule of the workers of a task queue."""
    return f"watchman/{queue}"


async def keep_watch(client: Client, queue: str, every: timedelta = EVERY) -> None:
    """Have the engine start a look so often: made once, changed when a release changes it; a pause stays."""
    wanted = _schedule(queue, every)

    def renewed(now: ScheduleUpdateInput) -> ScheduleUpdate:
        return ScheduleUpdate(dataclasses.replace(wanted, state=now.description.schedule.state))

    try:
        try:
            await client.create_schedule(schedule_id(queue), wanted)
        except ScheduleAlreadyRunningError:
            await client.get_schedule_handle(schedule_id(queue)).update(renewed)
    except RPCError as error:
        log.error("%s could not be kept (%s): `standfast doctor` looks around", schedule_id(queue), error.message)


def _schedule(queue: str, every: timedelta) -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow(
            "Watchman", id=f"watchman/{queue}", task_queue=queue, static_summary="look for what stands still"
        ),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=every),
    )
