"""SOC-1: an effect whose first attempt fails or hangs wakes its incident, so that the records need not wait for it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import ActivityEnvironment

from activities import vendor
from domain.port.chat import Say
from domain.port.duty import Outcome, VendorError
from domain.port.message import Message


class Engine:
    """Takes signs of life and signals."""

    def __init__(self, *, away: bool = False) -> None:
        self.away, self.woken = away, list[str]()
        self.heard = asyncio.Event()
        """So many signs were given that it has taken long."""
        self.beats = 0

    def get_async_activity_handle(self, *, task_token: bytes) -> "Engine":
        """The attempt."""
        return self

    def get_workflow_handle(self, workflow: str, *, run_id: str | None) -> "Engine":
        """The incident."""
        assert run_id
        return self

    async def heartbeat(self, *, rpc_timeout: timedelta) -> None:
        """One sign of life."""
        self.beats += 1
        if self.beats > 2 * vendor.HUNG:
            self.heard.set()

    async def signal(self, name: str, *, rpc_timeout: timedelta) -> None:
        """One signal."""
        if self.away:
            raise RPCError("unavailable", RPCStatusCode.UNAVAILABLE, b"")
        self.woken.append(name)


async def answers(_: Engine) -> Outcome:
    """At once."""
    return Outcome(ref="sent")


async def hangs(engine: Engine) -> Outcome:
    """Very late."""
    await asyncio.wait_for(engine.heard.wait(), 60)
    return Outcome(ref="sent")


async def fails(_: Engine) -> Outcome:
    """It is away."""
    raise VendorError("slack", "503", retryable=True)


async def refuses(_: Engine) -> Outcome:
    """It does not take it, which is the end of the effect and a turn by itself."""
    raise VendorError("slack", "no", retryable=False)


@pytest.mark.sop("SOC-1")
@pytest.mark.parametrize(
    ("way", "more", "woken"),
    [
        (answers, {}, []),
        (hangs, {}, ["nudge"]),
        (fails, {}, ["nudge"]),
        (refuses, {}, []),
        (fails, {"attempt": 2}, []),
        (hangs, {"attempt": 2}, []),
        (fails, {"workflow_type": "Watchman"}, []),
    ],
)
async def test_a_first_attempt_that_fails_or_hangs_wakes_its_incident_once(
    monkeypatch: pytest.MonkeyPatch, way: Callable[[Engine], Awaitable[Outcome]], more: dict[str, Any], woken: list[str]
) -> None:
    monkeypatch.setattr(vendor, "BEAT", 0.001)
    engine = Engine()
    await tried(engine, way, **more)
    assert engine.woken == woken


async def test_an_engine_that_is_away_hinders_no_effect() -> None:
    assert await tried(Engine(away=True), fails) == "VendorAway"


async def tried(engine: Engine, way: Callable[[Engine], Awaitable[Outcome]], **more: Any) -> str | None:
    """One attempt, and as what it failed."""

    class Slack:
        async def say(self, duty: Say, *, again: bool) -> Outcome:
            return await way(engine)

    environment = ActivityEnvironment(client=cast("Client", engine))
    told: dict[str, Any] = {"workflow_type": "Incident", "workflow_id": "INC-7K3QF", "workflow_run_id": "run"} | more
    environment.info = replace(environment.info, started_time=datetime.now(UTC), **told)
    perform, *_ = vendor.performances("slack", Slack())
    duty = Say(key="say/1", incident="INC-7K3QF", clause="WAR-1", summary="say it", message=Message(text="It burns."))
    with suppress(asyncio.CancelledError):
        try:
            await environment.run(perform, duty)
        except ApplicationError as error:
            return error.type
    return None
