"""An incident at a glance: the row that lists, the board and the KPIs are read from."""

from typing import Annotated, Any

from pydantic import BeforeValidator

from domain.procedure.figure_part import FigurePart
from domain.report.view import View
from domain.value.model import ClauseId, Model
from records.record import Plain, Utc


def _apart(kept: Any) -> Any:
    """Marks as a column holds them, one after another."""
    return tuple(kept.split()) if isinstance(kept, str) else kept


class Overview(Model):
    """What the events of one incident come to; a reading, never evidence."""

    id: str
    title: Plain = ""
    service: Plain = ""
    team: Plain = ""
    environment: Plain = ""
    group: Plain = ""
    kind: Plain = "service"
    """What sort of incident it is, in the domain's word."""
    phase: Plain
    severity: Plain | None = None
    commander: Plain | None = None
    drill: bool = False
    fired_at: Utc
    """When the alert fired at its source (ACK-4, RES-2)."""
    opened_at: Utc
    acknowledged_at: Utc | None = None
    declared_at: Utc | None = None
    resolved_at: Utc | None = None
    closed_at: Utc | None = None
    ended_at: Utc | None = None
    """Its first end: the month to which it belongs (KPI)."""
    gravest: Plain = ""
    """The severity that the key figures count it as."""
    left_out: Plain = ""
    """Why no key figure counts it; empty where they do."""
    parts: tuple[FigurePart, ...] = ()
    """What it adds to each key figure."""
    root_cause: Plain | None = None
    repeat_of: Plain | None = None
    """The earlier incident with the same root cause (REP-1, KPI-6)."""
    postmortem_due_at: Utc | None = None
    postmortem_completed_at: Utc | None = None
    items: int = 0
    """Action items there are (KPI-5)."""
    items_due: int = 0
    """Action items whose fate is known: done, or past their due date (KPI-5)."""
    items_in_time: int = 0
    """Action items closed by their due date (KPI-5)."""
    misses: int = 0
    """Deadlines missed."""
    modes: Annotated[tuple[Plain, ...], BeforeValidator(_apart)] = ()
    """The marks by which a later incident knows this one again (REP-1)."""

    @property
    def graded(self) -> str:
        """How grave it is: `P1`, or `P1?` where nobody declared what was proposed."""
        return self.severity or (f"{self.gravest}?" if self.gravest else "")


def overview(view: View) -> Overview:
    """The incident's row at a glance."""
    return Overview.model_validate(
        {name: value for name, value in view.model_dump().items() if name in Overview.model_fields and value != ""}
        | {"id": view.id, "phase": view.phase, "drill": view.kind == "drill"}
    )


class SearchWord(Model):
    """One word that is searched for, with the services and the people whose names have it."""

    text: str
    services: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


class OverviewSearch(Model):
    """Which incidents are wanted; what is empty asks for nothing."""

    service: str = ""
    team: str = ""
    severity: str = ""
    phase: str = ""
    person: str = ""
    """Who commanded."""
    words: tuple[SearchWord, ...] = ()
    """Each is part of the id or the title, or names the service or who commanded."""


class MissedPart(Model):
    """What one incident did not keep of one key figure (KPI)."""

    figure: ClauseId
    id: str
    title: Plain
    kind: Plain
    service: Plain
    commander: Plain | None = None
    takers: tuple[tuple[Plain, Plain], ...] = ()
    """Every role that somebody took there, and who; who `declared` it, and who `owned` an item that was late."""
    judged: int
    kept: int
    timed: int = 0
    spent: int = 0
    """The time it took, in microseconds, where the figure is a time."""


class SuppressedRow(Model):
    """An alert that opened nothing, and why (SCP-2)."""

    key: Plain
    at: Utc
    reason: Plain
    alert: str
    """The alert as canonical JSON."""
