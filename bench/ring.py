"""How soon the pager is asked: after one alert in the quiet, and when many services fail at once.

`python -m bench.ring [--rounds N] [--services N] [--database URL]`: on an engine of its own, in turn with the least
that could ring (`bench.bell`), each with a worker in this process. With `STANDFAST_CODEC_KEYS` set what the engine is
given is encrypted, the floor's too. Prints JSON.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from statistics import median

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

import worker
from bench.bell import Bell, FloorWorkflow
from client.temporal import TemporalIncidents
from config.company import Company
from config.company import Settings as CompanySettings
from demo.process import program
from domain.alerting.alert import Alert
from domain.alerting.digest import AlertDigest
from records.store import Records
from standins.stage import Stage, stage
from workflows.converter import converter
from workflows.namespace import prepare
from workflows.query_retry import AskAgain

QUEUE, QUIET = "bench", 5
"""The task queue, and how many alerts come one after another in a round."""
PATIENCE = 240.0
Rings = Callable[[str], Awaitable[None]]


async def after(count: Callable[[], int], ring: Rings, names: list[str]) -> list[float]:
    """Milliseconds from the first of these alerts to each ring."""
    before, began, spent = count(), time.monotonic(), list[float]()
    told = asyncio.gather(*(ring(name) for name in names))
    while len(spent) < len(names):
        now = time.monotonic() - began
        spent += [now * 1000] * (count() - before - len(spent))
        if now > PATIENCE:
            raise RuntimeError(f"{len(spent)} of {len(names)} rang within {PATIENCE} s")
        await asyncio.sleep(0.002)
    await told
    return spent


async def measure(count: Callable[[], int], ring: Rings, mark: str, services: int) -> dict[str, list[float]]:
    """One round: a few alerts one after another, then many at once."""
    quiet = []
    for number in range(QUIET):
        quiet += await after(count, ring, [f"{mark}-quiet-{number}"])
        await asyncio.sleep(1)
    storm = await after(count, ring, [f"{mark}-storm-{number}" for number in range(services)])
    return {"quiet": quiet, "storm_median": [median(storm)], "storm_last": [storm[-1]]}


@asynccontextmanager
async def floor(client: Client) -> AsyncIterator[tuple[Callable[[], int], Rings]]:
    """The least, at work."""
    bell = Bell()

    async def ring(name: str) -> None:
        await client.start_workflow(
            "Floor",
            id=name,
            task_queue=f"{QUEUE}-floor",
            start_signal="tell",
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )

    async with Worker(client, task_queue=f"{QUEUE}-floor", workflows=[FloorWorkflow], activities=[bell.ring]):
        yield lambda: bell.rung, ring


@asynccontextmanager
async def standfast(client: Client, url: str) -> AsyncIterator[tuple[Callable[[], int], Rings]]:
    """The whole house, at work, with its vendors played."""
    company = Company(CompanySettings())
    async with stage(company.catalog) as on, await Records.open(url) as records:
        os.environ.update(on.environment)
        await records.migrate()
        settings = worker.Settings(standfast_task_queue=QUEUE, standfast_database_url=url, standfast_keep_rates=False)
        engine = TemporalIncidents(company, QUEUE, client=client)

        async def ring(name: str) -> None:
            await engine.tell_group(name, digest(name))

        async with worker.working(client, company, records, settings):
            yield _paged(on), ring


def _paged(on: Stage) -> Callable[[], int]:
    return lambda: len(on.pagerduty.pages)


def digest(group: str) -> AlertDigest:
    """One alert of a group of its own."""
    now = datetime.now(UTC)
    fired = Alert(source="bench", key=group, title=f"{group} is down", severity="critical", fired_at=now, at=now)
    said = {"group": group, "service": "checkout", "environment": "production", "first_row": 1, "last_row": 1}
    return AlertDigest.model_validate(
        {**said, "alerts": (fired.model_copy(update={"service": "checkout"}),), "count": 1}
    )


async def over(client: Client) -> None:
    """End what a round has begun, so that the next one finds it quiet."""
    async for one in client.list_workflows("ExecutionStatus = 'Running'"):
        with suppress(RPCError):  # it has ended meanwhile
            await client.get_workflow_handle(one.id).terminate("the round is over")


async def run(url: str, rounds: int, services: int) -> dict[str, dict[str, float]]:
    """Each in turn; the figures of a kind are the medians over the rounds."""
    seen: dict[str, dict[str, list[float]]] = {"floor": {}, "standfast": {}}
    environment = await WorkflowEnvironment.start_local(
        dev_server_existing_path=program("temporal"), data_converter=converter(), interceptors=[AskAgain()]
    )
    async with environment:
        client = environment.client
        await prepare(client)
        async with floor(client) as least, standfast(client, url) as whole:
            for turn in range(rounds + 1):
                for name, (count, ring) in {"floor": least, "standfast": whole}.items():
                    mark, some = f"{name}-{turn}", services if turn else 1
                    found = await measure(count, ring, mark, some)
                    await over(client)
                    for what, spent in found.items() if turn else ():  # the first turn only warms up
                        seen[name].setdefault(what, []).extend(spent)
    return {name: {f"{what}_ms": round(median(spent)) for what, spent in one.items()} for name, one in seen.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--services", type=int, default=100, help="how many fail at once")
    parser.add_argument("--database", default="", help="the records' own, by default a file of SQLite")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="standfast-") as folder:
        url = arguments.database or f"sqlite:///{folder}/records.db"
        print(json.dumps(asyncio.run(run(url, arguments.rounds, arguments.services)), indent=1), flush=True)
        os._exit(0)  # the SDK's threads may crash an ordinary exit (sdk-python#300)


if __name__ == "__main__":
    main()
