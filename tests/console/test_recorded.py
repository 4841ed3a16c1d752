"""While the engine or its workers are away, the records tell what they have, and say that it is theirs."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from client.port import EngineUnavailable, IncidentClient
from console.code import NOT_REACHED, UNANSWERED
from records.record import Stored
from records.store import Records
from starter import app
from tests.console.conftest import Standfast
from tests.console.memory import Memory
from tests.tables import lay


@asynccontextmanager
async def nobody() -> AsyncIterator[IncidentClient]:
    raise EngineUnavailable("Temporal does not answer")
    yield


def away(*words: str) -> Result:
    """A command while there is no engine."""
    return CliRunner().invoke(app, list(words), obj=nobody)


async def _recorded(url: str, house: Memory, incident: str) -> None:
    async with await Records.open(url) as records:
        await records.append(incident, [Stored.of(event) for event in house.incidents[incident].events])


@pytest.fixture
def incident(house: Memory, standfast: Standfast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An incident that was declared and recorded."""
    found, url = house.begin("checkout 5xx"), lay(tmp_path / "records.db")
    standfast("ack", found)
    standfast("severity", found, "P1")
    monkeypatch.setenv("STANDFAST_DATABASE_URL", url)
    asyncio.run(_recorded(url, house, found))
    return found


@pytest.mark.sop("SOC-1")
def test_an_incident_is_shown_from_the_records_while_the_engine_is_away(incident: str) -> None:
    told = away("show", incident)
    assert told.exit_code == UNANSWERED
    assert "P1  Checkout API: checkout 5xx" in told.stdout
    assert "Temporal does not answer" in told.stderr
    assert "This is what the records have, up to" in told.stderr
    assert json.loads(away("show", incident, "--json").stdout)["severity"] == "P1"


@pytest.mark.sop("SOC-1")
def test_its_timeline_too(incident: str, house: Memory) -> None:
    events = json.loads(away("timeline", incident, "--after", "1", "--json").stdout)
    assert [one["number"] for one in events] == [event.number for event in house.incidents[incident].events[1:]]
    assert "acknowledged" in away("timeline", incident).stdout


def test_what_was_never_recorded_is_not_there(incident: str) -> None:
    told = away("show", "INC-00000")
    assert told.exit_code == NOT_REACHED
    assert "the records have" not in told.stderr


@pytest.mark.sop("SOC-1")
def test_while_only_the_workers_are_away_it_is_shown_whole(incident: str, house: Memory, standfast: Standfast) -> None:
    house.silent = True
    told = standfast("show", incident)
    assert told.exit_code == UNANSWERED
    assert "no worker answered" in told.stderr
    assert "COM-1" in told.stdout
