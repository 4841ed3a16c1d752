"""An inbox per test, on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from ingress.webhook.inbox import Inbox
from tests.ingress.setting import Clock, MemoryEngine
from tests.postgres import Cluster


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine() -> MemoryEngine:
    return MemoryEngine()


@pytest.fixture(params=["sqlite", "postgresql"])
async def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty inbox may live."""
    if request.param == "sqlite":
        return str(tmp_path / "inbox.db")
    cluster: Cluster = request.getfixturevalue("cluster")
    return await cluster.fresh()


@pytest.fixture
async def inbox(where: str, clock: Clock) -> AsyncIterator[Inbox]:
    box = Inbox(where, now=clock)
    yield box
    with suppress(RuntimeError):
        await box.close()
