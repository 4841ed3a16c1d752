"""Incidents as the records keep them, to be measured: what each adds to the figures is reckoned here by plain rules."""

from datetime import datetime, timedelta
from typing import Any

from domain.procedure.figure_part import FigurePart
from domain.report.kpi import Figure, Scope, measure
from records.overview import Overview
from tests.domain.learn.case import NOON, POLICY, days, hours

TARGETS = POLICY.targets
LATER = NOON + days(400)
EVER = Scope()
MINUTE = timedelta(minutes=1)
MICROSECOND = timedelta(microseconds=1)
GRAVE = ("P1", "P2")


def row(*, as_of: datetime = LATER, **said: Any) -> Overview:
    """A row of what is said of an incident; usually a P1 of checkout that took half an hour."""
    usual: dict[str, Any] = {
        "id": "INC-00001",
        "phase": "closed",
        "service": "checkout",
        "team": "payments",
        "severity": "P1",
        "fired_at": NOON,
        "opened_at": NOON,
        "acknowledged_at": NOON + 3 * MINUTE,
        "resolved_at": NOON + hours(0.5),
    }
    one = {**usual, **said}
    ended = one["resolved_at"] or one.get("closed_at")
    kept = {"gravest": one["severity"] or "", "ended_at": ended, "left_out": "drill" if one.get("drill") else ""}
    parts = () if one.get("drill") else tuple(part for part in _parts(one, as_of) if part)
    return Overview.model_validate({**kept, "parts": parts, **one})


def _parts(one: dict[str, Any], as_of: datetime) -> list[FigurePart | None]:
    grave, items = one["severity"] in GRAVE, one.get("items", 0)
    return [
        _span("KPI-1", one["fired_at"], one["acknowledged_at"], 5 * MINUTE) if grave else None,
        _span("KPI-2", one["fired_at"], one["resolved_at"], hours(1)) if one["severity"] == "P1" else None,
        _span("KPI-3", one["fired_at"], one["resolved_at"], hours(4)) if one["severity"] == "P2" else None,
        _written(one, as_of) if grave and one.get("postmortem_due_at") else None,
        FigurePart(
            figure="KPI-5",
            judged=one.get("items_due", 0),
            kept=one.get("items_in_time", 0),
            open=items - one.get("items_due", 0),
        )
        if items
        else None,
        _cause(one),
    ]


def _span(figure: str, start: datetime, end: datetime | None, under: timedelta) -> FigurePart:
    if end is None:
        return FigurePart(figure=figure, open=1)
    spent = max(end - start, timedelta())
    return FigurePart(figure=figure, judged=1, kept=int(spent < under), timed=1, spent=spent // MICROSECOND)


def _written(one: dict[str, Any], as_of: datetime) -> FigurePart:
    due, done = one["postmortem_due_at"], one.get("postmortem_completed_at")
    judged = done is not None or due <= as_of
    return FigurePart(figure="KPI-4", judged=int(judged), kept=int(bool(done and done <= due)), open=int(not judged))


def _cause(one: dict[str, Any]) -> FigurePart:
    if not one.get("root_cause"):
        return FigurePart(figure="KPI-6", open=1)
    return FigurePart(figure="KPI-6", judged=1, kept=int(not one.get("repeat_of")))


def figures(*rows: Overview, scope: Scope = EVER, as_of: datetime = LATER) -> dict[str, Figure]:
    return {one.clause: one for one in measure(rows, TARGETS, scope, as_of)}
