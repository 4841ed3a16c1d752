"""Lets a worker of the SDK end within a known time."""

import asyncio
import logging
from types import TracebackType

from temporalio.worker import Worker

log = logging.getLogger("standfast.worker")
REST = 30.0
"""Seconds for a worker's end; whoever runs this process kills it after 40."""


class AtWork:
    """A worker at work until the block ends.

    Where the engine's answer to its leaving is lost, the SDK waits for its last poll without end
    (https://github.com/temporalio/sdk-rust/issues/1297). It is left then: what it had under way is tried by another.
    """

    def __init__(self, worker: Worker, rest: float = REST) -> None:
        self._worker, self._rest = worker, rest

    async def __aenter__(self) -> None:
        await self._worker.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            async with asyncio.timeout(self._rest):
                await self._worker.__aexit__(kind, error, trace)
        except TimeoutError:
            log.warning("%s does not come to rest, and is left as it is", self._worker.task_queue)
