"""The pages show pictures that are there, and the operators' page signals that an incident takes."""

import json
import re
from pathlib import Path

import pytest

from demo.stack import ROOT
from workflows.handler import ACTS

PAGE = (ROOT / "docs/operating.md").read_text()
LARGEST = 300_000
"""Bytes of a picture."""
ROWS = re.findall(r"^\| .* \| `(\w+)` \| `(\{.*\})` \|$", PAGE, re.MULTILINE)


SHOWN = [
    (page, picture)
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("**/*.md"))
    for picture in re.findall(r"!\[.*?\]\((\S+?)\)|<img src=\"(.*?)\"", page.read_text())
]
"""Every picture and the page that shows it."""


@pytest.mark.parametrize(("page", "found"), SHOWN, ids=[f"{page.name} {max(found)}" for page, found in SHOWN])
def test_every_picture_is_there_and_small(page: Path, found: tuple[str, str]) -> None:
    assert 0 < (page.parent / max(found)).stat().st_size < LARGEST


def test_no_picture_is_kept_that_nothing_shows() -> None:
    shown = {(page.parent / max(found)).resolve() for page, found in SHOWN}
    assert set((ROOT / "docs/picture").iterdir()) - shown == set()


@pytest.mark.parametrize(("kind", "data"), ROWS, ids=[kind for kind, _ in ROWS])
def test_every_signal_of_the_page_is_an_act(kind: str, data: str) -> None:
    assert ACTS[kind].model_validate(json.loads(data)).by


def test_the_page_has_signals() -> None:
    assert {"acknowledge", "declare", "resolve", "page_person"} <= {kind for kind, _ in ROWS}
