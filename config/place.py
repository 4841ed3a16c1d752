"""Where the company's files are, and that one is unfit: importing it costs nothing, so that nobody waits for models."""

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


class InvalidFile(Exception):
    """A file that was refused: which, and each finding as path, found and expected."""

    def __init__(self, file: Path, findings: list[str]) -> None:
        super().__init__(f"{file}: " + "; ".join(findings))
        self.file, self.findings = file, findings
