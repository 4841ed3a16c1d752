"""Recorded histories of workflows, compressed: what a release did then, which this one must be able to replay."""

import base64
import gzip
from pathlib import Path

FOLDER = Path(__file__).parent
KEYS = {"STANDFAST_CODEC_KEYS": base64.b64encode(bytes(range(32))).decode()}
"""The key that some recorded payloads are encrypted with; it protects nothing."""


def names() -> list[str]:
    """Every history there is."""
    return sorted(file.name.partition(".")[0] for file in FOLDER.glob("*.json.gz"))


def tagged() -> list[str]:
    """Every history that was recorded for a tag, as tag/name."""
    return sorted(f"{file.parent.name}/{file.name.partition('.json')[0]}" for file in FOLDER.glob("*/*.json.gz"))


def read(name: str) -> str:
    """A history as JSON."""
    return gzip.decompress((FOLDER / f"{name}.json.gz").read_bytes()).decode()


def write(name: str, text: str) -> None:
    """Keep a history; the same text is the same file."""
    (FOLDER / name).parent.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
