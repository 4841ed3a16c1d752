"""How vendors misbehave: each in every way, one request at a time, and away for a few seconds now and then."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

from standins.stage import Stage
from standins.standin import Fault

FAULTS = {
    "429, Retry-After": Fault("refuse", status=429, retry_after=1),
    "429": Fault("refuse", status=429),
    "500": Fault("refuse", status=500),
    "503": Fault("refuse", status=503),
    "closed in the answer": Fault("cut"),
    "slow": Fault("hang", seconds=3),
    "taken and never answered": Fault("mute", seconds=20, status=504),
    "slow body": Fault("drip", seconds=2),
    "done, answer lost": Fault("lose"),
    "JSON as text": Fault("text"),
    "a web page": Fault("page"),
}
VENDORS = ("pagerduty", "slack", "slack", "statuspage", "jira", "confluence")
MAIL = (Fault("refuse", path="DATA", status=451), Fault("lose", path="DATA"))
WAITING = 3
"""Faults that wait for a vendor at once: with more, one that is asked seldom would fail for a quarter of an hour."""
AWAY = (1.0, 4.0)
"""Seconds for which a vendor is away at once."""


@dataclass
class Weather:
    """Faults by the dice; `seen` counts them."""

    stage: Stage
    chance: random.Random
    seen: Counter[str] = field(default_factory=Counter)

    async def blow(self) -> None:
        """Until it is cancelled; then the sky is clear."""
        try:
            while True:
                await asyncio.sleep(self.chance.uniform(0.3, 1.5))
                await self._gust()
        finally:
            for vendor in set(VENDORS):
                standin = getattr(self.stage, vendor)
                standin.faults.clear()
                standin.down = None
            self.stage.smtp.faults.clear()
            self.stage.jira.off_screen = frozenset()

    async def _gust(self) -> None:
        dice = self.chance.random()
        if dice < 0.06:
            self.stage.smtp.fail(self.chance.choice(MAIL))
            self.seen["mail refused or its answer lost"] += 1
        elif dice < 0.12:
            self.stage.jira.off_screen = self.chance.choice((frozenset(), frozenset({"duedate"})))
            self.seen["a field refused"] += 1
        elif dice < 0.18:
            standin = getattr(self.stage, self.chance.choice(VENDORS))
            standin.down = Fault("refuse", status=503)
            self.seen["away for seconds"] += 1
            await asyncio.sleep(self.chance.uniform(*AWAY))
            standin.down = None
        else:
            kind, standin = self.chance.choice(tuple(FAULTS)), getattr(self.stage, self.chance.choice(VENDORS))
            if len(standin.faults) < WAITING:
                standin.fail(FAULTS[kind])
                self.seen[kind] += 1
