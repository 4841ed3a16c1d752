"""The command as a process: `.env` is read where it is called, and it ends with its code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from starter import app
from tests.console.company import ROOT, spoilt


def called(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("STANDFAST", "TEMPORAL"))}
    return subprocess.run(  # noqa: S603
        [sys.executable, ROOT / "starter.py", *words],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_settings_come_from_the_env_file_where_it_is_called(tmp_path: Path) -> None:
    spoilt(tmp_path, "policy.yaml", {"clocks.ACK-1.tell": ["boss"]})
    (tmp_path / ".env").write_text(f"STANDFAST_POLICY={tmp_path}/policy.yaml\nTEMPORAL_ADDRESS=127.0.0.1:1\n")
    checked = called(tmp_path, "policy", "check")
    assert checked.returncode == 1
    assert "clocks.ACK-1.tell: found 'boss'" in checked.stdout
    listed = called(tmp_path, "list")
    assert listed.returncode == 3
    assert "does not answer at 127.0.0.1:1" in listed.stderr


def test_help_ends_well(tmp_path: Path) -> None:
    assert called(tmp_path, "--help").returncode == 0


@pytest.mark.sop("DET-3")
@pytest.mark.parametrize("word", ["serve", "worker"])
def test_what_keeps_a_process_from_starting_is_its_only_line(tmp_path: Path, word: str) -> None:
    """One that loses alerts, a setting of the logs themselves, and one that a process reads for itself."""
    spoilt(tmp_path, "catalog.yaml", {"services.checkout.team": "nobody"})
    for setting, said in (
        (f"STANDFAST_CATALOG={tmp_path}/catalog.yaml", "services.checkout.team: found 'nobody'"),
        ("STANDFAST_LOG_LEVEL=loud", "STANDFAST_LOG_LEVEL: Input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("STANDFAST_LISTEN=here\nSTANDFAST_RAMP=fast", "STANDFAST_"),
    ):
        (tmp_path / ".env").write_text(f"{setting}\nTEMPORAL_ADDRESS=127.0.0.1:1\n")
        told = called(tmp_path, word)
        assert (told.returncode, told.stderr.count("\n")) == (1, 1), told.stderr
        assert said in told.stderr


@pytest.mark.parametrize("word", ["no-such", "ack"])
def test_wrong_usage_has_its_code(word: str) -> None:
    assert CliRunner().invoke(app, [word]).exit_code == 2


def test_a_set_of_vendors_that_does_not_exist_is_named_with_those_that_do() -> None:
    asked = CliRunner().invoke(app, ["demo", "--vendors", "others"])
    assert asked.exit_code == 2
    assert "'others'" in asked.stderr
    assert "alternate" in asked.stderr
