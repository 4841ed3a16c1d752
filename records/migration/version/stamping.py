"""What time-stamp authorities said of checkpoints; nothing in it is ever altered or removed."""

import sqlalchemy as sa
from alembic import op

from records.migration.version.beginning import POSTGRESQL, SQLITE

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "stamp",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("stamped", sa.Text, nullable=False),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement.format(table="stamp", same="number = NEW.number"))
