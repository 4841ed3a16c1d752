"""Clocks and deadlines: what runs since when until when, who owes it, and when its timer next rings."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Clock:
    """One run of one clause's clock, running or stopped.

    A promise is owed by somebody and is kept or missed; a `wait` is owed by nobody: when it is over something follows.
    `void` clocks stopped because they no longer applied: neither kept nor missed. `broken` ones stopped because they
    no longer applied when it was too late: never kept.
    """

    clause: str
    key: str
    says: str
    owner: str
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None = None
    void: bool = False
    wait: bool = False
    broken: bool = False

    @property
    def running(self) -> bool:
        """Whether it still counts towards its deadline."""
        return self.stopped_at is None

    @property
    def late(self) -> timedelta:
        """How long after the deadline it was stopped; zero when in time, running or void."""
        if self.void or self.stopped_at is None:
            return timedelta()
        return max(self.stopped_at - self.due_at, timedelta())


@dataclass(frozen=True, slots=True)
class Deadline:
    """A running clock with the moment its durable timer rings next: a reminder, the deadline, or a chase after it."""

    clause: str
    key: str
    says: str
    owner: str
    due_at: datetime
    rings_at: datetime | None
    ring: str
    """`remind`, `due`, `chase` or `wait`."""

    @property
    def summary(self) -> str:
        """The line that names the timer in the Temporal Web UI."""
        what = {"remind": "reminder before", "due": "deadline", "chase": "overdue, chased", "wait": "wait until"}
        return f"{self.key} {self.says} · {self.owner} · {what[self.ring]} {self.due_at:%d %b %H:%M:%S}"
