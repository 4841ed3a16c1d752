"""What tests of activities start from."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from records.store import Records
from tests.records.case import INCIDENT, events
from tests.tables import lay


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[Records]:
    """Records with an incident whose chain has moved."""
    async with await Records.open(lay(tmp_path / "records.db")) as records:
        await records.append(INCIDENT, events(1))
        yield records
