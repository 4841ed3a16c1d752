"""Wakes the last resort where what is taken wakes nobody: it needs neither the engine nor a worker.

Whatever stands between an alert that was answered and the people it should wake is looked at from here, the one process
that surely runs when an alert is answered. One ingress looks at a time, by a lease in the inbox; its page is marked by
the moment since when something waits, so that whoever takes the lease over sends none beside it. It is taken back when
work goes on, for the incident then pages by itself.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from activities.beside import beside
from activities.trouble import Trouble
from activities.watch import NOBODY, alarm, fallback
from client.port import EngineUnavailable
from config.company import Company
from domain.exchange import Alarm
from domain.port.duty import VendorError
from domain.port.pager import PagerPort, ResolvePages
from ingress.webhook.inbox import Inbox, InboxUnavailable
from ingress.webhook.waiting import progress

log = logging.getLogger("standfast.watchdog")
EVERY, PATIENCE = timedelta(seconds=10), timedelta(seconds=60)
"""How often it looks, and for how long something may stand still."""
LEASE = 3 * EVERY
REMEMBERED = timedelta(minutes=5)
"""The engine forgets after this long that somebody asked for work."""
Polled = Callable[[datetime], Awaitable[tuple[Trouble, ...]]]
"""Whether any worker asks for work; raises `EngineUnavailable` where that cannot be asked."""


@dataclass
class Watchdog:
    """Looks every few seconds; one page at a time."""

    inbox: Inbox
    company: Company
    polled: Polled
    pager: Callable[[str], PagerPort]
    """The client of the pager of this name; raises `VendorError` where it is not configured."""
    now: Callable[[], datetime]
    holder: str
    seen_at: datetime | None = None
    """Since when something was seen to stand still."""
    rung: tuple[Alarm, str] | None = None
    """What was paged, and the page."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """It looks until the block ends."""
        try:
            async with beside(self._run):
                yield
        finally:
            with suppress(InboxUnavailable):
                await self.inbox.let_go(self.holder, "watchdog")

    async def look(self) -> None:
        """Page for what has stood still too long; take back what was paged for and is over.

        Where the engine cannot be asked nothing is known, and nothing is done.
        """
        if not await self.inbox.hold(self.holder, LEASE, name="watchdog"):
            self.seen_at = self.rung = None
            return
        try:
            trouble = await self._stuck() or await self._unpolled()
        except EngineUnavailable:
            return
        if trouble is None:
            await self._take_back()
            return
        self.seen_at = self.seen_at or self.now()
        if self.rung is None and self.seen_at <= self.now() - PATIENCE:
            await self._page(trouble)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY.total_seconds())
            try:
                await self.look()
            except (VendorError, InboxUnavailable) as error:
                log.error("the last resort could not be paged, it is tried again: %s", error)
            except Exception:
                log.exception("the watchdog goes on")

    async def _stuck(self) -> Trouble | None:
        """Why what was taken does not reach the engine."""
        count = await self.inbox.count()
        stuck = progress(count, *await self.inbox.trouble(), self.now())
        if not stuck.said or not (count.waiting_since or count.held):
            return None
        do = "see `standfast doctor`: start the Temporal server, or an ingress that relays"
        since = count.waiting_since or count.held_since
        return Trouble(workflow="alerts", kind="unheard", said=stuck.said, do=do, since=since)

    async def _unpolled(self) -> Trouble | None:
        """That no worker asks for work, and something was taken since the last that did."""
        for one in await self.polled(self.now()):
            heard = await self.inbox.heard_after(one.since or self.now() - REMEMBERED)
            if heard:
                return one.model_copy(update={"workflow": "alerts", "since": heard})
        return None

    async def _page(self, trouble: Trouble) -> None:
        policy, catalog = self.company.policy, self.company.catalog
        service = fallback(catalog, policy)
        since = trouble.since or self.now()
        found = alarm(trouble, catalog, service, policy.ladder, self.now(), name=f"watchdog-{since:%Y%m%dT%H%M%S}")
        outcome = await self.pager(found.vendor).page(found.page, again=True)
        log.error("%s: %s was paged", found.page.title, ", ".join(outcome.people) or found.page.level)
        self.rung = (found, outcome.ref)

    async def _take_back(self) -> None:
        if self.rung:
            found, ref = self.rung
            duty = ResolvePages(
                key=found.page.key.replace("page/", "resolve/", 1),
                incident=NOBODY,
                clause=found.page.clause,
                summary="take back the page that nobody works",
                refs=(ref,),
                reason="Standfast works again",
            )
            await self.pager(found.vendor).resolve_pages(duty, again=True)
        self.seen_at = self.rung = None
