"""The database behind the records: SQLite or PostgreSQL, reached asynchronously."""

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from records.failover import TCP, leave_standby
from records.refusal import SettingRefused

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
UNTOLD: dict[str, Any] = {"hide_parameters": True}
"""An error of the database tells its statement in logs and histories, and not what was to be written."""
WRITES = {"standfast_writes": True}
"""Execution option of a connection that is going to write."""

SNAPSHOT: dict[str, dict[str, str]] = {"postgresql": {"isolation_level": "REPEATABLE READ"}, "sqlite": {}}
"""Execution options of a connection whose questions all see one moment; a transaction of SQLite does anyway."""


def database_url(text: str) -> URL:
    """The URL with its asynchronous driver; refuses other databases without repeating a password."""
    expected = "sqlite:///path or postgresql://user:password@host/name"
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise SettingRefused("STANDFAST_DATABASE_URL", "something that is no URL", expected) from None
    if url.drivername not in DRIVERS or (
        url.drivername.startswith("sqlite") and url.database in {None, "", ":memory:"}
    ):
        raise SettingRefused("STANDFAST_DATABASE_URL", url.render_as_string(hide_password=True), expected)
    return url.set(drivername=DRIVERS[url.drivername])


def connect(url: URL, patience: timedelta) -> AsyncEngine:
    """An engine that waits for `patience` where others hold the records or every connection to them."""
    if url.drivername.startswith("sqlite"):
        return _sqlite(url, patience)
    from records.hasty import Hasty  # the driver takes a quarter of a second, which SQLite need not

    wait = round(patience.total_seconds() * 1000)
    ours = {"options": f"-c lock_timeout={max(wait, 1)}", "connect_timeout": max(round(wait / 1000), 2), **TCP}
    options: dict[str, Any] = {name: value for name, value in ours.items() if name not in url.query}
    options["async_creator_fn"] = Hasty.connect
    engine = create_async_engine(
        url, **UNTOLD, pool_pre_ping=True, pool_timeout=patience.total_seconds(), connect_args=options
    )
    leave_standby(engine.sync_engine)
    return engine


def _sqlite(url: URL, patience: timedelta) -> AsyncEngine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    seconds = patience.total_seconds()
    engine = create_async_engine(url, **UNTOLD, pool_timeout=seconds, connect_args={"timeout": seconds})
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: Any) -> None:
    """Readers do not wait for the writer (WAL), and what was acknowledged survives a power cut (FULL)."""
    connection.isolation_level = None  # the driver would begin on its own, and too late; `_begin` does
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=FULL")
    try:
        cursor.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        # Somebody holds the file, perhaps to switch it just now. The mode is the file's: a later connection sees to it.
    finally:
        cursor.close()


def _begin(connection: Connection) -> None:
    """A writer takes its lock at once: one that first reads could find the records changed under it."""
    writes = connection.get_execution_options().get("standfast_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
