"""Says that a worker is at work when the engine says so: a start that went well proves nothing of its rights."""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from functools import partial

from temporalio.client import Client
from temporalio.service import RPCError

from activities.beside import beside
from activities.liveness import tell
from activities.trouble import kept_from_work, stranded

log = logging.getLogger("standfast.worker")
SOON, EVERY = 0.2, 15.0
"""Seconds between two looks: while it is not at work, and after."""
PATIENCE = 10.0
"""Seconds that a worker has to come up before it is said that it does not."""


def presence(client: Client, queue: str) -> AbstractAsyncContextManager[None]:
    """Look until the block ends, and say each change."""
    return beside(partial(_look, client, queue))


async def _look(client: Client, queue: str) -> None:
    loop, said = asyncio.get_running_loop(), "it comes up"
    patient_until = loop.time() + PATIENCE
    await _say_stranded(client, queue)
    while True:
        kept = await kept_from_work(client, queue, datetime.now(UTC))
        if not kept and said:
            log.info("at work on task queue %s", queue)
            tell(f"STATUS=at work on task queue {queue}")
        elif kept != said and loop.time() > patient_until:
            log.error("not at work on task queue %s: %s", queue, kept)
            tell(f"STATUS=not at work: {kept}")
        said = kept if not kept or loop.time() > patient_until else said
        await asyncio.sleep(SOON if kept and loop.time() <= patient_until else EVERY)


async def _say_stranded(client: Client, queue: str) -> None:
    try:
        for one in await stranded(client, queue, datetime.now(UTC)):
            log.error("%s: %s; %s", one.workflow, one.said, one.do)
    except RPCError as error:
        log.warning("what waits on other task queues is not known: %s", error.message)
