"""Whether an attempt at a duty is still this worker's: one that stood still may have been given to another meanwhile.

A process that was frozen (a stopped container, a paused virtual machine) wakes between its look at
the vendor and its write, when another worker has done both. It must not write any more.
"""

import time
from contextvars import ContextVar

from domain.port.duty import VendorError

LOST = 3.0
"""Seconds without a sign of life after which nothing is sent any more; the engine gives an attempt up after
`workflows.limit.SILENCE`, which is longer by more than the second between two signs."""

STOOD_STILL = "this worker stood still for a while"


class Attempt:
    """One attempt at a duty in this process, kept by its signs of life."""

    def __init__(self) -> None:
        self._heard_at, self._lost = time.monotonic(), False

    def lives(self) -> None:
        """Give a sign of life; one that comes too late changes nothing any more."""
        self._lost = self.is_lost()
        self._heard_at = time.monotonic()

    def is_lost(self) -> bool:
        """Whether it stood still for so long that another worker may have it."""
        return self._lost or time.monotonic() - self._heard_at > LOST


CURRENT: ContextVar[Attempt | None] = ContextVar("attempt", default=None)
"""The attempt that the running task works for; none outside an activity."""


def before_sending(vendor: str) -> None:
    """Raise `VendorError` where the attempt may be another worker's by now: whoever has it looks first, and sends."""
    attempt = CURRENT.get()
    if attempt and attempt.is_lost():
        raise VendorError(vendor, f"{STOOD_STILL}; the duty is looked at anew", retryable=True)
