"""What the passing of time turned into: reminders, promises kept and missed, waits that ended."""

from typing import Literal

from domain.value.model import Clause, Moment, Shape


class Reminded(Shape):
    """The owner of a deadline was to be reminded before it."""

    kind: Literal["reminded"] = "reminded"
    clause: Clause
    key: str
    owner: str
    due_at: Moment
    says: str


class Kept(Shape):
    """A promise was kept: done at `stopped_at`, due at `due_at`."""

    kind: Literal["kept"] = "kept"
    clause: Clause
    key: str
    owner: str
    due_at: Moment
    stopped_at: Moment
    says: str


class Missed(Shape):
    """A deadline passed, for the nth time it is said; or a promise was kept late (`stopped_at`)."""

    kind: Literal["missed"] = "missed"
    clause: Clause
    key: str
    owner: str
    due_at: Moment
    times: int = 1
    stopped_at: Moment | None = None
    broken: bool = False
    """Whether what stopped it was not that it was done."""
    says: str


class Rang(Shape):
    """A waiting time of the procedure is over and its consequence follows."""

    kind: Literal["rang"] = "rang"
    clause: Clause
    key: str
    due_at: Moment
    says: str
