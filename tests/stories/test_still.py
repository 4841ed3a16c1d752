"""Nothing stands still unseen: a rule that fails, a cancel, a workflow that was ended or cannot go on."""

import asyncio
import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.client import ScheduleActionExecutionStartWorkflow
from temporalio.testing import WorkflowEnvironment

from activities.attribute import TROUBLE
from activities.starting import start_incident
from activities.trouble import WAITS, Trouble, look_around
from config.company import SHIPPED
from domain.exchange import OpenIncidentRequest, TroublesSaid
from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.procedure import war_room
from domain.procedure.sop import PROCEDURE
from tests.other_rules import follow
from tests.stories.story import Story, alert, told
from workflows.incident import IncidentWorkflow
from workflows.watchman import WATCH


def _fails(incident: Incident) -> Iterator[AnyDuty]:
    raise KeyError("a team without a level")


@pytest.mark.sop("SOC-1")
async def test_a_rule_that_fails_wakes_the_last_resort_and_everything_else_goes_on(
    engine: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = replace(war_room.RULES, duties=_fails)
    rulesets = tuple(rules if one is war_room.RULES else one for one in PROCEDURE.rulesets)
    follow(monkeypatch, *rulesets)
    async with told(engine, tmp_path) as story:
        await story.alert()
        await story.passes(minutes=6)
        assert await story.whats("faulted") != []
        assert {page.key.partition("/")[2] for page in story.stage.pagerduty.pages} == {
            "page/0",
            "page/fault",
            "page/1",
        }
        described = await story.handle.describe()
        assert described.typed_search_attributes[TROUBLE] == "war_room duties"
        (found,) = await _troubles(story, 1)
        assert (found.workflow, found.kind, found.said) == (story.incident, "rules", "war_room duties")


@pytest.mark.sop("SOC-1")
async def test_a_cancel_in_the_web_ui_is_refused_in_the_room_and_the_procedure_goes_on(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await story.monitors(alert())
        await story.acts("acknowledge", "dana")
        await story.acts("declare", "jonas", severity="P1")
        await story.handle.cancel()
        await story.alerts.cancel()
        await story.settles()
        assert any("cancel: a procedure is not ended by a cancel" in text for text in story.said())
        await story.monitors(alert(key="another"))
        assert (await story.view()).alerts == 2
        assert (await story.acts("post_finding", "dana", conditions="errors on one node")).accepted
        assert await _troubles(story) == ()


@pytest.mark.sop("SOC-1")
async def test_a_policy_that_is_changed_into_what_cannot_be_used_is_told_in_incidents_once(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    policy = Path(shutil.copy(SHIPPED / "policy.yaml", tmp_path))
    async with told(engine, tmp_path, policy=policy) as story:
        assert story.company.policy.alerts.default_service == "platform"
        _changed(policy, "default_service: platform", "default_service: nowhere")
        for seen in await _looks(story, 2):
            assert [key.partition("/")[0] for key in seen.said] == ["unfit"]
        [text] = story.said("incidents")
        assert "The file policy.yaml cannot be used as it is now. *What it said goes on.*" in text
        assert "default_service: found 'nowhere'" in text
        assert story.stage.pagerduty.pages == []


@pytest.mark.sop("ACK-2")
async def test_an_incident_that_was_terminated_is_told_to_the_last_resort_once(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert()
        await story.handle.terminate("somebody pressed it")
        (found,) = await _troubles(story, 1)
        assert (found.kind, found.workflow, found.service) == ("ended", story.incident, "checkout")
        assert f"standfast restore {story.incident}" in found.do
        for _ in range(2):
            seen: TroublesSaid = await engine.client.execute_workflow(
                "Watchman", id=uuid.uuid4().hex, task_queue=story.queue, result_type=TroublesSaid
            )
            assert seen.said == (found.key,)
        rung = [page for page in story.stage.pagerduty.pages if "watchman" in page.key]
        assert [(page.who, "stands still" in page.title) for page in rung] == [(("PPRIYA6",), True)]


@pytest.mark.slow
@pytest.mark.sop("SOC-1", "ACK-2")
async def test_an_incident_whose_task_fails_for_ever_is_told_to_the_last_resort_once_and_goes_on_when_mended(
    live_engine: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with told(live_engine, tmp_path) as story:
        await story.alert()
        with monkeypatch.context() as broken:
            broken.setattr(IncidentWorkflow, "_set_timers", _stops)
            await story.handle.signal("note", {"by": "dana", "text": "Does anybody hear this?"})
            (found,) = await _troubles(story, 1)
            assert (found.kind, found.workflow, found.service) == ("failing", story.incident, "checkout")
            assert "nothing of it is decided any more" in found.said
            for _ in range(2):
                seen: TroublesSaid = await live_engine.client.execute_workflow(
                    "Watchman", id=uuid.uuid4().hex, task_queue=story.queue, result_type=TroublesSaid
                )
                assert seen.said == (found.key,)
        rung = [page for page in story.stage.pagerduty.pages if "watchman" in page.key]
        assert [(page.who, "stands still" in page.title) for page in rung] == [(("PPRIYA6",), True)]
        for _ in range(3000):
            if not await look_around(live_engine.client, story.queue, datetime.now(UTC)):
                break
            await asyncio.sleep(0.1)
        assert [note.text for note in await story.whats("noted")] == ["Does anybody hear this?"]


@pytest.mark.sop("SOC-1", "ACK-2")
async def test_an_incident_that_begins_where_no_worker_takes_it_is_seen_by_the_watchman_within_a_minute(
    live_engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    """As one that began with the share of a release that was killed: it has decided nothing, and no list knows it."""
    async with told(live_engine, tmp_path, working=False) as story:
        order = OpenIncidentRequest(group="", service="checkout", alerts=(alert(),), seed=uuid.uuid4().hex)
        incident = await start_incident(live_engine.client, story.company, story.queue, order)
        waits: list[Trouble] = []
        for _ in range(3000):
            around = await look_around(live_engine.client, story.queue, datetime.now(UTC) + WAITS)
            if waits := [one for one in around if one.kind == "waiting"]:
                break
            await asyncio.sleep(0.1)
        assert [(one.workflow, "no worker takes it" in one.said) for one in waits] == [(incident, True)]


def _stops(*_: object) -> bool:
    raise RuntimeError("an error that no guard of a rule catches")


def _changed(file: Path, old: str, new: str) -> None:
    """Somebody edits a file."""
    file.write_text(file.read_text().replace(old, new))
    os.utime(file, (1, 1))


async def _looks(story: Story, count: int) -> list[TroublesSaid]:
    """What the watchman has said after each of so many looks, of which each knows the one before."""
    client, looking = (
        await story.ingress.connect(),
        replace(WATCH, name=f"look-{story.queue}", every=timedelta(days=99)),
    )
    await looking.keep(client, story.queue)
    schedule, found = client.get_schedule_handle(looking.schedule_id(story.queue)), list[TroublesSaid]()
    for _ in range(count):
        await schedule.trigger()
        for _ in range(3000):
            if len(begun := (await schedule.describe()).info.recent_actions) > len(found):
                break
            await asyncio.sleep(0.1)
        action = begun[-1].action
        assert isinstance(action, ScheduleActionExecutionStartWorkflow)
        found.append(await client.get_workflow_handle(action.workflow_id, result_type=TroublesSaid).result())
    await schedule.delete()
    return found


async def _troubles(story: Story, least: int = 0) -> tuple[Trouble, ...]:
    """What stands still of a story, once visibility, which is a moment behind, shows so much."""
    client = await story.ingress.connect()
    for _ in range(3000):
        found = await look_around(client, story.queue, datetime.now(UTC))
        if len(found) >= least:
            break
        await asyncio.sleep(0.1)
    return found
