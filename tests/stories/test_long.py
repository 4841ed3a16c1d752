"""An incident that lives longer than one run: it continues as new, and nobody notices."""

import asyncio
import uuid
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.run.progress import ActResult
from tests.stories.story import QUIET, Story, told
from workflows.handler import ACTS


async def noted(story: Story, count: int, at_once: int = 10) -> list[str]:
    """People note things, several at the same time; answers the ids of their acts."""
    ids = [uuid.uuid4().hex for _ in range(count)]
    for start in range(0, count, at_once):
        acts = [
            ACTS["note"].model_validate({"by": "dana", "id": one, "text": f"note {one}"})
            for one in ids[start : start + at_once]
        ]
        answers = await asyncio.gather(*[story.ingress.update(story.incident, act) for act in acts])
        assert all(answer.accepted for answer in answers)
    await story.settles()
    return ids


async def run_id(story: Story) -> str:
    return (await story.handle.describe()).run_id or ""


async def test_an_incident_continues_as_new_with_everything_it_knows(
    engine: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.incident.LONG_RUN", 200)
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.alert()
        first, due = await run_id(story), (await story.view()).due
        ids = await noted(story, 200)
        assert await run_id(story) != first
        assert sorted(event.act for event in await story.events("noted")) == sorted(ids)
        assert (await story.view()).due == due
        await _an_act_from_before_is_known(story, ids[0])
        await story.passes(minutes=5, seconds=1)
        assert story.paged() == ["PDANA01", "PSAM002"]
        await story.acts("acknowledge", "sam")
        view = await story.view()
        assert len(await story.records.events(story.incident)) == view.events


async def _an_act_from_before_is_known(story: Story, id: str) -> None:
    """The engine remembers the ids of updates for one run only; the incident remembers them for ever."""
    act = ACTS["note"].model_validate({"by": "dana", "id": id, "text": "once more"})
    answer = await story.handle.execute_update("note", act, id=id, result_type=ActResult)
    assert answer == ActResult(True, "That was done already.")
    assert len(await story.events("noted")) == 200


async def test_a_run_that_is_never_quiet_is_left_all_the_same(
    engine: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.incident.LONG_RUN", 1_000_000)
    monkeypatch.setattr("workflows.incident.LONGEST_RUN", 60)
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.alert()
        first = await run_id(story)
        ids = await noted(story, 30)
        assert await run_id(story) != first
        assert sorted(event.act for event in await story.events("noted")) == sorted(ids)
