"""A webhook that is lost: the pager is asked, and what it says counts as if it had been told."""

from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from standins.standin import Fault
from tests.stories.hearing import listening
from tests.stories.story import Story, told


def questions(story: Story) -> int:
    """How often PagerDuty was asked about one incident."""
    return sum(call.method == "GET" and call.path.startswith("/incidents") for call in story.stage.pagerduty.calls)


@pytest.mark.sop("ACK-1", "ACK-2")
async def test_an_acknowledgement_whose_webhook_never_comes_stops_the_clock_and_nobody_else_is_paged(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story, listening(story, tmp_path) as ingress:
        await story.alert()
        lost = story.stage.pagerduty.press_acknowledge(story.stage.pagerduty.pages[0].id, "PDANA01")
        await story.passes(minutes=2)
        (taken,) = await story.events("acknowledged")
        assert taken.by == "dana"
        assert any("Dana Okafor is on it" in text or "U01DANA" in text for text in story.said("incidents"))
        asked = questions(story)
        await story.passes(minutes=7)
        assert story.paged() == ["PDANA01"]
        assert questions(story) == asked
        await ingress.hears("pagerduty", lost)
        assert await story.events("acknowledged", "refused") == [taken]
        assert not any("ask the pager" in what for what in (await story.view()).owed)


@pytest.mark.sop("ACK-2")
async def test_a_pager_that_answers_no_question_hides_no_page_that_is_due(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert()
        story.stage.pagerduty.down = Fault(status=503, method="GET")
        await story.passes(minutes=10, seconds=1)
        assert story.paged() == ["PDANA01", "PSAM002", "PMIRA03"]
        assert questions(story) < 8
        assert not any("ask the pager" in text for text in story.said("incidents"))
        story.stage.pagerduty.down = None
        story.stage.pagerduty.press_acknowledge(story.stage.pagerduty.pages[1].id, "PSAM002")
        await story.passes(minutes=4, seconds=50)
        assert [event.by for event in await story.events("acknowledged")] == ["sam"]
        assert story.paged()[:3] == ["PDANA01", "PSAM002", "PMIRA03"]
