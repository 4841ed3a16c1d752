"""DET-6: the database of the inbox changes its primary, and the old one says nothing or only reads."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from ingress.webhook.app import app
from ingress.webhook.inbox import Inbox, InboxUnavailable
from tests.ingress.setting import START, Clock, monitor
from tests.postgres import Cluster, Wire, wired

HANGS = 60
"""Seconds after which something is taken to hang; a bound for correctness, no measurement."""
SILENCE = timedelta(seconds=2)
"""Longer than a busy machine needs to make the tables of an empty inbox."""


@asynccontextmanager
async def failing_over(cluster: Cluster, clock: Clock) -> AsyncIterator[tuple[Inbox, Wire]]:
    """An inbox that knows two addresses, and the way to the one that it uses first."""
    database = (await cluster.fresh()).partition("?")[0]
    async with wired(cluster) as old, wired(cluster) as new:
        inbox = Inbox(f"{database}?host={old.host}&host={new.host}", now=clock, silence=SILENCE)
        yield inbox, old
        await inbox.close()


@pytest.mark.sop("DET-6")
async def test_behind_a_silent_primary_the_probe_is_answered_and_the_next_one_takes_what_is_sent(
    cluster: Cluster, clock: Clock
) -> None:
    request = monitor().press_fire(START, alertname="Errors", service="checkout")
    async with failing_over(cluster, clock) as (inbox, old), asyncio.timeout(HANGS):
        first = await inbox.put("alertmanager", request)
        old.open.clear()
        transport = httpx.ASGITransport(app(inbox, {}))
        async with httpx.AsyncClient(transport=transport, base_url="http://ingress.test") as http:
            while (answer := await http.get("/readyz")).status_code == 503:
                assert answer.json()["ready"] is False
                assert "standfast_inbox_up" in (await http.get("/metrics")).text
        second = await inbox.put("alertmanager", request)
        assert [row.row for row in await inbox.unrelayed(10)] == [first, second]
        assert not old.open.is_set()


@pytest.mark.sop("DET-6")
async def test_a_primary_that_became_a_standby_is_left_for_the_next_one(cluster: Cluster, clock: Clock) -> None:
    request = monitor().press_fire(START, alertname="Errors", service="checkout")
    async with failing_over(cluster, clock) as (inbox, _):
        first = await inbox.put("alertmanager", request)
        await inbox.do(lambda connection: connection.execute(text("SET default_transaction_read_only = on")) and None)
        with pytest.raises(InboxUnavailable, match="read-only transaction"):
            await inbox.put("alertmanager", request)
        second = await inbox.put("alertmanager", request)
        assert [row.row for row in await inbox.unrelayed(10)] == [first, second]
