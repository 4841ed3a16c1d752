"""What the room hears one after the other goes together, and what is on its way goes along with nothing."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from activities import vendor
from domain.exchange import DutyBatch, DutyEnded
from domain.procedure.findings import PostFinding
from standins.standin import Call, Fault, Standin
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


def fills_the_row(story: Story, *words: str) -> None:
    """While the first finding leaves, the others are posted: the room hears these one after the other."""
    held = asyncio.Event()

    async def answering(call: Call) -> None:
        if says(call, "*Dana found*") and not held.is_set():
            held.set()
            for one in words:
                await story.ingress.update(story.incident, PostFinding(by="dana", conditions=one, id=one))

    story.stage.slack.answering = answering


def dies_once(monkeypatch: pytest.MonkeyPatch, slack: Standin) -> list[DutyBatch]:
    """The worker that said a whole row dies before it can tell; the chat does not say at first what it has."""
    died, said = list[DutyBatch](), vendor._each_ended

    async def each_ended(name: str, methods: Mapping[str, vendor.Method], batch: DutyBatch) -> list[DutyEnded]:
        ended = await said(name, methods, batch)
        if not died and sum(duty.in_order for duty in batch.duties) > 1:
            died.append(batch)
            slack.fail(Fault(status=503, path="conversations."))
            raise ApplicationError("died")
        return ended

    monkeypatch.setattr(vendor, "_each_ended", each_ended)
    return died


@pytest.mark.sop("WAR-4")
async def test_a_row_whose_worker_dies_once_it_is_said_is_said_once(
    engine: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.alert()
        await story.acts("acknowledge", "dana")
        await story.acts("declare", "jonas", severity="P1")
        await story.passes(minutes=1)
        died = dies_once(monkeypatch, story.stage.slack)
        fills_the_row(story, "the pool is empty", "it began at 10:04")
        await story.acts("post_finding", "dana", conditions="errors on one node")
        await story.passes(minutes=2)
        assert len(died) == 1
        for words in ("errors on one node", "the pool is empty", "it began at 10:04"):
            assert [text for text in story.said() if words in text and "found*" in text] == [f"*Dana found*: {words}"]
