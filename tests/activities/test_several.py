"""What one turn asks of the chat is one activity: each duty has its own ending, and none keeps another from its own.

Only what a room is to hear in order goes in order.
"""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import ActivityEnvironment

from activities import vendor
from domain.exchange import DutyBatch, DutyEnded
from domain.port.chat import Say
from domain.port.duty import Outcome, VendorError
from domain.port.message import Message
from domain.value.key import DutyKey
from tests.activities.test_waking import Engine
from vendors.attempt import LOST, before_sending


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
            case "tell/refused":
                raise VendorError("slack", "no such channel", retryable=False, do="invite the app")
            case "tell/busy":
                raise VendorError("slack", "429", retryable=True, retry_after=timedelta(seconds=30))
            case "tell/away":
                raise VendorError("slack", "503", retryable=True)
            case "tell/fault":
                raise KeyError("a text that nobody is to read")
        return Outcome(ref=duty.key)


async def performed(slack: object, *duties: Say, **about: Any) -> list[DutyEnded]:
    """What came of each."""
    environment = ActivityEnvironment(client=cast("Client", Engine()))
    environment.info = replace(environment.info, **{"started_time": datetime.now(UTC), **about})
    perform = vendor.performances("slack", slack)[-1]
    return cast("list[DutyEnded]", await environment.run(perform, DutyBatch(duties=duties)))


def say(key: str, **more: Any) -> Say:
    """To say something."""
    message = Message(text="It burns.")
    return Say(key=f"tell/{key}", incident="INC-7K3QF", clause="WAR-1", summary="say it", message=message, **more)


async def test_each_ends_in_its_own_way() -> None:
    names = ("first", "refused", "busy", "away", "fault", "last")
    ended = await performed(Slack(6), *map(say, names))
    assert ended == [
        DutyEnded(outcome=Outcome(ref="tell/first")),
        DutyEnded(said="slack: no such channel; invite the app", retryable=False),
        DutyEnded(said="slack: 429", retry_after=timedelta(seconds=30)),
        DutyEnded(said="slack: 503"),
        DutyEnded(said="slack: say failed: KeyError"),
        DutyEnded(outcome=Outcome(ref="tell/last")),
    ]


async def test_after_a_worker_has_died_each_is_looked_for_before_it_is_done() -> None:
    slack = Slack(2)
    await performed(slack, say("first"), say("last"), attempt=2)
    assert slack.said == [("tell/first", True), ("tell/last", True)]


async def test_what_was_tried_before_is_looked_for() -> None:
    slack = Slack(2)
    await performed(slack, say("first", tried=True), say("last"))
    assert slack.said == [("tell/first", True), ("tell/last", False)]


class Room:
    """Hears one message after the other; those that are named here it cannot take."""

    def __init__(self, *away: str) -> None:
        self.away, self.heard, self._hears = away, list[str](), 0

    async def say(self, duty: Say, *, again: bool) -> Outcome:
        """One message, which takes a moment."""
        if duty.in_order:
            assert self._hears == 0
            self._hears += 1
            await asyncio.sleep(0)
            self._hears -= 1
        if duty.key in self.away:
            raise VendorError("slack", "503", retryable=True)
        self.heard.append(duty.key)
        return Outcome(ref=duty.key)


NUMBERS = ("say/3", "say/5", "say/8")


async def test_the_room_hears_in_order_what_it_is_to_hear_in_order() -> None:
    room = Room()
    ended = await performed(room, say("dana"), *map(numbered, NUMBERS))
    assert [one.outcome and one.outcome.ref for one in ended] == ["tell/dana", *NUMBERS]
    assert [key for key in room.heard if key in NUMBERS] == [*NUMBERS]


async def test_what_comes_after_a_message_that_could_not_be_said_waits_with_it() -> None:
    room = Room("say/5")
    ended = await performed(room, *map(numbered, NUMBERS), say("dana"))
    assert ended == [
        DutyEnded(outcome=Outcome(ref="say/3")),
        DutyEnded(said="slack: 503"),
        DutyEnded(begun=False),
        DutyEnded(outcome=Outcome(ref="tell/dana")),
    ]
    assert set(room.heard) == {"say/3", "tell/dana"}


def numbered(key: str) -> Say:
    """To say something in the room of what happened."""
    return say("room").model_copy(update={"key": DutyKey(key)})


async def test_what_has_not_left_when_another_may_have_the_attempt_stays_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that stood still asks the engine first, and each of its duties before it is sent."""
    monkeypatch.setattr(Engine, "heartbeat", given_up)

    class Chat:
        async def say(self, duty: Say, *, again: bool) -> Outcome:
            before_sending("slack")
            return Outcome(ref=duty.key)

    long_ago = datetime.now(UTC) - timedelta(seconds=LOST + 60)
    ended = await performed(Chat(), say("first"), say("last"), started_time=long_ago)
    assert [(one.outcome, one.retryable) for one in ended] == [(None, True)] * 2


async def given_up(*_: Any, **__: Any) -> None:
    """The engine has given the attempt to another."""
    raise RPCError("no such attempt", RPCStatusCode.NOT_FOUND, b"")


async def test_a_chat_that_is_not_configured_says_so_of_each() -> None:
    environment = ActivityEnvironment(client=cast("Client", Engine()))
    environment.info = replace(environment.info, started_time=datetime.now(UTC))
    perform = vendor.absences("slack", ("SLACK_BOT_TOKEN",))[-1]
    ended = await environment.run(perform, DutyBatch(duties=(say("first"), say("last"))))
    assert ended == [DutyEnded(said="slack: not configured: set SLACK_BOT_TOKEN", retryable=False)] * 2
