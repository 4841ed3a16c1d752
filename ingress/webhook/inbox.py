"""The durable inbox: a webhook is answered when its row cannot be lost any more."""

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from ingress.webhook import table
from ingress.webhook import waiting as mended
from ingress.webhook.database import READS, database_at, first_line
from ingress.webhook.redact import redacted
from ingress.webhook.table import Count, Row
from ingress.webhook.waiting import Chosen
from records.failover import Lines
from vendors.door import Request

log = logging.getLogger(__name__)

SILENCE = timedelta(seconds=5)
"""How long the inbox's thread waits for a database that says nothing, before it asks anew, maybe another server."""
TOGETHER = 256
"""The most rows that one commit takes."""

_T = TypeVar("_T")
_Waiting = tuple[str, Request, "asyncio.Future[int]"]


class InboxUnavailable(Exception):
    """The inbox cannot be read or written just now; senders are asked to come back."""


class NotSetAside(Exception):
    """The row is not among the unreadable ones."""


class Inbox:
    """Rows of one database, written by one thread; requests that arrive together share one commit.

    `where` is a path for SQLite, or a URL (`sqlite:///path`, `postgresql://...`). Several processes may open the same
    inbox. `patience` is how long a sender waits for its commit, shorter than the 5 seconds the strictest grant.
    """

    def __init__(
        self,
        where: str,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        patience: timedelta = timedelta(seconds=4),
        waiting: int = 2000,
        silence: timedelta = SILENCE,
    ) -> None:
        self.database = database_at(where)
        self._lines = Lines(self.database) if self.database.dialect.name == "postgresql" else None
        self.commits = 0
        """How many commits all the rows put so far have cost."""
        self.arrived = asyncio.Event()
        """Set whenever rows were put here."""
        self._now, self._patience, self._most = now, patience, waiting
        self._silence = silence
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="inbox")
        self._queue: deque[_Waiting] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._set_up = False

    async def put(self, door: str, request: Request) -> int:
        """Write a request and answer its row number once it is durable; `InboxUnavailable` if it may not be."""
        if len(self._queue) >= self._most:
            raise InboxUnavailable(f"{self._most} requests are waiting to be written already")
        written: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        kept = request.model_copy(update={"headers": redacted(request.headers)})
        self._queue.append((door, kept, written))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                return await written
        except TimeoutError:
            raise InboxUnavailable("the write took too long; it may still come about") from None

    async def unrelayed(self, limit: int, after: int = 0) -> list[Row]:
        """Rows that have not reached all their receivers, in order."""
        return await self.do(table.with_state, "new", limit, after)

    async def unreadable(self, limit: int = 100, after: int = 0) -> list[Row]:
        """Rows that were set aside, with what was wrong, in order."""
        return await self.do(table.with_state, "unreadable", limit, after)

    async def mark_relayed(self, rows: Iterable[int], remark: str = "") -> None:
        """Note that everything these rows say has reached its receivers."""
        await self.do(table.mark_relayed, list(rows), remark)

    async def mark_unreadable(self, row: int, path: str, found: str, expected: str) -> None:
        """Set a row aside and show it: where, what stood there, what was expected."""
        await self.do(table.mark_unreadable, row, path, found, expected)

    async def hold_back(self, rows: Iterable[int], where: str, said: str) -> None:
        """Let rows wait for a mend of ours, and say what is to be mended."""
        await self.do(mended.hold_back, list(rows), where, said)

    async def held_back(self, limit: int = 100, after: int = 0) -> list[Row]:
        """Rows that wait for a mend of ours, in order."""
        return await self.do(table.with_state, "held", limit, after)

    async def again(self, row: int) -> int | None:
        """Have a row that waited for a mend read again, under the new number that is answered."""
        return await self.do(mended.again, row, self._now())

    async def retry(self, row: int) -> int:
        """Have a row that was set aside read again after a mend, under the new number that is answered."""
        again = await self.do(mended.retry, row, self._now())
        if again is None:
            raise NotSetAside(f"row {row} is not set aside: see the list of unreadable rows")
        self.arrived.set()
        return again

    async def retry_all(self, chosen: Chosen) -> dict[int, int]:
        """Have all the chosen rows read again that were set aside; answers their numbers, old and new."""
        rows = await self.do(mended.retry_all, chosen, self._now())
        self.arrived.set()
        return rows

    async def relay_again(self, chosen: Chosen) -> dict[int, int]:
        """Have all the chosen rows relayed again that were relayed before; answers their numbers, old and new."""
        rows = await self.do(mended.relay_again, chosen, self._now())
        self.arrived.set()
        return rows

    async def note_trouble(self, said: str) -> None:
        """Note what keeps the relay from getting on, or that nothing does."""
        await self.do(mended.note_trouble, said, self._now())

    async def trouble(self) -> tuple[str, datetime | None]:
        """What keeps the relay from getting on, and since when."""
        return await self.do(mended.trouble)

    async def hold(self, holder: str, span: timedelta, name: str = "relay") -> bool:
        """Take or renew a lease for a while, unless somebody else holds it."""
        now = self._now()
        return await self.do(table.hold, name, holder, now, now + span)

    async def let_go(self, holder: str, name: str = "relay") -> None:
        """Give a lease back."""
        await self.do(table.let_go, name, holder)

    async def earlier(self, door: str, row: int, holding: Sequence[bytes]) -> list[Row]:
        """What a door has said lately, before this row, with any of some words in it; the newest first."""
        return await self.look(table.earlier, door, row, holding)

    async def lately(self) -> list[Row]:
        """What was relayed last, the oldest first."""
        return await self.look(table.lately)

    async def heard_after(self, moment: datetime) -> datetime | None:
        """When the first request after a moment was received; None where none was."""
        return await self.do(table.heard_after, moment)

    async def count(self) -> Count:
        """Count the rows that are not relayed, by state, and find the oldest that waits."""
        return await self.do(table.count)

    async def probe(self) -> None:
        """Prove by writing that the inbox can be written."""
        await self.do(table.hold, "probe", "probe", self._now(), self._now())

    async def close(self) -> None:
        """Let what was begun be written, then leave the database."""
        if self._writer:
            await self._writer
        await asyncio.get_running_loop().run_in_executor(self._thread, self.database.dispose)
        self._thread.shutdown()

    async def _write(self) -> None:
        """Commit what is waiting; while one commit runs, the next batch gathers."""
        while self._queue:
            batch = [self._queue.popleft() for _ in range(min(len(self._queue), TOGETHER))]
            try:
                numbers = await self.do(table.put, [(door, request) for door, request, _ in batch])
            except Exception as error:
                if not isinstance(error, InboxUnavailable):
                    log.exception("a write failed in a way nobody foresaw")
                for written in _still_asked(batch):
                    written.set_exception(InboxUnavailable(str(error)))
                continue
            self.commits += 1
            self.arrived.set()
            answers = dict(zip((written for _, _, written in batch), numbers, strict=True))
            for written in _still_asked(batch):
                written.set_result(answers[written])

    async def do(self, act: Callable[..., _T], *args: Any) -> _T:
        """Do one thing as one transaction, in the inbox's thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._bounded, act, args)

    async def look(self, act: Callable[..., _T], *args: Any) -> _T:
        """Read one thing, beside the inbox's thread: whoever writes does not wait for it."""
        return await asyncio.to_thread(self._transact, act, args, {READS: True})

    def _bounded(self, act: Callable[..., _T], args: tuple[Any, ...]) -> _T:
        with self._lines.bounded(self._silence) if self._lines else nullcontext():
            return self._transact(act, args)

    def _transact(
        self, act: Callable[..., _T], args: tuple[Any, ...], options: Mapping[str, Any] = MappingProxyType({})
    ) -> _T:
        try:
            if not self._set_up:
                with self.database.begin() as connection:
                    table.set_up(connection)
                self._set_up = True
            with self.database.connect().execution_options(**options) as connection, connection.begin():
                return act(connection, *args)
        except (SQLAlchemyError, sqlite3.Error) as error:
            self._set_up = False  # another database may have taken its place, with no tables yet
            raise InboxUnavailable(f"the inbox cannot be used: {first_line(error)}") from None


def _still_asked(batch: list[_Waiting]) -> list["asyncio.Future[int]"]:
    """The answers that somebody still waits for."""
    return [written for _, _, written in batch if not written.done()]
