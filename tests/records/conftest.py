"""The records on each database, empty, with and without their tables."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from records.store import Records
from tests.postgres import Cluster
from tests.tables import lay


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database; of one with its tables, where `records` are asked for."""
    begun, file = "records" in request.fixturenames, tmp_path / "var/records.db"
    if request.param == "sqlite":
        return lay(file) if begun else f"sqlite:///{file}"
    cluster: Cluster = request.getfixturevalue("cluster")
    return await (cluster.migrated() if begun else cluster.fresh())


@pytest.fixture
async def records(url: str) -> AsyncIterator[Records]:
    async with await Records.open(url, patience=timedelta(milliseconds=1)) as records:
        yield records
