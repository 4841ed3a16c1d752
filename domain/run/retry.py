"""How long the engine goes on with an effect before its failure is an event: the same times in a simulation."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class RetryWindow:
    """Pauses that double from the first to the longest, and the time after which no further try begins."""

    first: timedelta
    longest: timedelta
    go_on_for: timedelta

    def next_try(self, begun_at: datetime, times: int, now: datetime) -> datetime | None:
        """When an effect that failed this many times is tried again; None when its time is over."""
        pause = min(self.first * 2 ** min(times - 1, 20), self.longest)
        return now + pause if now + pause < begun_at + self.go_on_for else None


@dataclass(slots=True)
class Attempt:
    """An effect under way that has failed so many times and is tried again at a moment."""

    begun_at: datetime
    times: int = 0
    again_at: datetime | None = None
