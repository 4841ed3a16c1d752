"""What many open incidents that wait cost a few that do not: a restart, the first ring, the clocks.

`python -m bench.beside [10 1000]`: the stack of `bench.open`, whose row it prints for each number, of incidents that
wait for their day. Then `standfast due` and the board are asked, each for the first and the second time; its worker is
killed, and acts to some of them are waited for; a few P1 are opened one after another until the pager is asked; and
nobody answers them, so that each says when its clock rang. Prints JSON.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from bench.back import SOME, returned
from bench.open import measured, opened, settled
from bench.ring import after
from demo.stack import Stack, stack
from domain.incident.event import Event

ACK = 330.0
"""Seconds after which a page that nobody answered is missed (ACK-1), with some to spare."""


async def asked(running: Stack) -> dict[str, list[float]]:
    """Seconds that the command and the board take for what is due, in turn."""
    due, board = list[float](), list[float]()
    command = [sys.executable, "-m", "standfast", "due"]
    async with httpx.AsyncClient(timeout=60) as http:
        for _ in range(2):
            began = time.monotonic()
            asking = await asyncio.create_subprocess_exec(
                *command, env={**os.environ, **running.environment, "STANDFAST_USER": "dana"}, stdout=DEVNULL
            )
            if await asking.wait():
                raise RuntimeError("standfast due failed")
            due.append(round(time.monotonic() - began, 2))
            began = time.monotonic()
            (await http.get(running.url, headers={"accept": "text/html"})).raise_for_status()
            board.append(round(time.monotonic() - began, 2))
    return {"due_s": due, "board_s": board}


async def rung(running: Stack) -> list[float]:
    """Milliseconds from the order of a P1 until the pager is asked, one after another."""
    pages, spent = running.stage.pagerduty.pages, list[float]()
    for _ in range(SOME // 4):
        spent += await after(lambda: len(pages), lambda _: opened(running, 1, "critical"), ["P1"])
        await asyncio.sleep(1)
    return spent


async def late(running: Stack, since: datetime) -> list[float]:
    """Milliseconds by which the clock of each of them rang after its moment."""
    await asyncio.sleep(ACK)
    spent = []
    query = f"WorkflowType = 'Incident' AND StartTime > '{since.isoformat()}'"
    async for one in running.client.list_workflows(query):
        handle = running.client.get_workflow_handle(one.id)
        events: list[Event] = await handle.query("timeline", 0, result_type=list[Event])
        missed = [event for event in events if event.what.kind == "missed" and event.clause == "ACK-1"]
        spent += [1000 * (event.at - event.what.due_at).total_seconds() for event in missed[:1]]  # type: ignore[attr-defined]
    return spent


async def beside(running: Stack) -> dict[str, Any]:
    """With what is open now."""
    looks = await asked(running)
    back = {f"back_{name}": took for name, took in (await returned(running)).items()}
    await settled(running)
    since, rings = datetime.now(UTC), await rung(running)
    clocks = await late(running, since)
    rang = {"ring_p50_ms": round(median(rings)), "ring_most_ms": round(max(rings))}
    lateness = {"late_p50_ms": round(median(clocks)), "late_most_ms": round(max(clocks))}
    return looks | back | rang | {"clocks": len(clocks)} | lateness


async def main(counts: list[int]) -> None:
    """One run, from few to many."""
    with tempfile.TemporaryDirectory() as folder:
        async with stack(Path(folder), {}) as running:
            for count in counts:
                await measured(running, count, "info")
                print(json.dumps({"open": count} | await beside(running)), flush=True)


if __name__ == "__main__":
    asyncio.run(main([int(word) for word in sys.argv[1:]] or [10, 1000]))
    os._exit(0)  # the SDK's threads may crash an ordinary exit (sdk-python#300)
