"""What a release is called: by the content that decides, so that other code is never taken for the same release."""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).parents[1]
DECIDES = ("domain", "workflows", "activities/attribute.py")
"""The code that a workflow's commands follow from."""
READS = ("temporalio", "pydantic", "pydantic-core", "tzdata")
"""The packages of the lock that this code decides with."""
DIGITS = 12


def release(name: str = "") -> str:
    """A build id: the given name, or the version of what is installed, and the content."""
    return f"{name or _version('standfast')}-{content()}"


@cache
def content(root: Path = ROOT) -> str:
    """The digest of the code that decides, and of the versions that it decides with."""
    digest = hashlib.sha256()
    for path in sorted(path for place in DECIDES for path in _sources(root / place)):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
        digest.update(path.read_bytes() + b"\0")
    for package in READS:
        digest.update(f"{package}=={_version(package)}\0".encode())
    return digest.hexdigest()[:DIGITS]


def _sources(place: Path) -> list[Path]:
    return [place] if place.is_file() else list(place.rglob("*.py"))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "0"
