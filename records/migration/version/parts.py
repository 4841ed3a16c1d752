"""What each incident adds to each key figure is a row of its own, read from its events; times in the row are gone."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

COUNTS = ("judged", "kept", "open", "waived", "timed")


def upgrade() -> None:
    op.create_table(
        "part",
        sa.Column("incident", sa.String, primary_key=True),
        sa.Column("figure", sa.String, primary_key=True),
        *(sa.Column(name, sa.Integer, nullable=False) for name in COUNTS),
        sa.Column("spent", sa.BigInteger, nullable=False),
    )
    op.drop_index("incident_ended_at", "incident")
    for name in ("acknowledged_in", "resolved_in"):
        op.drop_column("incident", name)
    for name in ("gravest", "left_out"):
        op.add_column("incident", sa.Column(name, sa.String, nullable=False, server_default=""))
    split = ("service", "team", "gravest", "left_out")
    op.create_index("incident_ended_at", "incident", ["ended_at", "opened_at", "id", *split])
