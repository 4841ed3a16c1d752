"""The inbox's tables, and each thing done to them as one transaction on a connection, for SQLite and PostgreSQL.

Row numbers are given out while nobody else writes, so a row is never seen after a higher one. A number is at least
its moment in milliseconds: a new inbox, or one restored from a backup, goes on above every number that the groups
have read, and its alerts are not taken for old ones.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from records.delivery import COUNTED
from vendors.door import Request

State = Literal["new", "relayed", "unreadable", "retried", "held", "unheard"]

META = MetaData()
INBOX = Table(
    "inbox",
    META,
    Column("row", BigInteger, primary_key=True, autoincrement=False),
    Column("door", String(63), nullable=False),
    Column("headers", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_us", BigInteger, nullable=False),
    Column("state", String(15), nullable=False),
    Column("remark", Text, nullable=False, server_default=""),
    Column("wrong_path", Text, nullable=False, server_default=""),
    Column("wrong_found", Text, nullable=False, server_default=""),
    Column("wrong_expected", Text, nullable=False, server_default=""),
)
Index("inbox_state_row", INBOX.c.state, INBOX.c.row)
LEASE = Table(
    "inbox_lease",
    META,
    Column("name", String(31), primary_key=True),
    Column("holder", String(255), nullable=False),
    Column("until_us", BigInteger, nullable=False),
)
DAY = Table(
    "inbox_day",
    META,
    Column("day", String(10), primary_key=True),
    Column("door", String(63), primary_key=True),
    *(Column(name, Integer, nullable=False) for name in COUNTED),
)
"""What was received on days whose rows were let go of."""
TOGETHER = 64 * 1024 * 1024
"""Bytes of bodies that are read at once."""
EARLIER, MANY = timedelta(days=7), 5_000
"""How far back, and through how many rows, what a door said before is looked for."""
LATELY, USUAL, MOST = 2_000, 1024 * 1024, 16 * 1024 * 1024
"""How many rows a relay that begins reads again, the bytes beyond which it passes one over, and those of all."""
WRITERS = 0x1B0C5
"""The advisory lock that PostgreSQL's writers take in turn."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """One request of the inbox, with what could not be read in it."""

    row: int
    door: str
    request: Request = field(repr=False)
    state: State = "new"
    remark: str = ""
    path: str = ""
    found: str = ""
    expected: str = ""


@dataclass(frozen=True)
class Count:
    """How many rows wait and are set aside, since when the oldest one waits, and whether anybody relays them."""

    rows: dict[State, int]
    waiting_since: datetime | None
    relayed_until: datetime | None = None
    """The end of the relay's lease: long ago when nobody relays."""
    held: int = 0
    """How many rows wait for a mend of ours."""
    held_since: datetime | None = None


def set_up(connection: Connection) -> None:
    """Create what is not there yet."""
    take_turn(connection)
    META.create_all(connection)
    connection.execute(
        text(
            "INSERT INTO inbox_lease VALUES ('relay', '', 0), ('probe', '', 0), ('trouble', '', 0), ('watchdog', '', 0)"
            " ON CONFLICT (name) DO NOTHING"
        )
    )


def put(connection: Connection, requests: Sequence[tuple[str, Request]]) -> list[int]:
    """Write requests in the order they came, and answer their row numbers."""
    take_turn(connection)
    last = connection.execute(select(func.max(INBOX.c.row))).scalar() or 0
    numbers = []
    for _, request in requests:
        last = max(last + 1, micros(request.received_at) // 1000)
        numbers.append(last)
    connection.execute(
        insert(INBOX),
        [
            {
                "row": number,
                "door": door,
                "headers": json.dumps(request.headers),
                "body": request.body,
                "received_us": micros(request.received_at),
                "state": "new",
            }
            for number, (door, request) in zip(numbers, requests, strict=True)
        ],
    )
    return numbers


def with_state(connection: Connection, state: State, limit: int, after: int) -> list[Row]:
    """Rows in a state, in order: as many as are asked for, or as fit into memory together."""
    wanted = select(INBOX).where(INBOX.c.state == state, INBOX.c.row > after).order_by(INBOX.c.row).limit(limit)
    rows: list[Row] = []
    left = TOGETHER
    with connection.execution_options(yield_per=20).execute(wanted) as found:
        for one in found.mappings():
            rows.append(row_of(one))
            left -= len(rows[-1].request.body)
            if left <= 0:
                break
    return rows


def set_aside(connection: Connection, door: str) -> list[Row]:
    """All the rows of a door that were set aside, in order: the door's must be few and small."""
    wanted = select(INBOX).where(INBOX.c.state == "unreadable", INBOX.c.door == door).order_by(INBOX.c.row)
    return [row_of(one) for one in connection.execute(wanted).mappings()]


def earlier(connection: Connection, door: str, row: int, holding: Sequence[bytes]) -> list[Row]:
    """Rows of a door before this one that hold any of some words, the newest first, of the last few days."""
    since = row - EARLIER // timedelta(milliseconds=1)
    wanted = select(INBOX).where(INBOX.c.door == door, INBOX.c.row < row, INBOX.c.row >= since)
    wanted = wanted.order_by(INBOX.c.row.desc()).limit(MANY)
    with connection.execution_options(yield_per=20).execute(wanted) as found:
        return [row_of(one) for one in found.mappings() if any(word in one["body"] for word in holding)]


def lately(connection: Connection) -> list[Row]:
    """What was relayed last, the oldest first: as many rows of a usual size as a relay that begins reads again."""
    usual = func.length(INBOX.c.body) <= USUAL
    wanted = select(INBOX).where(INBOX.c.state == "relayed", usual).order_by(INBOX.c.row.desc()).limit(LATELY)
    read, left = [], MOST
    with connection.execution_options(yield_per=20).execute(wanted) as found:
        for one in found.mappings():
            left -= len(one["body"])
            if left < 0:
                break
            read.append(row_of(one))
    return read[::-1]


def mark_relayed(connection: Connection, rows: Iterable[int], remark: str) -> None:
    """Note that everything these rows say has reached its receivers; one set aside meanwhile stays aside."""
    numbers = list(rows)
    for start in range(0, len(numbers), 500):
        chosen = INBOX.c.row.in_(numbers[start : start + 500])
        connection.execute(
            update(INBOX).where(chosen, INBOX.c.state == "new").values(state="relayed", remark=storable(remark))
        )


def mark_unreadable(connection: Connection, row: int, path: str, found: str, expected: str) -> None:
    """Set a row aside, with what was wrong."""
    wrong = {"wrong_path": storable(path), "wrong_found": storable(found), "wrong_expected": storable(expected)}
    connection.execute(
        update(INBOX).where(INBOX.c.row == row, INBOX.c.state == "new").values(state="unreadable", **wrong)
    )


def hold(connection: Connection, name: str, holder: str, now: datetime, until: datetime) -> bool:
    """Take or renew a lease, unless somebody else holds it."""
    free = or_(LEASE.c.holder == holder, LEASE.c.until_us <= micros(now))
    taken = connection.execute(
        update(LEASE).where(LEASE.c.name == name, free).values(holder=holder, until_us=micros(until))
    )
    return taken.rowcount == 1


def let_go(connection: Connection, name: str, holder: str) -> None:
    """Give a lease back, so that a standby need not wait for its end."""
    connection.execute(update(LEASE).where(LEASE.c.name == name, LEASE.c.holder == holder).values(until_us=0))


def count(connection: Connection) -> Count:
    """Count the rows that are not relayed, which stay few, and find the oldest that waits."""
    states: tuple[State, ...] = ("new", "unreadable")
    rows = {state: _count(connection, state) for state in states}
    lease = connection.execute(select(LEASE.c.until_us).where(LEASE.c.name == "relay")).scalar()
    until = moment(lease) if lease else None
    return Count(rows, _oldest(connection, "new"), until, _count(connection, "held"), _oldest(connection, "held"))


def _count(connection: Connection, state: State) -> int:
    return connection.execute(select(func.count()).select_from(INBOX).where(INBOX.c.state == state)).scalar_one()


def _oldest(connection: Connection, state: State) -> datetime | None:
    found = select(INBOX.c.received_us).where(INBOX.c.state == state).order_by(INBOX.c.row).limit(1)
    oldest = connection.execute(found).scalar()
    return None if oldest is None else moment(oldest)


def heard_after(connection: Connection, at: datetime) -> datetime | None:
    """When the first request after a moment was received; a row's number is no less than its time."""
    later = (INBOX.c.row > micros(at) // 1000, INBOX.c.received_us > micros(at))
    found = connection.execute(select(INBOX.c.received_us).where(*later).order_by(INBOX.c.row).limit(1)).scalar()
    return None if found is None else moment(found)


def micros(at: datetime) -> int:
    """A moment as stored."""
    return (at - EPOCH) // timedelta(microseconds=1)


def moment(stored: int) -> datetime:
    """A stored moment."""
    return EPOCH + timedelta(microseconds=stored)


def take_turn(connection: Connection) -> None:
    """Wait for the other writers: SQLite's transactions begin so, PostgreSQL's need the lock until they commit."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(WRITERS)))


def storable(words: str) -> str:
    """Words as every database takes them: nothing in a row may keep it from being marked."""
    return words.encode(errors="backslashreplace").decode().replace("\0", "\\0")[:1000]


def row_of(found: Any) -> Row:
    """A row as it is stored."""
    request = Request(
        headers=json.loads(found["headers"]), body=bytes(found["body"]), received_at=moment(found["received_us"])
    )
    wrong = {name: found[f"wrong_{name}"] for name in ("path", "found", "expected")}
    return Row(found["row"], found["door"], request, found["state"], found["remark"], **wrong)
