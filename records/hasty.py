"""A connection to PostgreSQL that nobody waits for in vain; imported where the records are there."""

import asyncio
from typing import Any, TypeVar

from psycopg import AsyncConnection
from psycopg.abc import PQGen
from psycopg.waiting import wait_async

Found = TypeVar("Found")


class Hasty(AsyncConnection[Any]):
    """A connection that is broken off where its waiting is cancelled.

    psycopg would ask the server to cancel, and wait ten seconds for that: longer than an incident may take to open.
    """

    async def wait(self, gen: PQGen[Found], interval: float = 0.1, timeout: float | None = None) -> Found:  # noqa: ASYNC109 (psycopg's own)
        """Wait for an answer; whoever gives it up has given it up."""
        try:
            return await wait_async(gen, self.pgconn.socket, interval, timeout)
        except asyncio.CancelledError:
            self.pgconn.finish()
            raise
