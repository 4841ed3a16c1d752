"""The tables as SQLAlchemy sees them; the migrations make them."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class Timestamp(TypeDecorator[datetime]):
    """An aware moment: `timestamptz` on PostgreSQL, UTC without its zone on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


METADATA = MetaData()

EVENT = Table(
    "event",
    METADATA,
    Column("incident", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),  # text, exactly as it is hashed; it sorts as time
    Column("by", String, nullable=False),
    Column("clause", String),
    Column("kind", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("previous_hash", String, nullable=False),
    Column("hash", String, nullable=False),
    Index("event_at", "at"),
)

HEAD = Table(
    "head",
    METADATA,
    Column("incident", String, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("hash", String, nullable=False),
    Column("at", String, nullable=False),
    Column("signed_number", Integer, nullable=False),  # the last number that a checkpoint covers
)

SPLIT = ("service", "team", "gravest", "left_out")
"""What the key figures are split by."""

INCIDENT = Table(
    "incident",
    METADATA,
    Column("id", String, primary_key=True),
    Column("number", Integer, nullable=False),  # the last event the row has read: an older reading never wins
    Column("title", String, nullable=False),
    Column("service", String, nullable=False),
    Column("team", String, nullable=False),
    Column("environment", String, nullable=False),
    Column("group", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("phase", String, nullable=False),
    Column("severity", String),
    Column("commander", String),
    Column("drill", Boolean, nullable=False),
    Column("fired_at", Timestamp, nullable=False),
    Column("opened_at", Timestamp, nullable=False),
    Column("acknowledged_at", Timestamp),
    Column("declared_at", Timestamp),
    Column("resolved_at", Timestamp),
    Column("closed_at", Timestamp),
    Column("ended_at", Timestamp),  # the first end: what a period's figures count by
    Column("gravest", String, nullable=False, server_default=""),  # what the figures count it as; empty: recount it
    Column("left_out", String, nullable=False, server_default=""),
    Column("root_cause", String),
    Column("repeat_of", String),
    Column("postmortem_due_at", Timestamp),
    Column("postmortem_completed_at", Timestamp),
    Column("items", Integer, nullable=False),
    Column("items_due", Integer, nullable=False),
    Column("items_in_time", Integer, nullable=False),
    Column("misses", Integer, nullable=False),
    Column("modes", Text, nullable=False, server_default=""),
    Index("incident_opened_at", "opened_at", "id"),
    Index("incident_service", "service", "fired_at"),
    # A period's incidents are found within this index; their rows are not read.
    Index("incident_ended_at", "ended_at", "opened_at", "id", *SPLIT),
)
_OPEN = INCIDENT.c.closed_at.is_(None)
Index("incident_open", INCIDENT.c.opened_at, INCIDENT.c.id, sqlite_where=_OPEN, postgresql_where=_OPEN)

PART = Table(
    "part",
    METADATA,
    Column("incident", String, primary_key=True),
    Column("figure", String, primary_key=True),
    *(Column(name, Integer, nullable=False) for name in ("judged", "kept", "open", "waived", "timed")),
    Column("spent", BigInteger, nullable=False),  # microseconds: both databases add integers alike
)
"""What each incident adds to each key figure: a reading of its events, made again with its row."""

SUPPRESSED = Table(
    "suppressed",
    METADATA,
    Column("key", String, primary_key=True),
    Column("at", Timestamp, nullable=False),
    Column("reason", String, nullable=False),
    Column("alert", Text, nullable=False),
    Index("suppressed_at", "at"),
)

CHECKPOINT = Table(
    "checkpoint",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("signed", Text, nullable=False),  # the whole signed checkpoint as canonical JSON
)

STAMP = Table(
    "stamp",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),  # of the checkpoint that it speaks of
    Column("stamped", Text, nullable=False),  # the whole stamp as canonical JSON
)

APPEND_ONLY = ("event", "suppressed", "checkpoint", "stamp")
"""Tables in which nothing is ever altered or removed."""
