"""Lets workers of the SDK end within a known time."""

import asyncio
import logging
from types import TracebackType

from temporalio.worker import Worker

log = logging.getLogger("standfast.worker")
REST = 15.0
"""Seconds for their end: who decides first, then all others at once. Whoever runs this process kills it after 40."""


class AtWork:
    """Workers at work until the block ends.

    Where the engine's answer to its leaving is lost, the SDK waits for its last poll without end
    (https://github.com/temporalio/sdk-rust/issues/1297). It is left then: what it had under way is tried by another.
    """

    def __init__(self, *workers: Worker, rest: float = REST) -> None:
        self._workers, self._rest = workers, rest

    async def __aenter__(self) -> None:
        for worker in self._workers:
            await worker.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        async def end(worker: Worker) -> None:
            try:
                async with asyncio.timeout(self._rest):
                    await worker.__aexit__(kind, error, trace)
            except TimeoutError:
                log.warning("%s does not come to rest, and is left as it is", worker.task_queue)

        ended = await asyncio.gather(*(end(worker) for worker in self._workers), return_exceptions=True)
        for broken in ended:
            if broken:
                raise broken
