"""The steps to a version of the tables, by Alembic."""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

log = logging.getLogger(__name__)
HERE = Path(__file__).parent
LOCK = 7_826_332_783
"""The advisory lock of PostgreSQL that lets one of several starting workers migrate."""


def step(connection: Connection, version: str) -> None:
    """Bring the tables to a version, within the connection's transaction; those of a later release stay as they are."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    config = _config(connection)
    if later := later_than_known(connection, config):
        log.warning("the records were made by a later release (%s): this one goes on with what it knows", later)
        return
    command.upgrade(config, version)


def later_than_known(connection: Connection, config: Config) -> str:
    """The version of the tables, where this release does not have it; empty where it does."""
    there = MigrationContext.configure(connection).get_current_heads()
    known = {one.revision for one in ScriptDirectory.from_config(config).walk_revisions()}
    return ", ".join(sorted(set(there) - known))


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    for name, path in (("script_location", HERE), ("version_locations", HERE / "version")):
        config.set_main_option(name, str(path).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
