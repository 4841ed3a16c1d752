"""Whose workflow tasks go first where more wait than the workers can do."""

import uuid
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from activities.starting import start_incident
from domain.exchange import OpenIncidentRequest
from tests.stories.story import alert, told


async def _priority(client: Client, workflow: str) -> int:
    described = await client.get_workflow_handle(workflow).describe()
    return described.raw_description.workflow_execution_info.priority.priority_key


@pytest.mark.sop("DET-1", "ACK-6")
async def test_who_hears_alerts_goes_first_then_what_wakes_somebody_at_once(
    live_engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(live_engine, tmp_path, working=False) as story:
        client = live_engine.client
        await story.tells(alert())
        turns = [await _priority(client, story.alerts.id)]
        for severity in ("critical", "info"):
            one = alert(severity=severity)
            order = OpenIncidentRequest(group="", service="checkout", alerts=(one,), seed=uuid.uuid4().hex)
            turns.append(await _priority(client, await start_incident(client, story.company, story.queue, order)))
        assert turns == [1, 2, 3]
