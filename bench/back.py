"""How soon what is open answers again after its worker was killed, beside a floor that was killed with as much open.

`python -m bench.back [100]`: the stack of `bench.open` with so many incidents that wait for their day. Its worker is
killed and started, and a finding to each of some is waited for. The floor is as many bare workflows with as many
activities as such an incident has had, and as many updates, on a worker process of its own (`bench.bell`); both are
killed and started in turn. Prints JSON: seconds from the start of the new process until the
first and the last is answered, and the CPU that it has used by then.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.bell import FLOOR
from bench.open import measured, settled
from bench.proc import used
from client.temporal import TemporalIncidents
from demo.stack import Stack, stack
from domain.procedure.findings import PostFinding

SOME, ROUNDS = 20, 3
"""Of those that wait, how many are acted on; how often both are killed."""
PATIENCE = timedelta(minutes=5)


async def answered(ids: Sequence[str], act: Callable[[str], Awaitable[Any]]) -> dict[str, float]:
    """Seconds until the first and the last of some has answered."""
    began, spent = time.monotonic(), list[float]()

    async def one(name: str) -> None:
        await act(name)
        spent.append(time.monotonic() - began)

    await asyncio.gather(*map(one, random.Random(1).sample(ids, min(SOME, len(ids)))))  # noqa: S311
    return {"first_s": round(spent[0], 1), "last_s": round(spent[-1], 1)}


async def returned(running: Stack) -> dict[str, float]:
    """What is open, under another worker."""
    ids = [one.id async for one in running.client.list_workflows("WorkflowType = 'Incident'")]
    incidents = TemporalIncidents(running.company, "standfast", client=running.client, patience=PATIENCE)

    async def act(incident: str) -> None:
        found = PostFinding(by="dana", id=uuid.uuid4().hex, via="cli", conditions="it is back")
        await incidents.update(incident, found)

    await running.worker.kill()
    await running.worker.start()
    return await answered(ids, act) | {"cpu_s": round(used(running.worker.pid).cpu, 1)}


async def floor_of(running: Stack, count: int) -> Callable[[], Awaitable[dict[str, float]]]:
    """As many that are bare, and what kills and asks them."""
    history = await anext(running.client.list_workflows("WorkflowType = 'Incident'"))
    handle = running.client.get_workflow_handle(history.id)
    events = [one.HasField("activity_task_scheduled_event_attributes") async for one in handle.fetch_history_events()]
    ids = [f"floor-{number}" for number in range(count)]
    process = await _started(running)
    for name in ids:
        await running.client.start_workflow("FloorWaits", sum(events), id=name, task_queue=FLOOR)
    await settled(running)

    async def act(name: str) -> None:
        await running.client.get_workflow_handle(name).execute_update("act", id=uuid.uuid4().hex)

    async def again() -> dict[str, float]:
        nonlocal process
        process.kill()
        await process.wait()
        process = await _started(running)
        return await answered(ids, act) | {"cpu_s": round(used(process.pid).cpu, 1)}

    return again


async def _started(running: Stack) -> Process:
    """The floor's worker; one that outlives its parent would be left."""
    address = running.environment["TEMPORAL_ADDRESS"]
    command = [sys.executable, "-m", "bench.bell", address]
    return await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE, stdout=DEVNULL)


async def main(count: int) -> None:
    """Rounds in turn."""
    with tempfile.TemporaryDirectory() as folder:
        async with stack(Path(folder), {}) as running:
            await measured(running, count, "info")
            floored = await floor_of(running, count)
            for _ in range(ROUNDS):
                print(json.dumps({"open": count, "floor": await floored(), "standfast": await returned(running)}))
                await settled(running)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if sys.argv[1:] else 100))
    os._exit(0)  # the SDK's threads may crash an ordinary exit (sdk-python#300)
