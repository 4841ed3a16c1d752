"""The questions put to the records, as statements."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.report.kpi import Scope, Tally
from records.overview import Overview
from records.record import write_moment
from records.table import CHECKPOINT, EVENT, HEAD, INCIDENT, SUPPRESSED

_OVERVIEW = [INCIDENT.c[name] for name in Overview.model_fields]


async def rows(connection: AsyncConnection, question: Select[Any]) -> list[dict[str, Any]]:
    """The answer as plain mappings."""
    return [dict(row) for row in (await connection.execute(question)).mappings()]


def events(incident: str, after: int = 0) -> Select[Any]:
    """An incident's records in order, those after a number."""
    return select(EVENT).where(EVENT.c.incident == incident, EVENT.c.number > after).order_by(EVENT.c.number)


def numbered(incident: str, first: int, last: int) -> Select[Any]:
    """An incident's records of these numbers, both included."""
    return events(incident).where(EVENT.c.number.between(first, last))


def recorded_between(since: datetime, until: datetime) -> Select[Any]:
    """The whole chains of every incident with an event in the period: a piece of a chain proves nothing."""
    moved = EVENT.c.at >= write_moment(since), EVENT.c.at < write_moment(until)
    incidents = select(EVENT.c.incident).where(*moved)
    return select(EVENT).where(EVENT.c.incident.in_(incidents)).order_by(EVENT.c.incident, EVENT.c.number)


def head(incident: str) -> Select[Any]:
    """How far an incident's chain has come; the row is held until the transaction ends."""
    return select(HEAD).where(HEAD.c.incident == incident).with_for_update()


def unsigned_heads() -> Select[Any]:
    """The heads that moved since the last checkpoint, held until the transaction ends."""
    return select(HEAD).where(HEAD.c.signed_number < HEAD.c.number).order_by(HEAD.c.incident).with_for_update()


def checkpoints(mentioning: str = "") -> Select[Any]:
    """The signed checkpoints in order, or those that speak of one incident."""
    question = select(CHECKPOINT.c.signed).order_by(CHECKPOINT.c.number)
    return question.where(CHECKPOINT.c.signed.contains(mentioning, autoescape=True)) if mentioning else question


def last_checkpoint() -> Select[Any]:
    """The newest checkpoint."""
    return select(CHECKPOINT.c.signed).order_by(CHECKPOINT.c.number.desc()).limit(1)


def overviews(
    open_only: bool, since: datetime | None, until: datetime | None, limit: int, after: Overview | None
) -> Select[Any]:
    """Incidents by when they opened, newest first, `after` the last one seen."""
    key = tuple_(INCIDENT.c.opened_at, INCIDENT.c.id)
    question = select(*_OVERVIEW).order_by(INCIDENT.c.opened_at.desc(), INCIDENT.c.id.desc()).limit(limit)
    if open_only:
        question = question.where(INCIDENT.c.closed_at.is_(None))
    if since:
        question = question.where(INCIDENT.c.opened_at >= since)
    if until:
        question = question.where(INCIDENT.c.opened_at < until)
    return question.where(key < (after.opened_at, after.id)) if after else question


def caused_by(cause: str, since: datetime, until: datetime) -> Select[Any]:
    """Incidents with this root cause that fired in the period, newest first; drills are none (REP-1)."""
    within = INCIDENT.c.fired_at >= since, INCIDENT.c.fired_at < until, INCIDENT.c.drill.is_(False)
    question = select(*_OVERVIEW).where(INCIDENT.c.root_cause == cause, *within)
    return question.order_by(INCIDENT.c.fired_at.desc(), INCIDENT.c.id.desc())


def alike(service: str, modes: Collection[str], since: datetime, until: datetime, limit: int) -> Select[Any]:
    """Incidents of the service that fired in the period, showed one of these failure modes and taught something.

    Newest first; drills are none (REP-1).
    """
    known = INCIDENT.c
    within = known.service == service, known.fired_at >= since, known.fired_at < until, known.drill.is_(False)
    taught = or_(known.root_cause.is_not(None), known["items"] > 0)
    shown = or_(*(known.modes.contains(mode, autoescape=True) for mode in modes))
    question = select(known.id).where(*within, taught, shown)
    return question.order_by(known.fired_at.desc(), known.id.desc()).limit(limit)


def overview(incident: str) -> Select[Any]:
    """One incident's row."""
    return select(*_OVERVIEW).where(INCIDENT.c.id == incident)


def ended(since: datetime, until: datetime) -> Select[Any]:
    """Incidents resolved, or closed without, in the period."""
    within = INCIDENT.c.ended_at >= since, INCIDENT.c.ended_at < until
    return select(*_OVERVIEW).where(*within).order_by(INCIDENT.c.ended_at, INCIDENT.c.id)


def tallies(scope: Scope, as_of: datetime) -> Select[Any]:
    """What the incidents of a scope add up to, by service, team and severity: `report.kpi.tally`, many at a time."""
    known = INCIDENT.c
    due, done = known.postmortem_due_at, known.postmortem_completed_at
    cause, repeats = func.nullif(known.root_cause, ""), func.nullif(known.repeat_of, "")
    counted = {
        "incidents": func.count(),
        "acknowledged": func.count(known.acknowledged_in),
        "acknowledged_in": func.coalesce(func.sum(known.acknowledged_in), 0),
        "resolved": func.count(known.resolved_in),
        "resolved_in": func.coalesce(func.sum(known.resolved_in), 0),
        "postmortems": func.count(due),
        "postmortems_judged": _count(and_(due.is_not(None), or_(done.is_not(None), due <= as_of))),
        "postmortems_in_time": _count(done <= due),
        "items_due": func.sum(known.items_due),
        "items_in_time": func.sum(known.items_in_time),
        "causes": func.count(cause),
        "repeats": _count(and_(cause.is_not(None), repeats.is_not(None))),
    }
    by = known.service, known.team, known.severity
    sums = (counted[name].label(f"{name}_") for name in Tally._fields if name in counted)
    return select(*by, *sums).where(*_within(scope)).group_by(*by)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def _within(scope: Scope) -> list[ColumnElement[bool]]:
    """What `Scope.holds` asks of a row."""
    known = INCIDENT.c
    asked: list[ColumnElement[bool]] = [known.drill.is_(False), known.ended_at.is_not(None)]
    asked += [known.ended_at >= scope.since] if scope.since else []
    asked += [known.ended_at < scope.until] if scope.until else []
    return asked + [known[name] == value for name in ("service", "team", "severity") if (value := getattr(scope, name))]


def suppressed(since: datetime, until: datetime, newest: int | None = None) -> Select[Any]:
    """Alerts that opened nothing in the period; with a number only the newest ones, and these first."""
    question = select(SUPPRESSED).where(SUPPRESSED.c.at >= since, SUPPRESSED.c.at < until)
    if newest is None:
        return question.order_by(SUPPRESSED.c.at, SUPPRESSED.c.key)
    return question.order_by(SUPPRESSED.c.at.desc(), SUPPRESSED.c.key.desc()).limit(newest)
