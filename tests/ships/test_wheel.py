"""The wheel: one package, every command in it, and nothing that the plain requirements lack."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from console.listing import MODULES
from tests.house.source import FLOORS, ROOT
from tests.ships.installed import Installed, installed, writable


def test_it_brings_one_package_and_the_command(there: Installed) -> None:
    [record] = there.packages.glob("standfast-*.dist-info/RECORD")
    tops = {line.split("/")[0] for line in record.read_text().splitlines()}
    assert tops == {"standfast", record.parent.name, ".."}
    assert {path.name for path in (there.packages / "standfast").iterdir() if path.is_dir()} >= set(FLOORS)
    assert (there.home / "bin/standfast").exists()
    assert list(writable(there.packages / "standfast")) == []


def test_it_says_its_version(there: Installed) -> None:
    assert re.fullmatch(r"standfast \d+\.\d+\.\d+\n", there.run("--version"))


@pytest.mark.slow
def test_every_command_needs_only_the_plain_requirements(there: Installed) -> None:
    """And what plays in the demo says what to install."""
    names = [f"console.{one}" for one in MODULES] + ["worker", "ingress.serve", "demo.quarter"]
    code = f"import sys, standfast; sys.path.insert(0, standfast.HERE); import {', '.join(names)}; print('all')"
    python = str(there.home / "bin/python")
    told = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=False)  # noqa: S603
    assert (told.stdout, told.stderr) == ("all\n", "")
    demo = subprocess.run(  # noqa: S603
        there.command("demo"), cwd=there.state, env=there.environment(), capture_output=True, text=True, check=False
    )
    assert "pip install 'standfast[demo]'" in demo.stderr


@pytest.mark.slow
def test_the_rooms_come_before_what_bears_their_names(there: Installed, tmp_path: Path) -> None:
    """Another package of the environment may be called `domain` or `client`: ours is the one that we import."""
    (tmp_path / "domain.py").write_text("raise SystemExit('not ours')\n")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.argv[1:] = ['list', '--help']; import standfast; "
    python = str(there.home / "bin/python")
    told = subprocess.run(  # noqa: S603
        [python, "-I", "-c", f"{code} standfast.main()"], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr


def test_the_image_installs_what_was_tried_here() -> None:
    text = (ROOT / "deploy/Containerfile").read_text()
    assert "pip install --require-hashes -r requirements.txt" in text
    assert "pip install --no-index --no-deps standfast-*.whl" in text
    assert 'rm -r "$package/standins"' in text
    kept = (ROOT / ".dockerignore").read_text().split()
    assert kept == ["*", "!requirements.txt", "!dist", "dist/*", "!dist/standfast-*.whl"]


@pytest.mark.slow
def test_a_clean_environment_is_made_from_the_index(tmp_path: Path) -> None:
    assert installed(tmp_path, from_index=True).run("--version").startswith("standfast ")
    assert sys.version_info >= (3, 11)
