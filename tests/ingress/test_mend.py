"""Our own fault is never booked as the sender's: rows wait for the mend, stop nobody, and everybody can see it."""

from datetime import timedelta
from typing import Any

import pytest

from client.port import EngineUnavailable
from domain.alerting.alert import Alert, VendorAct
from domain.alerting.grouping import Group
from domain.company.alert_rule import AlertRule
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import Note
from ingress.webhook.inbox import Inbox
from ingress.webhook.relay import Relay
from ingress.webhook.waiting import Chosen, progress
from tests.ingress.relaying import ERRORS, acts_of, pass_until
from tests.ingress.setting import START, Clock, MemoryEngine, doors, monitor, relay_of, sort
from vendors.door import Request


class Sorting:
    """Sorts by the company's files, which may be broken."""

    def __init__(self) -> None:
        self.wrong: Exception | None = ValueError("catalog.yaml: services: found nothing")

    def __call__(self, heard: Alert | VendorAct) -> tuple[Group, ...]:
        if self.wrong:
            raise self.wrong
        return sort(heard)


def relaying(inbox: Inbox, engine: MemoryEngine, clock: Clock, **more: Any) -> Relay:
    settings: dict[str, Any] = {"sort": sort, "doors": doors(), **more}
    return Relay(inbox, settings.pop("doors"), engine, settings.pop("sort"), holder="one", now=clock, **settings)


@pytest.mark.sop("DET-1")
async def test_while_the_catalog_is_broken_alerts_wait_and_after_its_mend_they_are_heard(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    sort = Sorting()
    relay = relaying(inbox, engine, clock, sort=sort)
    for instance in ("web-1", "web-2"):
        await inbox.put("alertmanager", monitor().press_fire(START, instance=instance, **ERRORS))
    await pass_until(relay, clock, 60)
    held = await inbox.held_back()
    assert [row.found for row in held] == ["ValueError: catalog.yaml: services: found nothing"] * 2
    assert (engine.asked, await inbox.unreadable()) == ([], [])
    sort.wrong = None
    await pass_until(relay, clock, 90)
    assert {one.labels["instance"] for digest in engine.taken for one in digest.alerts} == {"web-1", "web-2"}
    assert (await inbox.held_back(), await inbox.unrelayed(10)) == ([], [])


async def test_a_row_that_our_reader_fails_on_waits_and_the_next_one_is_told_at_once(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    faulty = doors()
    bad = await inbox.put("broken", monitor().press_fire(START, **ERRORS))
    good = await inbox.put("alertmanager", monitor().press_fire(START, instance="web-2", **ERRORS))
    relay = relaying(inbox, engine, clock, doors=faulty)
    await pass_until(relay, clock, 20)
    assert [digest.last_row for digest in engine.taken] == [good]
    assert [(row.row, row.path, row.found) for row in await inbox.held_back()] == [
        (bad, "broken", "ZeroDivisionError: a reader with a fault")
    ]
    mended = {**faulty, "broken": faulty["alertmanager"]}
    await pass_until(relaying(inbox, engine, clock, doors=mended), clock, 40)
    assert [len(digest.alerts) for digest in engine.taken] == [1, 1]
    assert not await inbox.held_back()


async def test_what_cannot_be_told_to_one_group_stops_no_other_group(
    inbox: Inbox, clock: Clock, engine: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Alert.model_dump_json

    def dumped(alert: Alert, **how: Any) -> str:
        if alert.labels.get("poison"):
            raise ValueError("this alert cannot be written")
        return whole(alert, **how)

    monkeypatch.setattr(Alert, "model_dump_json", dumped)
    bad = await inbox.put("alertmanager", monitor().press_fire(START, poison="1", **ERRORS))
    await inbox.put("alertmanager", monitor().press_fire(START, alertname="Errors", service="search"))
    relay = relay_of(inbox, engine, clock)
    await pass_until(relay, clock, 10)
    assert [digest.group for digest in engine.taken] == ["search/production"]
    assert [row.row for row in await inbox.held_back()] == [bad]
    await inbox.put("alertmanager", monitor().press_fire(START, instance="web-2", **ERRORS))
    await pass_until(relay, clock, 14)
    assert [digest.group for digest in engine.taken] == ["search/production", "checkout/production"]


@pytest.mark.parametrize("hours", [25, 24 * 40])
async def test_what_happened_before_the_policys_oldest_is_a_remark(
    inbox: Inbox, clock: Clock, engine: MemoryEngine, hours: int
) -> None:
    long_ago = START - timedelta(hours=hours)
    old = monitor().press_fire(long_ago, **ERRORS).model_copy(update={"received_at": long_ago})
    note = Note(by="ada", text="looking", via="pagerduty", at=long_ago)
    rows = [await inbox.put("alertmanager", old), await inbox.put("acts", acts_of(VendorAct(alert="k", act=note)))]
    await pass_until(relay_of(inbox, engine, clock), clock, 5)
    assert (engine.asked, await inbox.unrelayed(10), await inbox.held_back()) == ([], [], [])
    assert len(rows) == 2


async def test_a_monitor_that_lists_an_old_alert_today_is_heard_and_so_is_an_old_recovery(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    long_ago, alerts = START - timedelta(days=3), monitor()
    listed = alerts.press_fire(long_ago, **ERRORS).model_copy(update={"received_at": START})
    alerts.press_fire(long_ago, instance="web-2", **ERRORS)
    over = alerts.press_resolve(long_ago, instance="web-2", **ERRORS).model_copy(update={"received_at": long_ago})
    await inbox.put("alertmanager", listed)
    await inbox.put("alertmanager", over)
    await pass_until(relay_of(inbox, engine, clock), clock, 5)
    assert sorted(one.state for digest in engine.taken for one in digest.alerts) == ["firing", "resolved"]


async def test_the_company_says_how_old_is_too_old(inbox: Inbox, clock: Clock, engine: MemoryEngine) -> None:
    an_hour_ago = START - timedelta(hours=1)
    await inbox.put("acts", acts_of(VendorAct(incident="INC-7Q2KX", act=Acknowledge(by="ada", at=an_hour_ago))))
    relay = relaying(inbox, engine, clock, rule=lambda: AlertRule(oldest=timedelta(minutes=30)))
    await pass_until(relay, clock, 5)
    assert engine.acts == []


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (EngineUnavailable("connection refused"), "the engine is away"),
        (ValueError("a fault"), "checkout/production: ValueEr"),
    ],
)
async def test_a_relay_that_does_not_get_on_says_so_within_seconds_and_no_longer_than_it_lasts(
    inbox: Inbox, clock: Clock, engine: MemoryEngine, failure: Exception, said: str
) -> None:
    relay = relay_of(inbox, engine, clock)
    await inbox.put("alertmanager", monitor().press_fire(START, **ERRORS))
    engine.fails = [failure] * 3
    await relay.step()
    stuck = progress(await inbox.count(), *await inbox.trouble(), clock.now)
    assert stuck.said.startswith(said)
    assert stuck.since == START
    await pass_until(relay, clock, 60)
    assert progress(await inbox.count(), *await inbox.trouble(), clock.now).said == ""


async def test_a_row_that_waits_while_nobody_relays_is_said(inbox: Inbox, clock: Clock) -> None:
    assert progress(await inbox.count(), *await inbox.trouble(), clock.now).said == ""
    await inbox.put("alertmanager", monitor().press_fire(START, **ERRORS))
    assert "nobody relays" in progress(await inbox.count(), *await inbox.trouble(), clock.now).said


async def test_a_row_that_waits_for_a_mend_is_said(inbox: Inbox, clock: Clock) -> None:
    row = await inbox.put("alertmanager", monitor().press_fire(START, **ERRORS))
    await inbox.hold_back([row], "alertmanager", "KeyError: 'x'")
    assert progress(await inbox.count(), *await inbox.trouble(), clock.now).said.startswith("1 row waiting for a mend")


async def test_all_rows_of_a_door_or_a_span_are_read_again_in_their_order(inbox: Inbox, clock: Clock) -> None:
    rows = []
    for hour, door in enumerate(("alertmanager", "generic", "alertmanager")):
        request = Request(headers={}, body=b"{}", received_at=START + timedelta(hours=hour))
        rows.append(await inbox.put(door, request))
    await inbox.mark_unreadable(rows[0], "a", "b", "c")
    await inbox.mark_unreadable(rows[1], "a", "b", "c")
    await inbox.hold_back([rows[2]], "engine", "a fault")
    clock.passes(3 * 3600)
    assert await inbox.retry_all(Chosen(door="slack")) == {}
    assert list(await inbox.retry_all(Chosen(since=START + timedelta(hours=1), door="generic"))) == [rows[1]]
    again = await inbox.retry_all(Chosen(until=START + timedelta(hours=3)))
    assert list(again) == [rows[0], rows[2]]
    assert list(again.values()) == sorted(again.values())
    assert [row.door for row in await inbox.unrelayed(10)] == ["generic", "alertmanager", "alertmanager"]
    assert await inbox.retry_all(Chosen()) == {}


async def test_what_was_relayed_from_a_moment_on_is_relayed_again_once_and_in_its_order(
    inbox: Inbox, clock: Clock
) -> None:
    rows = []
    for hour in range(4):
        request = Request(headers={}, body=str(hour).encode(), received_at=START + timedelta(hours=hour))
        rows.append(await inbox.put("generic", request))
    await inbox.mark_relayed(rows[:3])
    clock.passes(4 * 3600)
    again = await inbox.relay_again(Chosen(since=START + timedelta(hours=1)))
    assert list(again) == rows[1:3]
    told = await inbox.unrelayed(10)
    assert [(one.request.body, one.request.received_at.hour - START.hour) for one in told] == [
        (b"3", 3),
        (b"1", 1),
        (b"2", 2),
    ]
    assert await inbox.relay_again(Chosen(since=START + timedelta(hours=1))) == {}
