"""WatchmanWorkflow: looks each minute for what stands still, and wakes the last resort once for each thing.

Temporal's own schedule starts it; what was said before comes to it as the result of the look before.
"""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from domain.exchange import Alarm, CompanyFinding, TroublesSaid
    from workflows.limit import PAGING, TELLING
    from workflows.schedule import Regularly

EVERY = timedelta(minutes=1)
KEPT = 20
"""What was said of files, kept longer than it is found: one worker may have another file than the next."""


@workflow.defn(name="Watchman")
class WatchmanWorkflow:
    """One look around; its result is what it said, so that the next one says only what is new."""

    @workflow.run
    async def run(self) -> TroublesSaid:
        """Look, and page the last resort for what was not said before; what could not be said is said next time."""
        before = TroublesSaid()
        if workflow.has_last_completion_result():
            before = workflow.get_last_completion_result(TroublesSaid) or before
        alarms: tuple[Alarm | CompanyFinding, ...] = await workflow.execute_activity(
            "look_around",
            result_type=tuple[Alarm | CompanyFinding, ...],
            task_queue=f"{workflow.info().task_queue}-engine",
            summary="look for what stands still",
            start_to_close_timeout=timedelta(seconds=30),
            schedule_to_close_timeout=timedelta(minutes=2),
            retry_policy=TELLING.retry,
        )
        said = [one.key for one in alarms if one.key in before.said or await self._says(one)]
        workflow.set_current_details("\n".join(f"* {one.duty.summary}" for one in alarms) or "nothing stands still")
        kept = [one for one in before.said if one.startswith(CompanyFinding.prefix) and one not in said][-KEPT:]
        return TroublesSaid(said=(*said, *kept))

    async def _says(self, alarm: Alarm | CompanyFinding) -> bool:
        """Page, or write it into #incidents; whether that was done."""
        try:
            await workflow.execute_activity(
                alarm.duty.kind,
                alarm.duty,
                task_queue=f"{workflow.info().task_queue}-{alarm.vendor}",
                summary=alarm.duty.summary[:200],
                start_to_close_timeout=PAGING.try_for,
                schedule_to_close_timeout=PAGING.go_on_for,
                retry_policy=PAGING.retry,
                priority=PAGING.priority,
            )
        except ActivityError as error:
            workflow.logger.error("%s: could not be said: %s", alarm.duty.summary, error.cause)
            return False
        return True


WATCH = Regularly(
    name="watchman",
    workflow="Watchman",
    summary="look for what stands still",
    every=EVERY,
    catch_up=EVERY,
    instead="`standfast doctor` looks around",
)
"""A look that was missed is made up for by the next."""
