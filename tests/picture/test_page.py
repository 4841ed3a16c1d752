"""The operators' page shows pictures that are there, and signals that an incident takes."""

import json
import re

import pytest

from demo.stack import ROOT
from workflows.handler import ACTS

PAGE = (ROOT / "docs/operating.md").read_text()
LARGEST = 300_000
"""Bytes of a picture."""
ROWS = re.findall(r"^\| .* \| `(\w+)` \| `(\{.*\})` \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("picture", re.findall(r"!\[.*?\]\((.*?)\)", PAGE))
def test_every_picture_is_there_and_small(picture: str) -> None:
    assert 0 < (ROOT / "docs" / picture).stat().st_size < LARGEST


def test_no_picture_is_kept_that_nothing_shows() -> None:
    kept = {f"picture/{one.name}" for one in (ROOT / "docs/picture").iterdir()}
    told = "".join(one.read_text() for one in (*(ROOT / "docs").glob("*.md"), ROOT / "README.md"))
    assert {one for one in kept if one not in told} == set()


@pytest.mark.parametrize(("kind", "data"), ROWS, ids=[kind for kind, _ in ROWS])
def test_every_signal_of_the_page_is_an_act(kind: str, data: str) -> None:
    assert ACTS[kind].model_validate(json.loads(data)).by


def test_the_page_has_signals() -> None:
    assert {"acknowledge", "declare", "resolve", "page_person"} <= {kind for kind, _ in ROWS}
