"""The engines do what stories need: time passes when told, updates answer, search attributes are known."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from tests import process
from tests.stories.engine import SERVICE, binary, live_engine
from tests.stories.sleeper import Sleeper

FORTNIGHT = timedelta(days=14)


@pytest.fixture
def name() -> str:
    return f"sleeper-{uuid4()}"


@asynccontextmanager
async def working(client: Client, queue: str) -> AsyncIterator[None]:
    async with Worker(client, task_queue=queue, workflows=[Sleeper]):
        yield


async def test_fourteen_days_pass_at_once_when_told(engine: WorkflowEnvironment, name: str) -> None:
    async with working(engine.client, name):
        handle = await engine.client.start_workflow(Sleeper.run, FORTNIGHT, id=name, task_queue=name)
        await engine.fast_forward(handle, FORTNIGHT + timedelta(minutes=1))
        slept, why = await handle.result()
    assert why == "time"
    assert FORTNIGHT <= slept < FORTNIGHT + timedelta(minutes=1)


async def test_an_update_wakes_a_sleeper_halfway(engine: WorkflowEnvironment, name: str) -> None:
    async with working(engine.client, name):
        handle = await engine.client.start_workflow(Sleeper.run, FORTNIGHT, id=name, task_queue=name)
        await engine.fast_forward(handle, FORTNIGHT / 2)
        assert await handle.execute_update(Sleeper.wake, "ann") == "woken by ann"
        slept, why = await handle.result()
    assert why == "ann"
    # A span is counted from when it was told, which may be a moment before the workflow's first breath.
    assert abs(slept - FORTNIGHT / 2) < timedelta(minutes=1)


async def test_a_live_engine_answers_updates_and_refuses_bad_ones(live_engine: WorkflowEnvironment, name: str) -> None:
    async with working(live_engine.client, name):
        handle = await live_engine.client.start_workflow(Sleeper.run, FORTNIGHT, id=name, task_queue=name)
        with pytest.raises(WorkflowUpdateFailedError):
            await handle.execute_update(Sleeper.wake, "")
        assert await handle.execute_update(Sleeper.wake, "ben") == "woken by ben"
        assert (await handle.result())[1] == "ben"


@pytest.fixture(params=["engine", "live_engine"])
def either(request: pytest.FixtureRequest) -> WorkflowEnvironment:
    """Each of the engines, begun before the test's own loop runs."""
    environment: WorkflowEnvironment = request.getfixturevalue(request.param)
    return environment


async def test_the_search_attributes_are_known(either: WorkflowEnvironment, name: str) -> None:
    values = TypedSearchAttributes([SearchAttributePair(SERVICE, "checkout")])
    async with working(either.client, name):
        handle = await either.client.start_workflow(
            Sleeper.run, timedelta(0), id=name, task_queue=name, search_attributes=values
        )
        await handle.result()
    assert (await handle.describe()).typed_search_attributes[SERVICE] == "checkout"


async def test_an_engine_ends_with_its_block() -> None:
    before = process.children()
    async with live_engine():
        during = process.children()
    assert len(during) == len(before) + 1
    assert process.children() == before


def test_the_programs_are_found_without_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert binary("temporal").endswith("temporal")
    with pytest.raises(FileNotFoundError, match="no-such-program"):
        binary("no-such-program")
