"""The follow-up on a real engine: the post-mortem, its items, and what the records know of earlier incidents."""

from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.stories.hearing import listening
from tests.stories.story import Story, told

CHECKOUT_DOWN = {"severity": "P1", "reason": "checkout is down"}


async def _fought(story: Story, key: str) -> None:
    """A P1 from its alert to its resolution."""
    await story.alert(key=key)
    await story.acts("acknowledge", "dana")
    await story.acts("declare", "jonas", **CHECKOUT_DOWN)
    await story.acts("take_role", "ines", role="comms")
    await story.acts("approve_update", "ines")
    await story.acts("resolve", "jonas", summary="The pool was exhausted; it was widened.")


async def _learned(story: Story) -> None:
    """The answers of the post-mortem; the item is left open."""
    await story.acts("answer_breach", "mira", breach=False, reason="no personal data was touched")
    await story.acts("add_item", "mira", title="Limit the pool per tenant", owner="dana")
    assert (await story.acts("complete_postmortem", "mira", cause="capacity")).accepted
    await story.accounts()


@pytest.mark.slow
@pytest.mark.sop("PM-1", "PM-3", "ACT-1", "ACT-2", "REP-1", "GDP-1")
async def test_a_p1_closes_after_its_last_item_and_the_next_one_is_told_of_it(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await _fought(story, "first")
        (invitation,) = [mail for mail in story.stage.smtp.messages if "mira@" in str(mail["To"])]
        assert "Post-mortem" in str(invitation["Subject"])
        await story.passes(hours=20)
        await _learned(story)
        (issue,) = story.stage.jira.issues
        await story.passes(days=5)
        assert (await story.view()).phase == "resolved"
        first = story.incident
        await _finished(story, issue)
        await _taken_back(story, issue, tmp_path)

        await _fought(story, "second")
        await story.acts("name_cause", "dana", cause="capacity")
        view = await story.view()
        assert (view.root_cause, view.repeat_of) == ("capacity", first)
        assert [event.clause for event in await story.events("repeat_found")] == ["REP-1"]


async def _finished(story: Story, issue: str) -> None:
    """The issue is closed in the tracker, which says so; the incident closes and its run ends."""
    await story.acts("close_item", "jira", item=issue, via="jira")
    assert (await story.view()).phase == "closed"
    await story.passes(days=15)
    assert (await story.handle.describe()).close_time is not None


async def _taken_back(story: Story, issue: str, folder: Path) -> None:
    """Somebody reopens the issue once the run has ended: it goes on from its records, until that is done again."""
    before, jira = await story.records.events(story.incident), story.stage.jira
    async with listening(story, folder) as ingress:
        await ingress.hears("jira", jira.press_move(issue, "Done", "dana@harbourline.example"))
        assert (await story.handle.describe()).close_time is not None
        await ingress.hears("jira", jira.press_move(issue, "In Progress", "dana@harbourline.example"))
        assert ((await story.view()).phase, len(await story.events("item_reopened"))) == ("resolved", 1)
        assert not await ingress.inbox.unreadable()
        assert [_told(story, who) for who in ("dana", "mira", "sam")] == [1, 1, 0]
        await story.passes(days=1)
        await ingress.hears("jira", jira.press_move(issue, "Done", "dana@harbourline.example"))
        await story.passes(days=1)
        assert (await story.handle.describe()).close_time is not None
    after = await story.records.events(story.incident)
    assert after[: len(before)] == before
    kinds = [one.kind for one in after[len(before) :]]
    assert (kinds.count("item_reopened"), kinds.count("item_closed"), kinds.count("closed")) == (1, 1, 0)
    # The run that goes on begins at the machine's moment, and the story has skipped days ahead of that.
    assert [one for one in await story.records.verify_all() if "reordered" not in one] == []


def _told(story: Story, who: str) -> int:
    """How often somebody was told alone that it goes on."""
    user = story.company.catalog.people[who].at("slack")
    said = story.stage.slack.direct_messages(user)
    return sum("it is followed up again until that is done" in str(message["text"]) for message in said)
