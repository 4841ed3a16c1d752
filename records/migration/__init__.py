"""How the tables come to be, version by version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

HERE = Path(__file__).parent
LOCK = 7_826_332_783
"""The advisory lock of PostgreSQL that lets one of several starting workers migrate."""


def upgrade(connection: Connection, version: str = "head") -> None:
    """Bring the tables to a version, the newest one, within the connection's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    command.upgrade(_config(connection), version)


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    for name, path in (("script_location", HERE), ("version_locations", HERE / "version")):
        config.set_main_option(name, str(path).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
