"""The end of an incident and what follows it (RES, ACT, GDP)."""

from typing import Literal

from domain.value.model import Clause, Moment, Shape


class Resolved(Shape):
    """The commander declared resolution (RES-1)."""

    kind: Literal["resolved"] = "resolved"
    clause: Clause = "RES-1"
    summary: str


class Reopened(Shape):
    """It was not over (RES-3)."""

    kind: Literal["reopened"] = "reopened"
    clause: Clause = "RES-3"
    reason: str


class Closed(Shape):
    """Nothing is owed any more."""

    kind: Literal["closed"] = "closed"
    clause: Clause = "RES-1"
    reason: Literal["self_resolved", "followed_up", "drill_over"]


class ItemClosed(Shape):
    """An action item is done or declined (ACT-2)."""

    kind: Literal["item_closed"] = "item_closed"
    clause: Clause = "ACT-2"
    item: str
    state: Literal["done", "declined"]
    reason: str = ""


class BreachAnswered(Shape):
    """Whether personal data was breached (GDP-1)."""

    kind: Literal["breach_answered"] = "breach_answered"
    clause: Clause = "GDP-1"
    breach: bool
    reason: str
    aware_at: Moment
