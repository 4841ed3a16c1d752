"""The notebook's runbooks, kept at hand: triage reads them from memory and never waits for a slow search (TRI-2)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta

from domain.company.catalog import Link, Runbook
from domain.port.duty import Outcome, VendorError
from domain.port.notebook import FindRunbooks

EVERY = timedelta(minutes=15)
"""How old the runbooks in memory may be before they are read anew; a runbook is seldom written in a fire."""

Reading = Callable[[], Awaitable[tuple[Runbook, ...]]]
log = logging.getLogger(__name__)


def fitting(books: Iterable[Runbook], service: str, words: str) -> tuple[Runbook, ...]:
    """The runbooks about what the words say, for this service: its own before those for every service."""
    found = [book for book in books if book.fits(service, words)]
    return tuple(sorted(found, key=lambda book: not book.services))


class RunbookIndex:
    """The local index. `read` asks the notebook; what it has said last is kept when it cannot be asked."""

    def __init__(
        self, read: Reading, every: timedelta = EVERY, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._read, self._every, self._clock = read, every, clock
        self._books: tuple[Runbook, ...] = ()
        self._asked_at: datetime | None = None
        self._refreshing: asyncio.Task[None] | None = None
        self._known = False
        self._refused: VendorError | None = None

    @property
    def books(self) -> tuple[Runbook, ...]:
        """What is in memory now; looking starts a refresh in the background when that is old."""
        if self._asked_at is None or self._clock() - self._asked_at >= self._every:
            self.refresh()
        return self._books

    def search(self, service: str, words: str) -> tuple[Runbook, ...]:
        """The runbooks that fit, from memory, at once."""
        return fitting(self.books, service, words)

    async def find_runbooks(self, duty: FindRunbooks, *, again: bool) -> Outcome:
        """What fits, at once from memory. The first reading is waited for: before it nobody knows what there is."""
        if not self._known:
            await self.refresh()
        if not self._known and self._refused:
            raise self._refused
        return Outcome(links=tuple(Link(label=one.title, url=one.url) for one in self.search(duty.service, duty.words)))

    def refresh(self) -> asyncio.Task[None]:
        """Start reading anew, or join the reading that is under way. Start-up may wait for it; triage must not."""
        if self._refreshing is None or self._refreshing.done():
            self._asked_at = self._clock()
            self._refreshing = asyncio.get_running_loop().create_task(self._refresh())
        return self._refreshing

    async def close(self) -> None:
        """Leave off a reading that is under way."""
        if self._refreshing and not self._refreshing.done():
            self._refreshing.cancel()
            await asyncio.gather(self._refreshing, return_exceptions=True)

    async def _refresh(self) -> None:
        try:
            self._books, self._known = await self._read(), True
        except VendorError as error:
            self._refused = error
            log.warning("the runbooks stay as they were, %d of them: %s", len(self._books), error)
        except Exception as error:
            # A fault of ours must not end the index, and its text may carry what the vendor said.
            said = f"the runbooks could not be read: {type(error).__name__}"
            self._refused = VendorError("notebook", said, retryable=True)
            log.warning("the runbooks stay as they were, %d of them: %s", len(self._books), type(error).__name__)
