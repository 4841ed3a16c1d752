"""`make up` starts again what dies: a newcomer's house does not fall over with one of its processes."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from demo.process import Child
from demo.stopped import Stopped
from demo.supervisor import BURST, Supervisor

LIVES = "import time; time.sleep(600)"
DIES = "raise SystemExit('no room on this disk')"


def child(folder: Path, code: str) -> Child:
    """A process of a line."""
    return Child("worker", [sys.executable, "-c", code], folder / "worker.log")


@pytest.fixture
async def living(tmp_path: Path) -> AsyncIterator[Child]:
    """One that lives until it is ended."""
    one = child(tmp_path, LIVES)
    await one.start()
    yield one
    await one.kill()


async def test_what_was_killed_from_outside_is_started_again_and_it_is_said(living: Child) -> None:
    said: list[str] = []
    watch, before = Supervisor([living], said.append), living.pid
    await watch.look()
    assert said == []
    os.kill(before, signal.SIGKILL)
    await living.wait()
    await watch.look()
    assert living.running
    assert living.pid != before
    assert said == [f"worker ended, and is started again; why stands in {living.log}"]


async def test_what_was_ended_on_purpose_stays_down_until_it_is_started(living: Child) -> None:
    watch = Supervisor([living], pytest.fail)
    await living.kill()
    await watch.look()
    assert not living.running
    await living.start()
    await watch.look()
    assert living.running


async def test_what_cannot_live_ends_the_house_with_its_last_words(tmp_path: Path) -> None:
    one, said = child(tmp_path, DIES), list[str]()
    watch = Supervisor([one], said.append)
    await one.start()
    for _ in range(BURST):
        await one.wait()
        await watch.look()
    assert len(said) == BURST
    await one.wait()
    with pytest.raises(Stopped, match="no room on this disk"):
        await watch.look()


async def test_it_watches_until_somebody_ends_it(living: Child) -> None:
    stop = asyncio.Event()
    watching = asyncio.create_task(Supervisor([living], pytest.fail).watch(stop))
    await asyncio.sleep(0)
    stop.set()
    await asyncio.wait_for(watching, 60)
