"""The next checkpoint says of every incident that it is still open, also of those that stay silent from now on."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("UPDATE head SET signed_number = 0 WHERE incident IN (SELECT id FROM incident WHERE closed_at IS NULL)")
