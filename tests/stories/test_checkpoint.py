"""Checkpoints are signed on the engine's own schedule; without a key it says what to do, and nothing else stops."""

import base64
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import ScheduleActionStartWorkflow
from temporalio.testing import WorkflowEnvironment

from records.key import public, read_key
from tests.stories.environment import environment
from tests.stories.story import QUIET, Story, told
from workflows.checkpoint import checkpoints

pytestmark = pytest.mark.sop("SOC-1")

KEY = base64.b64encode(bytes(32)).decode()
HOUR = timedelta(hours=1)


async def signs(engine: WorkflowEnvironment, story: Story) -> str:
    """What the schedule would start, started now."""
    said: Any = await engine.client.execute_workflow(
        "Checkpoint", id=f"checkpoint/{story.queue}", task_queue=story.queue
    )
    return str(said)


async def test_what_moved_is_signed_once_and_a_history_written_anew_is_found(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    with environment({"STANDFAST_SIGNING_KEY": KEY}):
        async with told(engine, tmp_path, policy=QUIET) as story:
            await story.alert()
            assert await signs(engine, story) == "checkpoint 1: 1 incident moved"
            assert await signs(engine, story) == "nothing has moved since the last checkpoint"
            await story.acts("acknowledge", "dana")
            await story.passes(seconds=5)
            assert await signs(engine, story) == "checkpoint 2: 1 incident moved"
            assert [one.checkpoint.number for one in await story.records.checkpoints()] == [1, 2]
            assert await story.records.verify_all([public(read_key(KEY))]) == []


@pytest.mark.parametrize(
    ("setting", "words"), [(None, "`standfast audit key --new FILE`"), ("no key", "expected the path")]
)
async def test_a_missing_or_unusable_key_says_what_to_do_and_incidents_go_on(
    engine: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str | None, words: str
) -> None:
    monkeypatch.delenv("STANDFAST_SIGNING_KEY", raising=False)
    if setting:
        monkeypatch.setenv("STANDFAST_SIGNING_KEY", setting)
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.alert()
        said = await signs(engine, story)
        assert said.startswith("nothing was signed: STANDFAST_SIGNING_KEY")
        assert words in said
        assert await story.records.checkpoints() == ()
        assert (await story.acts("acknowledge", "dana")).accepted


async def test_the_engine_keeps_one_schedule_that_follows_the_setting_and_stays_paused(
    live_engine: WorkflowEnvironment,
) -> None:
    client, queue = live_engine.client, f"story-{os.urandom(4).hex()}"
    handle = client.get_schedule_handle(checkpoints(HOUR).schedule_id(queue))
    for every in (HOUR, HOUR, timedelta(minutes=10)):
        await checkpoints(every).keep(client, queue)
        kept = (await handle.describe()).schedule
        assert [one.every for one in kept.spec.intervals] == [every]
        assert isinstance(kept.action, ScheduleActionStartWorkflow)
        assert (kept.action.workflow, kept.action.task_queue) == ("Checkpoint", queue)
    await handle.pause(note="while the database moves")
    await checkpoints(HOUR).keep(client, queue)
    kept = (await handle.describe()).schedule
    assert (kept.state.paused, kept.state.note) == (True, "while the database moves")
    await handle.delete()
