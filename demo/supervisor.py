"""What dies unasked is started again, as a service manager would do it."""

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from demo.process import Child
from demo.stopped import Stopped

LOOKS_EVERY = 1.0
"""Seconds between two looks whether everything still runs."""
BURST, WITHIN = 5, 60.0
"""How often a part is started again within so many seconds; what dies more often than that cannot live."""


@dataclass
class Supervisor:
    """Looks after parts; `told` hears what was started again."""

    parts: Sequence[Child]
    told: Callable[[str], None]
    _deaths: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    async def watch(self, stop: asyncio.Event) -> None:
        """Until somebody ends it; raises `Stopped` with the last words of a part that cannot live."""
        while not stop.is_set():
            await self.look()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOKS_EVERY)

    async def look(self) -> None:
        """Start what has died since the last look, but for what was ended on purpose."""
        for part in self.parts:
            if part.running or part.ended:
                continue
            deaths, now = self._deaths[part.name], time.monotonic()
            deaths[:] = [*(at for at in deaths if now - at < WITHIN), now]
            if len(deaths) > BURST:
                raise Stopped(
                    f"{part.name} ended {len(deaths)} times in a minute; its last words:\n{part.last_words()}"
                )
            self.told(f"{part.name} ended, and is started again; why stands in {part.log}")
            await part.start()
