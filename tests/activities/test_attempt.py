"""An attempt asks the engine each second whether it is still its own, and sends nothing once it is not."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from temporalio.client import AsyncActivityCancelledError, Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import ActivityEnvironment

from activities import vendor
from domain.port.duty import Outcome, VendorError
from vendors.attempt import LOST, before_sending


def gone() -> None:
    """Another worker has it."""
    raise RPCError("not found", RPCStatusCode.NOT_FOUND, b"")


def away() -> None:
    """No engine answers."""
    raise RPCError("unavailable", RPCStatusCode.UNAVAILABLE, b"")


def owed_no_more() -> None:
    """The workflow has no use for it any more."""
    raise AsyncActivityCancelledError


def well() -> None:
    """It is ours."""


class Engine:
    """Answers signs of life."""

    def __init__(self, answer: Callable[[], None]) -> None:
        self.answer, self.asked = answer, 0
        self.heard = [asyncio.Event(), asyncio.Event()]
        """Whether so many signs were answered, one way or the other."""

    def get_async_activity_handle(self, *, task_token: bytes) -> "Engine":
        """The attempt by its token."""
        assert task_token
        return self

    async def heartbeat(self, *, rpc_timeout: timedelta) -> None:
        """One sign of life."""
        assert rpc_timeout
        self.asked += 1
        try:
            self.answer()
        finally:
            for event in self.heard[: self.asked]:
                event.set()


async def tried(engine: Engine, *, beats: int, age: timedelta = timedelta()) -> Outcome:
    """One attempt that sends after so many signs of life, begun so long ago."""
    environment = ActivityEnvironment(client=cast("Client", engine))
    began = datetime.now(UTC) - age
    environment.info = replace(environment.info, started_time=began, start_to_close_timeout=timedelta(seconds=30))

    async def work() -> Outcome:
        if beats:
            await asyncio.wait_for(engine.heard[beats - 1].wait(), 60)
        before_sending("slack")
        return Outcome(ref="sent")

    return await environment.run(vendor.heard_of, work())


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second is short."""
    monkeypatch.setattr(vendor, "BEAT", 0.001)


@pytest.mark.parametrize("answer", [well, owed_no_more])
async def test_what_is_its_own_is_sent(answer: Callable[[], None]) -> None:
    assert (await tried(Engine(answer), beats=2)).ref == "sent"


async def test_what_another_worker_has_by_now_is_not_sent() -> None:
    with pytest.raises(VendorError, match="has not said"):
        await tried(Engine(gone), beats=1)


async def test_what_takes_no_second_costs_the_engine_nothing() -> None:
    engine = Engine(gone)
    assert (await tried(engine, beats=0)).ref == "sent"
    assert engine.asked == 0


async def test_a_worker_that_stood_still_before_it_began_asks_before_it_sends() -> None:
    late = timedelta(seconds=LOST + 1)
    engine = Engine(well)
    assert (await tried(engine, beats=0, age=late)).ref == "sent"
    assert engine.asked == 1
    for answer in (gone, away):
        with pytest.raises(VendorError, match="has not said"):
            await tried(Engine(answer), beats=0, age=late)


async def test_without_an_answer_it_is_its_own_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await tried(Engine(away), beats=2)).ref == "sent"
    monkeypatch.setattr("vendors.attempt.LOST", 0.0)
    with pytest.raises(VendorError, match="has not said"):
        await tried(Engine(away), beats=2)
