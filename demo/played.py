"""Where the vendors are played on this machine, left in a file for the commands that are run beside the stack."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from demo.process import is_free


def home() -> Path:
    """The folder of the stack that is kept."""
    return Path(os.environ.get("STANDFAST_HOME", "var")).absolute()


@contextmanager
def left(folder: Path, settings: Mapping[str, str]) -> Iterator[None]:
    """The settings by which the played vendors are reached, readable until the block ends."""
    place = _place(folder)
    place.write_text(json.dumps(dict(settings)))
    try:
        yield
    finally:
        place.unlink(missing_ok=True)


def played(folder: Path) -> dict[str, str]:
    """These settings; none where nobody plays any more."""
    try:
        settings: dict[str, str] = json.loads(_place(folder).read_text())
    except (OSError, ValueError):
        return {}
    port = next((urlsplit(value).port for name, value in settings.items() if name.endswith("_API_URL")), None)
    return settings if port and not is_free(port) else {}


def _place(folder: Path) -> Path:
    return folder / "played.json"
