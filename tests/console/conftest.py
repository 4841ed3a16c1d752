"""The command line as a function, over a house in memory."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment
from typer.testing import CliRunner, Result

from starter import app
from tests.console.company import spoilt
from tests.console.memory import Memory

NOBODY = dict.fromkeys(("pager", "room", "status_page", "tracker", "mailer", "notebook"), "none")
Standfast = Callable[..., Result]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from the checkout, where a stack that was played may have left its `var` or somebody their `.env`."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def house() -> Memory:
    return Memory(datetime.now(UTC))


@pytest.fixture
def standfast(house: Memory, monkeypatch: pytest.MonkeyPatch) -> Standfast:
    """Run one command; dana is at the keyboard."""
    monkeypatch.setenv("STANDFAST_USER", "dana")

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, list(words), obj=house.open)

    return run


@pytest.fixture
def queue(live_engine: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A task queue of this test's own, and a company without vendors."""
    name = f"console-{uuid4()}"
    monkeypatch.setenv("TEMPORAL_ADDRESS", live_engine.client.service_client.config.target_host)
    monkeypatch.setenv("STANDFAST_TASK_QUEUE", name)
    monkeypatch.setenv("STANDFAST_CATALOG", str(spoilt(tmp_path, "catalog.yaml", {"vendors": NOBODY})))
    monkeypatch.setenv("STANDFAST_USER", "dana")
    return name
