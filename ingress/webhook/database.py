"""The database an inbox lives in, set so that a commit is durable: SQLite in WAL mode, or PostgreSQL."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

from records.failover import TCP, leave_standby

BUSY = 2.0
"""Seconds to wait for another process that writes, less than a sender waits."""

READS = "standfast_reads"
"""The option of a connection on which nothing is written."""


def database_at(where: str) -> Engine:
    """Open lazily: a database that is away makes a write fail, not the start of a process."""
    url = make_url(where if "://" in where else f"sqlite:///{where}")
    if url.get_backend_name() == "postgresql":
        return _postgresql(url.set(drivername="postgresql+psycopg"))
    if url.get_backend_name() != "sqlite":
        raise ValueError(f"STANDFAST_INBOX: found {url.get_backend_name()}, expected a path, sqlite or postgresql")
    if url.database and not url.database.startswith(("file:", ":")):
        Path(url.database).absolute().parent.mkdir(parents=True, exist_ok=True)
    database = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY})
    event.listen(database, "connect", _durable)
    event.listen(database, "begin", _begin)
    return database


def first_line(error: Exception) -> str:
    """What the database said, without the statement and what was in it."""
    return str(error).partition("\n")[0]


def _postgresql(url: Any) -> Engine:
    ours = {"connect_timeout": 2, "options": "-c synchronous_commit=on -c lock_timeout=3000", **TCP}
    database = create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=ours)
    leave_standby(database)
    return database


def _durable(connection: Any, _: Any) -> None:
    """FULL: in WAL mode every commit reaches the disk before it is answered. Transactions are begun by `_begin`."""
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous = FULL")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        # Another process switches the new file just now. The mode is the file's, and a commit is as durable without.


def _begin(connection: Connection) -> None:
    """Take the write lock at once, so that two processes wait for each other instead of failing half way.

    What only reads takes none: a long count must not keep a sender waiting.
    """
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(READS) else "BEGIN IMMEDIATE")
