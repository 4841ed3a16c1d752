"""What a worker waits for before it is at work, and what it waits for beside its work."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

from temporalio.client import Client
from temporalio.service import RPCError

from activities.beside import beside
from activities.liveness import tell
from activities.poller import AWAY
from records.refusal import RecordsUnavailable, RecordsUnready
from records.setting import Settings as RecordSettings
from records.store import Records
from workflows.checkpoint import checkpoints
from workflows.connection import EngineAway, connect
from workflows.namespace import prepare
from workflows.watchman import WATCH

log = logging.getLogger("standfast.worker")
Found = TypeVar("Found")
AGAIN = 2.0
"""Seconds between two tries to reach what a worker starts with."""
OWNER = 30.0
"""Seconds between two looks whether somebody has mended what a try cannot: only their owner may alter the tables."""


class Waiting:
    """What is waited for is said when it becomes another, and when it is over: not at each try."""

    def __init__(self, over: str) -> None:
        self._over, self._said = over, ""

    def told(self, error: object) -> None:
        """Why a try failed."""
        said = str(error).partition("\n")[0]
        if said != self._said:
            log.warning("waiting: %s", said)
        self._said = said

    def over(self) -> None:
        """It is waited for no longer."""
        if self._said:
            log.info("%s", self._over)


async def reached() -> Client:
    """The engine, waited for while it comes up: whoever starts the two need not start them in their order."""
    waiting = Waiting("Temporal answers")
    while True:
        try:
            client = await connect()
        except EngineAway as error:
            waiting.told(error)
            tell(f"STATUS=waiting: {error}")
            await asyncio.sleep(AGAIN)
        else:
            waiting.over()
            return client


async def prepared(client: Client, queue: str) -> bool:
    """The namespace and its schedules are as they must be; an engine that goes away meanwhile is waited for."""
    waiting = Waiting("Temporal answers")
    while True:
        try:
            await prepare(client)
            await WATCH.keep(client, queue)
            await checkpoints(RecordSettings().standfast_checkpoint_every).keep(client, queue)
            waiting.over()
            return True
        except RPCError as error:
            if error.status not in AWAY:
                raise
            waiting.told(error.message)
            await asyncio.sleep(AGAIN)


def migrating(records: Records) -> AbstractAsyncContextManager[None]:
    """The records are brought up to date beside the work: while they are away everything else goes on."""

    async def until_done() -> None:
        waiting = Waiting("the records are up to date")
        while True:
            try:
                await records.migrate()
                return waiting.over()
            except Exception as error:
                waiting.told(error)
                again = isinstance(error, RecordsUnavailable) and not isinstance(error, RecordsUnready)
                await asyncio.sleep(AGAIN if again else OWNER)

    return beside(until_done)


async def unless(stop: asyncio.Event, waited_for: Coroutine[Any, Any, Found]) -> Found | None:
    """What is waited for; None where we are told to stop before it comes."""
    found, stopped = asyncio.create_task(waited_for), asyncio.create_task(stop.wait())
    await asyncio.wait({found, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not found.done():
        found.cancel()
        return None
    return found.result()
