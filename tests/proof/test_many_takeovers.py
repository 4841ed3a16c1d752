"""Workers are killed by the hundred while a board, followers and people ask and act; no workflow is dead afterwards."""

import asyncio
import contextlib
import os
import random
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from temporalio.client import (
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.service import RPCError

from domain.act import Acknowledge, Act, Declare, Note, PostFinding, TakeRole
from tests.proof.house import House, house
from tests.proof.test_takeover import SETTLED, acted, dead, opened

KILLS = int(os.environ.get("TAKEOVER_KILLS", "200"))
SEED = int(os.environ.get("TAKEOVER_SEED", "1"))
AWAY, AT_WORK = (0.0, 3.0), (1.5, 6.0)
"""Seconds, at least and at most, until a killed worker is started again, and until it is killed after that."""
FOLLOWERS, OPEN = 4, 6
ACTS: tuple[Callable[[], Act], ...] = (
    lambda: Acknowledge(by="dana"),
    lambda: Declare(by="jonas", severity="P1"),
    lambda: TakeRole(by="ines", role="comms"),
    lambda: PostFinding(by="dana", conditions="errors on one node"),
    lambda: Note(by="dana", text="looking"),
)
AWAY_FOR_NOW = (
    RPCError,
    TimeoutError,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
"""What somebody hears while no worker is there."""


async def again_and_again(do: Callable[[], Awaitable[object]], every: float) -> None:
    """Do something for ever, whether or not it is answered."""
    while True:
        with contextlib.suppress(*AWAY_FOR_NOW):
            await asyncio.wait_for(do(), 5)
        await asyncio.sleep(every)


@asynccontextmanager
async def everybody(home: House, incidents: list[str], chance: random.Random) -> AsyncIterator[None]:
    """A board over what is open, followers of one incident each, and people who act."""

    async def board() -> None:
        await asyncio.gather(*(home.view(one) for one in incidents[-OPEN:]))

    async def follow() -> None:
        await home.events(chance.choice(incidents[-OPEN:]))

    async def act() -> None:
        await acted(home, chance.choice(incidents[-OPEN:]), chance.choice(ACTS)())

    async def alert() -> None:
        await home.posts(
            "pagerduty", home.stage.pagerduty.press_trigger("PSVCBIL", "billing 5xx", key=uuid.uuid4().hex)
        )

    busy = [(board, 0.5), (act, 0.4), (act, 0.4), (alert, 5.0), *[(follow, 0.3)] * FOLLOWERS]
    tasks = [asyncio.create_task(again_and_again(do, every)) for do, every in busy]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert [one for one in ends if not isinstance(one, asyncio.CancelledError)] == []


@pytest.mark.slow
async def test_no_workflow_is_dead_after_many_kills(tmp_path: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311 (a seed, so that a run can be had again)
    async with house(tmp_path) as home:
        incidents = await opened(home, OPEN)
        async with everybody(home, incidents, chance):
            for kill in range(KILLS):
                await asyncio.sleep(chance.uniform(*AT_WORK))
                await home.running.worker.kill()
                await asyncio.sleep(chance.uniform(*AWAY))
                await home.running.worker.start()
                if kill % 10 == 9:
                    incidents += await opened(home, 2)
        await asyncio.sleep(3 * SETTLED)
        assert await dead(home) == []
