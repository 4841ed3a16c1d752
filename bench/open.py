"""What open incidents cost: processor seconds, memory and bytes on disk, by how many are open.

`python -m bench.open [10 100 200] [--severity info]`: Temporal's development server with its store in a file, one
worker and one ingress as processes, SQLite, the shipped policy. Counted is what each process has used when everything
that could be done now is done, so that other work on the machine makes it slower and hardly dearer. What its alert
calls `critical` is a P1 that nobody answers, which rings and climbs; `info` is one that waits for its day.
"""

import argparse
import asyncio
import os
import tempfile
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

from activities.starting import start_incident
from bench.proc import Used, used
from demo.stack import Stack, stack
from domain.alerting.alert import Alert
from domain.exchange import OpenIncidentRequest

AT_ONCE = 8
QUIET, FALLS, LOOK = 0.1, 0.9, 4.0
"""Share of a core that the worker uses when nothing is owed; what the server uses, of what it used at the look before,
while that falls still; seconds between two looks."""
IDLE = 20.0
"""Seconds for which what is open is watched while nothing happens."""


def of(running: Stack) -> tuple[Used, Used]:
    """The worker and the server."""
    return used(running.worker.pid), used(running.temporal.pid)


async def opened(running: Stack, count: int, severity: str) -> None:
    """So many incidents, each of its own, a few at once."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one() -> None:
        name = uuid.uuid4().hex
        now = datetime.now(UTC)
        alert = Alert(source="bench", key=name, title=f"checkout {name[:6]}", severity=severity, fired_at=now, at=now)
        async with free:
            order = OpenIncidentRequest(group="", service="checkout", alerts=(alert,), seed=name)
            await start_incident(running.client, running.company, "standfast", order)

    await asyncio.gather(*(one() for _ in range(count)))


async def settled(running: Stack) -> None:
    """Wait until the worker uses hardly anything, and the server no less than before: what is open keeps it busy."""
    last = float("inf")
    while True:
        before = of(running)
        await asyncio.sleep(LOOK)
        worker, server = (now.cpu - then.cpu for now, then in zip(of(running), before, strict=True))
        if worker < QUIET * LOOK and (server < QUIET * LOOK or server > FALLS * last):
            return
        last = server


def on_disk(running: Stack, name: str) -> float:
    """Megabytes of a database, with what is in its log still."""
    return sum(path.stat().st_size for path in running.folder.glob(f"{name}*")) / 1e6


async def measured(running: Stack, count: int, severity: str) -> None:
    """Print a row for so many that are open."""
    first = of(running)
    now = len([one async for one in running.client.list_workflows("WorkflowType = 'Incident'")])
    await opened(running, count - now, severity)
    await settled(running)
    second, more = of(running), max(count - now, 1)
    await asyncio.sleep(IDLE)
    third, began = of(running), time.process_time()
    listed = [one async for one in running.client.list_workflows("WorkflowType = 'Incident' AND IncidentPhase != 'x'")]
    cpu = [1000 * (two.cpu - one.cpu) / more for one, two in zip(first, second, strict=True)]
    idle = [100 * (two.cpu - one.cpu) / IDLE for one, two in zip(second, third, strict=True)]
    print(
        f"{len(listed):>6} open | opened: worker {cpu[0]:.0f}, server {cpu[1]:.0f} ms of CPU each"
        f" | idle: {idle[0]:.1f} and {idle[1]:.1f} % of a core"
        f" | memory: {third[0].memory:.0f} and {third[1].memory:.0f} MB"
        f" | disk: Temporal {on_disk(running, 'temporal.db'):.1f}, records {on_disk(running, 'records.db'):.1f} MB"
        f" | to list: {1000 * (time.process_time() - began):.0f} ms of CPU",
        flush=True,
    )


async def main(counts: list[int], severity: str) -> None:
    """One run, from few to many."""
    with tempfile.TemporaryDirectory() as folder:
        async with stack(Path(folder), {}) as running:
            for count in counts:
                await measured(running, count, severity)


if __name__ == "__main__":
    asks = argparse.ArgumentParser()
    asks.add_argument("counts", nargs="*", type=int, default=[10, 100, 200])
    asks.add_argument("--severity", default="critical", help="what the sender of each alert calls it")
    asked = asks.parse_args()
    asyncio.run(main(asked.counts, asked.severity))
    os._exit(0)  # the SDK's threads may crash an ordinary exit (sdk-python#300)
