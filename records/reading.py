"""The questions put to the records, as statements."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, or_, select, tuple_, union
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.incident.relation import CLOSING
from domain.procedure.repeats import SAME_DAY
from domain.report.kpi import Scope
from records.overview import MissedPart, Overview, OverviewSearch
from records.record import write_moment
from records.table import CHECKPOINT, EVENT, HEAD, INCIDENT, PART, SPLIT, STAMP, SUPPRESSED

ADDED = ("judged", "kept", "open", "waived", "timed", "spent")
"""What the parts of many incidents are added up by."""
_OVERVIEW = [INCIDENT.c[name] for name in Overview.model_fields if name != "parts"]


async def rows(connection: AsyncConnection, question: Select[Any]) -> list[dict[str, Any]]:
    """The answer as plain mappings."""
    return [dict(row) for row in (await connection.execute(question)).mappings()]


async def listed(connection: AsyncConnection, question: Select[Any]) -> tuple[Overview, ...]:
    """The answer as incidents at a glance."""
    return tuple(Overview(**row) for row in await rows(connection, question))


def events(incident: str, after: int = 0) -> Select[Any]:
    """An incident's records in order, those after a number."""
    return select(EVENT).where(EVENT.c.incident == incident, EVENT.c.number > after).order_by(EVENT.c.number)


def numbered(incident: str, first: int, last: int) -> Select[Any]:
    """An incident's records of these numbers, both included."""
    return events(incident).where(EVENT.c.number.between(first, last))


def recorded_between(since: datetime, until: datetime, silent: Collection[str] = ()) -> Select[Any]:
    """The whole chains of every incident with an event in the period, or that was open in it.

    A piece of a chain proves nothing, and what is silent is in the figures too; `silent` are those that checkpoints
    say were open, whatever their rows say now.
    """
    moved = EVENT.c.at >= write_moment(since), EVENT.c.at < write_moment(until)
    closed = INCIDENT.c.closed_at
    still = or_(closed.is_(None), closed >= since), INCIDENT.c.opened_at < until
    signed = select(HEAD.c.incident).where(HEAD.c.incident.in_(silent))
    incidents = union(select(EVENT.c.incident).where(*moved), select(INCIDENT.c.id).where(*still), signed)
    return select(EVENT).where(EVENT.c.incident.in_(incidents)).order_by(EVENT.c.incident, EVENT.c.number)


def head(incident: str) -> Select[Any]:
    """How far an incident's chain has come; the row is held until the transaction ends."""
    return select(HEAD).where(HEAD.c.incident == incident).with_for_update()


def unsigned_heads() -> Select[Any]:
    """The heads that moved since the last checkpoint, held until the transaction ends."""
    return select(HEAD).where(HEAD.c.signed_number < HEAD.c.number).order_by(HEAD.c.incident).with_for_update()


def over() -> Select[Any]:
    """Which heads that moved are of incidents that are over: by their rows, which can be altered, and an event."""
    moved = HEAD.join(INCIDENT, INCIDENT.c.id == HEAD.c.incident)
    there = select(EVENT.c.number).where(EVENT.c.incident == HEAD.c.incident, EVENT.c.kind.in_(CLOSING)).exists()
    asked = HEAD.c.signed_number < HEAD.c.number, INCIDENT.c.closed_at.is_not(None), there
    return select(HEAD.c.incident).select_from(moved).where(*asked)


def checkpoints(mentioning: str = "") -> Select[Any]:
    """The signed checkpoints in order, or those that speak of one incident."""
    question = select(CHECKPOINT.c.signed).order_by(CHECKPOINT.c.number)
    return question.where(CHECKPOINT.c.signed.contains(mentioning, autoescape=True)) if mentioning else question


def last_checkpoint() -> Select[Any]:
    """The newest checkpoint."""
    return select(CHECKPOINT.c.signed).order_by(CHECKPOINT.c.number.desc()).limit(1)


def stamps() -> Select[Any]:
    """What authorities said of checkpoints, in order."""
    return select(STAMP.c.stamped).order_by(STAMP.c.number)


def overviews(
    open_only: bool, since: datetime | None, until: datetime | None, limit: int, after: Overview | None,
    wanted: OverviewSearch | None = None,
) -> Select[Any]:  # fmt: skip
    """Incidents by when they opened, newest first, `after` the last one seen."""
    key = tuple_(INCIDENT.c.opened_at, INCIDENT.c.id)
    question = select(*_OVERVIEW).order_by(INCIDENT.c.opened_at.desc(), INCIDENT.c.id.desc()).limit(limit)
    if open_only:
        question = question.where(INCIDENT.c.closed_at.is_(None))
    if since:
        question = question.where(INCIDENT.c.opened_at >= since)
    if until:
        question = question.where(INCIDENT.c.opened_at < until)
    if wanted:
        question = question.where(*_searched(wanted))
    return question.where(key < (after.opened_at, after.id)) if after else question


def _searched(wanted: OverviewSearch) -> list[ColumnElement[bool]]:
    """What a search asks of a row; nobody finds a security incident by what it is about, or by who is in it (SCP-3)."""
    known = INCIDENT.c
    title, commander = (case((known.kind == "security", ""), else_=one) for one in (known.title, known.commander))
    severity = func.coalesce(known.severity, known.gravest)  # declared, else as it was proposed
    chosen = (
        (known.service, wanted.service), (known.team, wanted.team), (severity, wanted.severity),
        (known.phase, wanted.phase), (commander, wanted.person),
    )  # fmt: skip
    asked: list[ColumnElement[bool]] = [column == value for column, value in chosen if value]
    for word in wanted.words:
        said = [column.icontains(word.text, autoescape=True) for column in (known.id, title)]
        asked.append(or_(*said, known.service.in_(word.services), commander.in_(word.people)))
    return asked


def caused_by(cause: str, since: datetime, until: datetime) -> Select[Any]:
    """Incidents with this root cause that fired in the period, newest first; drills are none (REP-1)."""
    within = INCIDENT.c.fired_at >= since, INCIDENT.c.fired_at < until, INCIDENT.c.drill.is_(False)
    question = select(*_OVERVIEW).where(INCIDENT.c.root_cause == cause, *within)
    return question.order_by(INCIDENT.c.fired_at.desc(), INCIDENT.c.id.desc())


def alike(service: str, modes: Collection[str], since: datetime, until: datetime, limit: int) -> Select[Any]:
    """Incidents of the service that fired in the period, showed one of these failure modes and taught something,
    or were on the same day.

    Newest first; drills are none (REP-1).
    """
    known = INCIDENT.c
    within = known.service == service, known.fired_at >= since, known.fired_at < until, known.drill.is_(False)
    taught = or_(known.root_cause.is_not(None), known["items"] > 0, known.fired_at >= until - SAME_DAY)
    shown = or_(*(known.modes.contains(mode, autoescape=True) for mode in modes))
    question = select(known.id).where(*within, taught, shown)
    return question.order_by(known.fired_at.desc(), known.id.desc()).limit(limit)


def overview(incident: str) -> Select[Any]:
    """One incident's row."""
    return select(*_OVERVIEW).where(INCIDENT.c.id == incident)


def parts(incident: str) -> Select[Any]:
    """What one incident adds to each figure."""
    return select(*(PART.c[name] for name in ("figure", *ADDED))).where(PART.c.incident == incident)


def ended(since: datetime, until: datetime) -> Select[Any]:
    """Incidents whose first end, resolved or closed without, lies in the period."""
    within = INCIDENT.c.ended_at >= since, INCIDENT.c.ended_at < until
    return select(*_OVERVIEW).where(*within).order_by(INCIDENT.c.ended_at, INCIDENT.c.id)


def uncounted() -> Select[Any]:
    """Incidents whose row says nothing yet of what they add to the key figures."""
    return select(INCIDENT.c.id).where(INCIDENT.c.gravest == "").order_by(INCIDENT.c.id)


def incidents_counted(scope: Scope) -> Select[Any]:
    """How many incidents a scope has, by what figures are split by, and how many were not over at its end."""
    over = _over(scope)
    running = func.count(case((over.is_not(True), 1)))
    by = [INCIDENT.c[name] for name in SPLIT]
    counts = literal("").label("figure"), func.count().label("judged"), literal(0).label("kept"), running.label("open")
    return select(*by, *counts).where(*_within(scope)).group_by(*by)


def tallies(scope: Scope) -> Select[Any]:
    """What the incidents of a scope add to each figure: `report.kpi.tallies`, many at a time."""
    by = [*(INCIDENT.c[name] for name in SPLIT), PART.c.figure]
    known, later = PART.c, INCIDENT.c.ended_at >= scope.until if scope.until else false()
    now = {name: case((later, 0), else_=known[name]) for name in ADDED}
    now["open"] = case((later, known.judged + known.open), else_=known.open)
    sums = [func.sum(now[name]).label(f"{name}_") for name in ADDED]
    judged = now["judged"] > 0
    of = [func.count(case((one, 1))) for one in (judged, and_(judged, now["judged"] == now["kept"]))]
    together = PART.join(INCIDENT, INCIDENT.c.id == PART.c.incident)
    return select(*by, *sums, *of).select_from(together).where(*_within(scope)).group_by(*by)


async def missed(connection: AsyncConnection, scope: Scope, limit: int) -> tuple[MissedPart, ...]:
    """What was not kept, each with who took which role there, declared, and owned what was late."""
    found = await rows(connection, _missed(scope, limit))
    took: dict[str, list[tuple[str, str]]] = {row["id"]: [] for row in found}
    for row in await rows(connection, _takers(took)):
        took[row["incident"]].append(_did(json.loads(row["body"])))
    return tuple(MissedPart(**row, takers=tuple(took[row["id"]])) for row in found)


def _missed(scope: Scope, limit: int) -> Select[Any]:
    """What the incidents of a scope did not keep of the key figures, those that fired last first."""
    about = [INCIDENT.c[name] for name in ("id", "title", "kind", "service", "commander")]
    counts = [PART.c[name] for name in ("figure", "judged", "kept", "timed", "spent")]
    together = PART.join(INCIDENT, INCIDENT.c.id == PART.c.incident)
    known = [PART.c.judged > PART.c.kept, INCIDENT.c.left_out == "", *_within(scope)]
    known += [PART.c.figure.not_like("%/%")]  # what a person has of it stands in the whole already
    known += [or_(INCIDENT.c.ended_at.is_(None), INCIDENT.c.ended_at < scope.until)] if scope.until else []
    order = INCIDENT.c.fired_at.desc(), INCIDENT.c.id, PART.c.figure
    return select(*about, *counts).select_from(together).where(*known).order_by(*order).limit(limit)


def _did(event: dict[str, Any]) -> tuple[str, str]:
    """The role that somebody took, or what they did, and who."""
    what = event["what"]
    if what["kind"] == "role_taken":
        return what["role"], what["person"]
    return ("declared", event["by"]) if what["kind"] == "severity_declared" else ("owned", what["owner"])


def _takers(incidents: Collection[str]) -> Select[Any]:
    """The events by which somebody took a role in these incidents, declared, or was late with an action item."""
    late = and_(EVENT.c.kind == "missed", EVENT.c.clause == "ACT-2")
    known = EVENT.c.incident.in_(incidents), or_(EVENT.c.kind.in_(("role_taken", "severity_declared")), late)
    return select(EVENT.c.incident, EVENT.c.body).where(*known).order_by(EVENT.c.incident, EVENT.c.number)


def _over(scope: Scope) -> ColumnElement[bool]:
    ended = INCIDENT.c.ended_at
    return and_(ended.is_not(None), ended < scope.until) if scope.until else ended.is_not(None)


def _within(scope: Scope) -> list[ColumnElement[bool]]:
    """What `Scope.holds` asks of a row."""
    known = INCIDENT.c
    asked: list[ColumnElement[bool]] = []
    asked += [or_(known.ended_at.is_(None), known.ended_at >= scope.since)] if scope.since else []
    asked += [known.opened_at < scope.until] if scope.until else []
    about = {"service": scope.service, "team": scope.team, "gravest": scope.severity}
    return asked + [known[name] == value for name, value in about.items() if value]


def suppressed(since: datetime, until: datetime, newest: int | None = None) -> Select[Any]:
    """Alerts that opened nothing in the period; with a number only the newest ones, and these first."""
    question = select(SUPPRESSED).where(SUPPRESSED.c.at >= since, SUPPRESSED.c.at < until)
    if newest is None:
        return question.order_by(SUPPRESSED.c.at, SUPPRESSED.c.key)
    return question.order_by(SUPPRESSED.c.at.desc(), SUPPRESSED.c.key.desc()).limit(newest)
