"""It was not over."""

from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.stories.story import QUIET, Story, alert, told


async def reopened(story: Story) -> None:
    """A P2 is resolved, and its alert comes back within the hour."""
    await story.alert(episode="1")
    await story.acts("acknowledge", "dana")
    await story.acts("declare", "jonas", severity="P2", reason="One region.")
    await story.acts("declare", "mira", severity="P2")
    await story.hears(alert(state="resolved", episode="1"))
    await story.acts("resolve", "jonas", summary="A restart mended it.")
    await story.passes(minutes=50)
    await story.hears(alert(episode="2"))


@pytest.mark.slow
@pytest.mark.sop("RES-3")
async def test_an_alert_that_recurs_inside_the_window_reopens_and_pages_again(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await reopened(story)
        view = await story.view()
        assert (view.phase, view.severity) == ("active", "P2")
        assert story.paged() == ["PDANA01", "PDANA01"]
        await story.passes(minutes=5, seconds=1)
        assert story.paged()[2:] == ["PSAM002"]
        assert (await story.acts("acknowledge", "sam")).accepted
        assert (await story.acts("resolve", "jonas", summary="The pool was too small.")).accepted
        await story.follows_up()
        await story.passes(hours=1, minutes=1)
        assert (await story.view()).phase == "closed"
        assert {page.status for page in story.stage.pagerduty.pages} == {"resolved"}


@pytest.mark.sop("RES-3")
async def test_after_the_window_a_recurrence_does_not_reopen(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.alert(episode="1", severity="warn", service="billing")
        await story.acts("acknowledge", "dana")
        await story.acts("declare", "dana", severity="P3")
        await story.acts("record_change", "dana", change="hotfix", description="Flag off", bypass=True)
        await story.acts("authorise_change", "mira", number=1)
        await story.acts("resolve", "dana", summary="Over.")
        await story.passes(hours=1, minutes=1)
        await story.hears(alert(episode="2", severity="warn", service="billing"))
        assert (await story.view()).phase == "resolved"
        assert not await story.events("reopened")
        assert story.paged() == ["PDANA01"]
