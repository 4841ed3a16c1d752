"""SOC-1: a worker says that it is at work when the engine sees it ask for work, and what keeps it from that."""

import asyncio
import uuid
from datetime import UTC, datetime

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities import presence
from activities.poller import refused
from activities.trouble import kept_from_work, stranded
from domain.alerting.alert_group import AlertGroup
from workflows.checkpoint import CheckpointWorkflow
from workflows.group import AlertGroupWorkflow
from workflows.namespace import NamespaceUnfit, prepare


def _now() -> datetime:
    return datetime.now(UTC)


async def test_only_who_asks_for_work_is_at_work(
    live_engine: WorkflowEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    client, queue = live_engine.client, f"presence-{uuid.uuid4().hex[:6]}"
    assert "does not see it ask for work" in await kept_from_work(client, queue, _now())
    caplog.set_level("INFO", "standfast.worker")
    async with Worker(client, task_queue=queue, workflows=[CheckpointWorkflow]), presence.presence(client, queue):
        for _ in range(3000):
            if any(f"at work on task queue {queue}" in one.getMessage() for one in caplog.records):
                break
            await asyncio.sleep(0.1)
        assert await kept_from_work(client, queue, _now()) == ""
    assert [one.levelname for one in caplog.records if queue in one.getMessage()] == ["INFO"]


async def test_a_namespace_that_is_not_there_is_said_with_what_to_do(live_engine: WorkflowEnvironment) -> None:
    target = live_engine.client.service_client.config.target_host
    client = await Client.connect(target, namespace="nowhere")
    kept = await kept_from_work(client, "standfast", _now())
    assert kept.startswith(f"Temporal refuses it (namespace nowhere at {target}): ")
    with pytest.raises(NamespaceUnfit, match="temporal operator namespace create -n nowhere"):
        await prepare(client)


async def test_an_engine_that_is_silent_has_refused_nothing(live_engine: WorkflowEnvironment) -> None:
    late = RPCError("Timeout expired", RPCStatusCode.CANCELLED, b"")
    assert refused(late, live_engine.client).startswith("Temporal does not answer (namespace default at ")


async def test_what_waits_on_another_task_queue_is_noticed(live_engine: WorkflowEnvironment) -> None:
    client, old = live_engine.client, f"renamed-{uuid.uuid4().hex[:6]}"
    watch = AlertGroup(group=f"checkout/{old}")
    handle = await client.start_workflow(AlertGroupWorkflow.run, watch, id=f"alerts/{old}", task_queue=old)
    try:
        for _ in range(3000):
            found = [one for one in await stranded(client, "standfast", _now()) if one.workflow == old]
            if found:
                break
            await asyncio.sleep(0.1)
        (one,) = found
        assert (one.kind, one.said.partition(" ")[0]) == ("stranded", "1")
        assert f"STANDFAST_TASK_QUEUE={old}" in one.do
    finally:
        await handle.terminate()
