"""What the worker's role on PostgreSQL may do: add to the evidence, never alter it."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from records.deployment import DEPLOYMENT
from records.table import APPEND_ONLY, METADATA

MADE_AGAIN = ("part", DEPLOYMENT.name)
"""Tables of readings, whose rows are made again or let go of; no evidence is counted from them."""
KEPT_UP = tuple(sorted(set(METADATA.tables) - {*APPEND_ONLY, *MADE_AGAIN}))
"""Every other table: its rows move on as events are appended."""

OWNING = "SELECT current_user FROM pg_class WHERE oid = to_regclass('event') AND pg_has_role(relowner, 'USAGE')"


async def owning(connection: AsyncConnection) -> str:
    """As which role somebody connects to PostgreSQL who owns the evidence, and so could alter it; else nothing."""
    ours = connection.dialect.name == "postgresql" and await connection.scalar(text(OWNING))
    return str(ours) if ours else ""


def grant_statements(role: str) -> tuple[str, ...]:
    """The statements by which the owner of the tables lets a role work without UPDATE, DELETE or TRUNCATE on evidence.

    The owner migrates; the worker connects as this role, which then cannot drop a trigger either.
    """
    name = '"' + role.replace('"', '""') + '"'
    return (
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"REVOKE ALL ON {', '.join((*APPEND_ONLY, *KEPT_UP, *MADE_AGAIN))} FROM {name}",
        f"GRANT SELECT, INSERT ON {', '.join(APPEND_ONLY)} TO {name}",
        f"GRANT SELECT, INSERT, UPDATE ON {', '.join(KEPT_UP)} TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(MADE_AGAIN)} TO {name}",
        f"GRANT SELECT ON alembic_version TO {name}",  # it sees at its start that there is nothing to migrate
    )
