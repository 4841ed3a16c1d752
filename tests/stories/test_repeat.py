"""An alert that was met before says so at once, when the incident opens and nobody knows the cause yet."""

import logging
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.stories.story import QUIET, Story, alert, told


async def fought(story: Story) -> str:
    """An incident with a root cause and an action item that nobody has closed; answers its id."""
    await story.monitors(alert(episode="1"))
    await story.acts("acknowledge", "dana")
    await story.acts("declare", "jonas", severity="P1")
    await story.monitors(alert(state="resolved", episode="1"))
    await story.acts("resolve", "jonas", summary="The pool was widened.")
    await story.acts("name_cause", "dana", cause="capacity")
    await story.acts("add_item", "mira", title="Limit the pool per tenant", owner="dana")
    await story.passes(hours=1, minutes=1)
    return story.incident


def shown(story: Story, incident: str) -> str:
    """The headline of an incident in #incidents, with everything in it; that of another may link to it."""
    above = (one for one in story.stage.slack.messages("incidents") if "thread_ts" not in one)
    [headline] = [one for one in above if incident in str(one["metadata"])]
    return str(headline)


@pytest.mark.slow
@pytest.mark.sop("REP-1")
async def test_a_second_incident_by_the_same_alert_says_the_first_its_cause_and_its_open_items(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        first = await fought(story)
        await story.monitors(alert("p99 is above two seconds", episode="2"))
        assert story.incident != first
        [opened] = await story.whats("opened")
        assert [(one.incident, one.cause, len(one.items)) for one in opened.repeats] == [(first, "capacity", 1)]
        assert "Seen before" in shown(story, story.incident)
        assert f"{first}, today; root cause capacity" in shown(story, story.incident)
        [said] = [text for text in story.said("incidents") if text.startswith("This failure mode was seen before")]
        assert f"{first}, today: checkout 5xx error rate above 5 %, root cause capacity" in said
        assert "still open: Limit the pool per tenant, due" in said
        [issue] = story.stage.jira.issues
        assert said.endswith(f"/{issue}")
        await story.acts("declare", "jonas", severity="P1")
        assert any("Seen before" in str(message) for message in story.stage.slack.messages(story.room))


@pytest.mark.slow
@pytest.mark.sop("REP-1")
async def test_records_that_are_away_delay_no_page(
    engine: WorkflowEnvironment, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        first = await fought(story)
        held, database = tmp_path / "held.db", tmp_path / "records.db"
        await story.records.engine.dispose()
        database.rename(held)
        database.mkdir()
        with caplog.at_level(logging.WARNING, "standfast.past"):
            await story.monitors(alert(episode="2"))
        assert story.incident != first
        assert f"REP-1 {story.incident} opens without its earlier incidents: records at" in caplog.text
        assert story.paged() == ["PDANA01", "PDANA01"]
        database.rmdir()
        held.rename(database)
