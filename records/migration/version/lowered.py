"""What was lowered below the matrix later than at first counts as classified too low; it stood there as kept."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute(
        "UPDATE incident SET gravest = '' WHERE id IN (SELECT incident FROM part WHERE figure = 'KPI-8' AND kept = 1)"
    )
