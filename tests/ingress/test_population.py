"""What was received is counted by door and day, and the counts stay when the rows go (SOC-1, SCP-2)."""

from datetime import date, datetime, timedelta

import pytest

from ingress.webhook.database import READS
from ingress.webhook.inbox import Inbox
from ingress.webhook.population import deliveries, midnight, note, to_note
from ingress.webhook.retention import sweep
from records.delivery import DoorDay
from tests.ingress.setting import START
from vendors.door import Request

pytestmark = pytest.mark.sop("SOC-1")
DAY = timedelta(days=1)
MORNING = midnight(START.date())
TODAY, TOMORROW = START.date(), START.date() + DAY


def said(body: str, at: datetime = MORNING) -> Request:
    return Request(headers={}, body=body.encode(), received_at=at)


async def received(inbox: Inbox, days: int = 2) -> tuple[DoorDay, ...]:
    return (await inbox.look(deliveries, MORNING, MORNING + days * DAY)).days


def of(day: date, door: str, count: int, **what: int) -> DoorDay:
    return DoorDay.model_validate({"day": day, "door": door, "received": count, **what})


async def full(inbox: Inbox) -> None:
    """Two of the same, one with nothing in it, one nobody can read, one that waits for us, one that nobody has read."""
    taken, again, empty, aside, held, _ = [await inbox.put("d", said(word)) for word in "aabcde"]
    await inbox.mark_relayed([taken, again])
    await inbox.mark_relayed([empty], "a test")
    await inbox.mark_unreadable(aside, "body", "a list", "an object")
    await inbox.hold_back([held], "d", "KeyError")
    await inbox.mark_relayed([await inbox.put("e", said("a", MORNING + DAY))])


FULL = (
    of(TODAY, "d", 6, taken=2, empty=1, unreadable=1, waiting=2, repeated=1),
    of(TOMORROW, "e", 1, taken=1),
)


async def test_each_delivery_is_counted_once_by_what_became_of_it(inbox: Inbox) -> None:
    await full(inbox)
    assert await received(inbox) == FULL
    assert await received(inbox, 1) == FULL[:1]
    [aside] = await inbox.unreadable()
    await inbox.retry(aside.row)
    assert (await received(inbox))[0] == of(TODAY, "d", 6, taken=2, empty=1, waiting=3, repeated=1)


async def test_a_day_whose_rows_are_let_go_of_is_told_as_it_stood_then(inbox: Inbox) -> None:
    await full(inbox)
    await inbox.mark_relayed([await inbox.put("d", said("z", MORNING + 9 * DAY))])
    assert await sweep(inbox, MORNING + DAY + timedelta(hours=23)) == 3
    assert await received(inbox) == FULL
    assert await sweep(inbox, MORNING + 2 * DAY) == 1
    assert await received(inbox) == FULL
    assert await inbox.look(to_note, MORNING + 2 * DAY) == []


async def test_two_that_sweep_at_once_keep_one_count(inbox: Inbox) -> None:
    for count in (3, 2):
        await inbox.do(note, [of(TODAY, "d", count)])
    assert await received(inbox) == (of(TODAY, "d", 3),)


async def test_what_is_counted_keeps_no_sender_waiting(inbox: Inbox) -> None:
    await full(inbox)
    reading = inbox.database.connect().execution_options(**{READS: True})
    with reading, reading.begin():
        seen = deliveries(reading, MORNING, MORNING + DAY)
        await inbox.put("d", said("f"))
    assert seen.days == FULL[:1]
    assert (await received(inbox))[0].received == 7
