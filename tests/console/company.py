"""Policy and catalog as files that a test may spoil."""

from pathlib import Path
from typing import Any

from tests import yaml

ROOT = Path(__file__).parents[2]


def spoilt(folder: Path, name: str, changes: dict[str, Any]) -> Path:
    """The shipped file with entries changed: a dotted path and its new value, None to take it out."""
    data = yaml.safe_load((ROOT / name).read_text())
    for path, value in changes.items():
        *above, key = path.split(".")
        at = data
        for step in above:
            at = at[step]
        if value is None:
            del at[key]
        else:
            at[key] = value
    file = folder / name
    file.write_text(yaml.safe_dump(data, sort_keys=False))
    return file
