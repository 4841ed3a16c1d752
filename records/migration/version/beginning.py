"""The first tables, and the triggers that keep evidence append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)

SQLITE = (
    "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
    "BEGIN SELECT RAISE(ABORT, '{table} is append-only: nothing in it is altered'); END",
    "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
    "BEGIN SELECT RAISE(ABORT, '{table} is append-only: nothing in it is removed'); END",
    # INSERT OR REPLACE deletes without firing the trigger above (sqlite.org/lang_conflict.html).
    "CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
    "BEGIN SELECT RAISE(ABORT, '{table} is append-only: the key is taken'); END",
)
POSTGRESQL = (
    "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION standfast_append_only()",
    "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION standfast_append_only()",
)
FUNCTION = (
    "CREATE FUNCTION standfast_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP; END $$"
)
KEYS = {"event": ("incident", "number"), "checkpoint": ("number",), "suppressed": ("key",)}


def upgrade() -> None:
    _evidence()
    _readings()
    _triggers()


def _evidence() -> None:
    op.create_table(
        "event",
        sa.Column("incident", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("at", "by")),
        sa.Column("clause", sa.String),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("previous_hash", "hash")),
    )
    op.create_index("event_at", "event", ["at"])
    op.create_table(
        "head",
        sa.Column("incident", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("hash", "at")),
        sa.Column("signed_number", sa.Integer, nullable=False),
    )
    op.create_table(
        "checkpoint",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("signed", sa.Text, nullable=False),
    )


def _readings() -> None:
    names = ("title", "service", "team", "environment", "group", "kind", "phase")
    moments = ("acknowledged_at", "declared_at", "resolved_at", "closed_at", "ended_at")
    op.create_table(
        "incident",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in names),
        *(sa.Column(name, sa.String) for name in ("severity", "commander")),
        sa.Column("drill", sa.Boolean, nullable=False),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("fired_at", "opened_at")),
        *(sa.Column(name, MOMENT) for name in moments),
        *(sa.Column(name, sa.String) for name in ("root_cause", "repeat_of")),
        *(sa.Column(name, MOMENT) for name in ("postmortem_due_at", "postmortem_completed_at")),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("items", "items_due", "items_in_time", "misses")),
    )
    op.create_index("incident_opened_at", "incident", ["opened_at", "id"])
    op.create_index("incident_ended_at", "incident", ["ended_at", "id"])
    is_open = sa.text("closed_at IS NULL")
    op.create_index("incident_open", "incident", ["opened_at", "id"], sqlite_where=is_open, postgresql_where=is_open)
    op.create_table(
        "suppressed",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("alert", sa.Text, nullable=False),
    )
    op.create_index("suppressed_at", "suppressed", ["at"])


def _triggers() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(FUNCTION)
    for table, key in KEYS.items():
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        for statement in SQLITE if sqlite else POSTGRESQL:
            op.execute(statement.format(table=table, same=same))
