"""What is shown of the open incidents at one moment, and how sure that is."""

from datetime import datetime

from pydantic import Field

from client.port import IncidentSummary
from domain.incident.entry import STANDFAST
from domain.procedure.sitrep import TOLD
from domain.report.due import Due
from domain.report.view import View
from domain.report.words import LatestFinding
from domain.value.model import Instant, Model
from records.overview import Overview

FOUGHT = ("", "alerting", "triage", "active")
"""The phases in which something is being fought; no phase yet means that no worker has seen it."""


class Trouble(Model):
    """Something the board cannot read just now: what, since when, and what that means for the page."""

    what: str
    since: Instant | None = None
    """When it last answered."""
    never: bool = False
    """Whether it has not answered since the board was started."""
    means: str = ""


class OpenIncident(Model):
    """One open incident as far as it is known. `due` is None while only its next moment is known."""

    id: str
    title: str = ""
    phase: str = ""
    severity: str = ""
    """`P1`, or `P1?` while it is only proposed."""
    service: str = ""
    team: str = ""
    kind: str = "incident"
    commander: str = ""
    opened_at: Instant | None = None
    next_due_at: Instant | None = None
    due: tuple[Due, ...] | None = None
    people: dict[str, str] = Field(default_factory=dict)
    """Who holds which role."""
    titles: dict[str, str] = Field(default_factory=dict)
    """What the roles are called."""
    misses: int = 0
    items: int = 0
    """Action items that are open."""
    found: LatestFinding | None = None
    """What was found last."""
    told: str = ""
    """What customers know: "told at 03:10 UTC: investigating", "know nothing yet"; empty where nothing is read."""
    told_moments: tuple[Instant, ...] = ()
    """The moments that these words may name, for the reader's own time."""
    as_of: Instant | None = None
    """When the clocks were read; None when they were not."""

    @property
    def fought(self) -> bool:
        """Whether it is still being fought, rather than followed up."""
        return self.phase in FOUGHT

    @property
    def next(self) -> Due | None:
        """What people owe next; what the software owes, where they owe nothing."""
        own = [one for one in self.due or () if one.owner != STANDFAST]
        return min(own or self.due or (), key=lambda one: one.order, default=None)


class BoardSnapshot(Model):
    """The open incidents at one moment."""

    at: Instant
    standing: tuple[OpenIncident, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    left_out: int = 0
    """Open incidents beyond those that one page holds."""


def by_view(view: View, at: datetime) -> OpenIncident:
    """An incident that has answered."""
    return OpenIncident(
        **view.model_dump(include={"id", "title", "phase", "service", "team", "kind", "commander", "opened_at"}),
        severity=view.severity or f"{view.proposed}?",
        due=view.due,
        people=view.roles,
        titles=view.role_titles,
        misses=view.misses,
        items=len(view.open_items),
        found=view.found,
        told=dict(view.card).get(TOLD, ""),
        told_moments=view.card_moments,
        next_due_at=min((one.due_at for one in view.due), default=None),
        as_of=at,
    )


def by_list(listed: IncidentSummary) -> OpenIncident:
    """An incident as the engine's list has it."""
    commander = "" if listed.commander == "nobody" else listed.commander
    return OpenIncident.model_validate({**listed.model_dump(), "commander": commander})


def by_row(row: Overview) -> OpenIncident:
    """An incident as the records' row has it."""
    known = row.model_dump(include={"id", "title", "phase", "service", "team", "kind", "opened_at", "misses"})
    return OpenIncident(**known, severity=row.graded, commander=row.commander or "")
