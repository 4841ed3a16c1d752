"""The records on each database, empty and migrated."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from records.store import Records
from tests.postgres import Cluster


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/var/records.db"
    cluster: Cluster = request.getfixturevalue("cluster")
    return await cluster.fresh()


@pytest.fixture
async def records(url: str) -> AsyncIterator[Records]:
    async with await Records.open(url, patience=timedelta(milliseconds=1)) as records:
        await records.migrate()
        yield records
