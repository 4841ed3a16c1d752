"""The commands against a real engine and a real incident, with and without a worker."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio import activity
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from typer.testing import CliRunner, Result

from activities.company import Company, Settings
from activities.engine import group_id
from console.link import Link
from console.temporal import TemporalLink
from domain.duty import Outcome, ReportToGroup
from domain.order import Batch, Recorded
from domain.watch import Watch
from starter import app
from tests.console.company import spoilt
from workflows.connection import connect
from workflows.group import AlertGroupWorkflow
from workflows.incident import IncidentWorkflow

NOBODY = dict.fromkeys(("pager", "room", "status_page", "tracker", "mailer", "notebook"), "none")
Standfast = Callable[..., Coroutine[None, None, Result]]


@activity.defn(name="record")
async def forget(batch: Batch) -> Recorded:
    return Recorded(up_to=batch.events[-1].number)


@activity.defn(name="report_to_group")
async def keep_quiet(duty: ReportToGroup) -> Outcome:
    return Outcome()


@pytest.fixture
def queue(live_engine: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A task queue of this test's own, and a company without vendors."""
    name = f"console-{uuid4()}"
    monkeypatch.setenv("TEMPORAL_ADDRESS", live_engine.client.service_client.config.target_host)
    monkeypatch.setenv("STANDFAST_TASK_QUEUE", name)
    monkeypatch.setenv("STANDFAST_CATALOG", str(spoilt(tmp_path, "catalog.yaml", {"vendors": NOBODY})))
    monkeypatch.setenv("STANDFAST_USER", "dana")
    return name


@asynccontextmanager
async def at_work(client: Client, queue: str) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        for name, errand in (("records", forget), ("engine", keep_quiet)):
            await stack.enter_async_context(Worker(client, task_queue=f"{queue}-{name}", activities=[errand]))
        await stack.enter_async_context(
            Worker(client, task_queue=queue, workflows=[IncidentWorkflow, AlertGroupWorkflow])
        )
        yield


@pytest.fixture
async def worker(live_engine: WorkflowEnvironment, queue: str) -> AsyncIterator[None]:
    async with at_work(live_engine.client, queue):
        yield


@pytest.fixture
async def standfast(live_engine: WorkflowEnvironment, queue: str) -> AsyncIterator[Standfast]:
    """One command in a thread of its own, as in a process; what it opened is ended after the test."""

    @asynccontextmanager
    async def reach_soon() -> AsyncIterator[Link]:
        yield TemporalLink(await connect(), Company(Settings()), queue, timedelta(seconds=1))

    async def run(*words: str, patient: bool = True) -> Result:
        opener = None if patient else reach_soon
        return await asyncio.to_thread(CliRunner().invoke, app, list(words), obj=opener)

    yield run
    async for execution in live_engine.client.list_workflows(f"TaskQueue = '{queue}' AND ExecutionStatus = 'Running'"):
        await live_engine.client.get_workflow_handle(execution.id, run_id=execution.run_id).terminate()


async def declared(standfast: Standfast, *more: str) -> str:
    told = await standfast("declare", "checkout", "customers cannot pay", *more, "--json")
    assert told.exit_code == 0, told.output
    return str(json.loads(told.stdout)["incident"])


async def test_an_incident_is_lived_through_by_command(standfast: Standfast, worker: None) -> None:
    incident = await declared(standfast, "--severity", "P2")
    assert (await standfast("ack", incident)).stdout == f"{incident}: acknowledge noted\n"
    assert (await standfast("ack", incident)).exit_code == 2
    shown = json.loads((await standfast("show", incident, "--json")).stdout)
    assert (shown["phase"], shown["severity"], shown["commander"]) == ("active", "P2", "dana")
    assert incident in (await standfast("due", incident)).stdout
    assert (await standfast("resolve", incident, "A bad deploy, rolled back.")).exit_code == 0
    kinds = [event["what"]["kind"] for event in json.loads((await standfast("timeline", incident, "--json")).stdout)]
    assert kinds[0] == "opened"
    assert {"severity_declared", "acknowledged", "refused", "resolved"} <= set(kinds)
    assert [one["title"] for one in json.loads((await standfast("list", "--all", "--json")).stdout)]


async def test_the_alert_group_adopts_a_declared_incident(
    standfast: Standfast, worker: None, live_engine: WorkflowEnvironment
) -> None:
    incident = await declared(standfast)
    handle = live_engine.client.get_workflow_handle(group_id("checkout/production"))
    watch = await handle.query("watch", result_type=Watch)
    assert watch.incident == incident


async def test_the_same_ticket_is_one_incident(standfast: Standfast, worker: None) -> None:
    ticket = f"ZD-{uuid4()}"
    assert await declared(standfast, "--customer", ticket) == await declared(standfast, "--customer", ticket)


async def test_without_a_worker_acts_are_kept_and_readings_say_what_is_known(
    standfast: Standfast, queue: str, live_engine: WorkflowEnvironment
) -> None:
    incident = await declared(standfast)
    told = await standfast("ack", incident, patient=False)
    assert told.exit_code == 5
    assert "no worker answered" in told.stdout
    shown = await standfast("show", incident, patient=False)
    assert shown.exit_code == 5
    assert "customers cannot pay" in shown.stdout
    assert "no worker has seen it yet" in shown.stdout
    signals = [
        event.workflow_execution_signaled_event_attributes.signal_name
        async for event in live_engine.client.get_workflow_handle(incident).fetch_history_events()
        if event.HasField("workflow_execution_signaled_event_attributes")
    ]
    assert signals == ["acknowledge"]


async def test_what_was_left_without_a_worker_is_one_act_when_it_is_back(
    standfast: Standfast, queue: str, live_engine: WorkflowEnvironment
) -> None:
    incident = await declared(standfast)
    assert (await standfast("ack", incident, patient=False)).exit_code == 5
    async with at_work(live_engine.client, queue):
        events = json.loads((await standfast("timeline", incident, "--json")).stdout)
    assert [event["what"]["kind"] for event in events if event["act"]] == ["acknowledged", "role_taken"]


async def test_an_unknown_incident_and_an_ended_one_are_told_apart(
    standfast: Standfast, worker: None, live_engine: WorkflowEnvironment
) -> None:
    for words in (("ack", "INC-00000"), ("show", "INC-00000"), ("timeline", "INC-00000"), ("due", "INC-00000")):
        told = await standfast(*words)
        assert told.exit_code == 4, told.output
        assert "there is no such incident" in told.stderr
    incident = await declared(standfast)
    await live_engine.client.get_workflow_handle(incident).terminate()
    told = await standfast("ack", incident)
    assert told.exit_code == 2
    assert "has ended" in told.stderr


async def test_nobody_at_the_address_ends_with_3_and_the_next_step(
    standfast: Standfast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    told = await standfast("list")
    assert told.exit_code == 3
    assert "Temporal does not answer at 127.0.0.1:1" in told.stderr
    assert "TEMPORAL_ADDRESS" in told.stderr
    assert "tonic" not in told.stderr


async def test_a_namespace_that_is_not_there_ends_with_3(standfast: Standfast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "nowhere")
    told = await standfast("ack", "INC-00000")
    assert told.exit_code == 3
    assert "namespace nowhere" in told.stderr
