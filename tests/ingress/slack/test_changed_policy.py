"""A policy that is changed in the middle of an incident counts from the next one on, for words and presses too."""

import re
import shutil
from pathlib import Path

import pytest

from config.company import Company
from config.company import Settings as CompanySettings
from tests.ingress.slack.scene import DANA, JONAS, Scene

NAMES = re.compile(r"\bP([1-4])\b")
"""The shipped policy's severities."""


@pytest.fixture
def files(tmp_path: Path) -> CompanySettings:
    """The company's files, which somebody edits."""
    shipped = CompanySettings()
    policy, catalog = tmp_path / "policy.yaml", tmp_path / "catalog.yaml"
    shutil.copy(shipped.standfast_policy, policy)
    shutil.copy(shipped.standfast_catalog, catalog)
    return CompanySettings(standfast_policy=policy, standfast_catalog=catalog)


@pytest.fixture
def company(files: CompanySettings) -> Company:
    return Company(files)


@pytest.mark.sop("TRI-3", "TRI-5")
async def test_an_open_incident_is_declared_by_its_own_severities_after_the_policy_has_others(
    scene: Scene, files: CompanySettings
) -> None:
    incident = await scene.alert()
    await scene.command(f"{incident} ack", DANA)
    words = NAMES.sub(r"SEV\1", files.standfast_policy.read_text())
    files.standfast_policy.unlink()
    files.standfast_policy.write_text(words)
    assert "SEV1" in scene.company.policy.severities
    await scene.command(f"{incident} declare P2 one region", JONAS)
    assert scene.engine.incidents[incident].severity is None, "lower than proposed, it asks for a second person"
    await scene.command(f"{incident} declare P1", JONAS)
    assert scene.engine.incidents[incident].severity == "P1"
    assert incident in (await scene.command("list", DANA))["text"]
