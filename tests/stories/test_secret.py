"""What a security incident is about stays in its room, its pages and its records (SCP-3)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from standins.standin import Fault
from tests.stories.story import QUIET, Story, alert, told

WORDS = ("zorblat", "quixfen", "wumpelf", "grindlow", "snarvik")
"""Nobody else says these: of the title, the description, the change, the resolution and a note."""


async def fought(story: Story) -> None:
    """A security P1 from its alert through its group to the resolution."""
    await story.monitors(alert("Unauthorised access by zorblat", description="quixfen was seen"))
    await story.acts("acknowledge", "dana")
    await story.acts("declare", "jonas", severity="P1")
    await story.passes(seconds=20)
    await story.acts("note", "dana", text="snarvik did it")
    await story.acts("record_change", "jonas", change="hotfix", description="block wumpelf", bypass=True)
    await story.acts("authorise_change", "mira", number=1)
    await story.passes(minutes=1)
    assert (await story.acts("resolve", "jonas", summary="grindlow is out")).accepted
    await story.passes(minutes=2)


def found(text: str) -> list[str]:
    return [word for word in WORDS if word in text.lower()]


async def shown_by_temporal(handle: WorkflowHandle[Any, Any]) -> str:
    """What everybody sees of a workflow in the Web UI without opening a payload: memo, summaries, attributes."""
    described, history = await handle.describe(), await handle.fetch_history()
    summaries = [event.user_metadata.summary.data.decode() for event in history.events]
    attributes = [str(pair) for pair in described.typed_search_attributes.search_attributes]
    return "\n".join([json.dumps(await described.memo(), default=str), *summaries, *attributes])


def told_outside(story: Story) -> Iterator[tuple[str, str]]:
    """What left for anybody who need not know: every place but the war room and the page that wakes somebody."""
    stage = story.stage
    yield "#incidents", everything(stage.slack.messages("incidents"))
    yield "tracker", everything(stage.jira.issues)
    yield "status page", everything(stage.statuspage.incidents)
    yield "mail", "\n".join(str(one) for one in stage.smtp.delivered())
    yield "document", everything(stage.notion.workspace)
    yield "pager's last word", "\n".join(page.resolution for page in stage.pagerduty.pages)


def everything(kept: object) -> str:
    """All that a stand-in keeps, as text."""
    return json.dumps(kept, default=lambda one: getattr(one, "__dict__", str(one)))


@pytest.mark.sop("SCP-3")
async def test_its_words_are_found_nowhere_but_inside(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await fought(story)
        assert found("\n".join(story.said())), "the war room knows"
        for handle in (story.handle, story.alerts):
            assert found(await shown_by_temporal(handle)) == []
        assert {place: found(text) for place, text in told_outside(story) if found(text)} == {}


@pytest.mark.sop("SCP-3")
async def test_what_waits_for_the_chat_when_it_is_marked_is_not_said_in_the_open(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        slack = story.stage.slack
        slack.down = Fault(status=503)
        await story.monitors(alert("Unauthorised access by zorblat", description="quixfen was seen"))
        await story.acts("acknowledge", "dana")
        await story.passes(seconds=20)
        await story.acts("mark_security", "dana", reason="somebody is in")
        slack.down, asked = None, len(slack.calls)
        await story.passes(minutes=5)
        inside = next(room.id for room in slack.workspace.rooms if room.name == story.room)
        told_of_it = [str(call.body) for call in slack.calls[asked:] if found(str(call.body))]
        assert [body for body in told_of_it if inside not in body] == []
        assert slack.messages("incidents")
