"""The end of the fight: resolved, reopened, closed (RES)."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from domain.incident.entry import STANDFAST, Ringing
from domain.incident.fact import Fact
from domain.value.line import Line, Names
from domain.value.model import ClauseId, unsaid

if TYPE_CHECKING:
    from datetime import datetime

    from domain.incident.event import Event
    from domain.incident.incident import Incident

ENDS = {
    "self_resolved": "recovered before anybody acknowledged",
    "followed_up": "nothing is owed any more",
    "drill_over": "the drill is over; thank you",
    "merged": "merged into another incident",
    "false_alarm": "a false alarm",
    "duplicate": "a duplicate",
    "not_ours": "not ours",
}
"""Why an incident closed, in words."""
RETRACTED = ("merged", "false_alarm", "duplicate", "not_ours")
"""The ends of what turned out to be another incident, or none (DET-7)."""
MENTIONED = 5
"""How many alerts are named at once."""


class Resolved(Fact):
    """The commander declared resolution (RES-1)."""

    told = True
    step = "declared it resolved"
    clause: ClauseId = "RES-1"
    summary: str
    firing: tuple[str, ...] = Field(default=(), exclude_if=unsaid)
    """The alerts that fired still."""
    despite: str = Field(default="", exclude_if=unsaid)
    """Why it is over although they do."""

    @property
    def remark(self) -> str:
        """Which alerts fire still, and what their next repeat does."""
        if not self.firing:
            return ""
        more = f" and {len(self.firing) - MENTIONED} more" if len(self.firing) > MENTIONED else ""
        named = f"these alerts fire still: {', '.join(self.firing[:MENTIONED])}{more}"
        return f"{named}; {'they change nothing' if self.despite else 'if they are repeated it is not over'}"

    def apply(self, incident: "Incident", event: "Event") -> None:
        incident.resolutions.append((event.at, event.by))
        incident.resolution = self.summary
        incident.outward.despite = self.despite

    def line(self, names: Names) -> Line:
        summary = self.summary.rstrip(".") if self.remark else self.summary
        known = "; ".join(one for one in (summary, self.remark, self.despite) if one)
        return Line("declared it resolved", known, "warn" if self.firing else "good")


class Reopened(Fact):
    """It was not over (RES-3)."""

    told = True
    clause: ClauseId = "RES-3"
    reason: str
    rings: bool = Field(default=False, exclude_if=unsaid)
    """Whether it rings although somebody had acknowledged before."""

    def apply(self, incident: "Incident", event: "Event") -> None:
        """It rings again, unless whoever reopened it is at it."""
        incident.reopenings.append(event.at)
        if self.rings or event.by == STANDFAST or not incident.acknowledged_at:
            incident.rounds.append(Ringing(event.at))

    def line(self, names: Names) -> Line:
        return Line("reopened", self.reason, "bad")


class Closed(Fact):
    """Nothing is owed any more."""

    told = True
    minor = True
    clause: ClauseId = "RES-1"
    reason: Literal["self_resolved", "followed_up", "drill_over"]

    def apply(self, incident: "Incident", event: "Event") -> None:
        incident.closed_at, incident.closed_reason = event.at, self.reason

    def line(self, names: Names) -> Line:
        return Line(f"closed: {ENDS[self.reason]}", tone="good")


def self_resolved(incident: "Incident") -> bool:
    """Whether it recovered before anybody acknowledged (DET-5)."""
    return incident.calmed_at is not None or incident.closed_reason == "self_resolved"


def let_go(incident: "Incident") -> bool:
    """Whether alerts that come now are of another incident."""
    return incident.calmed_at is not None or incident.closed_at is not None


def may_go_on(incident: "Incident") -> bool:
    """Whether something of it can be owed again after it closed: it was followed up to its end (ACT-2)."""
    ended = incident.resolved_at or incident.calmed_at
    return ended is not None and incident.closed_reason in ("followed_up", "self_resolved")


def unresolved_end(incident: "Incident") -> "datetime | None":
    """When it was over without a resolution: it calmed down, or was closed."""
    return incident.calmed_at or incident.closed_at
