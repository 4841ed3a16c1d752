"""A vendor that nobody here knows is a folder, and nothing else: it is found, chosen, and wakes people."""

import json
from pathlib import Path
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

import vendors
from tests.house.source import ROOT
from tests.stories.story import QUIET, told
from vendors.directory import DIRECTORY, found

ADDING = (ROOT / "vendors/ADDING.md").read_text()
CATALOG = """\
extends: {house}
vendors: {{pager: pigeon}}
people:
  dana: {{ids: {{pigeon: loft-7}}}}
services:
  checkout: {{ids: {{pigeon: dovecote}}}}
"""


def shown(file: str) -> str:
    """A file of the example in `ADDING.md`."""
    return ADDING.split(f"`{file}`", 1)[1].split("```python\n", 1)[1].split("```", 1)[0]


@pytest.fixture
def sky(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The vendor of `ADDING.md`, in a folder that lies elsewhere; what its pigeons carried."""
    folder = tmp_path / "further" / "pigeon"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text('"""Pigeon."""\n')
    for name in ("vendor.py", "client.py"):
        (folder / name).write_text(shown(f"vendors/pigeon/{name}"))
    monkeypatch.setattr(vendors, "__path__", [*vendors.__path__, str(folder.parent)])
    monkeypatch.setenv("PIGEON_SKY", str(tmp_path / "sky.jsonl"))
    monkeypatch.setitem(DIRECTORY, "pigeon", found()["pigeon"])
    return tmp_path / "sky.jsonl"


def carried(sky: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in sky.read_text().splitlines()]


@pytest.mark.sop("ACK-1", "ACK-2")
async def test_a_vendor_of_a_folder_pages_until_somebody_answers(
    engine: WorkflowEnvironment, tmp_path: Path, sky: Path
) -> None:
    catalog = tmp_path / "catalog.yaml"
    catalog.write_text(CATALOG.format(house=ROOT / "catalog.yaml"))
    async with told(engine, tmp_path, policy=QUIET, catalog=catalog) as story:
        await story.alert()
        await story.passes(minutes=5, seconds=30)
        assert (await story.acts("acknowledge", "sam")).accepted
        await story.passes(minutes=1)
        flown = carried(sky)
        assert [(one["to"], one["about"]) for one in flown if one["kind"] == "page"] == [
            (["loft-7"], "dovecote"),
            ([], "dovecote"),
        ]
        assert [event.by for event in await story.events("acknowledged")] == ["sam"]
