"""Who was called, and who could be reached (ACK-2, ACK-3, WAR-5)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class PagingAsked:
    """Somebody had others paged by hand (ACK-2)."""

    at: datetime
    by: str
    level: str
    people: tuple[str, ...]
    schedule: str
    reason: str
    team: str = ""


@dataclass(slots=True)
class Reach:
    """Who has been heard from, which pages were answered or refused, and when waits were to end."""

    answered: dict[str, datetime] = field(default_factory=dict)
    """By page: when somebody answered it where it was sent."""
    refused: dict[str, datetime] = field(default_factory=dict)
    """By page: when the pager refused it for good, first."""
    declined: dict[str, datetime] = field(default_factory=dict)
    """By page: when who was paged had the next paged instead."""
    planned: dict[str, datetime] = field(default_factory=dict)
    """By wait: when it was to end."""
    let_in: list[str] = field(default_factory=list)
    """Who was let into the war room by somebody, in order."""
    outlived: int = 0
    """How many acknowledgements ran out at the pager while somebody was at work here."""
    notices: dict[str, list[int]] = field(default_factory=dict, compare=False, repr=False)
    """By clock: its reminders and misses that may still have to be told, which its next event overtakes."""
    reckoned: dict[str, tuple[Any, tuple[Any, ...]]] = field(default_factory=dict, compare=False, repr=False)
    """By name: of what it was reckoned last, and what came of it."""

    def ended_early(self, page: str) -> datetime | None:
        """When a level was over before its time."""
        return min((at for at in (self.refused.get(page), self.declined.get(page)) if at), default=None)
