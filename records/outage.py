"""Which database errors are worth another try: data, with the page that says so."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from records.refusal import RecordsUnavailable, RecordsUnready

SQLITE = {5: "busy", 6: "locked", 10: "disk I/O error", 13: "disk full", 14: "cannot open the file"}
"""Primary result codes, https://www.sqlite.org/rescode.html."""

POSTGRESQL = {
    "08": "connection",
    "25006": "read-only during a failover",
    "40": "deadlock or serialisation",
    "53": "out of resources",
    "55P03": "locked",
    "57P": "shutting down",
    "58": "system error",
}
"""Prefixes of SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html."""

UNREADY = {"42P01", "42703", "42501", "3F000"}
"""A table, a column, a right or a schema is missing."""
UNREADY_FILE = ("no such table", "no such column", "attempt to write a readonly database")


@contextmanager
def outage(where: str) -> Iterator[None]:
    """Turn what another try can mend, now or once an owner has, into `RecordsUnavailable`; let every other error be."""
    try:
        yield
    except DBAPIError as error:
        if said := _passing(error):
            raise RecordsUnavailable(where, said) from None
        if _unready(error):
            raise RecordsUnready(where, str(error.orig).partition("\n")[0]) from None
        raise
    except (PoolTimeout, OSError) as error:
        raise RecordsUnavailable(where, type(error).__name__) from None


def _passing(error: DBAPIError) -> str:
    """What is wrong for the moment; empty when it will be wrong again."""
    if isinstance(error, IntegrityError):
        return _race(error)
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return SQLITE.get(code & 0xFF, "")
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # the server never answered, or the connection broke
        return "no connection" if error.connection_invalidated or _never_connected(error) else ""
    return next((said for prefix, said in POSTGRESQL.items() if state.startswith(prefix)), "")


def _unready(error: DBAPIError) -> bool:
    """Whether tables or rights are missing: before the first worker, or between a release and the tables' owner."""
    return getattr(error.orig, "sqlstate", None) in UNREADY or str(error.orig).startswith(UNREADY_FILE)


def _never_connected(error: DBAPIError) -> bool:
    return type(error.orig).__name__ in {"OperationalError", "ConnectionTimeout", "InterfaceError"}


def _race(error: IntegrityError) -> str:
    """Two writers made the same key at once; the slower one finds it there when it looks again."""
    unique = {1555, 2067}  # SQLITE_CONSTRAINT_PRIMARYKEY and _UNIQUE
    raced = getattr(error.orig, "sqlite_errorcode", 0) in unique or getattr(error.orig, "sqlstate", "") == "23505"
    return "another writer was quicker" if raced else ""
