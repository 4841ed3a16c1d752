"""The root of the command line: every command is found, and help costs no more than it must."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from console import root
from starter import app

PROJECT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def test_the_help_shows_every_command_once_in_its_panel() -> None:
    told = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "80"}).stdout
    for title in root.PANELS:
        assert f"─ {title} ─" in told
    assert all(told.count(f"│ {one.name} ") == 1 for one in root.listing())


def test_what_is_placed_in_a_panel_exists() -> None:
    placed = {name for names in root.PANELS.values() for name in names}
    assert placed <= {one.name for one in root.listing()}


def test_help_and_completion_import_no_procedure_once_they_are_remembered(cache: Path) -> None:
    root.listing()
    seen = "import sys, starter; from console import root; root.listing(); print('domain' in sys.modules)"
    words = [sys.executable, "-c", seen]
    told = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, check=True)  # noqa: S603 ours
    assert told.stdout == "False\n"


def test_a_memory_that_cannot_be_read_or_written_changes_nothing(cache: Path) -> None:
    remembered = root.listing()
    (kept,) = (cache / "standfast").iterdir()
    kept.write_text('[["broken"')
    assert root.listing() == remembered
    (cache / "standfast").rename(cache / "elsewhere")
    (cache / "standfast").write_text("a file where the folder was")
    assert root.listing() == remembered


def test_a_mistyped_command_is_told_the_nearest() -> None:
    told = CliRunner().invoke(app, ["timelin"])
    assert told.exit_code == 2
    assert "Did you mean 'timeline'" in told.output


def test_the_release_says_its_name() -> None:
    assert CliRunner().invoke(app, ["--version"]).stdout.startswith("standfast ")


def test_somebody_is_told_who_they_are_and_a_stranger_that_nobody_is() -> None:
    told = CliRunner().invoke(app, ["whoami", "sam"])
    assert told.stdout.startswith("Sam Lindqvist (sam)\n")
    assert "payments" in told.stdout
    stranger = CliRunner().invoke(app, ["whoami", "smm"])
    assert stranger.exit_code == 2
    assert "did you mean sam" in stranger.stderr
    assert CliRunner().invoke(app, ["whoami"], env={"STANDFAST_USER": ""}).exit_code == 2


def test_the_board_of_an_incident_has_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def no_browser(url: str) -> bool:
        opened.append(url)
        return False

    monkeypatch.setattr("webbrowser.open", no_browser)
    told = CliRunner().invoke(app, ["open", "7kq2m"], env={"STANDFAST_BOARD_URL": "https://sf.example/"})
    assert opened == ["https://sf.example/incidents/INC-7KQ2M"]
    assert "no browser could be started here" in told.stderr
