"""The one place that knows where the vendors' published descriptions are kept."""

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("VENDOR_SPECS", Path(__file__).parents[2] / "shared/specs"))


def spec(path: str) -> Path:
    """The description at this path; the test is skipped where there are none."""
    if not ROOT.is_dir():
        pytest.skip("the vendors' descriptions are not at hand: set VENDOR_SPECS", allow_module_level=True)
    return ROOT / path
