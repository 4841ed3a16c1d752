"""A worker takes over what another left with questions waiting, and nothing is decided under an old clock."""

import asyncio
import uuid
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

import worker
from activities.starting import start_incident
from demo.play import POLICY
from domain.exchange import OpenIncidentRequest
from tests.stories.story import Story, alert, told
from tests.stories.test_replay import replay
from workflows.converter import converter
from workflows.query_retry import AskAgain

pytestmark = pytest.mark.story

OPEN, RUNG = 2.5, 6.0
"""Seconds after which an incident under the demo's policy has opened, and after which its first clocks have rung."""


async def asking(engine: WorkflowEnvironment) -> Client:
    """A client as the house has it."""
    target = engine.client.service_client.config.target_host
    return await Client.connect(target, data_converter=converter(), interceptors=[AskAgain()])


async def opened(engine: WorkflowEnvironment, story: Story, count: int) -> list[str]:
    """So many incidents of a service, each by itself."""
    orders = [
        OpenIncidentRequest(group="", service="checkout", alerts=(alert(),), seed=uuid.uuid4().hex)
        for _ in range(count)
    ]
    return [await start_incident(engine.client, story.company, story.queue, order) for order in orders]


async def test_a_question_that_waits_for_a_worker_decides_nothing(
    live_engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    client = await asking(live_engine)
    async with told(live_engine, tmp_path, working=False, policy=POLICY) as story:
        async with worker.working(live_engine.client, story.company, story.records, story.settings):
            incidents = await opened(live_engine, story, 4)
            await asyncio.sleep(OPEN)
        questions = [asyncio.create_task(client.get_workflow_handle(one).query("due")) for one in incidents]
        await asyncio.sleep(RUNG)
        async with worker.working(live_engine.client, story.company, story.records, story.settings):
            await asyncio.gather(*questions)
            await asyncio.sleep(OPEN)
            histories = [await client.get_workflow_handle(one).fetch_history() for one in incidents]
    assert [await replay(history) for history in histories] == [None] * len(incidents)
