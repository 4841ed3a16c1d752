"""Erases personal data from the records within one transaction, as the owner of the tables (SOC-1).

Nothing is erased that would change a figure or a verdict, from an incident that is not over, or from a chain in which
anything is wrong: what somebody altered would look erased.
"""

import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.company.person import ERASED, Person
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.report.scorecard import scorecard
from domain.report.view import view
from domain.run import read as fold
from records import reading, writing
from records.chain import digest
from records.checkpoint import Signed
from records.deployment import DEPLOYMENT
from records.erasure import Erased, Erasure, Request
from records.inspection import chain_findings, read_checkpoints
from records.overview import Overview, overview
from records.record import Record
from records.redaction import Redaction, changed
from records.refusal import NotErased
from records.table import EVENT, SUPPRESSED

GUARDED = ("event", "suppressed")
"""The tables whose guard lets nothing be altered, and steps aside for the transaction."""
NAMED = ("title", "commander", "root_cause", "modes")
"""What of an incident's row may say somebody's name."""


class Cleaned(NamedTuple):
    """One incident: its row as it will be, and the events that are left otherwise."""

    row: Overview
    records: tuple[Record, ...]
    number: int


@dataclass
class Plan:
    """What an erasure would reach, and what keeps it from that."""

    cleaned: list[Cleaned] = field(default_factory=list)
    alerts: dict[str, str] = field(default_factory=dict)
    """Alerts that opened nothing, by key, as they will be."""
    deployments: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """What was deployed, for triage: by source, id and state, as it will be."""
    longer: set[str] = field(default_factory=set)
    """Words that begin with one of theirs and stay."""
    running: list[str] = field(default_factory=list)
    """Incidents that are not over: their workflows would write the name down again."""
    held: list[str] = field(default_factory=list)
    """Incidents under a legal hold, each with the reason: they are left."""
    refused: list[str] = field(default_factory=list)
    """What else must be mended first."""

    @property
    def events(self) -> int:
        """How many events it would reach."""
        return sum(len(one.records) for one in self.cleaned)


async def people(connection: AsyncConnection, person: str) -> list[Person]:
    """Somebody as the incidents' frozen companies have them, each way in which they were ever written down."""
    opened = select(EVENT.c.body).where(EVENT.c.kind.in_(("opened", "catalog_adopted")))
    found: dict[str, Person] = {}
    for body in await connection.scalars(opened):
        known = json.loads(body)["what"].get("catalog", {}).get("people", {}).get(person)
        if known:
            found.setdefault(json.dumps(known), Person.model_validate({"id": person, **known}))
    return list(found.values())


async def last_known(connection: AsyncConnection) -> dict[str, dict[str, datetime]]:
    """In which incidents' company anybody was, and since when last, by person; whoever was erased is nobody."""
    opened = select(EVENT.c.incident, EVENT.c.at, EVENT.c.body).where(EVENT.c.kind.in_(("opened", "catalog_adopted")))
    found: dict[str, dict[str, datetime]] = {}
    for incident, at, body in await connection.execute(opened.order_by(EVENT.c.at)):
        for person in json.loads(body)["what"].get("catalog", {}).get("people", {}):
            if not person.startswith(ERASED):
                found.setdefault(person, {})[incident] = datetime.fromisoformat(at)
    return found


async def planned(
    connection: AsyncConnection, redaction: Redaction, at: datetime, held: Mapping[str, str] | None = None
) -> Plan:
    """Look through everything that is recorded; `held` are the incidents under a legal hold, each with the reason."""
    plan = Plan()
    signed, _ = read_checkpoints(await reading.rows(connection, reading.checkpoints()))
    for incident in list(await connection.scalars(select(EVENT.c.incident).distinct().order_by(EVENT.c.incident))):
        rows = await reading.rows(connection, reading.events(incident))
        if any(redaction.may_be_in(row["body"]) for row in rows):
            plan.longer.update(*(redaction.longer(row["body"]) for row in rows))
            plan.refused += (wrong := await chain_findings(connection, incident, signed))
            if not wrong:
                _look(plan, [Record(**row) for row in rows], redaction, at, held or {})
    for row in await reading.rows(connection, select(SUPPRESSED).order_by(SUPPRESSED.c.key)):
        if (after := redaction.body(row["alert"])) != row["alert"]:
            plan.alerts[row["key"]] = after
    for row in await reading.rows(connection, select(DEPLOYMENT)):
        if (after := redaction.body(row["body"])) != row["body"]:
            plan.deployments[row["source"], row["id"], row["state"]] = after
    return plan


def _look(plan: Plan, chain: Sequence[Record], redaction: Redaction, at: datetime, held: Mapping[str, str]) -> None:
    """One incident that names them."""
    after = changed(chain, redaction)
    if not after:
        return
    incident = chain[0].incident
    if incident in held:
        plan.held.append(f"{incident}: {held[incident]}")
        return
    try:
        before, left = _read(chain), _read([after.get(one.number, one) for one in chain])
    except (ValueError, KeyError) as error:  # pydantic's and json's are ValueErrors
        said = str(error).partition("\n")[0][:120]
        plan.refused.append(f"{incident}: this release could not read what is left of it: {said}")
        return
    if before.phase != "closed":
        plan.running.append(incident)
    elif _figures(before, at) != _figures(left, at):
        plan.refused.append(
            f"{incident}: its figures or verdicts would change; leave out a word that is not theirs alone"
        )
    else:
        plan.cleaned.append(Cleaned(overview(view(left, ())), tuple(after.values()), len(chain)))


def _read(chain: Sequence[Record]) -> Incident:
    return fold.read(Event.model_validate_json(one.body) for one in chain)


def _figures(incident: Incident, at: datetime) -> tuple[object, ...]:
    """Everything that is counted or judged of an incident, without the names in it."""
    verdicts = tuple((one.clause, one.verdict, one.late, one.count, one.misses) for one in scorecard(incident, at))
    row = overview(view(incident, ()))
    parts = sorted((part.figure.partition("/")[0], *part.model_dump(exclude={"figure"}).values()) for part in row.parts)
    return verdicts, tuple(parts), tuple(row.model_dump(exclude={*NAMED, "parts"}).items())


async def erased(
    connection: AsyncConnection, plan: Plan, request: Request, *, key: Ed25519PrivateKey, at: datetime
) -> Signed:
    """Do what was planned, and sign what was done; raises `NotErased` where something is in the way."""
    if plan.refused or not (plan.cleaned or plan.alerts or plan.deployments):
        held = f"what names them is held: {'; '.join(plan.held[:3])}" if plan.held else ""
        raise NotErased("; ".join(plan.refused[:3]) or held or "nobody is named so in anything that is over")
    marks: list[Erased] = []
    async with _unguarded(connection):
        for one in (one for cleaned in plan.cleaned for one in cleaned.records):
            there = EVENT.c.incident == one.incident, EVENT.c.number == one.number
            await connection.execute(update(EVENT).where(*there).values(by=one.by, body=one.body))
            marks.append(Erased(incident=one.incident, number=one.number, hash=one.hash, left=digest(one)))
        for alert, said in plan.alerts.items():
            await connection.execute(update(SUPPRESSED).where(SUPPRESSED.c.key == alert).values(alert=said))
    for (source, id, state), said in plan.deployments.items():
        of, kept = DEPLOYMENT.c.source == source, DEPLOYMENT.c.id == id
        await connection.execute(update(DEPLOYMENT).where(of, kept, DEPLOYMENT.c.state == state).values(body=said))
    for cleaned in plan.cleaned:
        await writing.keep_overview(connection, cleaned.row, cleaned.number)
    made = Erasure(asked=request, events=tuple(marks), suppressed=len(plan.alerts))
    signed = await writing.checkpoint(connection, key, at, made)
    if signed is None:
        raise NotErased("nothing was signed")
    return signed


@asynccontextmanager
async def _unguarded(connection: AsyncConnection) -> AsyncIterator[None]:
    """Let the owner of the tables alter what is append-only; nobody else can, and only within the transaction."""
    off, on = await _guards(connection)
    for statement in off:
        await connection.exec_driver_sql(statement)
    yield
    for statement in on:
        await connection.exec_driver_sql(statement)


async def _guards(connection: AsyncConnection) -> tuple[Collection[str], Collection[str]]:
    """How the guards step aside, and how they come back as they were."""
    if connection.dialect.name == "postgresql":
        guards = [(table, f"{table}_append_only") for table in GUARDED]
        return (
            [f"ALTER TABLE {table} DISABLE TRIGGER {name}" for table, name in guards],
            [f"ALTER TABLE {table} ENABLE TRIGGER {name}" for table, name in guards],
        )
    names = [f"{table}_no_update" for table in GUARDED]
    question = text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name")
    made = [str(await connection.scalar(question, {"name": name})) for name in names]
    return [f"DROP TRIGGER {name}" for name in names], made
