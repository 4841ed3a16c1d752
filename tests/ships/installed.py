"""The wheel in an environment of its own: nothing of the checkout, and no package beyond the pinned requirements."""

import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

from tests.house.source import ROOT

PINS = ROOT / "requirements.txt"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-qq")
WITHOUT_RIGHTS = ("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--")
"""A superuser who may do what anybody may: what is not writable stays so."""


@dataclass(frozen=True)
class Installed:
    """Where it was installed, and where it may write."""

    home: Path
    state: Path

    @property
    def packages(self) -> Path:
        [found] = (self.home / "lib").glob("python*/site-packages")
        return found

    def command(self, *words: str) -> list[str]:
        """The command `standfast` as a process manager starts it: without rights, its own programs before others."""
        return [*without_rights(), str(self.home / "bin/standfast"), *words]

    def environment(self, **settings: str) -> dict[str, str]:
        """Nothing of whoever runs the tests: what a service is given, and no more."""
        return {"PATH": f"{self.home}/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8", **settings}

    def run(self, *words: str) -> str:
        done = subprocess.run(  # noqa: S603
            self.command(*words), cwd=self.state, env=self.environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def built(into: Path) -> Path:
    """Build the wheel as a release does."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    [wheel] = into.glob("standfast-*.whl")
    return wheel


def installed(folder: Path, *, from_index: bool = False) -> Installed:
    """Install the wheel and what it requires; linked from here, or from the index with every hash checked."""
    one = Installed(folder / "home", folder / "state")
    one.state.mkdir(parents=True)
    venv.create(one.home, symlinks=True)
    onto = (*PIP, "--python", str(one.home / "bin/python"), "install")
    if from_index:
        subprocess.run([*onto, "--require-hashes", "-r", str(PINS)], check=True)  # noqa: S603
    else:
        link_requirements(one.packages)
    wheel = built(folder / "dist")
    subprocess.run([*onto, "--no-index", "--no-deps", str(wheel)], check=True)  # noqa: S603
    for path in [one.packages / "standfast", *(one.packages / "standfast").rglob("*")]:
        path.chmod(path.stat().st_mode & ~0o222)
    return one


def link_requirements(packages: Path) -> None:
    """Put every pinned package there as it is installed here: the same versions, and nothing else."""
    for name, version in PIN.findall(PINS.read_text()):
        found = distribution(name)
        assert found.version == version, f"{name}: {found.version} is installed, {version} is pinned"
        for top in {Path(str(file)).parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            if not (packages / top).exists():
                (packages / top).symlink_to(Path(str(found.locate_file(top))))


def writable(folder: Path) -> Iterator[Path]:
    """What a process without rights could alter."""
    return (path for path in folder.rglob("*") if not path.is_symlink() and path.stat().st_mode & 0o222)


def without_rights() -> tuple[str, ...]:
    """What a command begins with that may do nothing more than anybody."""
    return WITHOUT_RIGHTS if os.geteuid() == 0 and shutil.which("setpriv") else ()
