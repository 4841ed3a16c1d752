"""What one turn asks of the chat is one activity: each duty has its own ending, and none keeps another from its own."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

from temporalio.client import Client
from temporalio.testing import ActivityEnvironment

from activities import vendor
from domain.exchange import DutyBatch, DutyEnded
from domain.port.chat import Say
from domain.port.duty import Outcome, VendorError
from domain.port.message import Message
from tests.activities.test_waking import Engine


class Slack:
    """Answers by what it is to say; each waits until all have arrived."""

    def __init__(self, count: int) -> None:
        self.said: list[tuple[str, bool]] = []
        self._all = asyncio.Barrier(count)

    async def say(self, duty: Say, *, again: bool) -> Outcome:
        """One message."""
        self.said.append((duty.key, again))
        await self._all.wait()
        match duty.key:
            case "say/refused":
                raise VendorError("slack", "no such channel", retryable=False, do="invite the app")
            case "say/away":
                raise VendorError("slack", "503", retryable=True)
            case "say/fault":
                raise KeyError("a text that nobody is to read")
        return Outcome(ref=duty.key)


async def performed(slack: Slack, *duties: Say, **about: Any) -> list[DutyEnded]:
    """What came of each."""
    environment = ActivityEnvironment(client=cast("Client", Engine()))
    environment.info = replace(environment.info, started_time=datetime.now(UTC), **about)
    perform = vendor.performances("slack", slack)[-1]
    return cast("list[DutyEnded]", await environment.run(perform, DutyBatch(duties=duties)))


def say(key: str, **more: Any) -> Say:
    """To say something."""
    message = Message(text="It burns.")
    return Say(key=f"say/{key}", incident="INC-7K3QF", clause="WAR-1", summary="say it", message=message, **more)


async def test_each_ends_in_its_own_way() -> None:
    names = ("first", "refused", "away", "fault", "last")
    ended = await performed(Slack(5), *map(say, names))
    assert ended == [
        DutyEnded(outcome=Outcome(ref="say/first")),
        DutyEnded(said="slack: no such channel; invite the app", retryable=False),
        DutyEnded(said="slack: 503"),
        DutyEnded(said="slack: say failed: KeyError"),
        DutyEnded(outcome=Outcome(ref="say/last")),
    ]


async def test_after_a_worker_has_died_each_is_looked_for_before_it_is_done() -> None:
    slack = Slack(2)
    await performed(slack, say("first"), say("last"), attempt=2)
    assert slack.said == [("say/first", True), ("say/last", True)]


async def test_what_was_tried_before_is_looked_for() -> None:
    slack = Slack(2)
    await performed(slack, say("first", tried=True), say("last"))
    assert slack.said == [("say/first", True), ("say/last", False)]


async def test_a_chat_that_is_not_configured_says_so_of_each() -> None:
    environment = ActivityEnvironment(client=cast("Client", Engine()))
    environment.info = replace(environment.info, started_time=datetime.now(UTC))
    perform = vendor.absences("slack", ("SLACK_BOT_TOKEN",))[-1]
    ended = await environment.run(perform, DutyBatch(duties=(say("first"), say("last"))))
    assert ended == [DutyEnded(said="slack: not configured: set SLACK_BOT_TOKEN", retryable=False)] * 2
