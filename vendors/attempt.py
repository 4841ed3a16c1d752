"""Whether an attempt at a duty is still this worker's: it may have been given to another meanwhile.

A process that was frozen (a stopped container, a paused virtual machine) wakes between its look at the vendor
and its write, when another worker has done both. Where the engine was away it has heard no sign of life of an
attempt that is well, and gives it to another as soon as it is back. Neither must write any more. So only a sign
of life that the engine has answered counts.
"""

import time
from contextvars import ContextVar

from domain.port.duty import VendorError

LOST = 3.0
"""Seconds since the last answered sign of life after which nothing is sent any more; the engine gives an attempt up
after `workflows.limit.SILENCE`, which is longer by more than the second between two signs."""

ANSWERED = 10.0
"""Seconds for which a vendor's answer is waited for (each client's time-out). What is sent later than this before the
attempt's end could still be under way when the next attempt looks for it in vain."""

NOT_OURS = "the engine has not said for a while that this attempt is still this worker's"
TOO_LATE = "there was no time left to hear the answer in this attempt"
"""Why nothing is sent."""


class Attempt:
    """One attempt at a duty in this process, kept by its signs of life: given to it `age` seconds ago, for `lasts`.

    An age is what two clocks say, so that it is believed only until the engine has answered a sign of life.
    """

    def __init__(self, age: float, lasts: float) -> None:
        now = time.monotonic()
        self._heard_at, self._sends_until, self._taken = now - age, now + lasts - ANSWERED, False

    def heard(self, said_at: float) -> None:
        """The engine has answered the sign of life that was given at this moment (`time.monotonic`)."""
        self._heard_at = max(self._heard_at, said_at)

    def take(self) -> None:
        """The engine has given it up, for good."""
        self._taken = True

    def is_lost(self) -> bool:
        """Whether another worker may have it, or may have it before a vendor has answered."""
        return bool(self.why_lost())

    def why_lost(self) -> str:
        """Why nothing is sent any more; empty while it is."""
        now = time.monotonic()
        if self._taken or now - self._heard_at > LOST:
            return NOT_OURS
        return TOO_LATE if now > self._sends_until else ""


CURRENT: ContextVar[Attempt | None] = ContextVar("attempt", default=None)
"""The attempt that the running task works for; none outside an activity."""


def before_sending(vendor: str) -> None:
    """Raise `VendorError` where the attempt may be another worker's by now: whoever has it looks first, and sends."""
    attempt = CURRENT.get()
    why = attempt.why_lost() if attempt else ""
    if why:
        raise VendorError(vendor, f"{why}; the duty is looked at anew", retryable=True)
