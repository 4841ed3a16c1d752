"""Duties after the fight: action items, and the group of alerts."""

from typing import Literal

from domain.catalog import Person
from domain.owed.effect import Effect
from domain.shape import Moment, Severity


class OpenItem(Effect):
    """Create an action item in the tracker (FIX-2, ACT-1)."""

    role = "tracker"
    kind: Literal["open_item"] = "open_item"
    item: str
    """Our key of the item within the incident."""
    title: str
    body: str
    owner: Person | None = None
    due_at: Moment
    labels: tuple[str, ...] = ()


class ReadItem(Effect):
    """Ask the tracker for an item's state (ACT-2); the outcome's text is `open`, `done` or `declined`."""

    role = "tracker"
    kind: Literal["read_item"] = "read_item"
    item: str
    ref: str


class ReportToGroup(Effect):
    """Tell the group of alerts what became of its incident, so that it may open the next (DET-4, RES-3)."""

    role = "group"
    kind: Literal["report_to_group"] = "report_to_group"
    group: str
    phase: str
    severity: Severity | None = None
    at: Moment
    reopen_until: Moment | None = None
