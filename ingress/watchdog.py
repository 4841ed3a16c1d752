"""Wakes the last resort where alerts are taken and nobody works: it needs neither the engine nor a worker.

Whatever stands between an alert that was answered and the people it should wake is looked at from here, the one process
that surely runs when an alert is answered. Every ingress looks; the page bears the same mark whoever sends it, so that
one is sent. It is taken back when work goes on, for the incident then pages by itself.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from activities.company import Company
from activities.trouble import REMEMBERED, Trouble
from activities.watch import NOBODY, alarm
from client.port import EngineUnavailable
from domain.exchange import Alarm
from domain.port.duty import VendorError
from domain.port.pager import Pager, ResolvePages
from ingress.inbox import Inbox, InboxUnavailable
from ingress.waiting import progress

log = logging.getLogger("standfast.watchdog")
EVERY, PATIENCE = timedelta(seconds=10), timedelta(seconds=60)
"""How often it looks, and how long alerts may wait for somebody to work."""
Polled = Callable[[datetime], Awaitable[tuple[Trouble, ...]]]
"""Whether any worker asks for work; raises `EngineUnavailable` where that cannot be asked."""


@dataclass
class Watchdog:
    """Looks every few seconds; one page for each trouble."""

    inbox: Inbox
    company: Company
    polled: Polled
    pager: Callable[[str], Pager]
    """The client of the pager of this name; raises `VendorError` where it is not configured."""
    now: Callable[[], datetime]
    rung: dict[str, tuple[Alarm, str]] = field(default_factory=dict)
    """By trouble: what was paged, and the page."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """It looks until the block ends."""
        looking = asyncio.create_task(self._run())
        try:
            yield
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking

    async def look(self) -> None:
        """Page for what has stood still too long; take back what was paged for and is over."""
        trouble = await self._trouble()
        if trouble is None:
            return await self._take_back()
        since = trouble.since or self.now()
        if trouble.key not in self.rung and since <= self.now() - PATIENCE:
            await self._page(trouble)
        return None

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY.total_seconds())
            try:
                await self.look()
            except (VendorError, InboxUnavailable) as error:
                log.error("the last resort could not be paged, it is tried again: %s", error)
            except Exception:
                log.exception("the watchdog goes on")

    async def _trouble(self) -> Trouble | None:
        """Why alerts that were taken wake nobody; None where they do."""
        count = await self.inbox.count()
        stuck = progress(count, *await self.inbox.trouble(), self.now())
        if stuck.said and (count.waiting_since or count.held):
            do = "see `standfast doctor`: start the Temporal server, or an ingress that relays"
            return Trouble(workflow="alerts", kind="unheard", said=stuck.said, do=do, since=stuck.since)
        with suppress(EngineUnavailable):
            for one in await self.polled(self.now()):
                heard = await self.inbox.heard_after(one.since or self.now() - REMEMBERED)
                if heard:
                    return one.model_copy(update={"workflow": "alerts", "since": heard})
        return None

    async def _page(self, trouble: Trouble) -> None:
        policy, catalog = self.company.policy, self.company.catalog
        service = catalog.services[policy.alerts.default_service or next(iter(catalog.services))]
        found = alarm(trouble, catalog, service, policy.ladder, self.now())
        since = trouble.since or self.now()
        page = found.page.model_copy(update={"key": f"page/watchdog/{since:%Y-%m-%dT%H:%M}"})
        outcome = await self.pager(found.vendor).page(page, again=True)
        log.error("%s: %s was paged", found.page.title, ", ".join(outcome.people) or found.page.level)
        self.rung[trouble.key] = (found, outcome.ref)

    async def _take_back(self) -> None:
        for key, (found, ref) in list(self.rung.items()):
            told: dict[str, Any] = {"incident": NOBODY, "clause": "SOC-1", "refs": (ref,)}
            words = "take back the page that nobody works"
            duty = ResolvePages(key=f"resolve/{key}"[:200], summary=words, reason="Standfast works again", **told)
            await self.pager(found.vendor).resolve_pages(duty, again=True)
            del self.rung[key]
