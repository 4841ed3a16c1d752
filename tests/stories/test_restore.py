"""What the engine has lost, or somebody ended there, goes on from its list of events; nothing is done twice."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

import worker
from activities.starting import Listed, start_life
from client.port import IncidentNotFound, Refused
from client.reconciling import Reconciler
from client.restoring import Restorer
from domain.incident.record import BegunAnew
from domain.incident_input import carry
from domain.run.progress import begin_anew
from records.store import Records
from tests.stories import engine as engines
from tests.stories.story import QUIET, Story, alert, told


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
        await story.passes(seconds=5)
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
        await story.passes(seconds=5)
        await story.recorded()
        with pytest.raises(Refused, match="lives"):
            await restorer.restore(story.incident, "dana")


@pytest.mark.sop("SOC-1")
async def test_an_incident_that_the_engine_has_in_part_since_its_store_was_rolled_back_goes_on_from_the_records(
    live_engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(live_engine, tmp_path, working=False, policy=QUIET) as story:
        client = live_engine.client
        async with worker.working(client, story.company, story.records, story.settings):
            await story.monitors(alert())
            await story.acts("acknowledge", "dana")
            await story.acts("declare", "jonas", severity="P1")
            await story.recorded()
            events = await story.events()
        restorer = await _restorer(story)
        assert await restorer.lost() == ()
        before = begin_anew(events[:2], "dana", "a copy of the store from then", datetime.now(UTC))
        listed = Listed("", str(before.title), before.opened_at)
        await start_life(client, story.queue, story.incident, carry(before, 2), listed, anew=True)
        assert await restorer.lost() == (story.incident,)
        done = await restorer.restore(story.incident, "dana")
        assert done.events == len(events) + 1
        async with worker.working(client, story.company, story.records, story.settings):
            await story.settles()
            assert ((await story.view()).severity, (await story.view()).commander) == ("P1", "jonas")
            assert (await story.events())[: len(events)] == events
            assert await restorer.lost() == ()


@pytest.mark.sop("SOC-1")
async def test_lost_records_are_found_and_written_again_from_what_the_engine_tells(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story, await Records.open(f"sqlite:///{tmp_path}/fresh.db") as fresh:
        await fresh.migrate()
        await story.alert()
        await story.acts("acknowledge", "dana")
        await story.passes(seconds=5)
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
@pytest.mark.sop("SOC-1", "DET-4")
async def test_an_open_incident_goes_on_though_the_records_and_then_the_engines_store_are_lost(
    live_engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    """Each is made again from the other; nobody is woken twice, and the group's next alert joins."""
    async with told(live_engine, tmp_path, working=False, policy=QUIET) as story:
        async with worker.working(live_engine.client, story.company, story.records, story.settings):
            heard = alert()
            await story.monitors(heard)
            await story.acts("acknowledge", "dana")
            await story.acts("declare", "jonas", severity="P1")
            before, paged = await story.events(), story.paged()
            async with await Records.open(f"sqlite:///{tmp_path}/fresh.db") as fresh:
                await fresh.migrate()
                reconciler = Reconciler(live_engine.client, fresh)
                assert (await reconciler.compare(story.incident, mend=True)).state == "mended"
        async with (
            engines.live_engine() as bare,
            await Records.open(f"sqlite:///{tmp_path}/fresh.db") as fresh,
            worker.working(bare.client, story.company, fresh, story.settings),
        ):
            with pytest.raises(IncidentNotFound):
                await Restorer(bare.client, fresh, story.queue).restore("INC-00000", "dana")
            later = Story(bare, story.company, story.settings, fresh, story.stage)
            later.group = story.group
            await later.tells(heard)  # relayed again too early: it waits for its incident
            restorer = Restorer(bare.client, fresh, story.queue)
            done = [await restorer.restore(one, "dana") for one in await restorer.lost()]
            assert [(one.workflow, one.events) for one in done] == [(story.incident, len(before) + 1)]
            later.incident = story.incident
            await later.settles()
            await later.monitors(heard)
            await later.monitors(alert(key="another"))
            assert (await later.acts("post_finding", "dana", conditions="errors on one node")).accepted
            assert ((await later.events())[: len(before)], later.paged()) == (before, paged)
            assert [one.id for one in await fresh.incidents()] == [story.incident]
            assert ((await later.view()).alerts, await fresh.verify_all()) == (2, [])


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


@pytest.mark.sop("DET-3", "DET-4")
async def test_a_group_that_no_release_can_replay_hears_its_alerts_again_and_opens_no_second_incident(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await story.monitors(alert())
        first, run = story.incident, (await story.alerts.describe()).run_id
        restorer = await _restorer(story)
        assert await restorer.take_over(f"alerts/{story.group}", run, "no release reads it")
        assert await restorer.take_over(f"alerts/{story.group}", run, "somebody did it before") is None
        await story.settles()
        await story.monitors(alert(key="another"))
        assert (await story.watch()).incident == first
        assert (await story.view()).alerts == 2
