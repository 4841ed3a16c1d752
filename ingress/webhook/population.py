"""How many deliveries came, by door and day, and what became of them: counted for evidence, and kept when rows go."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, case, func, insert, select

from ingress.webhook.table import DAY, INBOX, micros
from records.delivery import Deliveries, DoorDay

ONE_DAY = timedelta(days=1)
MICROS_OF_A_DAY = 86_400_000_000
_EPOCH = date(1970, 1, 1)


def deliveries(connection: Connection, since: datetime, until: datetime) -> Deliveries:
    """The days (UTC) that a period touches; one whose rows were let go of is told as it stood then."""
    first, last = since.astimezone(UTC).date(), (until - timedelta(microseconds=1)).astimezone(UTC).date()
    kept = select(DAY).where(DAY.c.day >= first.isoformat(), DAY.c.day <= last.isoformat())
    told = [DoorDay.model_validate(dict(row)) for row in connection.execute(kept).mappings()]
    over = {one.day for one in told}
    told += [one for one in counted(connection, first, last) if one.day not in over]
    return Deliveries(days=tuple(sorted(told, key=lambda one: (one.day, one.door))))


def counted(connection: Connection, first: date, last: date) -> list[DoorDay]:
    """Count the rows of some days. What was read again counts once, as the row that it became."""
    begins, ends = micros(midnight(first)), micros(midnight(last) + ONE_DAY)
    day, state, remark = INBOX.c.received_us // MICROS_OF_A_DAY, INBOX.c.state, INBOX.c.remark
    words = {
        "taken": (state == "relayed") & (remark == ""),
        "empty": ((state == "relayed") & (remark != "")) | (state == "unheard"),
        "unreadable": state == "unreadable",
        "waiting": state.in_(("new", "held")),
    }
    asked = (
        select(
            day.label("day"),
            INBOX.c.door,
            func.count().label("received"),
            *(func.sum(case((fits, 1), else_=0)).label(name) for name, fits in words.items()),
            (func.count() - func.count(INBOX.c.body.distinct())).label("repeated"),
        )
        # A row's number is no less than its moment: the index leaves out what is older.
        .where(INBOX.c.row >= begins // 1000, INBOX.c.received_us >= begins, INBOX.c.received_us < ends)
        .where(state != "retried")
        .group_by("day", INBOX.c.door)
    )
    return [
        DoorDay.model_validate({**row, "day": _EPOCH + timedelta(days=int(row["day"]))})
        for row in connection.execute(asked).mappings()
    ]


def to_note(connection: Connection, before: datetime) -> list[date]:
    """The days with rows that are soon let go of, and of which no count is kept."""
    day = (INBOX.c.received_us // MICROS_OF_A_DAY).label("day")
    older = select(day).where(INBOX.c.row < micros(before) // 1000).distinct()
    found = [_EPOCH + timedelta(days=int(one)) for one in connection.execute(older).scalars()]
    noted = set(connection.execute(select(DAY.c.day).distinct()).scalars())
    return sorted(one for one in found if one.isoformat() not in noted)


def note(connection: Connection, days: Sequence[DoorDay]) -> None:
    """Keep the counts of days of which no count is kept."""
    noted = set(connection.execute(select(DAY.c.day).distinct()).scalars())
    rows = [one.model_dump(mode="json") for one in days if one.day.isoformat() not in noted]
    if rows:
        connection.execute(insert(DAY), rows)


def midnight(day: date) -> datetime:
    """Where a day begins."""
    return datetime.combine(day, time(), UTC)
