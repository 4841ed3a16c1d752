"""What TAB offers: people of the catalog and incidents that are open, and nothing where neither can be read."""

import pytest
from typer.testing import CliRunner

from starter import app
from tests.console.conftest import Standfast
from tests.console.memory import Memory

WORDS = {"_STANDFAST_COMPLETE": "complete_zsh"}


def offered(house: Memory, line: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", line)
    return CliRunner().invoke(app, [], obj=house.open, prog_name="standfast", env=WORDS).output


def test_people_are_offered_with_their_names(
    house: Memory, standfast: Standfast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Sam Lindqvist" in offered(house, "standfast ack INC-7K3QF --by s", monkeypatch)


def test_open_incidents_are_offered_with_or_without_their_prefix(
    house: Memory, standfast: Standfast, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = house.begin()
    assert incident in offered(house, f"standfast ack {incident[:5]}", monkeypatch)
    short = incident[4:6].lower()
    assert f'"{short}{incident[6:]}"' in offered(house, f"standfast ack {short}", monkeypatch)


def test_with_the_catalog_unreadable_nobody_is_offered(
    house: Memory, standfast: Standfast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDFAST_CATALOG", "/nowhere.yaml")
    assert "sam" not in offered(house, "standfast ack INC-7K3QF --by s", monkeypatch)
