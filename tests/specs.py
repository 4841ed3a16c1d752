"""Where the vendors' published descriptions lie, for the tests that check us against them."""

import os
from pathlib import Path

import pytest


def spec(path: str) -> Path:
    """The file or folder of that name under the vendors' descriptions; skips the module where they are absent."""
    root = Path(os.environ.get("VENDOR_SPECS", Path(__file__).parents[2] / "shared/specs"))
    if not root.is_dir():
        pytest.skip("the vendors' descriptions are not at hand: set VENDOR_SPECS", allow_module_level=True)
    return root / path
