"""Relays the inbox to the engine: strictly in order, coalesced by group, by one process at a time."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from domain.alert import Alert, Heard, VendorAct
from domain.group import Group
from ingress.digest import pause_after
from ingress.door import Door
from ingress.engine import Engine, EngineAway
from ingress.inbox import Inbox, InboxUnavailable
from ingress.keep import DOOR, Keeper
from ingress.outbox import Outbox, Shelved
from ingress.table import Row
from vendors.door import Unreadable
from vendors.hearing import is_alarm

LEASE = timedelta(seconds=6)
"""After so long without a sign of life of its holder, a standby takes over; so late may a page be after a crash."""
LONGEST_PAUSE = timedelta(seconds=4)
"""An engine that is away is asked at least this often: a page may wait behind it, and asking costs nearly nothing."""
ROUND = timedelta(seconds=1)
"""How often rows of other processes are looked for, and the lease is looked at."""
BATCH = 500
LARGE = 256 * 1024
"""Bytes of a body from which its reading could keep others waiting."""
HOUR = timedelta(hours=1)

log = logging.getLogger(__name__)


class Relay:
    """Reads rows and hands what they say to the outbox, while it holds the lease.

    What is here in memory is only a plan: lost with the process, it is made again from the unrelayed rows. A group
    drops a digest that ends at a row it has read, so that telling twice is telling once, also by a holder that does
    not know yet that its lease is over.
    """

    def __init__(
        self,
        inbox: Inbox,
        doors: Mapping[str, Door],
        engine: Engine,
        sort: Callable[[Alert | VendorAct], Group],
        *,
        holder: str,
        keeper: Keeper | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        shelf: Shelved | None = None,
    ) -> None:
        self._inbox, self._doors, self._engine, self._sort = inbox, doors, engine, sort
        self._holder, self._now, self._keeper, self._shelf = holder, now, keeper, shelf
        self._away = 0
        self._held_until: datetime | None = None
        self._forget()

    async def run(self) -> None:
        """Relay until cancelled; what goes wrong is said and tried again."""
        try:
            while True:
                await self._rest(await self._round())
        finally:
            with suppress(InboxUnavailable):
                await self._inbox.let_go(self._holder)

    async def step(self) -> datetime:
        """One round; answers when the next one has something to do, if nothing arrives before."""
        if not await self._hold():
            self._forget()
            return self._now() + ROUND
        full = await self._read()
        if self._now() >= self._paused_until:
            try:
                await self._outbox.tell(self._hold)
            except EngineAway as error:
                self._pause(error)
            else:
                self._away = 0
        await self._outbox.keep()
        return self._now() if full else self._next_at()

    async def _round(self) -> datetime:
        try:
            return await self.step()
        except InboxUnavailable as error:
            log.warning("the relay waits: %s", error)
        except Exception:
            log.exception("the relay starts again from what is unrelayed")
        self._forget()
        return self._now() + ROUND

    async def _rest(self, until: datetime) -> None:
        """Wait for the moment, or for a row when this is the relay that would read it."""
        seconds = max((until - self._now()).total_seconds(), 0)
        if not self._held_until:
            return await asyncio.sleep(seconds)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._inbox.arrived.wait()
        self._inbox.arrived.clear()
        return None

    async def _hold(self) -> bool:
        """Hold the lease, renewing it when a third of it has passed."""
        now = self._now()
        if self._held_until and self._held_until - now > LEASE * 2 / 3:
            return True
        held = await self._inbox.hold(self._holder, LEASE)
        self._held_until = now + LEASE if held else None
        return held

    def _forget(self) -> None:
        """Start over: what is not marked in the inbox is to be told."""
        self._held_until = None
        self._paused_until = self._now()
        self._cursor = 0
        self._rang: dict[str, datetime] = {}
        self._outbox = Outbox(self._inbox, self._engine, self._now, self._shelf)

    async def _read(self) -> bool:
        """Read the next rows; answers whether there may be more of them."""
        rows = await self._inbox.unrelayed(BATCH, after=self._cursor)
        for row in rows:
            await self._hear(row)
            self._cursor = row.row
        return len(rows) == BATCH

    async def _hear(self, row: Row) -> None:
        """Read one row. A row that cannot be read is set aside and stops nobody, whatever is wrong with it."""
        try:
            if row.door == DOOR and self._keeper:
                return self._outbox.hold(row.row, *self._keeper.read(row))
            heard = self._ringing_once(row, await self._read_row(row))
            sorted_alerts = [(self._sort(alert), alert) for alert in heard.alerts]
            sorted_acts = [(None if act.incident else self._sort(act), act) for act in heard.acts]
        except Unreadable as error:
            return await self._inbox.mark_unreadable(row.row, error.path, error.found, error.expected)
        except Exception as error:
            log.exception("the reader of %s failed at row %s", row.door, row.row)
            return await self._inbox.mark_unreadable(row.row, "body", type(error).__name__, "what its reader can read")
        kept = heard.deployments if self._shelf else ()
        wrong = heard.unread[0] if heard.unread else None
        self._outbox.take(row.row, sorted_alerts, sorted_acts, kept, wrong)
        if not heard.alerts and not heard.acts and not kept:
            await self._outbox.finish([row.row], heard.remark)
        return None

    async def _read_row(self, row: Row) -> Heard:
        """What a row says; a large one is read beside the loop, where it holds up nobody."""
        if row.door not in self._doors:
            raise Unreadable("door", row.door, f"one of {', '.join(sorted(self._doors))}")
        read = self._doors[row.door].read
        return await asyncio.to_thread(read, row.request) if len(row.request.body) > LARGE else read(row.request)

    def _ringing_once(self, row: Row, heard: Heard) -> Heard:
        """That something could not be read rings at most once an hour a door."""
        last, now = self._rang.get(row.door), self._now()
        if not heard.unread:
            return heard
        if last is None or now - last >= HOUR:
            self._rang[row.door] = now
            return heard
        return heard.model_copy(update={"alerts": tuple(one for one in heard.alerts if not is_alarm(one))})

    def _pause(self, error: EngineAway) -> None:
        self._away += 1
        pause = min(pause_after(self._away), LONGEST_PAUSE)
        log.warning("the engine is away, the relay tries again in %s: %s", pause, error)
        self._paused_until = self._now() + pause

    def _next_at(self) -> datetime:
        due = self._outbox.next_due_at()
        latest = self._now() + ROUND
        return max(min(due, latest) if due else latest, min(self._paused_until, latest))
