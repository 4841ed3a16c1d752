"""Temporal's own schedules that start our workflows: the engine remembers them, so no worker has to."""

import dataclasses
import logging
from dataclasses import dataclass
from datetime import timedelta

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

log = logging.getLogger("standfast.schedule")


@dataclass(frozen=True)
class Regularly:
    """A workflow that starts so often, one at a time; after an outage once for all the times that were missed."""

    name: str
    workflow: str
    summary: str
    every: timedelta
    instead: str
    """What does the same where the engine does not let us keep it."""
    catch_up: timedelta = timedelta(days=365)
    """How old a start that was missed may be."""

    async def keep(self, client: Client, queue: str) -> None:
        """Made once, changed when a release or a setting changes it; a pause stays. What fails is said in the log."""
        name, wanted = self.schedule_id(queue), self._schedule(queue)

        def renewed(now: ScheduleUpdateInput) -> ScheduleUpdate:
            return ScheduleUpdate(dataclasses.replace(wanted, state=now.description.schedule.state))

        try:
            try:
                await client.create_schedule(name, wanted)
            except ScheduleAlreadyRunningError:
                await client.get_schedule_handle(name).update(renewed)
        except RPCError as error:
            log.error("%s could not be kept (%s): %s", name, error.message, self.instead)

    def schedule_id(self, queue: str) -> str:
        """The schedule of the workers of a task queue."""
        return f"{self.name}/{queue}"

    def _schedule(self, queue: str) -> Schedule:
        return Schedule(
            action=ScheduleActionStartWorkflow(
                self.workflow, id=f"{self.workflow.lower()}/{queue}", task_queue=queue, static_summary=self.summary
            ),
            spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=self.every)]),
            policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=self.catch_up),
        )
