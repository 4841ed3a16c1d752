"""Recorded histories of workflows, compressed: what a release did then, which this one must be able to replay."""

import gzip
from pathlib import Path

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """Every history there is."""
    return sorted(file.name.partition(".")[0] for file in FOLDER.glob("*.json.gz"))


def read(name: str) -> str:
    """A history as JSON."""
    return gzip.decompress((FOLDER / f"{name}.json.gz").read_bytes()).decode()


def write(name: str, text: str) -> None:
    """Keep a history; the same text is the same file."""
    (FOLDER / f"{name}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
