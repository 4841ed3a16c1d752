"""The house's rules read a million nodes of syntax that stay: the collector does not walk over them again and again."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def _collector_rests() -> Iterator[None]:
    """It is off while a module's rules are tried, and passes over what they have read ever after."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()
