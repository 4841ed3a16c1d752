"""A post-mortem whose notebook did not answer: there is one, it is known, and of a secret it says nothing."""

from pathlib import Path
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.stories.story import QUIET, Story, told
from tests.stories.test_called_back import AWAY, declared, falls_silent

pytestmark = pytest.mark.story


async def opens_unknown(story: Story, made: bool = True) -> None:
    """A P1 that is over, whose document opens, or not, at a notebook that says nothing more."""
    await declared(story, "P1")
    if made:
        falls_silent(story.stage.confluence, "/pages")
    else:
        story.stage.confluence.down = AWAY
    await story.acts("resolve", "jonas", summary="Rolled back.")
    assert story.stage.confluence.down


def pages(story: Story) -> list[dict[str, Any]]:
    """The pages that are about the incident."""
    return [page for page in story.stage.confluence.pages.values() if story.incident in page["title"]]


@pytest.mark.sop("PM-1", "SCP-3")
@pytest.mark.parametrize("seconds", [1, 240])
async def test_a_document_whose_answer_was_lost_is_found_and_says_nothing_of_a_secret(
    engine: WorkflowEnvironment, tmp_path: Path, seconds: int
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await opens_unknown(story)
        await story.passes(seconds=seconds)
        assert (await story.acts("mark_security", "jonas", reason="somebody is in")).accepted
        story.stage.confluence.down = None
        await story.passes(minutes=8)
        (page,) = pages(story)
        assert page["title"].endswith("Checkout API: security incident, private")
        assert "5xx" not in page["body"]["storage"]["value"]


@pytest.mark.sop("PM-1")
async def test_a_document_whose_answer_was_lost_is_found_under_an_earlier_title(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await opens_unknown(story)
        assert (await story.acts("correct", "jonas", title="Orders are lost", reason="seen")).accepted
        await story.passes(minutes=8)
        story.stage.confluence.down = None
        await story.passes(minutes=8)
        (page,) = pages(story)
        assert page["title"].endswith("Checkout API: Orders are lost")


@pytest.mark.sop("PM-1", "DET-7")
@pytest.mark.parametrize("made", [True, False])
@pytest.mark.parametrize("seconds", [1, 240])
async def test_of_what_was_none_no_document_is_opened_and_one_that_was_is_known(
    engine: WorkflowEnvironment, tmp_path: Path, made: bool, seconds: int
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await opens_unknown(story, made=made)
        await story.passes(seconds=seconds)
        assert (await story.acts("reopen", "jonas", reason="errors again")).accepted
        assert (await story.acts("close_as", "jonas", how="false_alarm", reason="the load test")).accepted
        story.stage.confluence.down = None
        await story.passes(minutes=8)
        known = [what.outcome.ref for what in await story.whats("done") if what.duty == "open_document"]
        assert known == [page["id"] for page in pages(story)]
        assert len(known) == made
        assert any("opened before none was owed" in text for text in story.said()) == made


@pytest.mark.sop("SCP-3")
async def test_a_document_is_veiled_when_the_incident_is_marked_and_told_whole_when_that_is_taken_back(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await declared(story, "P1")
        await story.acts("resolve", "jonas", summary="Rolled back.")
        (open_title,) = (page["title"] for page in pages(story))
        await story.acts("mark_security", "jonas", reason="somebody is in")
        (page,) = pages(story)
        assert page["title"].endswith("Checkout API: security incident, private")
        assert "5xx" not in page["body"]["storage"]["value"]
        for person in ("jonas", "sam"):
            await story.acts("unmark_security", person, reason="an export")
        assert [page["title"] for page in pages(story)] == [open_title]
        assert "5xx" in page["body"]["storage"]["value"]
