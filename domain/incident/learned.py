"""What was learned after the fight, and what was waived (PM, ACT, REP, GDP)."""

from typing import Literal

from domain.value.model import Clause, Moment, Shape, Word
from domain.value.repeat import Repeat


class CauseNamed(Shape):
    """The root cause is this from now on (PM-3, REP-1)."""

    kind: Literal["cause_named"] = "cause_named"
    clause: Clause = "PM-3"
    cause: Word
    title: str


class RepeatFound(Shape):
    """Earlier incidents had the same root cause, the newest first (REP-1)."""

    kind: Literal["repeat_found"] = "repeat_found"
    clause: Clause = "REP-1"
    cause: Word
    repeats: tuple[Repeat, ...]


class ItemAdded(Shape):
    """An action item is to be done, by whom and until when (ACT-1)."""

    kind: Literal["item_added"] = "item_added"
    clause: Clause = "ACT-1"
    item: str
    title: str
    body: str
    owner: str
    due_at: Moment


class ItemsWaived(Shape):
    """Nothing is to be done, by the word of a named person (PM-3)."""

    kind: Literal["items_waived"] = "items_waived"
    clause: Clause = "PM-3"
    reason: str


class PostmortemCompleted(Shape):
    """The post-mortem is complete (PM-1)."""

    kind: Literal["postmortem_completed"] = "postmortem_completed"
    clause: Clause = "PM-1"


class NotificationRecorded(Shape):
    """The authority was notified of the breach, or the reason for lateness was given (GDP-2)."""

    kind: Literal["notification_recorded"] = "notification_recorded"
    clause: Clause = "GDP-2"
    reference: str = ""
    authority: str = ""
    notified_at: Moment | None = None
    late_reason: str = ""
    nature: str = ""
    contact: str = ""
    consequences: str = ""
    measures: str = ""


class ClauseWaived(Shape):
    """A clause is not held in this incident, for a reason."""

    kind: Literal["clause_waived"] = "clause_waived"
    clause: Clause
    reason: str
