"""What an engineer is handed at the acknowledgement: what was deployed, and the notebook's runbook."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from config.company import SHIPPED
from standins.github.standin import Standin as GitHub
from standins.standin import Fault
from tests.stories.environment import environment
from tests.stories.hearing import listening
from tests.stories.story import QUIET, Story, told

SECRET = "story-github-secret"  # noqa: S105 -- opens nothing


def handed(story: Story) -> str:
    """What was said at the acknowledgement."""
    (said,) = [text for text in story.said("incidents") if "Where to look is below" in text]
    return said


@pytest.mark.sop("TRI-1")
async def test_what_github_deployed_before_the_alert_is_handed_over(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    github, now = GitHub(SECRET, repository="harbourline/checkout", by="dana-gh"), datetime.now(UTC)
    with environment({"GITHUB_WEBHOOK_SECRET": SECRET}):
        async with told(engine, tmp_path, policy=QUIET) as story, listening(story, tmp_path) as ingress:
            await ingress.hears("github", github.press_deploy(now - timedelta(minutes=9), "0123456789abcdef"))
            await ingress.hears("github", github.press_status(now - timedelta(minutes=7)))
            await story.alert()
            await ingress.hears("github", github.press_status(now + timedelta(minutes=1), "failure"))
            await story.acts("acknowledge", "dana")
            told_of = "harbourline/checkout 0123456 to production, succeeded"
            assert f"Last deployment: {told_of}" in handed(story)
            assert ", by dana-gh." in handed(story)
            (found,) = [what for what in await story.whats("done") if what.duty == "find_deployments"]
            assert [(one.state, one.by) for one in found.outcome.deployments] == [("succeeded", "dana-gh")]
            assert "github.com/harbourline/checkout/actions/runs" in str(story.stage.slack.messages("incidents"))


def with_notion(folder: Path) -> Path:
    """The company with Notion for its notebook."""
    file = folder / "catalog.yaml"
    file.write_text(f"extends: {SHIPPED / 'catalog.yaml'}\nvendors: {{notebook: notion}}\n")
    return file


@pytest.mark.sop("TRI-2")
async def test_a_runbook_of_the_notebook_is_handed_over_when_the_notebook_is_back(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET, catalog=with_notion(tmp_path)) as story:
        notion = story.stage.notion
        book = notion.press_runbook("Refunds pile up", "refund", "checkout")
        notion.down = Fault(status=503)
        await story.alert(title="odd", labels={"job": "refund-worker"})
        await story.acts("acknowledge", "dana")
        assert "The notebook is still being searched for a runbook." in handed(story)
        notion.down = None
        await story.passes(minutes=1)
        said = story.said("incidents")
        assert [text for text in said if "> Runbook" in text] == ["<@U01DANA> Runbook: Refunds pile up"]
        assert not any("No runbook matches" in text for text in said)
        assert book in str(story.stage.slack.messages("incidents"))
        asked = len(notion.calls)
        await story.alert(title="odd again", key="k2", labels={"job": "refund-worker"})
        await story.acts("acknowledge", "dana")
        assert any("Runbook: Refunds pile up." in text for text in story.said("incidents"))
        assert len(notion.calls) == asked
