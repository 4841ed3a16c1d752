"""What can be broken on the stage, and mends itself after a while: a vendor away, slow or refusing, an answer lost."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from domain.company.catalog import Catalog
from standins.smtp.standin import Standin as Smtp
from standins.stage import Stage
from standins.standin import Fault, Standin

LASTS = 120.0
"""Seconds after which what was broken is well again."""
BACK_AFTER = 5.0
"""Seconds that the worker stays dead."""
WAYS: Mapping[str, tuple[str, Fault]] = {
    "away": ("is away", Fault("refuse", status=503)),
    "slow": ("takes 8 seconds for every answer", Fault("hang", seconds=8.0)),
    "refuses": ("refuses everything", Fault("refuse", status=403)),
    "loses": ("does the next thing and loses the answer", Fault("lose")),
}
"""How a vendor can be broken: what is said of it, and what it does."""


@dataclass
class Troubles:
    """What is broken now."""

    on: Stage
    catalog: Catalog
    kill_worker: Callable[[], Awaitable[None]] | None = None
    start_worker: Callable[[], Awaitable[None]] | None = None
    now: dict[str, str] = field(default_factory=dict)
    """Who is broken, and how."""
    waiting: set[asyncio.Task[None]] = field(default_factory=set)
    """What will be well again by itself."""

    @property
    def vendors(self) -> dict[str, Standin | Smtp]:
        """The stand-ins that play a role for this company."""
        names = {name for name in self.catalog.vendors.values() if name != "none"}
        known = {name: getattr(self.on, name, None) for name in sorted(names)}
        return {name: one for name, one in known.items() if one is not None}

    def break_(self, vendor: str, way: str) -> str:
        """Break a vendor; what is said of it."""
        said, fault = WAYS[way]
        one = self.vendors[vendor]
        if fault.kind == "lose":
            one.fail(Fault("lose", path="DATA") if isinstance(one, Smtp) else fault)
            return f"{vendor} {said}"
        one.down = Fault("refuse", status=451) if isinstance(one, Smtp) else fault
        self.now[vendor] = said
        self._later(self._mend_after(vendor))
        return f"{vendor} {said}"

    def mend(self, vendor: str) -> None:
        """It is well again."""
        self.vendors[vendor].down = None
        self.now.pop(vendor, None)

    async def kill(self) -> None:
        """The worker dies as in a crash, and is started again a little later."""
        if self.kill_worker and self.start_worker:
            await self.kill_worker()
            self._later(self._revive())

    async def stop(self) -> None:
        """End what waits."""
        for task in self.waiting:
            task.cancel()
        await asyncio.gather(*self.waiting, return_exceptions=True)

    def _later(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self.waiting.add(task)
        task.add_done_callback(self.waiting.discard)

    async def _mend_after(self, vendor: str) -> None:
        await asyncio.sleep(LASTS)
        self.mend(vendor)

    async def _revive(self) -> None:
        await asyncio.sleep(BACK_AFTER)
        if self.start_worker:
            await self.start_worker()
