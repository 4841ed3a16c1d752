"""The questions put to the records, as statements."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from records.overview import Overview
from records.record import write_moment
from records.table import CHECKPOINT, EVENT, HEAD, INCIDENT, SUPPRESSED

_OVERVIEW = [INCIDENT.c[name] for name in Overview.model_fields]


async def rows(connection: AsyncConnection, question: Select[Any]) -> list[dict[str, Any]]:
    """The answer as plain mappings."""
    return [dict(row) for row in (await connection.execute(question)).mappings()]


def events(incident: str) -> Select[Any]:
    """An incident's records in order."""
    return select(EVENT).where(EVENT.c.incident == incident).order_by(EVENT.c.number)


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


def overview(incident: str) -> Select[Any]:
    """One incident's row."""
    return select(*_OVERVIEW).where(INCIDENT.c.id == incident)


def ended(since: datetime, until: datetime) -> Select[Any]:
    """Incidents resolved, or closed without, in the period."""
    within = INCIDENT.c.ended_at >= since, INCIDENT.c.ended_at < until
    return select(*_OVERVIEW).where(*within).order_by(INCIDENT.c.ended_at, INCIDENT.c.id)


def suppressed(since: datetime, until: datetime) -> Select[Any]:
    """Alerts that opened nothing in the period."""
    within = SUPPRESSED.c.at >= since, SUPPRESSED.c.at < until
    return select(SUPPRESSED).where(*within).order_by(SUPPRESSED.c.at, SUPPRESSED.c.key)
