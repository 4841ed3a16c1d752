"""The end of the fight: resolved, reopened, closed (RES)."""

from typing import TYPE_CHECKING, Literal

from domain.incident.entry import STANDFAST, Round
from domain.incident.fact import Fact
from domain.value.model import ClauseId

if TYPE_CHECKING:
    from domain.incident.event import Event
    from domain.incident.incident import Incident


class Resolved(Fact):
    """The commander declared resolution (RES-1)."""

    told = True
    kind: Literal["resolved"] = "resolved"
    clause: ClauseId = "RES-1"
    summary: str

    def apply(self, incident: "Incident", event: "Event") -> None:
        """One more end, and its summary."""
        incident.resolutions.append((event.at, event.by))
        incident.summary = self.summary


class Reopened(Fact):
    """It was not over (RES-3)."""

    told = True
    kind: Literal["reopened"] = "reopened"
    clause: ClauseId = "RES-3"
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
    clause: ClauseId = "RES-1"
    reason: Literal["self_resolved", "followed_up", "drill_over"]

    def apply(self, incident: "Incident", event: "Event") -> None:
        """Nothing more happens in it."""
        incident.closed_at, incident.closed_reason = event.at, self.reason
