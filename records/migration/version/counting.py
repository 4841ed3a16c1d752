"""Key figures are counted within the database: how long things took, and an index that holds all that is counted."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

COUNTED = (
    *("drill", "service", "team", "severity", "acknowledged_in", "resolved_in", "postmortem_due_at"),
    *("postmortem_completed_at", "items_due", "items_in_time", "root_cause", "repeat_of"),
)
MOMENT = sa.DateTime(timezone=True)
INCIDENT = sa.table(
    "incident",
    sa.column("id", sa.String()),
    sa.column("fired_at", MOMENT),
    sa.column("acknowledged_at", MOMENT),
    sa.column("resolved_at", MOMENT),
    sa.column("acknowledged_in", sa.BigInteger()),
    sa.column("resolved_in", sa.BigInteger()),
)
BATCH = 5000


def upgrade() -> None:
    for name in ("acknowledged_in", "resolved_in"):
        op.add_column("incident", sa.Column(name, sa.BigInteger))
    _reckon()
    op.drop_index("incident_ended_at", "incident")
    op.create_index("incident_ended_at", "incident", ["ended_at", "id", *COUNTED])


def _reckon() -> None:
    """What the rows that are there already took."""
    known = INCIDENT.c
    connection = op.get_bind()
    rows = connection.execute(sa.select(known.id, known.fired_at, known.acknowledged_at, known.resolved_at)).all()
    took = [
        {"row": id, "acknowledged": _took(fired, acknowledged), "resolved": _took(fired, resolved)}
        for id, fired, acknowledged, resolved in rows
    ]
    statement = sa.update(INCIDENT).where(known.id == sa.bindparam("row"))
    statement = statement.values(acknowledged_in=sa.bindparam("acknowledged"), resolved_in=sa.bindparam("resolved"))
    for start in range(0, len(took), BATCH):
        connection.execute(statement, took[start : start + BATCH])


def _took(start: datetime, end: datetime | None) -> int | None:
    return None if end is None else max((end - start) // timedelta(microseconds=1), 0)
