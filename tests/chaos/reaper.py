"""Kills processes without warning: at any moment, and at those where the most is at stake."""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from demo.process import Child
from standins.standin import Call
from standins.standin import Standin as Vendor
from tests.proof.house import House

Moment = Literal["at any moment", "as a vendor is asked", "before the vendor's answer arrives"]
MOMENTS: tuple[Moment, ...] = (
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
AT_WORK, AWAY = (0.8, 4.5), (0.0, 2.5)
"""Seconds, at least and at most, until the next kill, and until what was killed is started again."""
PATIENCE = 4.0
"""Seconds for which a moment is waited for before it is any moment."""
SELDOM = ("pagerduty", "statuspage", "jira", "confluence", "slack")


@dataclass
class Reaper:
    """Kills by the dice; `killed` counts whom and when."""

    home: House
    chance: random.Random
    killed: Counter[tuple[str, str]] = field(default_factory=Counter)

    async def reap(self, kills: int) -> None:
        """So many times, with everything running in between."""
        for number in range(1, kills + 1):
            await asyncio.sleep(self.chance.uniform(*AT_WORK))
            victims = self.chance.choice(VICTIMS)
            moment = self.chance.choice(MOMENTS)
            if not await self._at(moment, victims):
                moment = "at any moment"
                await self._kill(victims)
            self.killed[" + ".join(victims), moment] += 1
            await asyncio.sleep(self.chance.uniform(*AWAY))
            await asyncio.gather(*(self._child(name).start() for name in victims))
            print(f"{datetime.now(UTC):%H:%M:%S} kill {number}: {' + '.join(victims)}, {moment}", flush=True)

    async def _at(self, moment: Moment, victims: tuple[str, ...]) -> bool:
        """Kill at a vendor's next request of this kind; whether there was one."""
        if moment == "at any moment":
            return False
        struck = asyncio.Event()
        vendor: Vendor = getattr(self.home.stage, self.chance.choice(SELDOM))
        hook = "called" if moment == "as a vendor is asked" else "answering"

        async def strike(_: Call) -> None:
            if not struck.is_set():
                struck.set()
                await self._kill(victims)

        setattr(vendor, hook, strike)
        with suppress(TimeoutError):
            await asyncio.wait_for(struck.wait(), PATIENCE)
        setattr(vendor, hook, None)
        return struck.is_set()

    async def _kill(self, victims: tuple[str, ...]) -> None:
        await asyncio.gather(*(self._child(name).kill() for name in victims))

    def _child(self, name: str) -> Child:
        child: Child = getattr(self.home.running, name)
        return child
