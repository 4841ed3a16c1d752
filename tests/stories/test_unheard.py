"""What vendors tell of an incident that has ended is heard, or kept with who, what and why not; never in silence."""

from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from ingress.webhook.unheard import unheard
from tests.stories.hearing import Ingress, listening
from tests.stories.story import QUIET, Story, is_open, told

pytestmark = pytest.mark.story

NOBODYS = "no incident that is open there is about it"


@pytest.mark.sop("WAR-6", "ACT-2", "ACK-1")
async def test_what_comes_after_the_end_is_kept_with_who_what_and_why_not(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story, listening(story, tmp_path) as ingress:
        pager, jira = story.stage.pagerduty, story.stage.jira
        story.group = "checkout/production"
        await ingress.hears("pagerduty", pager.press_trigger("PSVCCHK", "checkout 5xx", key="k-late"))
        await story.passes(seconds=20)
        await ingress.hears("pagerduty", pager.press_acknowledge(pager.pages[0].id, "PDANA01"))
        assert await ingress.inbox.look(unheard) == []
        item = await learned(story)
        before = await story.records.events(story.incident)
        page = pager.pages[0].id
        ours = pager.pages[-1].id
        assert ours != page
        await ingress.hears("pagerduty", pager.press_acknowledge(page, "PDANA01"))
        await ingress.hears("pagerduty", pager.press_note(page, "PDANA01", "it was the cache"))
        await ingress.hears("jira", jira.press_give(item, "sam@harbourline.example", "2027-03-01", "dana@x.example"))
        acknowledged, noted, given = await _kept(ingress)
        assert acknowledged == ("checkout/production", 'PDANA01: "I\'m on it"', NOBODYS)
        assert (noted[1].partition(";")[0], noted[2]) == ('PDANA01: "Add a note" (it was the cache', NOBODYS)
        assert (given[0], "has ended, and nothing changes" in given[2]) == (story.incident, True)
        assert "sam@harbourline.example" in given[1]
        assert await story.records.events(story.incident) == before
        await ingress.hears("pagerduty", pager.press_reopen(ours, "PDANA01"))
        await story.passes(days=15)
        assert not await is_open(story.handle)
        after = await story.records.events(story.incident)
        [heard] = [one for one in after[len(before) :] if one.kind == "noted"]
        assert "The page was reopened in PagerDuty" in heard.body
        assert '"by":"dana"' in heard.body.replace(" ", "")
        assert len(await _kept(ingress)) == 3


async def learned(story: Story) -> str:
    """Resolved, followed up and over; the action item's key."""
    await story.acts("declare", "jonas", severity="P1")
    assert (await story.acts("page_person", "jonas", to="sam", reason="a second pair of eyes")).accepted
    await story.passes(seconds=20)
    await story.acts("resolve", "jonas", summary="The flag is off.", despite="the page is stale")
    await story.acts("answer_breach", "mira", breach=False, reason="no personal data was touched")
    await story.acts("add_item", "mira", title="Limit the pool per tenant", owner="dana")
    await story.acts("complete_postmortem", "mira", cause="capacity")
    await story.accounts()
    (item,) = story.stage.jira.issues
    await story.acts("close_item", "jira", item=item, via="jira")
    await story.passes(days=15)
    assert not await is_open(story.handle)
    return str(item)


async def _kept(ingress: Ingress) -> list[tuple[str, str, str]]:
    """Each thing once, though it was delivered twice."""
    return list(dict.fromkeys((row.path, row.found, row.expected) for row in await ingress.inbox.look(unheard)))
