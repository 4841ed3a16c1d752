"""A workflow taken over with an update waiting remembers a moment that no replay sees: python tasks_merge.py."""

import asyncio
import os
import sys
from datetime import timedelta
from shutil import which

from temporalio import activity, workflow
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, Worker

PAUSE = 3.0


@activity.defn
async def deliver(seconds: float) -> None:
    """Take a while."""
    await asyncio.sleep(seconds)


@workflow.defn
class Courier:
    """Delivers twice, and once more on request, but not within a pause after the last delivery."""

    def __init__(self) -> None:
        self.last, self.wanted = 0.0, False

    @workflow.run
    async def run(self) -> None:
        """Order nothing when a delivery has ended; only remember when it was."""
        await asyncio.gather(self.bring(0.3), self.bring(0.9))
        await workflow.wait_condition(lambda: self.wanted)
        left = self.last + PAUSE - workflow.time()
        if left > 0:
            await workflow.sleep(left)
        await self.bring(0.1)

    async def bring(self, seconds: float) -> None:
        """One delivery."""
        await workflow.execute_activity(deliver, seconds, start_to_close_timeout=timedelta(seconds=5))
        self.last = workflow.time()

    @workflow.update
    def again(self) -> None:
        """Ask for the third delivery."""
        self.wanted = True


async def main() -> int:
    """Ask for a delivery after the pause, while no worker is there; then replay what was made."""
    async with await WorkflowEnvironment.start_local(dev_server_existing_path=which("temporal")) as engine:
        async with Worker(engine.client, task_queue="couriers", workflows=[Courier], activities=[deliver]):
            handle = await engine.client.start_workflow(Courier.run, id="courier", task_queue="couriers")
            await asyncio.sleep(2)
        request = asyncio.create_task(handle.execute_update(Courier.again))
        await asyncio.sleep(PAUSE)
        async with Worker(engine.client, task_queue="couriers", workflows=[Courier], activities=[deliver]):
            await request
            await asyncio.sleep(PAUSE + 2)
            history = await handle.fetch_history()
        replayed = await Replayer(workflows=[Courier]).replay_workflow(history, raise_on_replay_failure=False)
    timers = sum(event.HasField("timer_started_event_attributes") for event in history.events)
    print(f"timers set: {timers}, expected 0\nreplay: {replayed.replay_failure or 'well'}")
    return int(timers != 0 or replayed.replay_failure is not None)


if __name__ == "__main__":
    code = asyncio.run(main())
    sys.stdout.flush()
    os._exit(code)  # the threads of the SDK may crash an ordinary exit
