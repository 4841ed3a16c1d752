"""Of each file of stories the first is lived in `make test`, and every other in `make stories`."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
ENGINES = {"engine", "live_engine"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs an engine is a story; the slow ones are lived in `make proof` alone."""
    begun = set[Path]()
    for item in items:
        lives = item.path.parent == HERE and ENGINES & set(getattr(item, "fixturenames", ()))
        if not lives or item.get_closest_marker("slow"):
            continue
        if item.path in begun:
            item.add_marker(pytest.mark.story)
        begun.add(item.path)
