"""What an incident is known again by, so that the next one can say at its opening what may be happening again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("incident", sa.Column("modes", sa.Text, nullable=False, server_default=""))
    op.create_index("incident_service", "incident", ["service", "fired_at"])
