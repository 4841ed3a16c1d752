"""Where the vendors' published descriptions are, for the tests that hold us to them."""

import os
from pathlib import Path

import pytest


def spec(path: str) -> Path:
    """A file of the vendors' descriptions; the test is skipped where they are not at hand."""
    root = Path(os.environ.get("VENDOR_SPECS", Path(__file__).parents[2] / "shared/specs"))
    if not root.is_dir():
        pytest.skip("the vendors' descriptions are not at hand: set VENDOR_SPECS", allow_module_level=True)
    return root / path
