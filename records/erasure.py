"""Personal data that was erased on request: who asked for it, who did it, and in which events (SOC-1).

An erased event keeps its hash, so that the chain goes on through it. What is left of it is known by a hash of its own,
in a statement that stands in a signed checkpoint; an event that was changed without one was altered.
"""

from collections.abc import Iterable, Mapping

from pydantic import Field

from domain.value.model import Model, unsaid
from records.record import Hash


class Erased(Model):
    """One event out of which words were taken."""

    incident: str
    number: int
    hash: Hash
    """What it was recorded with, and is chained by."""
    left: Hash
    """What is left of it."""


class Request(Model):
    """Why something is erased: by which request, by whom, and who agreed."""

    request: str = Field(min_length=1)
    by: str = Field(min_length=1)
    seconded_by: str = Field(default="", exclude_if=unsaid)
    reason: str = Field(min_length=1)

    def __str__(self) -> str:
        agreed = f", {self.seconded_by} agreed" if self.seconded_by else ""
        return f"{self.request}, by {self.by}{agreed}: {self.reason}"


class Erasure(Model):
    """One request that was met, and the events that it reached."""

    asked: Request
    events: tuple[Erased, ...]
    suppressed: int = Field(default=0, exclude_if=unsaid)
    """Alerts that opened nothing and said it too."""

    @property
    def incidents(self) -> tuple[str, ...]:
        """The incidents that it reached."""
        return tuple(dict.fromkeys(one.incident for one in self.events))


def latest(erasures: Iterable[Erasure]) -> dict[str, dict[int, Erased]]:
    """What is left of each event by incident and number; of several erasures the last one says it."""
    found: dict[str, dict[int, Erased]] = {}
    for one in (one for erasure in erasures for one in erasure.events):
        found.setdefault(one.incident, {})[one.number] = one
    return found


Marks = Mapping[int, Erased]
"""What is left of the events of one incident, by their numbers."""
