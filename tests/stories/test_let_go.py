"""What Temporal has let go of by its namespace's retention is told from the records, and takes what arrives still."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from typer.testing import CliRunner, Result

from client.error import IncidentEnded, IncidentLost
from client.reconciling import Reconciler
from client.restoring import Restorer, described
from console.code import REFUSED
from ingress.act_sender import ActSender
from ingress.board.gate import BoardAccess, Settings
from ingress.board.memory import RecordsReader
from ingress.board.route import Board
from records.bundle import verify_bundle
from records.delivery import Deliveries
from records.export import export
from records.key import public
from starter import app
from tests.ingress.board.guest import looking_at, read, words
from tests.records.parcel import KEY
from tests.stories.hearing import listening
from tests.stories.story import QUIET, Story, alert, is_open, told
from tests.stories.test_unheard import learned

LONG = 60.0
"""Seconds within which the engine has removed a history, on however busy a machine."""
YEAR = timedelta(days=365)


async def let_go(environment: WorkflowEnvironment, handle: WorkflowHandle[Any, Any]) -> None:
    """Remove a workflow as the namespace's retention does, and wait until nothing knows it."""
    client = environment.client
    gone = WorkflowExecution(workflow_id=handle.id)
    asked = DeleteWorkflowExecutionRequest(namespace=client.namespace, workflow_execution=gone)
    await client.workflow_service.delete_workflow_execution(asked)
    began = time.monotonic()
    while await described(client, handle.id):
        assert time.monotonic() < began + LONG, "its removal was waited for in vain"
        await asyncio.sleep(0.05)


async def standfast(*said: str) -> Result:
    """One command, in a thread of its own as it runs a loop of its own."""
    return await asyncio.to_thread(CliRunner().invoke, app, list(said))


@pytest.mark.story
@pytest.mark.sop("SOC-1", "WAR-6", "ACT-2", "REP-1")
async def test_an_incident_whose_history_is_gone_is_told_counted_and_goes_on_from_its_records(
    engine: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story, listening(story, tmp_path) as ingress:
        pager, story.group = story.stage.pagerduty, "checkout/production"
        await ingress.hears("pagerduty", pager.press_trigger("PSVCCHK", "checkout 5xx", key="k-first"))
        await story.passes(seconds=20)
        await story.acts("acknowledge", "dana")
        item, first = await learned(story), story.incident
        await let_go(engine, story.handle)
        monkeypatch.setenv("TEMPORAL_ADDRESS", engine.client.service_client.config.target_host)
        monkeypatch.setenv("STANDFAST_TASK_QUEUE", story.queue)
        monkeypatch.setenv("STANDFAST_DATABASE_URL", story.settings.standfast_database_url)
        monkeypatch.setenv("STANDFAST_USER", "dana")
        await _is_told(first)
        await _is_on_the_board(story)
        await _is_evidence(story, tmp_path)
        with pytest.raises(IncidentEnded):
            await story.acts("note", "dana", text="the bank called")
        refused = await standfast("note", first, "the bank called")
        assert (refused.exit_code, "has ended and takes nothing more" in refused.stderr) == (REFUSED, True)
        client = await story.ingress.connect()
        compared = await Reconciler(client, story.records).compare(first)
        assert (compared.state, await Restorer(client, story.records, story.queue).lost()) == ("same", ())
        restored = await standfast("restore", first)
        assert (restored.exit_code, "is closed: nothing of it is owed any more" in restored.stderr) == (REFUSED, True)
        await ingress.hears("jira", story.stage.jira.press_move(item, "In Progress", "dana@x.example"))
        assert await is_open(story.handle)
        assert [one.kind for one in await story.records.events(first)].count("item_reopened") == 1
        await ingress.hears("pagerduty", pager.press_trigger("PSVCCHK", "checkout 5xx", key="k-second"))
        assert story.incident != first
        assert any(first in line for line in story.said("incidents"))  # REP-1: what may be happening again


@pytest.mark.story
@pytest.mark.sop("SOC-1")
async def test_who_acts_on_an_open_incident_that_temporal_has_lost_reads_what_lets_it_go_on(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.monitors(alert())
        await story.recorded()
        await let_go(engine, story.handle)
        with pytest.raises(IncidentLost, match=f"standfast restore {story.incident}"):
            await story.acts("acknowledge", "dana")
        await Restorer(await story.ingress.connect(), story.records, story.queue).restore(story.incident, "dana")
        assert (await story.acts("acknowledge", "dana")).accepted


async def _is_told(incident: str) -> None:
    for words_ in (("show",), ("show", "--at", "1m"), ("timeline",), ("scorecard",), ("checklist",)):
        said = await standfast(words_[0], incident, *words_[1:])
        assert (said.exit_code, f"Temporal does not know {incident} any more" in said.stderr) == (0, True), words_
    assert incident in (await standfast("list", "--all")).stdout
    sheet = json.loads((await standfast("kpi", "--from", _day(-YEAR), "--to", _day(YEAR), "--json")).stdout)
    acknowledged = next(one for one in sheet["figures"] if one["clause"] == "KPI-1")
    assert (sheet["incidents"], acknowledged["count"]) == (1, 1)


async def _is_on_the_board(story: Story) -> None:
    gate, reader = BoardAccess(Settings(), "127.0.0.1:8080"), RecordsReader("", story.records)
    asking = ActSender(story.ingress)
    board = Board(story.ingress, reader, story.company, gate, lambda: datetime.now(UTC), asking)
    async with looking_at(board) as http:
        begun = (await story.records.events(story.incident))[0].at + timedelta(seconds=1)
        page = words(await read(http, f"/incidents/{story.incident}"))
        then = words(await read(http, f"/incidents/{story.incident}?at={begun:%Y-%m-%dT%H:%M:%SZ}"))
    assert ("closed" in page, "The flag is off." in page, "The flag is off." in then) == (True, True, False)


async def _is_evidence(story: Story, folder: Path) -> None:
    later = datetime.now(UTC) + YEAR
    await story.records.checkpoint(KEY, later - timedelta(days=2))
    async with story.records.evidence(later - 2 * YEAR, later - timedelta(days=3)) as evidence:
        counted = await export(evidence, folder / "audit.zip", KEY, later, deliveries=Deliveries(days=()))
    assert (counted.incidents, verify_bundle(folder / "audit.zip", [public(KEY)]).findings) == (1, [])


def _day(away: timedelta) -> str:
    return f"{datetime.now(UTC) + away:%Y-%m-%d}"
