"""After each test, what a next run would read of its cases is what they know."""

from collections.abc import Iterator

import pytest

from tests.domain.learn.case import Case


@pytest.fixture(autouse=True)
def _carried() -> Iterator[None]:
    """Read every case that the test has told again from its events."""
    Case.told.clear()
    yield
    for case in Case.told:
        case.carried()
