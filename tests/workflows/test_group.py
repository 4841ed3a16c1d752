"""The loop of a group of alerts: nothing that nobody waits for holds up what somebody is woken by."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from temporalio import activity
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from domain.alerting.alert import Alert
from domain.alerting.alert_group import AlertGroup
from domain.alerting.digest import AlertDigest
from domain.alerting.scope import Suppression
from domain.exchange import OpenIncidentRequest, SuppressedAlerts
from worker import deciders
from workflows.converter import converter


@pytest.mark.sop("SCP-2", "DET-1")
async def test_what_is_kept_back_is_recorded_and_told_while_the_next_alert_opens_its_incident(
    engine: WorkflowEnvironment,
) -> None:
    happened, opened, queue = list[str](), asyncio.Event(), "group-loop"
    told, recorded = asyncio.Event(), asyncio.Event()

    @activity.defn
    async def suppress(kept: SuppressedAlerts) -> None:
        await told.wait()
        happened.append("recorded")
        recorded.set()

    @activity.defn
    async def tell_kept_back(kept: SuppressedAlerts) -> None:
        await opened.wait()
        happened.append("told")
        told.set()

    @activity.defn
    async def open_incident(order: OpenIncidentRequest) -> str:
        happened.append("opened")
        opened.set()
        return "INC-22222"

    settings = engine.client.config()
    settings["data_converter"] = converter()
    client = type(engine.client)(**settings)
    async with (
        deciders(client, queue, [open_incident]),
        Worker(client, task_queue=f"{queue}-records", activities=[suppress]),
        Worker(client, task_queue=f"{queue}-engine", activities=[tell_kept_back]),
    ):
        group = await client.start_workflow("AlertGroup", AlertGroup(group="g"), id="group-loop", task_queue=queue)
        await group.signal("tell", digest(1, suppressed=Suppression(reason="planned maintenance: new database")))
        await group.signal("tell", digest(2))
        await asyncio.wait_for(opened.wait(), 300)
        await asyncio.wait_for(recorded.wait(), 300)
        await group.terminate()
    assert happened == ["opened", "told", "recorded"]


def digest(row: int, suppressed: Suppression | None = None) -> AlertDigest:
    now = datetime.now(UTC) + timedelta(seconds=row)
    one = Alert(source="grafana", key=f"k{row}", title=f"disk {row}", service="checkout", fired_at=now, at=now)
    where = {"group": "g", "service": "checkout", "environment": "production", "first_row": row, "last_row": row}
    return AlertDigest.model_validate({**where, "alerts": (one,), "count": 1, "suppressed": suppressed})
