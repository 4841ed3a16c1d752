"""Where the company's files are: importing this costs nothing, so that whoever presses TAB need not wait for models."""

import os
from pathlib import Path

SHIPPED = Path(__file__).parents[1]
"""Where the files that ship with the program are."""


def policy_file() -> Path:
    """The policy of the settings, else the shipped one."""
    return Path(os.environ.get("STANDFAST_POLICY") or SHIPPED / "policy.yaml")


def catalog_file() -> Path:
    """The catalog of the settings, else the shipped one."""
    return Path(os.environ.get("STANDFAST_CATALOG") or SHIPPED / "catalog.yaml")
