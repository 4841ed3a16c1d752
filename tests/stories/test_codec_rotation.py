"""SOC-1: the keys that encrypt are changed under an open incident, step by step as docs/recipes.md says."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

import worker
from activities.starting import adopt, start_incident
from activities.trouble import Trouble, look_around
from client.port import EngineUnavailable, NoWorker, Refused
from client.restoring import Restorer, recorded
from client.temporal import TemporalIncidents
from domain.alerting.alert_group import AlertGroup
from domain.alerting.grouping import Group, group_id
from domain.exchange import OpenIncidentRequest
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.severity import Declare
from tests.stories.environment import environment
from tests.stories.story import QUIET, Story, alert, told
from tests.stories.timers import EASE
from workflows.codec import ENCODING
from workflows.converter import converter

OLD, NEW = (base64.b64encode(bytes([one]) * 32).decode() for one in (1, 2))


@asynccontextmanager
async def fleet(story: Story, engine: WorkflowEnvironment, keys: str) -> AsyncIterator[Client]:
    """A worker and whoever asks it, with these keys."""
    with environment({"STANDFAST_CODEC_KEYS": keys}):
        client = await Client.connect(engine.client.service_client.config.target_host, data_converter=converter())
    async with worker.working(client, story.company, story.records, story.settings):
        yield client


@pytest.mark.sop("SOC-1")
async def test_an_incident_goes_on_while_the_keys_are_changed_under_it(
    live_engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(live_engine, tmp_path, working=False, policy=QUIET) as story:
        async with fleet(story, live_engine, OLD) as client:
            order = OpenIncidentRequest(group="", service="checkout", alerts=(alert(),), seed=str(uuid4()))
            incident = await start_incident(client, story.company, story.queue, order)
            asked = TemporalIncidents(story.company, story.queue, client=client, patience=EASE)
            assert (await asked.update(incident, Acknowledge(by="dana"))).accepted
        async with fleet(story, live_engine, f"{OLD},{NEW}") as before:
            async with fleet(story, live_engine, f"{NEW},{OLD}") as client:
                asked = TemporalIncidents(story.company, story.queue, client=client, patience=EASE)
                assert (await asked.update(incident, Declare(by="jonas", severity="P1"))).accepted
            history = await before.get_workflow_handle(incident).fetch_history()
            view = await TemporalIncidents(story.company, story.queue, client=before, patience=EASE).view(incident)
            assert (view.severity, view.commander) == ("P1", "jonas")
    payloads = str(json.loads(history.to_json()))
    assert "checkout 5xx" not in payloads
    assert payloads.count(base64.b64encode(ENCODING).decode()) > 10


@pytest.mark.sop("SOC-1")
async def test_a_key_that_was_taken_away_too_early_is_what_is_asked_for_and_once_it_is_back_all_goes_on(
    live_engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(live_engine, tmp_path, working=False, policy=QUIET) as story:
        async with fleet(story, live_engine, OLD) as client:
            order = OpenIncidentRequest(group="", service="checkout", alerts=(alert(),), seed=str(uuid4()))
            incident = await start_incident(client, story.company, story.queue, order)
            asked = TemporalIncidents(story.company, story.queue, client=client, patience=EASE)
            assert (await asked.update(incident, Acknowledge(by="dana"))).accepted
        async with fleet(story, live_engine, NEW) as client:
            lacking = TemporalIncidents(story.company, story.queue, client=client, patience=EASE)
            await lacking.signal(incident, Declare(by="jonas", severity="P1"))
            found: Sequence[Trouble] = ()
            for _ in range(3000):
                around = await look_around(client, story.queue, datetime.now(UTC))
                if found := [one for one in around if one.workflow == incident]:
                    break
                await asyncio.sleep(0.1)
            assert [("KeyUnfit" in one.said, "bring the key back" in one.do) for one in found] == [(True, True)]
            with pytest.raises(EngineUnavailable, match="bring it back"):
                await Restorer(client, story.records, story.queue).restore(incident, "dana")
            with pytest.raises(NoWorker):
                await lacking.view(incident)
        async with fleet(story, live_engine, f"{NEW},{OLD}") as client:
            asked = TemporalIncidents(story.company, story.queue, client=client, patience=EASE)
            for _ in range(3000):  # the engine tries a failing task again after a while of its own
                with suppress(NoWorker):
                    if (await asked.view(incident)).severity == "P1":
                        break
                await asyncio.sleep(0.1)
            assert (await asked.view(incident)).commander == "jonas"


@pytest.mark.sop("SOC-1", "DET-4")
async def test_where_a_key_is_lost_for_good_an_incident_and_its_group_go_on_from_the_records_alone(
    live_engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(live_engine, tmp_path, working=False, policy=QUIET) as story:
        async with fleet(story, live_engine, OLD) as client:
            group = Group(f"checkout/{story.queue}", "checkout", "production")
            order = OpenIncidentRequest(group=group.key, service="checkout", alerts=(alert(),), seed=str(uuid4()))
            incident = await start_incident(client, story.company, story.queue, order)
            await adopt(client, story.queue, group, story.company.policy.alerts, incident)
            asked = TemporalIncidents(story.company, story.queue, client=client, patience=EASE)
            assert (await asked.update(incident, Acknowledge(by="dana"))).accepted
            told_of = (await asked.view(incident)).alerts
            for _ in range(3000):
                events = await recorded(story.records, incident)
                if events and events[-1].number == (await asked.timeline(incident))[-1].number:
                    break
                await asyncio.sleep(0.1)
            careful = Restorer(client, story.records, story.queue, records_only=True)
            with pytest.raises(Refused, match="lives"):
                await careful.restore(incident, "dana")
        with environment({"STANDFAST_CODEC_KEYS": OLD}):
            address = live_engine.client.service_client.config.target_host
            before = await Client.connect(address, data_converter=converter())
        await before.get_workflow_handle(incident).signal("declare", Declare(by="jonas", severity="P1"))
        async with fleet(story, live_engine, NEW) as client:
            anew = Restorer(client, story.records, story.queue, records_only=True)
            assert await anew.lost() == (incident,)
            assert (await anew.restore(group_id(group.key), "dana")).records_until == events[-1].heard_at
            done = await anew.restore(incident, "dana")
            assert (done.events, done.left_out) == (len(events) + 1, ("declare",))
            assert done.records_until == events[-1].heard_at
            asked = TemporalIncidents(story.company, story.queue, client=client, patience=EASE)
            view = await asked.view(incident)
            assert (view.alerts, bool(view.acknowledged_at), view.severity) == (told_of, True, None)
            watch = await client.get_workflow_handle(group_id(group.key)).query("watch", result_type=AlertGroup)
            assert watch.incident == incident
            assert (await asked.update(incident, Declare(by="jonas", severity="P1"))).accepted


@pytest.mark.sop("SOC-1")
@pytest.mark.parametrize("keys", ["", NEW], ids=["none", "another"])
async def test_who_lacks_the_key_sees_that_it_is_there_and_which_setting_lacks_it(
    live_engine: WorkflowEnvironment, tmp_path: Path, keys: str
) -> None:
    async with (
        told(live_engine, tmp_path, working=False, policy=QUIET) as story,
        fleet(story, live_engine, OLD) as client,
    ):
        order = OpenIncidentRequest(group="", service="checkout", alerts=(alert(),), seed=str(uuid4()))
        incident = await start_incident(client, story.company, story.queue, order)
        knowing = TemporalIncidents(story.company, story.queue, client=client, patience=EASE)
        assert (await knowing.update(incident, Acknowledge(by="dana"))).accepted
        with environment({"STANDFAST_CODEC_KEYS": keys}):
            address = live_engine.client.service_client.config.target_host
            lacking = await Client.connect(address, data_converter=converter())
        asked = TemporalIncidents(story.company, story.queue, client=lacking, patience=EASE)
        seen = await asked.describe(incident)
        assert (seen.id, "not in STANDFAST_CODEC_KEYS here" in seen.title) == (incident, True)
        with pytest.raises(EngineUnavailable, match="set it as the workers have it"):
            await asked.view(incident)
