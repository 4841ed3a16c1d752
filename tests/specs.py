"""Where the vendors' published API descriptions lie; they are never copied into the project."""

import os
from pathlib import Path

import pytest


def root() -> Path:
    """The folder of the vendors' descriptions, whether or not it is there."""
    return Path(os.environ.get("VENDOR_SPECS", Path(__file__).parents[2] / "shared/specs"))


def spec(path: str) -> Path:
    """Point to a file or folder of the vendors' descriptions, or skip the asking module where they are absent."""
    if not root().is_dir():
        pytest.skip("the vendors' descriptions are not at hand: set VENDOR_SPECS", allow_module_level=True)
    return root() / path
