"""Reads the records back as an auditor would, and names what is not as it was recorded."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from cryptography.x509 import Certificate
from pydantic import ValidationError
from sqlalchemy import select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.procedure.figure_part import FigurePart
from records import reading
from records.anchor import forgotten, heads
from records.chain import Finding, examine
from records.checkpoint import Signed, anchors, counted, erasures, examine_checkpoints, examine_signature, unproved
from records.contradiction import contradictions
from records.erasure import Marks, latest
from records.overview import Overview, SuppressedRow
from records.plausible import at_odd_moments, how_it_went_on, is_long_since
from records.record import Head, Record
from records.recount import read_again
from records.refusal import Unremembered
from records.stamp import Stamp, Stamped, examine_stamps, read_stamps
from records.suppression import BEGINNING, count_days, midnight
from records.table import EVENT, HEAD, INCIDENT, PART

FEW = 3
"""Findings that a refusal names."""
PLACED = ("service", "team", "fired_at", "opened_at", "ended_at", "drill", "gravest", "left_out")
LISTED = ("title", "kind", "phase", "severity", "commander", "root_cause", "repeat_of")
JUDGED = (*PLACED, *LISTED, "acknowledged_at", "declared_at", "resolved_at", "closed_at")
"""What of a row says how an incident went, how lists show it, and in which period and whose figures it is."""


async def inspect_incident(connection: AsyncConnection, incident: str, keys: Collection[str]) -> list[str]:
    """What is wrong with one incident's chain, seen with its head and with the checkpoints that speak of it."""
    signed, unreadable = read_checkpoints(await reading.rows(connection, reading.checkpoints(incident)))
    forged = [said for one in signed for said in examine_signature(one, keys)]
    return [*unreadable, *forged, *await chain_findings(connection, incident, signed)]


async def inspect_all(connection: AsyncConnection, keys: Collection[str], memory: Sequence[Signed]) -> list[str]:
    """What is wrong with any chain or checkpoint, incidents of which nothing but a checkpoint is left included."""
    signed, found = read_checkpoints(await reading.rows(connection, reading.checkpoints()))
    found += examine_checkpoints(signed, keys) + forgotten(signed, memory)
    seen, marks = anchors({one.text(): one for one in (*memory, *signed)}.values()), latest(erasures(signed))
    for incident in sorted({*await _incidents(connection), *seen}):
        found += await _chain(connection, incident, seen.get(incident, ()), marks.get(incident, {}))
    return [*found, *await _invented(connection), *await _suppressed(connection, signed)]


async def believed(connection: AsyncConnection, keys: Collection[str], as_of: datetime) -> list[str]:
    """What somebody would have to believe, at a moment, of records with which nothing is wrong."""
    signed, _ = read_checkpoints(await reading.rows(connection, reading.checkpoints()))
    seen = anchors(signed)
    said = unproved(seen, sorted(await _incidents(connection)), keys)
    bare: list[str] = []
    for head in await reading.rows(connection, select(HEAD).order_by(HEAD.c.incident)):
        covered = max((one.number for one in seen.get(head["incident"], ())), default=head["number"])
        question = reading.numbered(head["incident"], covered + 1, covered + 1)
        next_one, _ = read_records(await reading.rows(connection, question) if covered < head["number"] else ())
        bare += [one.incident for one in next_one if is_long_since(one, as_of)]
    return [*said, *how_it_went_on(bare), *at_odd_moments(signed)]


async def unanchored(connection: AsyncConnection, memory: Sequence[Signed], key: str) -> list[Signed]:
    """The checkpoints that the memory outside has not learnt yet; `Unremembered` where it remembers otherwise.

    What is new to it must follow what it has, by our own key; and no chain may have changed before its last anchor.
    """
    signed, found = read_checkpoints(await reading.rows(connection, reading.checkpoints()))
    found += forgotten(signed, memory) + examine_checkpoints(signed)
    last = memory[-1].checkpoint.number if memory else 0
    new = [one for one in signed if one.checkpoint.number > last]
    found += [said for one in new if memory for said in examine_signature(one, (key,))]
    moved = {row["incident"] for row in await reading.rows(connection, reading.unsigned_heads())}
    for incident, head in heads(memory).items():
        if incident in moved:
            found += await _unlike(connection, incident, head)
    if found:
        raise Unremembered("; ".join(found[:FEW]))
    return new


async def stamped(connection: AsyncConnection, trusted: Sequence[Certificate], as_of: datetime) -> Stamped:
    """What time-stamp authorities say of the checkpoints, and what they leave to believe."""
    checkpoints, _ = read_checkpoints(await reading.rows(connection, reading.checkpoints()))
    stamps, unread = await _stamps(connection)
    seen = examine_stamps(stamps, checkpoints, trusted, as_of)
    return seen._replace(findings=[*unread, *seen.findings])


async def unstamped(connection: AsyncConnection) -> Signed | None:
    """The newest checkpoint, where no authority has stamped it."""
    rows = await reading.rows(connection, reading.last_checkpoint())
    newest = Signed.model_validate_json(rows[0]["signed"]) if rows else None
    stamps, _ = await _stamps(connection)
    return newest if newest and newest.checkpoint.number not in {one.number for one in stamps} else None


async def _stamps(connection: AsyncConnection) -> tuple[list[Stamp], list[str]]:
    """Every time stamp that is kept, and what is wrong with those that cannot be read."""
    return read_stamps(row["stamped"] for row in await reading.rows(connection, reading.stamps()))


async def _unlike(connection: AsyncConnection, incident: str, head: Head) -> list[str]:
    """That an event is not there as it was anchored."""
    rows = await reading.rows(connection, reading.numbered(incident, head.number, head.number))
    if rows and rows[0]["hash"] == head.hash:
        return []
    return [f"{incident} record {head.number}: {'altered' if rows else 'removed'}: it is anchored otherwise outside"]


async def _incidents(connection: AsyncConnection) -> set[str]:
    named = union(select(EVENT.c.incident), select(HEAD.c.incident)).subquery()
    return {row["incident"] for row in await reading.rows(connection, select(named))}


async def chain_findings(connection: AsyncConnection, incident: str, signed: Sequence[Signed]) -> list[str]:
    """What is wrong with one incident's chain, seen with what checkpoints say of it."""
    seen, marks = anchors(signed).get(incident, ()), latest(erasures(signed)).get(incident, {})
    return await _chain(connection, incident, seen, marks)


async def _chain(connection: AsyncConnection, incident: str, seen: Sequence[Head], marks: Marks) -> list[str]:
    records, found = read_records(await reading.rows(connection, reading.events(incident)))
    head = next(iter(await reading.rows(connection, select(HEAD).where(HEAD.c.incident == incident))), None)
    end, lost = _end(incident, head)
    unreadable = [finding.number for finding in found]
    found += [*lost, *examine(incident, records, end, seen, unreadable, erased=marks)]
    return [*map(str, found), *contradictions(records), *await _row(connection, incident)]


async def _row(connection: AsyncConnection, incident: str) -> list[str]:
    """Where the row that lists and figures are read from is not what the events say; no evidence is made from it."""
    made = await read_again(connection, incident)
    rows = await reading.rows(connection, reading.overview(incident)) if made else []
    if made and not rows:
        return [f"{incident}: the row for lists and figures is missing, so that none has it"]
    if not made:
        return []
    expected, parts = made[0], await reading.rows(connection, reading.parts(incident))
    row = {name: value for name, value in Overview(**rows[0]).model_dump().items() if name in JUDGED}
    wrong = [name for name in row if row[name] != getattr(expected, name)]
    wrong += [] if {FigurePart(**part) for part in parts} == set(expected.parts) else ["parts"]
    return (
        [f"{incident}: the row for lists and figures is not what its events say: {', '.join(wrong)}"] if wrong else []
    )


async def _invented(connection: AsyncConnection) -> list[str]:
    """What lists and figures have of incidents of which there is no event."""
    named = union(select(INCIDENT.c.id), select(PART.c.incident)).subquery()
    there = select(EVENT.c.incident).where(EVENT.c.incident == named.c.id).exists()
    rows = await reading.rows(connection, select(named.c.id).where(~there).order_by(named.c.id))
    return [f"{row['id']}: a row for lists and figures, and no event" for row in rows]


async def _suppressed(connection: AsyncConnection, signed: Sequence[Signed]) -> list[str]:
    """Days on which fewer alerts opened nothing than checkpoints say, or others (SCP-2)."""
    until = max((midnight(one.checkpoint.at) for one in signed), default=BEGINNING)
    rows = await reading.rows(connection, reading.suppressed(BEGINNING, until))
    there = count_days(SuppressedRow(**row) for row in rows)
    return [*counted(signed).findings(there, BEGINNING, until)]


def _end(incident: str, row: dict[str, Any] | None) -> tuple[Head | None, list[Finding]]:
    """Where the chain ends by its head, or that the head is gone or spoilt."""
    try:
        if row:
            return Head(**{name: row[name] for name in Head.model_fields}), []
    except ValidationError:
        return None, [Finding(incident=incident, number=0, kind="altered", said="the head cannot be read")]
    return None, [Finding(incident=incident, number=0, kind="removed", said="the head is missing")]


def read_records(rows: Iterable[dict[str, Any]]) -> tuple[list[Record], list[Finding]]:
    """The rows that are records; those that cannot be were altered."""
    records: list[Record] = []
    found: list[Finding] = []
    for row in rows:
        try:
            records.append(Record.model_validate(row))
        except ValidationError as error:
            field = ".".join(str(part) for part in error.errors()[0]["loc"])
            said = f"{field} cannot be read"
            found.append(Finding(incident=row["incident"], number=row["number"], kind="altered", said=said))
    return records, found


def read_checkpoints(rows: Iterable[dict[str, Any]]) -> tuple[list[Signed], list[str]]:
    """The rows that are signed checkpoints; those that cannot be were altered."""
    signed: list[Signed] = []
    found: list[str] = []
    for place, row in enumerate(rows, 1):
        try:
            signed.append(Signed.model_validate_json(row["signed"]))
        except ValidationError:
            found.append(f"checkpoint in place {place}: altered: it cannot be read")
    return signed, found
