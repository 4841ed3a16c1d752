"""A drill on the real engine: those who take part are woken and invited, nobody else, and customers see nothing."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from domain.alerting.grouping import group_id
from domain.drill import DrillOptions, DrillPlan
from domain.simulation.drill import plan
from domain.simulation.scenario import Scenario
from standins.slack.workspace import BOT
from tests.stories.story import Story, told

pytestmark = pytest.mark.story

SCENARIO = Scenario.model_validate(
    {
        "name": "nobody answers",
        "service": "checkout",
        "starts_at": "2026-03-03T12:00:00Z",
        "lasts": "2h",
        "alerts": [{"key": "errors", "title": "5xx error rate", "severity": "critical"}],
        "acts": [{"after": "25m", "act": {"kind": "acknowledge", "by": "sam"}}],
    }
)


async def begun(engine: WorkflowEnvironment, story: Story, rehearsal: DrillOptions) -> WorkflowHandle[Any, Any]:
    """A drill is started, and has opened its incident."""
    made: DrillPlan = plan(SCENARIO, rehearsal, f"drill/{story.queue}", datetime.now(UTC), timedelta(hours=1))
    handle = await engine.client.start_workflow("Drill", made, id=group_id(made.group), task_queue=story.queue)
    while not story.incident:
        story.incident = await handle.query("incident", result_type=str)
        await asyncio.sleep(0.02)
    await story.settles()
    return handle


@pytest.mark.sop("ACK-2")
async def test_a_drill_wakes_and_invites_only_those_who_take_part(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    async with told(engine, tmp_path) as story:
        rehearsal = DrillOptions(people=("dana", "jonas"), real=frozenset({"pager", "room"}))
        drill = await begun(engine, story, rehearsal)
        await story.passes(minutes=16)
        assert set(story.paged()) == {"PDANA01", "PJONAS4"}
        assert len(story.stage.pagerduty.pages) == 4
        assert all(page.title.startswith("DRILL ") for page in story.stage.pagerduty.pages)
        assert (await story.acts("acknowledge", "dana")).accepted
        assert (await story.acts("declare", "jonas", severity="P1")).accepted
        assert (await story.acts("approve_update", "jonas")).accepted
        await story.passes(minutes=5)
        assert (await story.acts("resolve", "jonas", summary="It was a drill.")).accepted
        await engine.fast_forward(drill, timedelta(minutes=30))
        assert await drill.result() == story.incident
        view = await story.ends()
        assert (view.phase, view.kind) == ("closed", "drill")
        assert not story.stage.statuspage.incidents
        assert not story.stage.smtp.delivered()
        assert not story.stage.jira.issues
        rooms = story.stage.slack.workspace.rooms
        talked = [
            (room, str(one["text"]))
            for room in rooms
            for one in room.messages
            if one.get("text") and "subtype" not in one
        ]
        assert talked
        assert [text for _, text in talked if "DRILL" not in text] == []
        assert {room.name for room, _ in talked} >= {f"drill-{story.room}"}
        invited = {who for room in rooms if room.name.startswith("drill-") for who in room.members}
        assert invited <= {"U01DANA", "U04JONAS", BOT}


async def test_a_drill_whose_people_do_nothing_ends_at_its_last_moment(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        drill = await begun(engine, story, DrillOptions())
        await engine.fast_forward(drill, timedelta(hours=2))
        assert await drill.result() == story.incident
        view = await story.ends()
        assert (view.phase, view.kind) == ("closed", "drill")
        assert [event.by for event in await story.events("acknowledged")] == ["sam"]
        assert not story.stage.pagerduty.pages
        assert not story.stage.slack.messages("incidents")


@pytest.mark.sop("DET-7", "COM-1")
async def test_a_drill_beside_a_p1_of_its_service_leaves_it_alone(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    async with told(engine, tmp_path) as story:
        real = await story.alert(title="p99 latency above 3 s")
        for act in ({"kind": "acknowledge", "by": "dana"}, {"kind": "declare", "by": "jonas", "severity": "P1"}):
            assert (await story.acts(**act)).accepted
        story.incident = ""
        drill = await begun(engine, story, DrillOptions())
        practised = story.incident
        assert practised != real
        assert (await story.acts("declare", "jonas", severity="P1")).accepted
        assert not (await story.acts("merge", "jonas", into=real)).accepted
        story.incident = real
        assert (await story.acts("approve_update", "jonas")).accepted
        await story.settles()
        seen = await story.view()
        assert (seen.alerts, seen.severity, seen.links) == (1, "P1", {})
        (shown,) = story.stage.statuspage.incidents.values()
        assert shown["status"] == "investigating"
        assert set(story.paged()) <= {"PDANA01", "PINES05", "PMIRA03"}
        assert (await story.acts("resolve", "jonas", summary="Rolled back.")).accepted
        story.incident = practised
        assert (await story.view()).phase == "active"
        await engine.fast_forward(drill, timedelta(hours=2))
        assert await drill.result() == practised
