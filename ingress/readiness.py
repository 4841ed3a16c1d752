"""Whether what is taken would get on: asked every few seconds, for a probe must not wait for the engine."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime

from activities.beside import beside
from client.port import EngineUnavailable
from ingress.watchdog import Polled

log = logging.getLogger("standfast.ingress")
EVERY = 10.0


@dataclass
class Readiness:
    """What the engine said when it was asked last."""

    polled: Polled
    now: Callable[[], datetime]
    said: str = ""

    def unready(self) -> str:
        """Why alerts would wake nobody now; empty where they would."""
        return self.said

    def running(self) -> AbstractAsyncContextManager[None]:
        """It asks until the block ends."""
        return beside(self._run)

    async def look(self) -> None:
        """Ask once, and say what has changed."""
        try:
            said = "; ".join(one.said for one in await self.polled(self.now()))
        except EngineUnavailable as error:
            said = str(error)
        if said and said != self.said:
            log.error("alerts are taken and wake nobody: %s", said)
        self.said = said

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("it is asked again whether work goes on")
            await asyncio.sleep(EVERY)
