"""How the tables come to be, version by version."""

from importlib import import_module

from sqlalchemy import Connection, inspect, text

NEWEST = "0009"
"""The version of the tables that this release works on."""


def upgrade(connection: Connection, version: str = "head") -> None:
    """Bring the tables to a version, the newest one, within the connection's transaction.

    Tables that a later release has made are left as they are: migrations only add, so an older release works on them.
    Where nothing is to be done Alembic is not even loaded: that costs each start of a worker a third of a second.
    """
    if version != "head" or version_of(connection) != NEWEST:
        import_module("records.migration.stepping").step(connection, version)


def version_of(connection: Connection) -> str:
    """The version that the tables have; empty where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")
