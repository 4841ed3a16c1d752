"""What reached its receivers is kept for a while, to be looked at and read again, and then let go of."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Select, delete, func, select, update

from activities.beside import beside
from ingress.webhook.inbox import Inbox, InboxUnavailable
from ingress.webhook.population import counted, midnight, note, to_note
from ingress.webhook.table import INBOX, micros

log = logging.getLogger("standfast.ingress")
EVERY = timedelta(hours=1)
AT_ONCE = 500
"""Rows that are removed in one transaction: senders wait behind it."""
OVER = ("relayed", "retried")
"""What waits for somebody, or was set aside, is never let go of; of what nothing took the words stay, for evidence."""


def remove(connection: Connection, before: datetime) -> int:
    """Remove some rows that are over and were received before a moment; answers how many. The newest row stays.

    Rows are numbered above the highest there is, and groups remember how far they have read.
    """
    newest = connection.execute(select(func.max(INBOX.c.row))).scalar() or 0
    below = min(newest, micros(before) // 1000)
    emptied = update(INBOX).where(INBOX.c.state == "unheard", INBOX.c.row < below, INBOX.c.body != b"")
    connection.execute(emptied.values(body=b"", headers="{}"))
    rows = list(connection.execute(removable(below)).scalars())
    connection.execute(delete(INBOX).where(INBOX.c.row.in_(rows)))
    return len(rows)


def removable(below: int) -> Select[tuple[int]]:
    """Rows that are over, from the index alone: a row's number is no less than the milliseconds of its moment."""
    return select(INBOX.c.row).where(INBOX.c.state.in_(OVER), INBOX.c.row < below).limit(AT_ONCE)


async def sweep(inbox: Inbox, before: datetime) -> int:
    """Remove what is over and was received on days that had ended by a moment, a little at a time.

    What each of these days received is counted first, and the count is kept: the population of evidence (SOC-1).
    """
    before = midnight(before.astimezone(UTC).date())
    for day in await inbox.look(to_note, before):
        await inbox.do(note, await inbox.look(counted, day, day))
    removed = 0
    while found := await inbox.do(remove, before):
        removed += found
        await asyncio.sleep(0)
    return removed


def kept_for(
    inbox: Inbox, span: Callable[[], timedelta], now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AbstractAsyncContextManager[None]:
    """Sweep each hour until the block ends; an inbox that is away is swept when it is back.

    `span` is asked each time, for the policy may have changed.
    """

    async def keep() -> None:
        while True:
            try:
                if removed := await sweep(inbox, now() - span()):
                    log.info("%s rows of the inbox were over for longer than they are kept", removed)
            except InboxUnavailable as error:
                log.warning("the inbox is not swept: %s", error)
            await asyncio.sleep(EVERY.total_seconds())

    return beside(keep)
