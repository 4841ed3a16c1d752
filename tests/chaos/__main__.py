"""`make chaos`: so many kills, a table, and an exit code that is not 0 where a promise was broken."""

import asyncio
import logging
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig

from demo.process import Child, free_port, running
from demo.stack import ROOT, Stack
from tests.chaos.company import company
from tests.chaos.crowd import PATIENCE, Crowd
from tests.chaos.reaper import Reaper
from tests.chaos.trouble import Trouble
from tests.chaos.verdict import Verdict, judge
from tests.chaos.weather import Weather
from tests.proof.house import house

SERVICES = 4
SHORT = ("--dynamic-config-value", "limit.historyCount.suggestContinueAsNew=200")
"""Runs are so short that every incident continues as new under the kills, and more than once."""


async def chaos(folder: Path, kills: int, seed: int, *, services: int = SERVICES, plain: bool = False) -> Verdict:
    """Kill, under the load of so many services and the vendors' weather; then count.

    It is `plain` with one worker and one ingress, and no trouble beside the kills.
    """
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # answers that are cut on purpose
    chance = random.Random(seed)  # noqa: S311 (a seed, so that a run can be had again)
    door = "" if plain else f"127.0.0.1:{free_port()}"
    async with house(folder, options=SHORT, **company(folder, services)) as home, second(home.running, door) as others:
        children = {name: getattr(home.running, name) for name in ("worker", "ingress", "temporal")} | others
        crowd = Crowd(home, random.Random(chance.random()), ("", f"http://{door}") if door else ("",))  # noqa: S311
        weather = Weather(home.stage, random.Random(chance.random()))  # noqa: S311
        reaper = Reaper(home, children, random.Random(chance.random()))  # noqa: S311
        trouble = Trouble(children, folder, random.Random(chance.random()))  # noqa: S311
        living = [asyncio.create_task(crowd.live(name)) for name in home.running.company.catalog.services]
        blowing = [asyncio.create_task(one) for one in (weather.blow(), *(() if plain else (trouble.befall(),)))]
        await asyncio.sleep(4)
        await reaper.reap(kills)
        await _calm(blowing)
        crowd.stopping = True
        async with asyncio.timeout(4 * PATIENCE):
            await asyncio.gather(*living)
        await crowd.part()
        _say(reaper, weather, trouble, crowd)
        return await judge(home, crowd.accepted, crowd.trouble)


@asynccontextmanager
async def second(first: Stack, door: str) -> AsyncIterator[dict[str, Child]]:
    """A second worker and a second ingress beside the first; none without a door for it."""
    async with AsyncExitStack() as held:
        at = {**first.environment, "STANDFAST_LISTEN": door}
        commands = {"worker": [str(ROOT / "worker.py")], "ingress": ["-m", "ingress"]} if door else {}
        others = {
            f"second {name}": Child(name, [sys.executable, *command], first.folder / f"second-{name}.log", at)
            for name, command in commands.items()
        }
        for one in others.values():
            await held.enter_async_context(running(one))
        yield others


async def _calm(blowing: list[asyncio.Task[None]]) -> None:
    for one in blowing:
        broke = one.done()
        one.cancel()
        with suppress(asyncio.CancelledError):
            await one
        assert not broke, "what was to go wrong went wrong too early"


def _say(reaper: Reaper, weather: Weather, trouble: Trouble, crowd: Crowd) -> None:
    for (who, when), times in sorted(reaper.killed.items()):
        print(f"killed {times:3} x {who}, {when}")
    for what, times in sorted(trouble.seen.items()):
        print(f"{times:3} x {what}")
    print("vendors: " + ", ".join(f"{kind} {times}" for kind, times in sorted(weather.seen.items())))
    slow = f", {len(crowd.slow)} incidents closed only once everything was mended" if crowd.slow else ""
    print(f"{crowd.acts} acts taken{slow}")


def main() -> int:
    """Run with KILLS and SEED of the environment; both are printed, so that a run can be had again."""
    kills, seed = int(os.environ.get("KILLS") or 200), int(os.environ.get("SEED") or time.time())
    print(f"make chaos KILLS={kills} SEED={seed}", flush=True)
    began = time.monotonic()
    quiet = TelemetryConfig(logging=LoggingConfig(filter="OFF"))  # an engine that is away is what this is about
    Runtime.set_default(Runtime(telemetry=quiet))
    named = os.environ.get("CHAOS_FOLDER", "")
    folder = Path(named or tempfile.mkdtemp(prefix="standfast-chaos-"))
    verdict = asyncio.run(chaos(folder, kills, seed))
    print(*verdict.table(), *verdict.lines(), sep="\n")
    if verdict.kept and not named:
        shutil.rmtree(folder)
    elif not verdict.kept:
        print(f"logs, databases, each incident's events and every call are kept in {folder}")
    print(f"{time.monotonic() - began:.0f} s", flush=True)
    return 0 if verdict.kept else 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # the SDK's threads may crash an ordinary exit (sdk-python#300)
