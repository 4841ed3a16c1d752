"""A worker starts while what it needs is not there yet."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from temporalio.client import Client

import worker
from records.store import Records
from workflows import connection


async def test_a_worker_waits_for_an_engine_that_still_comes_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    async def comes_up() -> str:
        asked.append(1)
        if len(asked) < 3:
            raise connection.EngineAway("Temporal does not answer")
        return "here"

    monkeypatch.setattr(worker, "AGAIN", 0.0)
    monkeypatch.setattr(worker, "connect", comes_up)
    found: Client | str = await worker.reached()
    assert (found, len(asked)) == ("here", 3)


async def test_locked_records_hold_up_nothing_and_are_brought_up_to_date_when_they_are_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "AGAIN", 0.01)
    lock = sqlite3.connect(tmp_path / "records.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    async with await Records.open(f"sqlite:///{tmp_path}/records.db") as records, worker.migrating(records):
        lock.execute("ROLLBACK")
        for _ in range(1000):
            await asyncio.sleep(0.01)
            if _has_tables(tmp_path):
                break
        assert _has_tables(tmp_path)


def _has_tables(folder: Path) -> bool:
    with sqlite3.connect(folder / "records.db") as reading:
        return bool(reading.execute("SELECT 1 FROM sqlite_master WHERE name = 'incident'").fetchone())
