"""`make chaos`: so many kills, a table, and an exit code that is not 0 where a promise was broken."""

import asyncio
import logging
import os
import random
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig

from tests.chaos.company import company
from tests.chaos.crowd import PATIENCE, Crowd
from tests.chaos.reaper import Reaper
from tests.chaos.verdict import Verdict, judge
from tests.chaos.weather import Weather
from tests.proof.house import house

SERVICES = 4


async def chaos(folder: Path, kills: int, seed: int, services: int = SERVICES) -> Verdict:
    """Kill, under the load of so many services and the vendors' weather; then count."""
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # answers that are cut on purpose
    chance = random.Random(seed)  # noqa: S311 (a seed, so that a run can be had again)
    async with house(folder, **company(folder, services)) as home:
        crowd = Crowd(home, random.Random(chance.random()))  # noqa: S311
        weather = Weather(home.stage, random.Random(chance.random()))  # noqa: S311
        reaper = Reaper(home, random.Random(chance.random()))  # noqa: S311
        living = [asyncio.create_task(crowd.live(name)) for name in home.running.company.catalog.services]
        blowing = asyncio.create_task(weather.blow())
        await asyncio.sleep(4)
        await reaper.reap(kills)
        blowing.cancel()
        with suppress(asyncio.CancelledError):
            await blowing
        crowd.stopping = True
        async with asyncio.timeout(4 * PATIENCE):
            await asyncio.gather(*living)
        await crowd.part()
        _say(reaper, weather, crowd)
        return await judge(home, crowd.accepted, crowd.trouble)


def _say(reaper: Reaper, weather: Weather, crowd: Crowd) -> None:
    for (who, when), times in sorted(reaper.killed.items()):
        print(f"killed {times:3} x {who}, {when}")
    print("vendors: " + ", ".join(f"{kind} {times}" for kind, times in sorted(weather.seen.items())))
    print(f"{crowd.acts} acts taken")


def main() -> int:
    """Run with KILLS and SEED of the environment; both are printed, so that a run can be had again."""
    kills, seed = int(os.environ.get("KILLS") or 200), int(os.environ.get("SEED") or time.time())
    print(f"make chaos KILLS={kills} SEED={seed}", flush=True)
    began = time.monotonic()
    quiet = TelemetryConfig(logging=LoggingConfig(filter="OFF"))  # an engine that is away is what this is about
    Runtime.set_default(Runtime(telemetry=quiet))
    keep = os.environ.get("CHAOS_FOLDER", "")
    with tempfile.TemporaryDirectory(prefix="standfast-chaos-") as folder:
        verdict = asyncio.run(chaos(Path(keep or folder), kills, seed))
    print(*verdict.table(), *verdict.lines(), sep="\n")
    print(f"{time.monotonic() - began:.0f} s", flush=True)
    return 0 if verdict.kept else 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # the SDK's threads may crash an ordinary exit (sdk-python#300)
