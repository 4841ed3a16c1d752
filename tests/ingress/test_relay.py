"""Every row reaches the engine, in order and as few signals as possible, whatever dies or is away meanwhile."""

import asyncio
import json
from datetime import timedelta

import pytest

from client.port import EngineUnavailable
from domain.company.alert_rule import AlertRule, Heartbeat
from ingress.webhook.inbox import Inbox
from tests.ingress.relaying import ERRORS, pass_until
from tests.ingress.setting import START, Clock, MemoryEngine, monitor, relay_of
from vendors.door import Request

UNREADABLE = "unknown-unreadable-alertmanager-5c1307b3/production"
"""The group of what could not be read, of this door alone."""


@pytest.mark.sop("DET-1", "DET-3")
async def test_ten_deliveries_of_one_webhook_reach_one_group_as_one_alert(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    request = monitor().press_fire(START, **ERRORS)
    rows = [await inbox.put("alertmanager", request) for _ in range(10)]
    relay = relay_of(inbox, engine, clock)
    await pass_until(relay, clock, 5)
    (digest,) = engine.asked
    assert (digest.group, digest.service, digest.count, digest.more) == ("checkout/production", "checkout", 10, 0)
    assert (digest.first_row, digest.last_row, len(digest.alerts)) == (rows[0], rows[-1], 1)
    assert not await inbox.unrelayed(100)


@pytest.mark.parametrize("count", [2_000, pytest.param(10_000, marks=pytest.mark.slow)])
async def test_a_storm_of_thousands_of_alerts_costs_about_ten_signals(
    inbox: Inbox, clock: Clock, engine: MemoryEngine, count: int
) -> None:
    alerts = monitor()
    fired = [alerts.press_fire(START, **ERRORS) for _ in range(count // 100)]
    relay = relay_of(inbox, engine, clock)
    for second in range(100):
        await asyncio.gather(*(inbox.put("alertmanager", request) for request in fired))
        await pass_until(relay, clock, second, every=1)
        clock.now = START + timedelta(seconds=second + 1)
    await pass_until(relay, clock, 200, every=1)
    assert len(engine.asked) == 9
    assert sum(digest.count for digest in engine.asked) == count
    assert (await inbox.count()).rows == {"new": 0, "unreadable": 0}


async def test_a_storm_that_waited_for_the_engine_is_told_at_once(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    request = monitor().press_fire(START, **ERRORS)
    await asyncio.gather(*(inbox.put("alertmanager", request) for _ in range(1500)))
    await pass_until(relay_of(inbox, engine, clock), clock, 10)
    assert [digest.count for digest in engine.asked] == [500, 1000]
    assert (await inbox.count()).rows == {"new": 0, "unreadable": 0}


async def test_a_row_that_outlived_its_process_is_relayed_by_the_next(
    inbox: Inbox, where: str, clock: Clock, engine: MemoryEngine
) -> None:
    row = await inbox.put("alertmanager", monitor().press_fire(START, **ERRORS))
    await inbox.close()
    after = Inbox(where, now=clock)
    await relay_of(after, engine, clock).step()
    assert [digest.last_row for digest in engine.taken] == [row]
    assert not await after.unrelayed(10)
    await after.close()


@pytest.mark.sop("DET-1")
async def test_a_row_that_another_ingress_took_waits_a_fifth_of_a_second_at_most(
    inbox: Inbox, where: str, clock: Clock, engine: MemoryEngine
) -> None:
    relay, other = relay_of(inbox, engine, clock), Inbox(where, now=clock)
    again_at = await relay.step()
    row = await other.put("alertmanager", monitor().press_fire(START, **ERRORS))
    clock.now = again_at
    await pass_until(relay, clock, 0.2)
    assert again_at <= START + timedelta(milliseconds=200)
    assert [digest.last_row for digest in engine.taken] == [row]
    await other.close()


async def test_a_relay_killed_between_telling_and_marking_tells_again_and_the_group_takes_it_once(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    await inbox.put("alertmanager", monitor().press_fire(START, **ERRORS))
    engine.loses = [asyncio.CancelledError()]  # as a process that ends just then
    with pytest.raises(asyncio.CancelledError):
        await relay_of(inbox, engine, clock).step()
    assert len(await inbox.unrelayed(10)) == 1
    await relay_of(inbox, engine, clock).step()
    assert (len(engine.asked), len(engine.taken)) == (2, 1)
    assert not await inbox.unrelayed(10)


async def test_an_engine_that_is_away_delays_alerts_and_loses_none(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    engine.fails = [EngineUnavailable("connection refused")] * 4
    relay = relay_of(inbox, engine, clock)
    alerts = monitor()
    pauses = []
    for instance in ("web-1", "web-2", "web-3", "web-4"):
        await inbox.put("alertmanager", alerts.press_fire(START, instance=instance, **ERRORS))
        before = len(engine.fails)
        await relay.step()
        while len(engine.fails) == before:
            clock.passes(0.5)
            await relay.step()
        pauses.append((clock.now - START).total_seconds())
    assert pauses == [0, 1, 3, 7]
    await pass_until(relay, clock, 30)
    assert {alert.labels["instance"] for digest in engine.taken for alert in digest.alerts} == {
        "web-1",
        "web-2",
        "web-3",
        "web-4",
    }
    assert not await inbox.unrelayed(10)


async def test_rows_that_nobody_can_read_stop_nobody_and_are_shown(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    nonsense = Request(headers={}, body=b"[1, 2]", received_at=START)
    bad = [await inbox.put(door, nonsense) for door in ("alertmanager", "gone")]
    good = await inbox.put("alertmanager", monitor().press_fire(START, **ERRORS))
    await relay_of(inbox, engine, clock).step()
    assert {digest.group: digest.last_row for digest in engine.taken} == {
        UNREADABLE: bad[0],
        "checkout/production": good,
    }
    shown = await inbox.unreadable()
    assert [row.row for row in shown] == bad
    assert [(row.path, row.found) for row in shown] == [("body", "a list"), ("door", "gone")]


async def test_what_cannot_be_read_rings_at_most_once_an_hour_a_door(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    relay = relay_of(inbox, engine, clock)
    rang = []
    for minute in (0, 1, 30, 59, 60, 61, 119, 121):
        clock.now = START + timedelta(minutes=minute)
        for door in ("alertmanager", "generic"):
            await inbox.put(door, Request(headers={}, body=b"[1, 2]", received_at=clock.now))
        await relay.step()
        clock.passes(2)
        await relay.step()
        heard = [alert.source for digest in engine.taken for alert in digest.alerts]
        rang.append((heard.count("alertmanager"), heard.count("generic")))
    assert rang == [(1, 1), (1, 1), (1, 1), (1, 1), (2, 2), (2, 2), (2, 2), (3, 3)]
    assert (await inbox.count()).rows == {"new": 0, "unreadable": 16}


async def test_a_row_is_shown_among_the_unreadable_ones_after_what_could_be_read_is_told(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    request = monitor().press_fire(START, **ERRORS)
    body = json.loads(request.body)
    body["alerts"].append(None)
    row = await inbox.put("alertmanager", request.model_copy(update={"body": json.dumps(body).encode()}))
    engine.fails = [EngineUnavailable("gone")] * 2
    relay = relay_of(inbox, engine, clock)
    await relay.step()
    assert [one.row for one in await inbox.unrelayed(9)] == [row]
    await pass_until(relay, clock, 30)
    assert {digest.group for digest in engine.taken} == {"checkout/production", UNREADABLE}
    assert [(one.row, one.path) for one in await inbox.unreadable()] == [(row, "alerts.1.body")]


async def test_a_mended_row_is_read_again_and_taken_by_a_group_that_has_read_past_it(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    bad = await inbox.put("alertmanager", monitor().press_fire(START, **ERRORS))
    await inbox.mark_unreadable(bad, "body", "a new field", "none")
    await inbox.put("alertmanager", monitor().press_fire(START, instance="web-2", **ERRORS))
    relay = relay_of(inbox, engine, clock)
    await relay.step()
    await inbox.retry(bad)
    await pass_until(relay, clock, 5)
    assert [len(digest.alerts) for digest in engine.taken] == [1, 1]


async def test_a_sign_of_life_is_relayed_to_nobody(inbox: Inbox, clock: Clock, engine: MemoryEngine) -> None:
    await inbox.put("alertmanager", monitor().press_fire(START, alertname="Watchdog", severity="none"))
    await relay_of(inbox, engine, clock).step()
    assert not engine.asked
    assert (await inbox.count()).rows == {"new": 0, "unreadable": 0}


@pytest.mark.sop("DET-1")
async def test_a_heartbeat_that_the_policy_names_is_told_each_time_to_the_group_of_whom_it_wakes(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    named = Heartbeat(name="Watchdog", silent_for=timedelta(minutes=15), service="search")
    relay = relay_of(inbox, engine, clock, rule=lambda: AlertRule(heartbeats=(named,)))
    prometheus = monitor()
    for _ in range(2):
        await inbox.put("alertmanager", prometheus.press_fire(clock(), alertname="Watchdog", severity="none"))
        await pass_until(relay, clock, 300, every=5)
    told = [(digest.group, alert.alive_for) for digest in engine.taken for alert in digest.alerts]
    assert told == [("search/production", timedelta(minutes=15))] * 2


async def test_deliveries_out_of_order_leave_the_newest_state(inbox: Inbox, clock: Clock, engine: MemoryEngine) -> None:
    alerts = monitor()
    fired = alerts.press_fire(START, **ERRORS)
    over = alerts.press_resolve(START + timedelta(seconds=30), **ERRORS)
    for request in (over, fired, over):
        await inbox.put("alertmanager", request)
    await relay_of(inbox, engine, clock).step()
    assert [alert.state for digest in engine.taken for alert in digest.alerts] == ["resolved"]


async def test_one_row_for_two_groups_is_marked_when_both_have_it(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    alerts = monitor()
    alerts.press_fire(START, **ERRORS)
    row = await inbox.put("alertmanager", alerts.press_fire(START, alertname="Errors", service="search"))
    engine.fails = [ValueError("nobody foresaw this")]
    relay = relay_of(inbox, engine, clock)
    await relay.step()
    assert [digest.group for digest in engine.taken] == ["search/production"]
    assert [one.row for one in await inbox.unrelayed(10)] == [row]
    await pass_until(relay, clock, 2)
    assert [digest.group for digest in engine.taken] == ["search/production", "checkout/production"]
    assert not await inbox.unrelayed(10)
