"""The end of an incident and what follows it (RES, ACT, GDP)."""

from typing import TYPE_CHECKING, Literal

from domain.incident.entry import STANDFAST, Round
from domain.incident.fact import Fact
from domain.value.model import Clause, Moment

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class Resolved(Fact):
    """The commander declared resolution (RES-1)."""

    told = True
    kind: Literal["resolved"] = "resolved"
    clause: Clause = "RES-1"
    summary: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """One more end, and its summary."""
        incident.resolutions.append((event.at, event.by))
        incident.summary = self.summary


class Reopened(Fact):
    """It was not over (RES-3)."""

    told = True
    kind: Literal["reopened"] = "reopened"
    clause: Clause = "RES-3"
    reason: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """It rings again, unless somebody is at it."""
        incident.reopenings.append(event.at)
        if event.by == STANDFAST or not incident.acknowledged_at:
            incident.rounds.append(Round(event.at))


class Closed(Fact):
    """Nothing is owed any more."""

    told = True
    kind: Literal["closed"] = "closed"
    clause: Clause = "RES-1"
    reason: Literal["self_resolved", "followed_up", "drill_over"]

    def apply(self, incident: "Incident", event: "Event") -> None:
        """Nothing more happens in it."""
        incident.closed_at, incident.closed_reason = event.at, self.reason


class ItemClosed(Fact):
    """An action item is done or declined (ACT-2)."""

    kind: Literal["item_closed"] = "item_closed"
    clause: Clause = "ACT-2"
    item: str
    state: Literal["done", "declined"]
    reason: str = ""

    def apply(self, incident: "Incident", event: "Event") -> None:
        """The first end of an item counts."""
        item = incident.items[self.item]
        if item.state == "open":
            item.state, item.closed_at = self.state, event.at


class BreachAnswered(Fact):
    """Whether personal data was breached (GDP-1)."""

    told = True
    kind: Literal["breach_answered"] = "breach_answered"
    clause: Clause = "GDP-1"
    breach: bool
    reason: str
    aware_at: Moment

    def apply(self, incident: "Incident", event: "Event") -> None:
        """The newest answer counts, and every one is kept."""
        incident.breach, incident.breach_at = self, event.at
        incident.learning.answers.append((event.at, self))
