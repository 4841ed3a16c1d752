"""A brake on guessing: who was wrong too often must wait, and so must everybody when many are."""

from collections import deque
from datetime import datetime, timedelta

SPAN = timedelta(minutes=1)
EACH, ALL = 10, 100
"""Wrong guesses of one address, and of all together, in that span; the next ones are not even looked at."""
RECENT = 1000
"""Wrong guesses that are remembered."""


class Brake:
    """Remembers wrong guesses for a while."""

    def __init__(self) -> None:
        self._wrong: deque[tuple[datetime, str]] = deque(maxlen=RECENT)

    def holds(self, peer: str, now: datetime) -> bool:
        """Whether this address may not guess now."""
        while self._wrong and now - self._wrong[0][0] >= SPAN:
            self._wrong.popleft()
        return len(self._wrong) >= ALL or sum(one == peer for _, one in self._wrong) >= EACH

    def wrong(self, peer: str, now: datetime) -> None:
        """It guessed wrong."""
        self._wrong.append((now, peer))
