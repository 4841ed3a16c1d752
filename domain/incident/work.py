"""What people do and learn while they fight: tasks, and how far the harm reaches (WAR-8, TRI-6)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

State = Literal["open", "blocked", "done", "dropped", "item"]


@dataclass(slots=True)
class TaskTurn:
    """A task is one person's to do, or waits for whoever takes it."""

    at: datetime
    to: str = ""
    """Whose it is; empty while nobody has taken it."""
    ended_at: datetime | None = None
    """When it was blocked, or somebody took it."""


@dataclass(slots=True)
class Task:
    """One thing that somebody is to do during the fight."""

    number: int
    title: str
    by: str
    at: datetime
    turns: list[TaskTurn]
    """Its assignment, and every time that somebody took it; the last one counts."""
    state: State = "open"
    ended_at: datetime | None = None
    """When it was done, dropped or made an action item; since when it is blocked."""
    reason: str = ""

    @property
    def to(self) -> str:
        """Whose it is; empty while nobody has taken it."""
        return self.turns[-1].to

    @property
    def left(self) -> bool:
        """Whether something must still become of it."""
        return self.state in ("open", "blocked")


@dataclass(frozen=True, slots=True)
class Impact:
    """How far the harm reaches, as it was last reported."""

    customers: int | None = None
    regions: tuple[str, ...] = ()
    since: datetime | None = None
    blocks: str = ""


@dataclass(slots=True)
class Work:
    """The tasks by number, and the newest word on the impact."""

    tasks: dict[int, Task] = field(default_factory=dict)
    impact: Impact | None = None
    ends_asked: int = 0
    """After how many ends it was asked what becomes of the tasks that are left."""

    @property
    def left(self) -> list[Task]:
        """The tasks of which something must still become."""
        return [task for task in self.tasks.values() if task.left]
