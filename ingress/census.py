"""Counts the open incidents for Prometheus, as the engine's list has them: no worker is asked, and none is needed."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from client.port import DRILL, OPEN, IncidentReader, NotTaken, Unanswered

FRESH = timedelta(seconds=10)
"""How long one list serves every scrape."""
WITHIN = timedelta(seconds=2)
"""How long it is waited for: a scrape must not hang on an engine that does."""
MOST = 2_000


@dataclass(frozen=True)
class Counted:
    """The open incidents at one moment; `answered` is False where the engine did not answer, and nothing is known."""

    at: datetime
    answered: bool = False
    incidents: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By severity and phase; what no worker has seen yet has the phase `unseen`. Drills are left out."""
    overdue: float = 0.0
    """For how many seconds the deadline that passed longest ago is overdue."""


class Census:
    """Takes a count at most every few seconds, however many ask."""

    def __init__(self, engine: IncidentReader, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now
        self._last: Counted | None = None
        self._turn = asyncio.Lock()

    async def count(self) -> Counted:
        """The open incidents now, or a few seconds ago."""
        async with self._turn:
            if self._last is None or self._now() - self._last.at >= FRESH:
                self._last = await self._taken()
            return self._last

    async def _taken(self) -> Counted:
        try:
            async with asyncio.timeout(WITHIN.total_seconds()):
                listed = await self._engine.list_incidents(OPEN, MOST)
        except (Unanswered, NotTaken, TimeoutError):
            return Counted(self._now())
        now = self._now()
        ages = [(now - one.next_due_at).total_seconds() for one in listed if one.next_due_at]
        found = Counter((one.severity or "none", one.phase or "unseen") for one in listed if one.kind != DRILL)
        return Counted(now, True, found, max([0.0, *ages]))
