"""What `make test` leaves to `make stories`: of each file the tests on an engine or in a browser after the first."""

from collections.abc import Iterable
from pathlib import Path

import pytest

LIVED = {"engine", "live_engine", "browser"}
"""The fixtures of what is lived and not reckoned."""


def leave(items: Iterable[pytest.Item]) -> None:
    """What a file is about is lived once in `make test`; a test that takes long is marked a story where it stands."""
    begun = set[Path]()
    for item in items:
        marked = item.get_closest_marker("slow") or item.get_closest_marker("story")
        if marked or not LIVED & set(getattr(item, "fixturenames", ())):
            continue
        if item.path in begun:
            item.add_marker(pytest.mark.story)
        begun.add(item.path)
