"""Rows that wait for a mend of ours, rows that are read again, and what keeps the relay from getting on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, RowMapping, Select, func, insert, select, update

from domain.value.model import said_count
from ingress.webhook.table import INBOX, LEASE, Count, micros, moment, storable, take_turn

_Columns = TypeVar("_Columns", bound=tuple[Any, ...])
TROUBLE = "trouble"
"""The row among the leases that says what keeps the relay from getting on, and since when."""
LATE = timedelta(seconds=2)
"""So long after the end of its lease a relay is missed; a standby takes over at once."""


@dataclass(frozen=True)
class Chosen:
    """Which rows are to be read again: by door, and by when they were received."""

    door: str = ""
    since: datetime | None = None
    until: datetime | None = None


def hold_back(connection: Connection, rows: Sequence[int], where: str, said: str) -> None:
    """Let rows wait for a mend of ours: nothing is wrong with what they say."""
    wrong = {"wrong_path": storable(where), "wrong_found": storable(said), "wrong_expected": "a mend of ours"}
    connection.execute(update(INBOX).where(INBOX.c.row.in_(rows), INBOX.c.state == "new").values(state="held", **wrong))


def again(connection: Connection, row: int, now: datetime) -> int | None:
    """Put a row that waited in again, at the end, because groups have read past its number; None when it waits not."""
    take_turn(connection)
    number = _next(connection, now)
    words = {"remark": f"row {row} again", "wrong_path": "", "wrong_found": "", "wrong_expected": ""}
    moved = connection.execute(
        update(INBOX).where(INBOX.c.row == row, INBOX.c.state == "held").values(row=number, state="new", **words)
    )
    return number if moved.rowcount else None


def retry(connection: Connection, row: int, now: datetime) -> int | None:
    """Put an unreadable row in again, at the end; None when it is none. One that waits is put in again as well."""
    take_turn(connection)
    wanted = select(INBOX).where(INBOX.c.row == row, INBOX.c.state == "unreadable")
    found = connection.execute(wanted).mappings().one_or_none()
    if not found:
        return again(connection, row, now)
    return _put_in(connection, found, now)


def retry_all(connection: Connection, chosen: Chosen, now: datetime) -> dict[int, int]:
    """Put every chosen row that was set aside or waits in again, in their order; answers the numbers, old and new."""
    wanted = _chosen(select(INBOX.c.row).where(INBOX.c.state.in_(("unreadable", "held"))), chosen)
    rows = list(connection.execute(wanted).scalars())
    return {row: number for row in rows if (number := retry(connection, row, now))}


def relay_again(connection: Connection, chosen: Chosen, now: datetime) -> dict[int, int]:
    """Put every chosen row that was relayed in again, once, in their order; answers the numbers, old and new."""
    take_turn(connection)
    wanted = _chosen(select(INBOX).where(INBOX.c.state.in_(("relayed", "unheard"))), chosen)
    rows = connection.execute(wanted).mappings().all()
    return {found["row"]: _put_in(connection, found, now) for found in rows}


def _put_in(connection: Connection, found: RowMapping, now: datetime) -> int:
    """Put a copy of a row in at the end, and answer its number; the row says where it went."""
    row, number = found["row"], _next(connection, now)
    kept = {name: found[name] for name in ("door", "headers", "body", "received_us")}
    connection.execute(insert(INBOX).values(row=number, state="new", remark=f"row {row} again", **kept))
    connection.execute(update(INBOX).where(INBOX.c.row == row).values(state="retried", remark=f"as row {number}"))
    return number


def note_trouble(connection: Connection, said: str, now: datetime) -> None:
    """Note what keeps the relay from getting on; nothing when it gets on. The first moment of one trouble stays."""
    values = {"holder": storable(said)[:250], "until_us": micros(now) if said else 0}
    first = LEASE.c.holder == "" if said else LEASE.c.holder != ""
    connection.execute(update(LEASE).where(LEASE.c.name == TROUBLE, first).values(**values))
    connection.execute(update(LEASE).where(LEASE.c.name == TROUBLE).values(holder=values["holder"]))


def trouble(connection: Connection) -> tuple[str, datetime | None]:
    """What keeps the relay from getting on, and since when."""
    wanted = select(LEASE.c.holder, LEASE.c.until_us).where(LEASE.c.name == TROUBLE)
    found = connection.execute(wanted).one_or_none()
    return (found[0], moment(found[1])) if found and found[0] else ("", None)


@dataclass(frozen=True)
class Stuck:
    """Why what was taken does not get on, and since when; nothing when it does."""

    said: str = ""
    since: datetime | None = None


def progress(count: Count, trouble: str, since: datetime | None, now: datetime) -> Stuck:
    """Whether what was taken gets on: somebody relays, nothing keeps them from it, and no row waits for a mend."""
    waits = count.waiting_since
    if waits and (count.relayed_until is None or count.relayed_until < now - LATE):
        return Stuck("nobody relays: no ingress holds the relay's lease", max(waits, count.relayed_until or waits))
    if trouble:
        return Stuck(trouble, since)
    if count.held:
        return Stuck(
            f"{said_count(count.held, 'row')} waiting for a mend of ours: see `standfast inbox list`", count.held_since
        )
    return Stuck()


def _next(connection: Connection, now: datetime) -> int:
    last = connection.execute(select(func.max(INBOX.c.row))).scalar() or 0
    return max(last + 1, micros(now) // 1000)


def _chosen(rows: Select[_Columns], chosen: Chosen) -> Select[_Columns]:
    """Those of the rows that are chosen, in their order."""
    if chosen.door:
        rows = rows.where(INBOX.c.door == chosen.door)
    if chosen.since:
        rows = rows.where(INBOX.c.received_us >= micros(chosen.since))
    if chosen.until:
        rows = rows.where(INBOX.c.received_us < micros(chosen.until))
    return rows.order_by(INBOX.c.row)
