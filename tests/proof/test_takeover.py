"""Workers die while everybody asks and acts, and every history can be replayed afterwards: no workflow is dead."""

import asyncio
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from activities.starting import start_incident
from domain.exchange import OpenIncidentRequest
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.severity import Declare
from domain.value.act import Act
from standins.standin import Fault
from tests.proof.house import House, house
from tests.stories.story import alert
from workflows.checkpoint import CheckpointWorkflow
from workflows.converter import converter
from workflows.drill import DrillWorkflow
from workflows.group import AlertGroupWorkflow
from workflows.incident import IncidentWorkflow
from workflows.watchman import WatchmanWorkflow

WORKFLOWS = [IncidentWorkflow, AlertGroupWorkflow, DrillWorkflow, CheckpointWorkflow, WatchmanWorkflow]
AWAY = 6.0
"""Seconds without a worker, in which the demo's clocks ring."""
SETTLED = 4.0
"""Seconds in which a worker that is back has dealt with what waited."""
NONDETERMINISM = "TMPRL1100"


async def opened(home: House, count: int) -> list[str]:
    """So many incidents, each of its own."""
    running, queue = home.running, "standfast"
    orders = [
        OpenIncidentRequest(group="", service="checkout", alerts=(alert(),), seed=uuid.uuid4().hex)
        for _ in range(count)
    ]
    return [await start_incident(running.client, running.company, queue, order) for order in orders]


async def dead(home: House) -> list[str]:
    """Every workflow of the house that cannot be replayed, or that failed a task for it, and why."""
    replayer = Replayer(workflows=WORKFLOWS, data_converter=converter(), debug_mode=True)
    found = []
    async for one in home.running.client.list_workflows():
        history = await home.running.client.get_workflow_handle(one.id, run_id=one.run_id).fetch_history()
        failure = (await replayer.replay_workflow(history, raise_on_replay_failure=False)).replay_failure
        said = [str(failure)] if failure else failed_tasks(history)
        found += [f"{one.id}: {why[:300]}" for why in said]
    return found


def failed_tasks(history: WorkflowHistory) -> list[str]:
    """What is said of tasks that failed because the history could not be replayed."""
    failures = [one.workflow_task_failed_event_attributes.failure.message for one in history.events]
    return [said for said in failures if NONDETERMINISM in said]


@pytest.mark.slow
async def test_a_question_that_waits_for_a_worker_decides_nothing(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        incidents = await opened(home, 8)
        for incident in incidents:
            await home.happens(incident, "done")
        await asyncio.sleep(2)
        await home.running.worker.kill()
        asked = [asyncio.create_task(home.view(incident)) for incident in incidents]
        await asyncio.sleep(AWAY)
        await home.running.worker.start()
        assert {view.id for view in await asyncio.gather(*asked)} == set(incidents)
        await asyncio.sleep(SETTLED)
        assert await dead(home) == []


@pytest.mark.slow
async def test_an_act_that_waits_for_a_worker_merges_no_tasks(tmp_path: Path) -> None:
    """Two edits end one after the other while the records take nothing: two tasks in which nothing is ordered."""
    async with house(tmp_path) as home:
        incidents = await opened(home, 4)
        for incident in incidents:
            await home.happens(incident, "done")
        await asyncio.sleep(2)
        with locked(tmp_path / "records.db"):
            for incident in incidents:
                home.stage.slack.fail(*(Fault("hang", seconds=0.6 * number) for number in range(1, 6)))
                await acted(home, incident, Acknowledge(by="dana"))
                await asyncio.sleep(0.3)
            await asyncio.sleep(3.5)
            await home.running.worker.kill()
        home.stage.slack.faults.clear()
        acts = [asyncio.create_task(acted(home, one, Declare(by="dana", severity="P1"))) for one in incidents]
        await asyncio.sleep(2)
        await home.running.worker.start()
        await asyncio.gather(*acts)
        await asyncio.sleep(SETTLED)
        assert await dead(home) == []


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """The records take nothing for a while."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


async def acted(home: House, incident: str, act: Act) -> None:
    """Somebody acts and waits for the answer."""
    handle = home.running.client.get_workflow_handle(incident)
    await asyncio.wait_for(handle.execute_update(act.kind, act), 30)
