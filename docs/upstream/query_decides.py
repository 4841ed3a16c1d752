"""A workflow whose timer fires while a query waits for a worker sets the timer again: python query_decides.py."""

import asyncio
import os
import sys
from shutil import which

from temporalio import workflow
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, Worker

SECONDS, ALARMS = 3.0, 10


@workflow.defn
class Alarm:
    """Waits until a moment, and looks at the clock before it goes on."""

    @workflow.run
    async def run(self) -> int:
        """Set one timer: when it has fired, the clock can't be earlier than the moment it was set for."""
        due, timers = workflow.time() + SECONDS, 0
        while workflow.time() < due:
            timers += 1
            await workflow.sleep(due - workflow.time())
        return timers

    @workflow.query
    def ask(self) -> str:
        """Any question will do."""
        return "waiting"


async def main() -> int:
    """Leave workflows without a worker while their timers fire, with queries waiting; then replay what was made.

    Whether a query or the workflow's own task is handed out first is chance, hence several.
    """
    async with await WorkflowEnvironment.start_local(dev_server_existing_path=which("temporal")) as engine:
        client = engine.client
        async with Worker(client, task_queue="alarms", workflows=[Alarm]):
            started = [
                client.start_workflow(Alarm.run, id=f"alarm-{one}", task_queue="alarms") for one in range(ALARMS)
            ]
            handles = await asyncio.gather(*started)
            await asyncio.sleep(1)
        questions = [asyncio.create_task(handle.query(Alarm.ask)) for handle in handles]
        await asyncio.sleep(SECONDS)
        async with Worker(client, task_queue="alarms", workflows=[Alarm]):
            await asyncio.gather(*questions)
            await asyncio.sleep(SECONDS + 2)
            histories = [await handle.fetch_history() for handle in handles]
        replayer = Replayer(workflows=[Alarm])
        replays = [await replayer.replay_workflow(history, raise_on_replay_failure=False) for history in histories]
    dead = [str(one.replay_failure) for one in replays if one.replay_failure]
    print(f"{len(dead)} of {ALARMS} can't be replayed", *dead[:1], sep="\n")
    return int(bool(dead))


if __name__ == "__main__":
    code = asyncio.run(main())
    sys.stdout.flush()
    os._exit(code)  # the threads of the SDK may crash an ordinary exit
