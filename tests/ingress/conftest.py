"""An inbox per test, on SQLite and, where `TEST_POSTGRESQL_URL` names a database to empty, on PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from ingress.inbox import Inbox
from ingress.table import META
from tests.ingress.setting import POSTGRESQL, Clock, MemoryEngine


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine() -> MemoryEngine:
    return MemoryEngine()


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty inbox may live."""
    if request.param == "sqlite":
        return str(tmp_path / "inbox.db")
    if not POSTGRESQL:
        pytest.skip("no PostgreSQL at hand: set TEST_POSTGRESQL_URL")
    database = create_engine(POSTGRESQL.replace("postgresql://", "postgresql+psycopg://"))
    META.drop_all(database)
    database.dispose()
    return POSTGRESQL


@pytest.fixture
async def inbox(where: str, clock: Clock) -> AsyncIterator[Inbox]:
    box = Inbox(where, now=clock)
    yield box
    with suppress(RuntimeError):
        await box.close()
