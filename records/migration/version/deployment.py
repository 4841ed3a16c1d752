"""The table of what was deployed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    keys, words = ("source", "id", "state"), ("repository", "service")
    op.create_table(
        "deployment",
        *(sa.Column(name, sa.String, primary_key=True) for name in keys),
        *(sa.Column(name, sa.String, nullable=False) for name in words),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("deployment_at", "deployment", ["at"])
    for name in words:
        op.create_index(f"deployment_{name}", "deployment", [name, "at"])
