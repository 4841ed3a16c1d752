"""Who is woken, until somebody takes it."""

from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.stories.story import told


@pytest.mark.sop("ACK-1", "ACK-2")
async def test_nobody_acknowledges_and_the_ladder_is_climbed_until_somebody_does(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert()
        assert [page.who for page in story.stage.pagerduty.pages] == [("PDANA01",)]
        await story.passes(minutes=5, seconds=1)
        assert [page.who for page in story.stage.pagerduty.pages] == [("PDANA01",), ("PSAM002",)]
        answer = await story.acts("acknowledge", "sam")
        assert answer.accepted
        assert {page.status for page in story.stage.pagerduty.pages} == {"acknowledged"}
        await story.passes(hours=1)
        assert len(story.stage.pagerduty.pages) == 2
