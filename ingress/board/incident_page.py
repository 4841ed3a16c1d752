"""One incident as its page shows it, read again from its events."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.procedure.headline import links
from domain.report.checklist import ChecklistPhase, checklist
from domain.report.scorecard import Verdict, scorecard
from domain.report.view import View, view
from domain.run.agenda import owed
from domain.value.line import Line
from domain.value.model import format_duration
from ingress.board.access import KEPT_PRIVATE, PRIVATE
from ingress.board.names import BoardNames
from ingress.board.page import web

LINES = 200
"""Events on one page."""


@dataclass
class IncidentPage:
    """What the page is made of; for a private incident only what everybody may see."""

    view: View
    whole: bool
    owed: tuple[str, ...] = ()
    lines: list[tuple[Event, Line]] = field(default_factory=list)
    earlier: int = 0
    links: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    stages: tuple[ChecklistPhase, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

    @property
    def moments(self) -> tuple[tuple[str, datetime], ...]:
        """When what happened, as far as it has."""
        seen = self.view
        named = {
            "Fired": seen.fired_at,
            "Opened": seen.opened_at,
            "Acknowledged": seen.acknowledged_at,
            "Declared": seen.declared_at,
            "Resolved": seen.resolved_at,
            "Closed": seen.closed_at,
        }
        return tuple((name, at) for name, at in named.items() if at)

    def context(self) -> dict[str, Any]:
        """The names that the template knows."""
        severity = self.view.severity or f"{self.view.proposed}?"
        return {**self.__dict__, "moments": self.moments, "severity_name": severity}


def dossier(incident: Incident, naming: BoardNames, as_of: datetime, before: int, quiet: bool) -> IncidentPage:
    """Everything, for somebody who may read it: events before a number, with upkeep or without."""
    lines = _lines(incident.events, naming, before, quiet)
    return IncidentPage(
        view=view(incident, ()),
        whole=True,
        owed=tuple(duty.summary for duty in owed(incident) if not duty.upkeep),
        lines=lines[:LINES],
        earlier=lines[LINES - 1][0].number if len(lines) > LINES else 0,
        links=_links(incident),
        facts=_facts(incident, naming),
        stages=checklist(incident, as_of),
        verdicts=tuple(one for one in scorecard(incident, as_of) if one.verdict != "not_applicable"),
    )


def veiled(seen: View) -> IncidentPage:
    """A security incident for everybody else: that it is there, how grave, which clocks run."""
    due = tuple(one.model_copy(update={"says": KEPT_PRIVATE}) for one in seen.due)
    hidden = {"title": PRIVATE, "summary": "", "due": due, "room": "", "status_page": "", "root_cause": ""}
    return IncidentPage(view=seen.model_copy(update=hidden), whole=False)


def _lines(events: Sequence[Event], naming: BoardNames, before: int, quiet: bool) -> list[tuple[Event, Line]]:
    """One more than a page of them, the newest first."""
    found: list[tuple[Event, Line]] = []
    for event in reversed(events):
        if before and event.number >= before:
            continue
        line = event.what.line(naming)
        if quiet or line.tone != "quiet":
            found.append((event, line))
        if len(found) > LINES:
            break
    return found


def _links(incident: Incident) -> tuple[tuple[str, str], ...]:
    """Where to look: the room first, then what the alert and the catalog name; only addresses of the web."""
    room = [(f"War room #{incident.room_name}", incident.room_url)] if incident.open_room else []
    page = [("Post-mortem", incident.learning.document_url)]
    items = [(f"Action item: {item.title}", item.url) for item in incident.items.values()]
    found = [*room, *page, *((link.label, link.url) for link in links(incident)), *items]
    return tuple(dict.fromkeys((label, url) for label, url in found if web(url)))


def _facts(incident: Incident, naming: BoardNames) -> tuple[tuple[str, str], ...]:
    opened, learning = incident.opened, incident.learning
    left = sum(item.state == "open" for item in incident.items.values())
    found = {
        "Proposed": f"{opened.proposed}: {opened.because}",
        "Team": naming.team(incident.service.team),
        "Environment": opened.environment,
        "Alerts": f"{len(incident.alerts)}, from {opened.source}",
        "War room": f"#{incident.room_name}" if incident.room_name else "",
        "Took": format_duration(incident.resolved_at - opened.fired_at) if incident.resolved_at else "",
        "Root cause": learning.cause_title or learning.cause,
        "Same cause as": ", ".join(one.incident for one in learning.repeats),
        "Action items": f"{left} of {len(incident.items)} open" if incident.items else "",
    }
    return tuple((name, value) for name, value in found.items() if value)
