"""What the engine has lost, or somebody ended there, goes on from its list of events; nothing is done twice."""

import asyncio
from pathlib import Path

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from client.port import IncidentNotFound, Refused
from client.reconciling import Reconciler
from client.restoring import Restorer
from domain.incident.record import BegunAnew
from records.store import Records
from tests.stories.story import Story, alert, told


async def _restorer(story: Story) -> Restorer:
    return Restorer(await story.ingress.connect(), story.records, story.queue)


@pytest.mark.sop("SOC-1")
async def test_a_terminated_incident_goes_on_with_its_clocks_and_what_was_sent_to_it_since(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await story.monitors(alert())
        await story.acts("acknowledge", "dana")
        await story.acts("declare", "jonas", severity="P1")
        before = await story.events()
        due = {one.key: one.due_at for one in (await story.view()).due}
        await story.handle.terminate("somebody pressed it")
        restorer = await _restorer(story)
        assert await restorer.lost() == (story.incident,)
        lost = await Reconciler(await story.ingress.connect(), story.records).compare(story.incident)
        assert (lost.state, lost.do) == ("lost", f"standfast restore {story.incident}")
        done = await restorer.restore(story.incident, "dana")
        await story.settles()
        events = await story.events()
        assert events[: len(before)] == before
        assert isinstance(events[len(before)].what, BegunAnew)
        assert done.events == len(before) + 1
        assert {one.key: one.due_at for one in (await story.view()).due}.items() >= due.items()
        assert any("began it anew from its list of events" in text for text in story.said())
        await story.monitors(alert(key="another"))
        assert (await story.view()).alerts == 2
        assert len(await story.records.events(story.incident)) == len(await story.events())
        with pytest.raises(Refused, match="lives"):
            await restorer.restore(story.incident, "dana")


@pytest.mark.sop("SOC-1")
async def test_lost_records_are_found_and_written_again_from_what_the_engine_tells(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story, await Records.open(f"sqlite:///{tmp_path}/fresh.db") as fresh:
        await fresh.migrate()
        await story.alert()
        await story.acts("acknowledge", "dana")
        client, events = await story.ingress.connect(), await story.events()
        same = await Reconciler(client, story.records).compare(story.incident)
        assert (same.state, same.engine, same.records) == ("same", len(events), len(events))
        reconciler = Reconciler(client, fresh)
        assert story.incident in await reconciler.incidents()
        assert (await reconciler.compare(story.incident)).state == "behind"
        mended = await reconciler.compare(story.incident, mend=True)
        assert (mended.state, mended.records) == ("mended", len(events))
        assert await fresh.events(story.incident) == await story.records.events(story.incident)
        assert await fresh.incident(story.incident) == await story.records.incident(story.incident)
        assert await fresh.verify_all() == []


@pytest.mark.slow
@pytest.mark.sop("SOC-1")
async def test_an_incident_that_the_engine_knows_no_more_goes_on_from_the_records(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert()
        await story.acts("acknowledge", "dana")
        await story.acts("declare", "jonas", severity="P1")
        await story.handle.terminate("and deleted")
        await _deleted(story)
        restorer = await _restorer(story)
        assert [one.workflow for one in [await restorer.restore(one, "dana") for one in await restorer.lost()]] == [
            story.incident
        ]
        await story.settles()
        assert (await story.acts("post_finding", "dana", conditions="errors on one node")).accepted
        with pytest.raises(IncidentNotFound):
            await restorer.restore("INC-00000", "dana")


@pytest.mark.sop("DET-4")
async def test_a_group_that_was_terminated_goes_on_and_its_alerts_join_its_incident(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await story.monitors(alert())
        first = story.incident
        await story.alerts.terminate("somebody pressed it")
        await (await _restorer(story)).restore(f"alerts/{story.group}", "dana")
        await story.monitors(alert(key="another"))
        assert (await story.watch()).incident == first
        assert (await story.view()).alerts == 2


async def _deleted(story: Story) -> None:
    """As after the loss of the engine's store."""
    client = await story.ingress.connect()
    execution = WorkflowExecution(workflow_id=story.incident)
    await client.workflow_service.delete_workflow_execution(
        DeleteWorkflowExecutionRequest(namespace=client.namespace, workflow_execution=execution)
    )
    for _ in range(300):
        try:
            await story.handle.describe()
        except RPCError:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the engine still knows it")
