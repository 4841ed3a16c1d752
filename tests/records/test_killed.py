"""A worker that is killed as it makes or alters the tables leaves them as they were; the next one does it whole."""

import asyncio
import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from records.migration import upgrade
from records.store import Records
from tests.records.case import INCIDENT, events, overview

EVERY = 7
"""So many statements further each time."""


@pytest.mark.parametrize("before", ["", "0001"])
def test_a_migration_that_is_killed_has_not_happened(tmp_path: Path, before: str) -> None:
    url, statement, seen = f"sqlite:///{tmp_path}/records.db", EVERY, list[str]()
    if before:
        asyncio.run(_begun(url, before))
    while _dies_at(url, statement):
        seen.append(asyncio.run(_version(url)))
        statement += EVERY
    assert seen[0] == before
    newest = asyncio.run(_version(url))
    assert {*seen} <= {before, newest}, "never half way"
    asyncio.run(_takes_and_gives(url))


async def _begun(url: str, version: str) -> None:
    """The tables of an early release."""
    async with await Records.open(url) as records, records.engine.begin() as connection:
        await connection.run_sync(upgrade, version)


def _dies_at(url: str, statement: int) -> bool:
    """Migrate in a process that kills itself before the statement of this number; whether it came so far."""
    child = os.fork()
    if child == 0:
        left = iter(range(statement - 1, -1, -1))

        def before(*_: object) -> None:
            if next(left) == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "before_cursor_execute", before)
        code = 1
        try:
            asyncio.run(_migrated(url))
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


async def _migrated(url: str) -> None:
    async with await Records.open(url, patience=timedelta(seconds=20)) as records:
        await records.migrate()


async def _version(url: str) -> str:
    """The version of the tables, of a file that is sound."""
    async with await Records.open(url) as records, records.engine.connect() as connection:
        assert (await connection.exec_driver_sql("PRAGMA integrity_check")).scalar() == "ok"
        if not (await connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE name = 'event'")).scalar():
            return ""
        return str((await connection.exec_driver_sql("SELECT version_num FROM alembic_version")).scalar())


async def _takes_and_gives(url: str) -> None:
    async with await Records.open(url) as records:
        await records.append(INCIDENT, events(3), overview())
        assert await records.verify_all() == []
