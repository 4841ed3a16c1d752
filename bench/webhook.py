"""How soon the pager is asked after a webhook, in the quiet and while alerts of another service storm at the same door.

`python -m bench.webhook [--rounds N] [--senders N]`: Temporal's development server with its store in a file, one worker
and one ingress as processes, the pager played. Each alert opens an incident of its own; the storm is one alert of
another service, again and again, from so many senders, each the next when the last is answered. Prints JSON.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from bench.door import send
from bench.floor import SECRET
from bench.open import settled
from bench.ring import after
from demo.stack import Stack, stack

DOOR = "/webhooks/generic"


def body(service: str, name: str) -> bytes:
    """An alert of a service, in a place of its own: a group by itself."""
    said = {"kind": "alert", "key": name, "title": name, "service": service, "environment": name}
    return json.dumps({**said, "severity": "critical", "fired_at": datetime.now(UTC).isoformat()}).encode()


def again(service: str, name: str) -> Iterator[bytes]:
    """The same alert without end."""
    alert = body(service, name)
    while True:
        yield alert


async def rings(running: Stack, port: int, mark: str, rounds: int) -> list[float]:
    """Milliseconds from a webhook's first byte until the pager is asked, one alert after another."""
    spent, pages = list[float](), running.stage.pagerduty.pages
    for number in range(rounds):
        name = f"{mark}-{number}"

        async def post(name: str) -> None:
            await send(port, DOOR, iter([body("checkout", name)]), time.monotonic() + 60)

        def rung(name: str = name) -> int:
            return sum(name in page.title for page in pages)

        spent += await after(rung, post, [name])
        await asyncio.sleep(1)
    return spent


def told(spent: list[float]) -> dict[str, int]:
    """The figures."""
    return {"p50_ms": round(median(spent)), "p99_ms": round(quantiles(spent, n=100, method="inclusive")[-1])}


async def run(folder: Path, rounds: int, senders: int) -> dict[str, dict[str, int]]:
    """In the quiet, then beside the storm."""
    async with stack(folder, {"GENERIC_WEBHOOK_SECRET": SECRET}) as running:
        port = int(running.url.rpartition(":")[2])
        await rings(running, port, "warm", 2)
        await settled(running)
        quiet = await rings(running, port, "quiet", rounds)
        await settled(running)
        storm = again("billing", "storm")
        storming = [asyncio.create_task(send(port, DOOR, storm, time.monotonic() + 3_600)) for _ in range(senders)]
        await asyncio.sleep(5)
        beside = await rings(running, port, "beside", rounds)
        for task in storming:
            task.cancel()
        await asyncio.gather(*storming, return_exceptions=True)
        return {"quiet": told(quiet), "beside": told(beside)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--senders", type=int, default=32)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="standfast-") as folder:
        print(json.dumps(asyncio.run(run(Path(folder), arguments.rounds, arguments.senders)), indent=1), flush=True)
        os._exit(0)  # the SDK's threads may crash an ordinary exit (sdk-python#300)


if __name__ == "__main__":
    main()
