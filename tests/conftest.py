"""The engines and the PostgreSQL, one of each for the whole session, and the watch that nothing outlives it."""

import gc
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from temporalio.testing import WorkflowEnvironment

from tests import postgres, process
from tests.postgres import Cluster, running
from tests.stories import engine as engines
from tests.stories.left import leave

# Reading the tests makes millions of objects that stay: to walk over them again and again took half of its time.
gc.set_threshold(100_000, 50, 100)

# How long an example takes is the machine's business. `make test` tries the same examples every time, so that what is
# red was made red by a change; `make proof` tries others each time, and more of them, from a seed that it prints.
PATIENT: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("house", derandomize=True, max_examples=16, **PATIENT)
settings.register_profile("proof", max_examples=200, database=None, print_blob=True, **PATIENT)
settings.load_profile("house")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before the slow ones and the stories are left out."""
    postgres.shorten(items)
    leave(items)


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end, and is not looked at again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _no_process_left() -> Iterator[None]:
    """Fail the session when a process that a test started is still there after everything was ended."""
    before = process.children()
    yield
    left = {pid: name for pid, name in process.children().items() if pid not in before}
    assert not left, f"still running after the tests: {left}"


@pytest.fixture(scope="session")
async def engine(_no_process_left: None) -> AsyncIterator[WorkflowEnvironment]:
    """Temporal with a clock per workflow that passes only when told."""
    async with engines.skipping_engine() as environment:
        yield environment


@pytest.fixture(scope="session")
async def live_engine(_no_process_left: None) -> AsyncIterator[WorkflowEnvironment]:
    """Temporal in real time."""
    async with engines.live_engine() as environment:
        yield environment


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """PostgreSQL, with a fresh database for whoever asks."""
    with running() as cluster:
        yield cluster
