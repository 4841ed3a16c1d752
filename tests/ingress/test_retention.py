"""The inbox does not grow for ever: what is over goes after its time, what waits for somebody stays."""

import asyncio
import sqlite3
from datetime import timedelta

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from ingress.webhook.inbox import Inbox
from ingress.webhook.retention import AT_ONCE, kept_for, removable, sweep
from ingress.webhook.table import INBOX, with_state
from ingress.webhook.unheard import Unheard, mark_unheard, unheard
from tests.ingress.setting import START
from vendors.door import Request

DAYS = timedelta(days=90)


def received(days: int) -> Request:
    return Request(headers={}, body=b"{}", received_at=START + timedelta(days=days))


async def test_what_is_over_goes_after_its_time_and_nothing_else(inbox: Inbox) -> None:
    over, aside, held, waiting, young = [await inbox.put("d", received(day)) for day in (0, 0, 0, 0, 80)]
    await inbox.mark_relayed([over, young])
    await inbox.mark_unreadable(aside, "body", "a list", "an object")
    await inbox.hold_back([held], "d", "KeyError")
    last = await inbox.put("d", received(80))
    assert await sweep(inbox, START + DAYS - timedelta(days=20)) == 1
    assert [row.row for row in await inbox.unreadable()] == [aside]
    assert [row.row for row in await inbox.held_back()] == [held]
    assert [row.row for row in await inbox.unrelayed(10)] == [waiting, last]
    await inbox.mark_relayed([waiting, last])
    assert await sweep(inbox, START + 2 * DAYS) == 2


async def test_the_newest_row_stays_so_that_numbers_go_on_above_it(inbox: Inbox) -> None:
    first, second = [await inbox.put("d", received(0)) for _ in range(2)]
    await inbox.mark_relayed([first, second])
    assert await sweep(inbox, START + 2 * DAYS) == 1
    assert await inbox.put("d", received(-1)) > second


def test_the_sweep_reads_no_row_that_is_young() -> None:
    asked = removable(1).compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with sqlite3.connect(":memory:") as connection:
        making: list[ExecutableDDLElement] = [CreateTable(INBOX), *(CreateIndex(one) for one in INBOX.indexes)]
        for made in making:
            connection.execute(str(made.compile(dialect=sqlite.dialect())))
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {asked}")]
    assert plan == ["SEARCH inbox USING COVERING INDEX inbox_state_row (state=? AND row<?)"]


async def test_many_go_a_little_at_a_time_while_the_ingress_runs(inbox: Inbox) -> None:
    rows = await asyncio.gather(*(inbox.put("d", received(0)) for _ in range(AT_ONCE + 10)))
    await inbox.mark_relayed(rows)
    async with kept_for(inbox, lambda: DAYS, lambda: START + 2 * DAYS):
        async with asyncio.timeout(300):
            await one_left(inbox)
    assert await over(inbox) == [max(rows)]


async def one_left(inbox: Inbox) -> None:
    while True:
        if len(await over(inbox)) == 1:
            return
        await asyncio.sleep(0.01)


async def over(inbox: Inbox) -> list[int]:
    return [row.row for row in await inbox.do(with_state, "relayed", 2, 0)]


async def test_how_long_is_asked_at_each_sweep_for_the_policy_may_have_changed(inbox: Inbox) -> None:
    row = await inbox.put("d", received(0))
    await inbox.mark_relayed([row, await inbox.put("d", received(80))])
    asked: list[timedelta] = [DAYS]
    async with kept_for(inbox, lambda: asked[-1], lambda: START + DAYS):
        await asyncio.sleep(0)
    assert len(await over(inbox)) == 2
    asked.append(DAYS / 2)
    async with kept_for(inbox, lambda: asked[-1], lambda: START + DAYS):
        async with asyncio.timeout(300):
            await one_left(inbox)


async def test_of_what_nobody_took_any_more_the_words_stay_and_what_they_came_in_goes(inbox: Inbox) -> None:
    row = await inbox.put("d", received(0))
    await inbox.do(mark_unheard, row, Unheard("INC-1", "ada: a note", "it has ended"))
    await inbox.mark_relayed([await inbox.put("d", received(0))])
    assert [one.row for one in await inbox.look(unheard)] == [row]
    assert await sweep(inbox, START + 2 * DAYS) == 0
    (left,) = await inbox.look(unheard)
    assert (left.found, left.request.body, left.request.headers) == ("ada: a note", b"", {})
