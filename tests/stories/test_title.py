"""DET-7: by which title the engine's lists know an incident."""

from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.stories.story import QUIET, told


@pytest.mark.sop("DET-7")
async def test_a_corrected_title_is_that_of_the_lists(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.alert()
        await story.acts("correct", "dana", reason="all of them", title="No export runs")
        await story.settles()
        described = await engine.client.get_workflow_handle(story.incident).describe()
        assert await described.memo_value("title") == "No export runs"
