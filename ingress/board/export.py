"""Lists of the board as CSV, for spreadsheets: what is open, the history, one incident's timeline."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from domain.incident.event import Event
from ingress.board.access import title_of
from ingress.board.names import BoardNames
from ingress.board.page import iso
from ingress.board.status import OpenIncident
from ingress.board.suppressed import SuppressedLine
from records.overview import Overview

OPEN = (
    *("id", "severity", "phase", "title", "service", "team", "kind", "commander", "opened_at"),
    *("next", "owner", "due_at", "missed"),
)
HISTORY = (
    *("id", "severity", "phase", "title", "service", "team", "kind", "commander", "fired_at", "acknowledged_at"),
    *("declared_at", "resolved_at", "closed_at", "missed", "root_cause"),
)
TIMELINE = ("number", "at", "by", "via", "clause", "what", "detail")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would reckon: titles come from whoever sends alerts."""
Cell = str | int | datetime | None


def is_wanted(request: Request) -> bool:
    """Whether the address asks for a spreadsheet."""
    return request.query_params.get("format") == "csv"


def open_incidents(standing: Iterable[OpenIncident], naming: BoardNames) -> Response:
    """What is open, as the board shows it to this reader."""
    return _csv("open.csv", OPEN, (_open(one, naming) for one in standing))


def history(rows: Iterable[Overview]) -> Response:
    """Every incident that was found in the records; a security incident keeps its title to itself."""
    return _csv("incidents.csv", HISTORY, map(_ended, rows))


def timeline(incident: str, events: Iterable[Event], naming: BoardNames) -> Response:
    """Everything that happened in one incident, the oldest first."""
    return _csv(f"{incident}.csv", TIMELINE, (_event(event, naming) for event in events))


def suppressed(lines: Iterable[SuppressedLine]) -> Response:
    """Alerts that opened nothing."""
    return _csv("suppressed.csv", SuppressedLine._fields, lines)


def _open(one: OpenIncident, naming: BoardNames) -> Sequence[Cell]:
    due, commander = one.next, naming.person(one.commander)
    owes = naming.owes(due, one.titles)[0] if due else ""
    about = (one.id, one.severity, one.phase, one.title, one.service, one.team, one.kind, commander, one.opened_at)
    return (*about, due.key if due else "", owes, due.due_at if due else one.next_due_at, one.misses)


def _ended(row: Overview) -> Sequence[Cell]:
    about = (row.id, row.graded, row.phase, title_of(row), row.service, row.team, row.kind, row.commander)
    moments = (row.fired_at, row.acknowledged_at, row.declared_at, row.resolved_at, row.closed_at)
    return (*about, *moments, row.misses, "" if row.kind == "security" else row.root_cause)


def _event(event: Event, naming: BoardNames) -> Sequence[Cell]:
    line = event.what.line(naming)
    by = naming.person(event.by)
    return (event.number, event.at, by, event.via, line.label or event.clause, line.words, line.detail)


def _csv(name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(one) for one in row] for row in rows)
    named = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text.getvalue(), media_type="text/csv", headers=named)


def _cell(value: Cell) -> str | int:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    return "" if value is None else value
