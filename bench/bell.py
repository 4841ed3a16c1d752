"""The least that could ring or wait: bare workflows, with one activity or with so many and updates.

`python -m bench.bell ADDRESS` is the worker of those that wait, until its parent is gone.
"""

import asyncio
import os
import sys
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

FLOOR = "floor"
"""The queue of those that wait."""
SHORT = timedelta(seconds=10)


@workflow.defn(name="Floor")
class FloorWorkflow:
    """Waits for a signal and has one activity done."""

    def __init__(self) -> None:
        self.told = False

    @workflow.run
    async def run(self) -> None:
        """Ring."""
        await workflow.wait_condition(lambda: self.told)
        await workflow.execute_activity("ring", start_to_close_timeout=timedelta(seconds=10))

    @workflow.signal
    def tell(self) -> None:
        """Something fires."""
        self.told = True


@workflow.defn(name="FloorWaits")
class WaitingFloor:
    """Has so many activities done, and takes updates."""

    @workflow.run
    async def run(self, activities: int) -> None:
        """Never ends."""
        for _ in range(activities):
            await workflow.execute_activity("ring", start_to_close_timeout=SHORT)
        await workflow.wait_condition(lambda: False)

    @workflow.update
    async def act(self) -> None:
        """Answered at once, as an act is; what follows from it is one activity."""
        self.following = asyncio.create_task(workflow.execute_activity("ring", start_to_close_timeout=SHORT))


class Bell:
    """What it rings."""

    def __init__(self) -> None:
        self.rung = 0

    @activity.defn
    async def ring(self) -> None:
        """Ring."""
        self.rung += 1


async def serve(address: str) -> None:
    """The worker of those that wait, with the slots that Standfast's has."""
    worker = Worker(
        await Client.connect(address),
        task_queue=FLOOR,
        workflows=[WaitingFloor],
        activities=[Bell().ring],
        workflow_runner=UnsandboxedWorkflowRunner(),
        max_concurrent_workflow_tasks=4,
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
    )
    async with worker:
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
    os._exit(0)  # the SDK's threads may crash an ordinary exit (sdk-python#300)
