"""An incident is opened within the task that asks for it, and by an activity where that does not succeed (DET-1)."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from domain.alerting.alert_group import AlertGroup
from domain.exchange import OpenIncidentRequest
from tests.workflows.test_group import digest
from worker import deciders
from workflows.converter import converter

INCIDENT = "INC-22222"
Opens = Callable[[OpenIncidentRequest], Awaitable[str]]


@activity.defn(name="open_incident")
async def opens(order: OpenIncidentRequest) -> str:
    return INCIDENT


@activity.defn(name="open_incident")
async def fails(order: OpenIncidentRequest) -> str:
    raise ConnectionError("the records are away")


@activity.defn(name="open_incident")
async def hangs(order: OpenIncidentRequest) -> str:
    await asyncio.sleep(60)
    return "INC-33333"


@pytest.mark.sop("DET-1", "DET-3")
@pytest.mark.parametrize(("here", "there", "trips"), [(opens, fails, 0), (fails, opens, 1), (hangs, opens, 1)])
async def test_an_incident_is_opened_in_the_task_or_else_by_an_activity(
    engine: WorkflowEnvironment, here: Opens, there: Opens, trips: int
) -> None:
    settings, queue = engine.client.config(), f"opening-{uuid.uuid4()}"
    settings["data_converter"] = converter()
    client = type(engine.client)(**settings)
    async with deciders(client, queue, [here]), Worker(client, task_queue=f"{queue}-engine", activities=[there]):
        first = AlertGroup(group="g")
        group = await client.start_workflow("AlertGroup", first, id=queue, task_queue=queue)
        await group.signal("tell", digest(1))
        incident = await opened_by(group)
        scheduled = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
        seen = [one.event_type async for one in group.fetch_history_events()].count(scheduled)
        await group.terminate()
    assert (incident, seen) == (INCIDENT, trips)


async def opened_by(group: WorkflowHandle[Any, Any]) -> str:
    """The incident that a group has opened, once it has."""
    for _ in range(600):
        watch: AlertGroup = await group.query("watch", result_type=AlertGroup)
        if watch.incident:
            return watch.incident
        await asyncio.sleep(0.05)
    raise AssertionError("no incident was opened")
