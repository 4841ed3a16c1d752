"""The synthetic quarter: the same every time, believable, and what the docs say of it."""

import asyncio
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from console.source import read
from demo.quarter import COUNT, LENGTH, START, quarter
from domain.incident.incident import Incident
from domain.run import read as fold
from records.store import Records
from tests.demo.table import documented, example, ran
from tests.domain.story import catalog, policy


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What the command printed, and the records it wrote."""
    file = tmp_path_factory.mktemp("quarter") / "quarter.db"
    return ran("--keep", str(file)), file


@pytest.mark.slow
def test_the_docs_show_what_the_command_prints(printed: tuple[str, Path]) -> None:
    assert documented() == example(printed[0]), "docs/replay.md: write it anew with `python -m tests.demo.table`"


@pytest.mark.slow
def test_every_incident_of_the_quarter_proves_its_replay(printed: tuple[str, Path]) -> None:
    assert f"{COUNT} of {COUNT} incidents go exactly as they happened" in printed[0]


@pytest.mark.slow
def test_the_quarter_is_kept_as_records_that_nobody_altered_and_is_believable(printed: tuple[str, Path]) -> None:
    incidents, findings = asyncio.run(_kept(printed[1]))
    assert findings == []
    assert 60 <= len(incidents) == COUNT <= 120
    assert Counter(one.severity for one in incidents).keys() == {"P1", "P2", "P3", "P4", None}
    assert {one.opened.service for one in incidents} == {"checkout", "billing", "platform"}
    assert {one.closed_reason for one in incidents} == {"followed_up", "self_resolved"}
    assert sum(bool(one.learning.repeats) for one in incidents) == 1
    assert sum(bool(one.learning.breach and one.learning.breach.breach) for one in incidents) == 1
    assert all(START <= one.opened.fired_at < START + LENGTH for one in incidents)
    assert {"page", "publish_update"} <= {e.what.model_dump().get("duty") for one in incidents for e in one.events}
    late = [one for one in incidents if "ACK-1" in one.missed]
    assert len(incidents) / 10 < len(late) < len(incidents) / 3


async def _kept(file: Path) -> tuple[list[Incident], list[str]]:
    async with await Records.open(f"sqlite:///{file}") as records:
        rows = await records.incidents(limit=1000)
        return [fold.read(read(await records.events(row.id))) for row in rows], await records.verify_all()


def test_the_same_seed_gives_the_same_quarter_and_another_another() -> None:
    first, again, other = ([one.events for one in islice(quarter(policy(), catalog(), seed), 2)] for seed in (2, 2, 13))
    assert first == again
    assert first != other
