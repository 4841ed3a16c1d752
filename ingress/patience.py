"""How long each part of an answer to a person is waited for."""

from datetime import timedelta
from typing import NamedTuple


class Patience(NamedTuple):
    """Slack waits three seconds for all of it; what is pursued after that is pursued in the background."""

    reading: timedelta = timedelta(seconds=2.3)
    opening: timedelta = timedelta(seconds=1.2)
    """An incident is opened; its severity is decided after it, in the same three seconds."""
    deciding: timedelta = timedelta(seconds=1.8)
    leaving: timedelta = timedelta(seconds=0.5)
    """An act that was not decided in time is left with the engine."""
    keeping: timedelta = timedelta(minutes=10)
    """An act is pursued after the person was told that the engine is away."""


IN_CHAT = Patience()
