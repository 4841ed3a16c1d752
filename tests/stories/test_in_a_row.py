"""What the room hears one after the other goes together, and what is on its way goes along with nothing."""

import asyncio
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from standins.standin import Call, Fault
from tests.stories.story import QUIET, Story, told

FOUND, ASKED = "*Dana found*: errors on one node", "<@U05INES> May customers read this"


def opens_while_a_finding_leaves(story: Story, *, slow: bool = True) -> None:
    """The war room opens at its second try, after a draft and once a finding has been said under the headline.

    Of the finding a `slow` chat says nothing before it is asked to say what the draft asks.
    """
    slack, left, heard = story.stage.slack, asyncio.Event(), asyncio.Event()

    async def called(call: Call) -> None:
        if says(call, ASKED):
            heard.set()

    async def answering(call: Call) -> None:
        if call.path.endswith("conversations.create"):
            await until_drafted(story)
            found.append(asyncio.create_task(story.acts("post_finding", "dana", conditions="errors on one node")))
            await left.wait()
        elif says(call, FOUND) and not left.is_set():
            left.set()
            await (heard.wait() if slow else asyncio.sleep(0))

    found = list[asyncio.Task[object]]()
    slack.fail(Fault(status=503, path="conversations.create"))
    slack.called, slack.answering = called, answering


async def until_drafted(story: Story) -> None:
    for _ in range(500):
        if await story.events("update_drafted"):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("no draft")


def says(call: Call, words: str) -> bool:
    return call.path.endswith("chat.postMessage") and f'"text": "{words}'.encode() in call.body


@pytest.mark.sop("COM-3", "WAR-4", "WAR-6")
@pytest.mark.parametrize("slow", [True, False])
async def test_what_is_on_its_way_when_the_room_opens_is_said_once_and_what_waited_for_the_room_is_asked_there(
    engine: WorkflowEnvironment, tmp_path: Path, slow: bool
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.alert()
        await story.acts("acknowledge", "dana")
        await story.acts("take_role", "ines", role="comms")
        opens_while_a_finding_leaves(story, slow=slow)
        await story.acts("declare", "jonas", severity="P1")
        await story.passes(minutes=1)
        for words in (FOUND, ASKED):
            assert sum(says(call, words) for call in story.stage.slack.calls) == 1, words
        assert [text for text in story.said() if text.startswith(ASKED)]
