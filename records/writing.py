"""What is written to the records within one transaction: an incident's events with its overview, and checkpoints."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from records import reading
from records.chain import GENESIS, chained
from records.checkpoint import Checkpoint, Moved, Signed, signed
from records.erasure import Erasure
from records.overview import Overview, SuppressedRow
from records.record import Head, Stored, write_moment
from records.refusal import RecordConflict, RecordGap
from records.stamp import Stamp
from records.suppression import count_days, days_over
from records.table import CHECKPOINT, EVENT, HEAD, INCIDENT, PART, STAMP, SUPPRESSED

COMPARED = {"at", "by", "clause", "kind", "body"}


async def append(
    connection: AsyncConnection, incident: str, events: Sequence[Stored], overview: Overview | None
) -> int:
    """Add the events that are not there yet, and the overview unless it has read less than the one there is."""
    fresh = await _extend(connection, incident, events) if events else 0
    if overview:
        number = events[-1].number if events else await _last_number(connection, incident)
        await keep_overview(connection, overview, number)
    return fresh


async def _extend(connection: AsyncConnection, incident: str, events: Sequence[Stored]) -> int:
    head = await _take_head(connection, incident, events[0].at)
    await _same_again(connection, incident, [event for event in events if event.number <= head.number])
    fresh = [event for event in events if event.number > head.number]
    for expected, event in enumerate(fresh, head.number + 1):
        if event.number != expected:
            raise RecordGap(incident, expected, event.number)
    if fresh:
        await _add(connection, head, fresh)
    return len(fresh)


async def _take_head(connection: AsyncConnection, incident: str, at: datetime) -> Head:
    """The incident's head, held against other writers; a new incident's is made, so that there is one to hold."""
    start = Head(incident=incident, number=0, hash=GENESIS, at=at)
    row = start.model_dump(mode="json") | {"signed_number": 0}
    await connection.execute(_insert(connection, HEAD).values(row).on_conflict_do_nothing())
    held = (await reading.rows(connection, reading.head(incident)))[0]
    return Head(**{name: held[name] for name in Head.model_fields})


async def _last_number(connection: AsyncConnection, incident: str) -> int:
    held = await reading.rows(connection, reading.head(incident))
    return int(held[0]["number"]) if held else 0


async def _same_again(connection: AsyncConnection, incident: str, events: Sequence[Stored]) -> None:
    """Events that are recorded already must be the same to the byte."""
    if not events:
        return
    numbers = [event.number for event in events]
    rows = await reading.rows(connection, reading.numbered(incident, min(numbers), max(numbers)))
    recorded = {row["number"]: row for row in rows}
    for event in events:
        given, row = event.model_dump(mode="json", include=COMPARED), recorded.get(event.number, {})
        differing = [name for name in given if name not in row or given[name] != row[name]]
        if differing and not (row and is_of(event, row)):
            raise RecordConflict(incident, event.number, differing[0])


def is_of(event: Stored, row: dict[str, Any]) -> bool:
    """Whether a record was made of this event, whatever has been erased from it since."""
    [record] = chained(row["incident"], row["previous_hash"], [event])
    return record.hash == str(row["hash"])


async def _add(connection: AsyncConnection, head: Head, events: Sequence[Stored]) -> None:
    records = chained(head.incident, head.hash, events)
    await connection.execute(insert(EVENT), [record.model_dump(mode="json") for record in records])
    last = records[-1]
    moved = {"number": last.number, "hash": last.hash, "at": write_moment(last.at)}
    await connection.execute(update(HEAD).where(HEAD.c.incident == head.incident).values(moved))


def row(overview: Overview, number: int) -> dict[str, Any]:
    """The row of an overview that has read so many events."""
    return overview.model_dump(exclude={"parts"}) | {"number": number, "modes": " ".join(overview.modes)}


def parts(overview: Overview) -> list[dict[str, Any]]:
    """The rows of what it adds to the key figures."""
    return [{"incident": overview.id, **part.model_dump()} for part in overview.parts]


async def keep_overview(connection: AsyncConnection, overview: Overview, number: int) -> None:
    """Keep the row of an incident, and what it adds to the key figures, unless the one there has read more."""
    kept = row(overview, number)
    statement = _insert(connection, INCIDENT).values(kept)
    written = await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_=kept, where=INCIDENT.c.number <= statement.excluded.number
        )
    )
    if written.rowcount:
        await connection.execute(delete(PART).where(PART.c.incident == overview.id))
        if overview.parts:
            await connection.execute(insert(PART), parts(overview))


async def suppress(connection: AsyncConnection, alert: SuppressedRow) -> bool:
    """Keep an alert that opened nothing; the first word on a key stands. Answers whether it is new."""
    there = await reading.rows(connection, select(SUPPRESSED.c.key).where(SUPPRESSED.c.key == alert.key))
    if not there:
        await connection.execute(insert(SUPPRESSED).values(alert.model_dump()))
    return not there


async def checkpoint(
    connection: AsyncConnection, key: Ed25519PrivateKey, at: datetime, *erasures: Erasure
) -> Signed | None:
    """Sign the heads that moved since the last checkpoint, and what was erased; None when nothing has happened."""
    heads = await reading.rows(connection, reading.unsigned_heads())
    if not heads and not erasures:
        return None
    over = set(await connection.scalars(reading.over())) if heads else set[str]()
    kept = await reading.rows(connection, reading.last_checkpoint())
    before = Signed.model_validate_json(kept[0]["signed"]).checkpoint if kept else None
    since, until = days_over(before.at if before else None, at)
    alerts = await reading.rows(connection, reading.suppressed(since, until)) if since < until else []
    fields: dict[str, Any] = {
        "number": before.number + 1 if before else 1,
        "previous": before.digest() if before else GENESIS,
        "heads": [_moved(head, over) for head in heads],
        "suppressed": count_days(SuppressedRow(**alert) for alert in alerts),
    }
    made = signed(Checkpoint(at=at, erasures=erasures, **fields), key)
    await connection.execute(insert(CHECKPOINT).values(number=made.checkpoint.number, signed=made.text()))
    covered = update(HEAD).where(HEAD.c.incident == bindparam("covered")).values(signed_number=bindparam("upto"))
    if heads:
        await connection.execute(covered, [{"covered": head["incident"], "upto": head["number"]} for head in heads])
    return made


def _moved(row: dict[str, Any], over: Collection[str]) -> Moved:
    """How far a chain has come."""
    return Moved(**{name: row[name] for name in Head.model_fields}, open=row["incident"] not in over)


async def keep_stamp(connection: AsyncConnection, stamp: Stamp) -> None:
    """Keep a stamp; another of the same checkpoint changes nothing."""
    row = {"number": stamp.number, "stamped": stamp.text()}
    there = await reading.rows(connection, select(STAMP.c.number).where(STAMP.c.number == stamp.number))
    if not there:
        await connection.execute(insert(STAMP).values(row))


def _insert(connection: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that can say what happens when the row is there: both databases can, SQLAlchemy's own cannot."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
