"""Beside `make up` the doctor asks the vendors that are played there, and says that they are."""

import socket
from pathlib import Path

import pytest

from config.company import Settings
from console import reach, vendor_check
from demo.played import left, played
from tests.console.test_doctor import Played


def test_the_played_vendors_are_found_for_as_long_as_somebody_plays_them(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings = {"PAGERDUTY_API_URL": f"http://127.0.0.1:{listener.getsockname()[1]}"}
        with left(tmp_path, settings):
            assert played(tmp_path) == settings
            listener.close()
            assert played(tmp_path) == {}
    assert played(tmp_path) == {}


@pytest.mark.parametrize("name", ["well", "away"])
async def test_a_played_vendor_is_asked_and_not_taken_for_the_real_one(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("TOKEN", "unset at the end")
    monkeypatch.delenv("TOKEN")
    monkeypatch.setattr(vendor_check, "DIRECTORY", {name: Played(name, ("pager",), ("TOKEN",))})
    monkeypatch.setattr(vendor_check, "played", lambda folder: {"TOKEN": "stage"})
    [seen] = await vendor_check.vendors()
    assert seen.state == ("ok" if name == "well" else "failed")
    assert seen.said.startswith("played by `make up`: ")


@pytest.mark.parametrize(("engine", "leads"), [("127.0.0.1:7233", "http://127.0.0.1:8080"), ("elsewhere:7233", "")])
def test_what_is_declared_beside_it_leads_to_its_board(
    monkeypatch: pytest.MonkeyPatch, engine: str, leads: str
) -> None:
    there = {"TEMPORAL_ADDRESS": "127.0.0.1:7233", "STANDFAST_BOARD_URL": "http://127.0.0.1:8080"}
    monkeypatch.setattr(reach, "played", lambda folder: there)
    monkeypatch.setenv("TEMPORAL_ADDRESS", engine)
    assert reach._with_board(Settings()).standfast_board_url == leads
    own = Settings(standfast_board_url="https://board.example.com")
    assert reach._with_board(own) is own
