"""What receivers refuse, and who relays."""

import asyncio
from datetime import timedelta

import pytest

from client.port import EngineUnavailable, IncidentEnded, IncidentNotFound, Refused
from domain.alerting.alert import VendorAct
from domain.alerting.digest import AlertDigest
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.item_changes import ReopenItem
from domain.value.act import Act
from ingress.webhook.inbox import Inbox
from ingress.webhook.relay import LEASE
from tests.ingress.relaying import ERRORS, acts_of, pass_until
from tests.ingress.setting import START, Clock, MemoryEngine, monitor, relay_of, sender


async def test_a_digest_that_the_engine_never_takes_is_set_aside_and_shown(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    row = await inbox.put("alertmanager", monitor().press_fire(START, **ERRORS))
    engine.fails = [Refused("larger than 2 MB")]
    relay = relay_of(inbox, engine, clock)
    await relay.step()
    (shown,) = await inbox.unreadable()
    assert (shown.row, shown.path, shown.found) == (row, "engine", "larger than 2 MB")
    assert "checkout/production" in shown.expected


async def test_what_fails_in_a_way_nobody_foresaw_is_tried_ten_times_and_then_waits_for_a_mend(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    act = VendorAct(incident="INC-7Q2KX", act=Acknowledge(by="ada"))
    rows = [
        await inbox.put("alertmanager", monitor().press_fire(START, **ERRORS)),
        await inbox.put("acts", acts_of(act)),
    ]
    engine.fails = [ValueError("nobody foresaw this")] * 20
    relay = relay_of(inbox, engine, clock)
    await pass_until(relay, clock, 120, every=2)
    assert len(engine.fails) > 0
    assert not await inbox.held_back()
    while engine.fails:
        await pass_until(relay, clock, (clock.now - START).total_seconds() + 2, every=2)
    await relay.step()
    assert [row.row for row in await inbox.held_back()] == rows
    assert not await inbox.unreadable()
    await pass_until(relay, clock, 300, every=2)
    assert not await inbox.held_back()
    assert (len(engine.taken), engine.acts) == (1, [("INC-7Q2KX", act.act)])


async def test_an_act_for_an_incident_goes_straight_to_it_in_order(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    acts = [VendorAct(incident="INC-7Q2KX", act=Acknowledge(id=str(number), by="ada")) for number in range(3)]
    for act in acts:
        await inbox.put("acts", acts_of(act))
    await relay_of(inbox, engine, clock).step()
    assert engine.acts == [("INC-7Q2KX", act.act) for act in acts]
    assert not engine.asked
    assert not await inbox.unrelayed(10)


async def test_an_act_for_an_incident_that_is_gone_is_set_aside_and_the_next_one_goes(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    gone, there = (VendorAct(incident=name, act=Acknowledge(by="ada")) for name in ("INC-00000", "INC-7Q2KX"))
    row = await inbox.put("acts", acts_of(gone))
    await inbox.put("acts", acts_of(there))
    engine.fails = [Refused("no such incident")]
    await relay_of(inbox, engine, clock).step()
    assert [name for name, _ in engine.acts] == ["INC-7Q2KX"]
    assert [one.row for one in await inbox.unreadable()] == [row]


@pytest.mark.sop("ACT-2")
async def test_an_act_for_an_incident_that_has_ended_is_heard_afterwards_or_a_remark_says_why_not(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    heard = list[str]()

    async def afterwards(incident: str, act: Act) -> str:
        if incident == "INC-00000":
            raise IncidentNotFound(incident)
        heard.append(act.id)
        return "" if act.id == "news" else "Nothing is new in that."

    for incident, said in (("INC-7Q2KX", "news"), ("INC-7Q2KX", "echo"), ("INC-00000", "lost")):
        act = ReopenItem(id=said, by="ada", via="jira", item="item-1")
        last = await inbox.put("acts", acts_of(VendorAct(incident=incident, act=act)))
    engine.fails = [IncidentEnded("INC-7Q2KX"), IncidentNotFound("INC-7Q2KX"), IncidentNotFound("INC-00000")]
    await relay_of(inbox, engine, clock, afterwards=afterwards).step()
    assert (heard, engine.acts, await inbox.unrelayed(10)) == (["news", "echo"], [], [])
    assert [row.row for row in await inbox.unreadable()] == [last]


async def test_an_act_on_an_alert_goes_to_its_group_with_the_alert(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    act = VendorAct(alert="k", service="checkout", act=Acknowledge(by="ada"))
    await inbox.put("alertmanager", monitor().press_fire(START, **ERRORS))
    await inbox.put("acts", acts_of(act))
    await relay_of(inbox, engine, clock).step()
    (digest,) = engine.taken
    assert (len(digest.alerts), [one.act for one in digest.acts]) == (1, [act.act])


async def test_a_standby_relays_nothing_until_the_holder_is_gone(
    inbox: Inbox, where: str, clock: Clock, engine: MemoryEngine
) -> None:
    other = Inbox(where, now=clock)
    holder, standby = relay_of(inbox, engine, clock, "one"), relay_of(other, engine, clock, "two")
    await holder.step()
    await inbox.put("generic", sender().press_fire(START, "disk", "Disk full", service="search"))
    await standby.step()
    assert not engine.asked
    clock.passes(LEASE.total_seconds() - 1)
    await standby.step()
    assert not engine.asked
    clock.passes(2)
    await standby.step()
    assert len(engine.taken) == 1
    await holder.step()
    assert len(engine.asked) == 1
    await other.close()


async def test_a_holder_that_slept_past_its_lease_tells_nobody_anything_twice(
    inbox: Inbox, where: str, clock: Clock, engine: MemoryEngine
) -> None:
    other = Inbox(where, now=clock)
    holder, standby = relay_of(inbox, engine, clock, "one"), relay_of(other, engine, clock, "two")
    engine.fails = [EngineUnavailable("away")]
    await inbox.put("alertmanager", monitor().press_fire(START, **ERRORS))
    await holder.step()
    clock.passes(20)
    await standby.step()
    await holder.step()
    await standby.step()
    assert len(engine.asked) == len(engine.taken) == 1
    assert not await inbox.unrelayed(10)
    await other.close()


async def test_a_running_relay_reads_what_arrives_and_gives_its_lease_back(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    running = asyncio.create_task(relay_of(inbox, engine, clock).run())
    await inbox.put("alertmanager", monitor().press_fire(START, **ERRORS))
    async with asyncio.timeout(300):
        await engine.told.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await inbox.hold("two", timedelta(seconds=1))


@pytest.mark.sop("DET-1", "WAR-6")
async def test_what_a_group_made_of_an_act_is_asked_after_everybody_is_told_and_an_odd_answer_stops_nothing(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    told: list[int] = []

    async def never_says(digest: AlertDigest) -> tuple[VendorAct, ...]:
        told.append(len(engine.taken))
        raise ValueError("it cannot be decrypted")

    act = VendorAct(service="checkout", alert="k", act=Acknowledge(by="ada"))
    await inbox.put("acts", acts_of(act))
    await inbox.put("alertmanager", monitor().press_fire(START, **ERRORS | {"service": "billing"}))
    await relay_of(inbox, engine, clock, left_over=never_says).step()
    assert (told, await inbox.unrelayed(10)) == ([2], [])
