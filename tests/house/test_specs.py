"""Tests that need the vendors' descriptions say so and step aside where these are not at hand."""

from pathlib import Path

import pytest

from tests.specs import spec


def test_a_description_is_found_where_the_setting_points(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VENDOR_SPECS", str(tmp_path))
    assert spec("slack/README.md") == tmp_path / "slack/README.md"


def test_without_descriptions_the_test_is_skipped_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VENDOR_SPECS", str(tmp_path / "absent"))
    with pytest.raises(pytest.skip.Exception, match="set VENDOR_SPECS"):
        spec("slack/README.md")
