"""The commands against a real engine and a real incident, with and without a worker."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from typer.testing import CliRunner, Result

from client.glance import open_incidents
from client.port import IncidentClient
from client.temporal import TemporalIncidents
from config.company import Company, Settings
from domain.alerting.alert_group import AlertGroup
from domain.alerting.grouping import group_id
from starter import app
from tests.console.errand import at_work

Standfast = Callable[..., Coroutine[None, None, Result]]


@pytest.fixture
async def worker(live_engine: WorkflowEnvironment, queue: str) -> AsyncIterator[None]:
    async with at_work(live_engine.client, queue):
        yield


@pytest.fixture
async def standfast(live_engine: WorkflowEnvironment, queue: str) -> AsyncIterator[Standfast]:
    """One command in a thread of its own, as in a process; what it opened is ended after the test."""

    @asynccontextmanager
    async def reach_soon() -> AsyncIterator[IncidentClient]:
        yield TemporalIncidents(Company(Settings()), queue, patience=timedelta(seconds=1))

    async def run(*words: str, patient: bool = True) -> Result:
        opener = None if patient else reach_soon
        return await asyncio.to_thread(CliRunner().invoke, app, list(words), obj=opener)

    yield run
    with suppress(RPCError):  # a test without a declaration has no group
        await live_engine.client.get_workflow_handle(group_id("checkout/production")).terminate()
    async for execution in live_engine.client.list_workflows(f"TaskQueue = '{queue}' AND ExecutionStatus = 'Running'"):
        with contextlib.suppress(RPCError):  # visibility may still list what has ended
            await live_engine.client.get_workflow_handle(execution.id, run_id=execution.run_id).terminate()


async def declared(standfast: Standfast, *more: str) -> str:
    told = await standfast("declare", "checkout", "customers cannot pay", *more, "--json")
    assert told.exit_code == 0, told.output
    return str(json.loads(told.stdout)["incident"])


async def test_an_incident_is_lived_through_by_command(standfast: Standfast, worker: None) -> None:
    incident = await declared(standfast, "--severity", "P2")
    assert (await standfast("ack", incident)).stdout.startswith(f"{incident}: Dana is on it. ")
    assert (await standfast("ack", incident)).exit_code == 2
    shown = json.loads((await standfast("show", incident, "--json")).stdout)
    assert (shown["phase"], shown["severity"], shown["commander"]) == ("active", "P2", "dana")
    due = await standfast("due", incident)
    assert f"P2 {incident.removeprefix('INC-')}" in due.stdout
    assert "has it solved" in due.stdout
    assert f"P2 {incident.removeprefix('INC-')}" in (await standfast("due")).stdout
    glanced = json.loads((await standfast("due", "--json")).stdout)
    whole = json.loads((await standfast("show", incident, "--json")).stdout)
    assert [one for one in glanced if one["incident"] == incident] == whole["due"]
    found = await open_incidents(timedelta(seconds=30))
    assert (incident, "P2", "checkout") in [one[:3] for one in found]
    assert (await standfast("resolve", incident, "A bad deploy, rolled back.")).exit_code == 0
    kinds = [event["what"]["kind"] for event in json.loads((await standfast("timeline", incident, "--json")).stdout)]
    assert kinds[0] == "opened"
    assert {"severity_declared", "acknowledged", "refused", "resolved"} <= set(kinds)
    listed = json.loads((await standfast("list", "--all", "--json")).stdout)
    assert "customers cannot pay" in [one["title"] for one in listed if one["id"] == incident]


async def test_the_alert_group_adopts_a_declared_incident(
    standfast: Standfast, worker: None, live_engine: WorkflowEnvironment
) -> None:
    incident = await declared(standfast)
    handle = live_engine.client.get_workflow_handle(group_id("checkout/production"))
    watch = await handle.query("watch", result_type=AlertGroup)
    assert watch.incident == incident


async def test_the_same_ticket_is_one_incident_while_it_lives(
    standfast: Standfast, worker: None, live_engine: WorkflowEnvironment
) -> None:
    ticket = f"ZD-{uuid4()}"
    first = await declared(standfast, "--customer", ticket)
    assert await declared(standfast, "--customer", ticket) == first
    await live_engine.client.get_workflow_handle(first).terminate()
    second = await declared(standfast, "--customer", ticket)
    assert second != first
    assert await declared(standfast, "--customer", ticket) == second


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
        assert "There is no incident" in told.stderr
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
