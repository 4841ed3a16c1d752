"""The command line as a function, over a house in memory."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner, Result

from starter import app
from tests.console.memory import Memory

Standfast = Callable[..., Result]


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
