"""Kills processes without warning: at any moment, and at those where the most is at stake."""

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from temporalio.service import RPCError

from demo.process import Child
from standins.standin import Call
from standins.standin import Standin as Vendor
from tests.proof.house import House

Moment = Literal[
    "at any moment", "as a vendor is asked", "before the vendor's answer arrives", "as a run continues as new"
]
CONTINUED = "ExecutionStatus = 'ContinuedAsNew'"
MOMENTS: tuple[Moment, ...] = (
    "as a run continues as new",
    "at any moment",
    "at any moment",
    "as a vendor is asked",
    "before the vendor's answer arrives",
    "before the vendor's answer arrives",
)
VICTIMS = (
    *[("worker",)] * 5,
    *[("ingress",)] * 2,
    *[("temporal",)] * 2,
    ("worker", "temporal"),
    ("worker", "ingress"),
    ("ingress", "temporal"),
)
WORKERS = frozenset({"worker", "second worker"})
PAIRED = (*VICTIMS, *[("second worker",)] * 4, ("second ingress",), ("second ingress",), ("worker", "second worker"))
"""Whom it may be where there are two workers and two ingresses."""
AT_WORK, AWAY = (0.5, 5.0), (0.0, 2.5)
"""Seconds, at least and at most, until the next kill, and until what was killed is started again."""
IMPATIENT = 0.2
"""How often the next one is killed while the last one still comes up."""
UP, LOOK = 90.0, 0.1
"""Seconds for which one that comes up is waited for, and between two looks."""
PATIENCE = 4.0
"""Seconds for which a moment is waited for before it is any moment."""
ASKED = (("pagerduty", "statuspage", "jira", "confluence"), ("pagerduty", "statuspage", "jira", "confluence", "slack"))
"""The vendors of whom the next to be asked sets the moment; Slack is asked far more often than the others."""


@dataclass
class Reaper:
    """Kills by the dice; `killed` counts whom and when."""

    home: House
    children: Mapping[str, Child]
    chance: random.Random
    killed: Counter[tuple[str, str]] = field(default_factory=Counter)
    enough: bool = False
    """Somebody has seen enough: what was killed so far is judged."""

    async def reap(self, kills: int) -> None:
        """So many times, with everything running in between; fewer where somebody says that it is enough (Ctrl-C)."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, lambda: setattr(self, "enough", True))
        for number in range(1, kills + 1):
            if self.enough:
                return
            await asyncio.sleep(self.chance.uniform(*AT_WORK))
            victims = self.chance.choice(PAIRED if "second worker" in self.children else VICTIMS)
            moment = self.chance.choice(MOMENTS)
            if not await self._at(moment, victims):
                moment = "at any moment"
                await self._kill(victims)
            self.killed[" + ".join(victims), moment] += 1
            await asyncio.sleep(self.chance.uniform(*AWAY))
            await self._return(victims)
            print(f"{datetime.now(UTC):%H:%M:%S} kill {number}: {' + '.join(victims)}, {moment}", flush=True)

    async def _return(self, victims: tuple[str, ...]) -> None:
        """Start what was killed, and mostly wait until it works: a house that never comes up proves nothing."""
        before = self._begun()
        await asyncio.gather(*(self.children[name].start() for name in victims))
        if self.chance.random() < IMPATIENT:
            return
        for _ in range(int(UP / LOOK)):
            if (
                not {"worker", "second worker"}.intersection(victims) or self._begun() > before
            ) and await self.home.is_up():
                return
            await asyncio.sleep(LOOK)

    def _begun(self) -> int:
        """How often a worker said that it is at work."""
        logs = (child.log for name, child in self.children.items() if name in WORKERS)
        return sum(log.read_text(errors="replace").count("at work on task queue") for log in logs)

    async def _at(self, moment: Moment, victims: tuple[str, ...]) -> bool:
        """Kill at the vendors' next request; whether there was one."""
        if moment == "at any moment":
            return False
        if moment == "as a run continues as new":
            return await self._continues(victims)
        struck = asyncio.Event()
        vendors: list[Vendor] = [getattr(self.home.stage, name) for name in self.chance.choice(ASKED)]
        hook = "called" if moment == "as a vendor is asked" else "answering"

        async def strike(_: Call) -> None:
            if not struck.is_set():
                struck.set()
                await self._kill(victims)

        for vendor in vendors:
            setattr(vendor, hook, strike)
        with suppress(TimeoutError):
            await asyncio.wait_for(struck.wait(), PATIENCE)
        for vendor in vendors:
            setattr(vendor, hook, None)
        return struck.is_set()

    async def _continues(self, victims: tuple[str, ...]) -> bool:
        """Kill as the next run has ended in another, which has hardly begun; whether there was one."""
        client, until = self.home.running.client, time.monotonic() + PATIENCE
        with suppress(RPCError):
            before = (await client.count_workflows(CONTINUED)).count
            while time.monotonic() < until:
                if (await client.count_workflows(CONTINUED)).count > before:
                    await self._kill(victims)
                    return True
                await asyncio.sleep(LOOK / 2)
        return False

    async def _kill(self, victims: tuple[str, ...]) -> None:
        await asyncio.gather(*(self.children[name].kill() for name in victims))
