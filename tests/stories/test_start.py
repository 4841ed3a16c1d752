"""A worker starts while what it needs is not there yet."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import pytest
from temporalio.client import Client

from records.refusal import RecordsUnavailable, RecordsUnready
from records.store import Records
from tests.postgres import Cluster
from tests.records.case import INCIDENT, events, overview
from workflows import connection, starting


async def test_a_worker_waits_for_an_engine_that_still_comes_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    async def comes_up(**_: object) -> str:
        asked.append(1)
        if len(asked) < 3:
            raise connection.EngineAway("Temporal does not answer")
        return "here"

    monkeypatch.setattr(starting, "AGAIN", 0.0)
    monkeypatch.setattr(starting, "connect", comes_up)
    found: Client | str = await starting.reached()
    assert (found, len(asked)) == ("here", 3)


async def test_a_worker_that_waits_is_ended_by_being_told_to() -> None:
    stop = asyncio.Event()
    waiting = asyncio.create_task(starting.unless(stop, asyncio.sleep(3600, "never")))
    await asyncio.sleep(0)
    stop.set()
    assert await waiting is None
    assert await starting.unless(asyncio.Event(), asyncio.sleep(0, "here")) == "here"


async def test_a_role_that_may_not_alter_tables_waits_for_their_owner_and_then_works(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "OWNER", 0.01)
    url = await cluster.fresh()
    async with await Records.open(url) as owner, await Records.open(url.replace("owner@", "waiter@")) as records:
        await cluster.run("postgres", "CREATE ROLE waiter LOGIN")
        async with starting.migrating(records):
            with pytest.raises(RecordsUnready, match=r"does not exist|permission denied"):
                await records.append(INCIDENT, events(1), overview())
            await owner.grant("waiter")
            assert await _appended(records) == 1


async def _appended(records: Records) -> int:
    """How many events were new, once they may be written."""
    async with asyncio.timeout(300):
        while True:
            with contextlib.suppress(RecordsUnready):
                return await records.append(INCIDENT, events(1), overview())
            await asyncio.sleep(0.01)


async def test_what_is_waited_for_is_said_once_and_so_is_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries = asyncio.Event()
    errors = [RecordsUnavailable("db-a", "no connection")] * 3 + [RecordsUnready("db-a", "permission denied")] * 3

    async def migrate() -> None:
        if errors:
            raise errors.pop(0)
        tries.set()

    monkeypatch.setattr(starting, "AGAIN", 0.0)
    monkeypatch.setattr(starting, "OWNER", 0.0)
    async with await Records.open(f"sqlite:///{tmp_path}/records.db") as records:
        monkeypatch.setattr(records, "migrate", migrate)
        with caplog.at_level("INFO", "standfast.worker"):
            async with asyncio.timeout(300), starting.migrating(records):
                await tries.wait()
    assert [record.getMessage().partition(";")[0] for record in caplog.records] == [
        "waiting: records at db-a: no connection",
        "waiting: records at db-a: permission denied",
        "the records are up to date",
    ]


async def test_locked_records_hold_up_nothing_and_are_brought_up_to_date_when_they_are_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "AGAIN", 0.01)
    lock = sqlite3.connect(tmp_path / "records.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    async with await Records.open(f"sqlite:///{tmp_path}/records.db") as records, starting.migrating(records):
        lock.execute("ROLLBACK")
        for _ in range(30_000):
            await asyncio.sleep(0.01)
            if _has_tables(tmp_path):
                return
    raise AssertionError("the records were never brought up to date")


def _has_tables(folder: Path) -> bool:
    """Whether they can be seen; not while whoever makes them holds the file, and may need the loop of this test."""
    with contextlib.suppress(sqlite3.OperationalError), sqlite3.connect(folder / "records.db", timeout=0) as reading:
        return bool(reading.execute("SELECT 1 FROM sqlite_master WHERE name = 'incident'").fetchone())
    return False
