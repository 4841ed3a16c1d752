"""What is put into the inbox stays, in order, without secrets; what cannot be put is said."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import event, inspect, text

from ingress.webhook.inbox import Inbox, InboxUnavailable, NotSetAside
from tests.ingress.setting import START, TOKEN, Clock, monitor
from vendors.door import Request


def request_of(body: str = "{}", **headers: str) -> Request:
    return Request(headers=headers, body=body.encode(), received_at=START)


def files_of(where: str) -> bytes:
    """Every byte that SQLite has on disk for an inbox; nothing for another database."""
    return b"".join(path.read_bytes() for path in Path(where).parent.glob("inbox.db*"))


@pytest.mark.sop("DET-6")
async def test_a_row_is_there_for_whoever_opens_the_inbox_next(inbox: Inbox, where: str) -> None:
    request = monitor().press_fire(START, alertname="Errors", service="checkout")
    row = await inbox.put("alertmanager", request)
    next_process = Inbox(where)
    (found,) = await next_process.unrelayed(10)
    assert (found.row, found.door, found.request.body) == (row, "alertmanager", request.body)
    assert found.request.received_at == START
    await next_process.close()


async def test_rows_are_numbered_in_the_order_they_came(inbox: Inbox) -> None:
    rows = await asyncio.gather(*(inbox.put("d", request_of(str(number))) for number in range(100)))
    assert rows == sorted(set(rows))
    found = await inbox.unrelayed(1000)
    assert [(one.row, one.request.body) for one in found] == [(row, str(n).encode()) for n, row in enumerate(rows)]
    assert [one.row for one in await inbox.unrelayed(3, after=rows[9])] == rows[10:13]


async def test_requests_that_arrive_together_share_a_commit(inbox: Inbox) -> None:
    await asyncio.gather(*(inbox.put("d", request_of()) for _ in range(100)))
    assert inbox.commits == 1


async def test_two_processes_number_their_rows_as_one(inbox: Inbox, where: str) -> None:
    other = Inbox(where)
    puts = [box.put("d", request_of(str(n))) for n in range(20) for box in (inbox, other)]
    assert len(set(await asyncio.gather(*puts))) == 40
    await other.close()


@pytest.mark.sop("DET-6")
async def test_an_empty_database_in_the_place_of_a_lost_one_is_used_after_the_first_refusal(
    inbox: Inbox, where: str
) -> None:
    before = await inbox.put("d", request_of())
    with inbox.database.begin() as connection:
        for name in inspect(connection).get_table_names():
            connection.execute(text(f"DROP TABLE {name}"))
    with pytest.raises(InboxUnavailable, match=r"no such table|does not exist"):
        await inbox.put("d", request_of())
    later = request_of().model_copy(update={"received_at": START.replace(minute=1)})
    assert await inbox.put("d", later) > before
    await inbox.probe()


async def test_a_new_inbox_numbers_above_every_older_one(tmp_path: Path, clock: Clock) -> None:
    first, second = Inbox(str(tmp_path / "lost.db"), now=clock), Inbox(str(tmp_path / "new.db"), now=clock)
    before = [await first.put("d", request_of()) for _ in range(3)]
    later = request_of().model_copy(update={"received_at": START.replace(minute=1)})
    assert await second.put("d", later) > max(before)
    await first.close()
    await second.close()


async def test_no_secret_is_kept(inbox: Inbox, where: str) -> None:
    headers = {
        "authorization": f"Bearer {TOKEN}",
        "x-standfast-signature": f"v1={TOKEN}",
        "cookie": TOKEN,
        "x-api-key": TOKEN,
        "x-whatever-someone-configured": TOKEN,
        "x-github-event": "ping",
        "content-type": "application/json",
    }
    await inbox.put("d", Request(headers=headers, body=b"{}", received_at=START))
    (row,) = await inbox.unrelayed(1)
    assert set(row.request.headers) == set(headers)
    assert (row.request.headers["x-github-event"], row.request.headers["content-type"]) == ("ping", "application/json")
    assert TOKEN not in repr(row.request)
    if kept := files_of(where):
        assert b"x-github-event" in kept
        assert TOKEN.encode() not in kept


async def test_a_relayed_row_waits_no_longer(inbox: Inbox) -> None:
    rows = [await inbox.put("d", request_of()) for _ in range(3)]
    await inbox.mark_relayed(rows[:2], "a test message")
    await inbox.mark_relayed(rows[:2], "again")
    assert [one.row for one in await inbox.unrelayed(10)] == rows[2:]
    count = await inbox.count()
    assert (count.rows, count.waiting_since) == ({"new": 1, "unreadable": 0}, START)


async def test_an_unreadable_row_is_shown_with_what_was_wrong(inbox: Inbox) -> None:
    row = await inbox.put("d", request_of("[]"))
    await inbox.mark_unreadable(row, "body", "a list", "an object")
    await inbox.mark_relayed([row])
    (shown,) = await inbox.unreadable()
    assert (shown.path, shown.found, shown.expected) == ("body", "a list", "an object")
    assert shown.request.body == b"[]"
    assert not await inbox.unrelayed(10)


async def test_no_words_of_a_sender_keep_a_row_from_being_marked(inbox: Inbox) -> None:
    first, second = [await inbox.put("d", request_of("[]")) for _ in range(2)]
    await inbox.mark_unreadable(first, "a\0b", "\ud800", "x" * 100_000)
    await inbox.mark_relayed([second], "\0\ud800")
    (shown,) = await inbox.unreadable()
    assert (shown.path, shown.found, len(shown.expected)) == ("a\\0b", "\\ud800", 1000)
    assert not await inbox.unrelayed(10)


async def test_an_unreadable_row_comes_again_at_the_end_because_groups_have_read_past_it(inbox: Inbox) -> None:
    row = await inbox.put("d", request_of("[]"))
    later = await inbox.put("d", request_of())
    await inbox.mark_unreadable(row, "body", "a list", "an object")
    again = await inbox.retry(row)
    assert [(one.row, one.request.body) for one in await inbox.unrelayed(10)] == [(later, b"{}"), (again, b"[]")]
    assert not await inbox.unreadable()
    with pytest.raises(NotSetAside, match=str(row)):
        await inbox.retry(row)


async def test_one_holder_has_the_lease_until_it_ends_or_is_given_back(inbox: Inbox, clock: Clock) -> None:
    span = START.replace(second=15) - START
    assert await inbox.hold("one", span)
    assert not await inbox.hold("two", span)
    clock.passes(14)
    assert await inbox.hold("one", span)
    clock.passes(14)
    assert not await inbox.hold("two", span)
    clock.passes(1)
    assert await inbox.hold("two", span)
    assert not await inbox.hold("one", span)
    await inbox.let_go("two")
    assert await inbox.hold("one", span)


async def test_a_full_disk_fails_every_write_of_the_batch_and_the_inbox_recovers(tmp_path: Path, clock: Clock) -> None:
    inbox = Inbox(str(tmp_path / "inbox.db"), now=clock)
    await inbox.put("d", request_of())
    pages = 16
    event.listen(inbox.database, "begin", lambda one: one.exec_driver_sql(f"PRAGMA max_page_count = {pages}"))
    puts = [inbox.put("d", request_of("x" * 100_000)) for _ in range(5)]
    ends = await asyncio.gather(*puts, return_exceptions=True)
    assert [type(end) for end in ends] == [InboxUnavailable] * 5
    assert "full" in str(ends[0])
    assert "xxx" not in str(ends[0])
    pages = 1_000_000
    await inbox.put("d", request_of())
    assert len(await inbox.unrelayed(10)) == 2
    await inbox.close()


async def test_a_database_that_is_read_only_or_not_there_or_none_is_unavailable(tmp_path: Path) -> None:
    writable = Inbox(str(tmp_path / "inbox.db"))
    await writable.probe()
    for where in (
        f"sqlite:///file:{tmp_path}/inbox.db?mode=ro&uri=true",
        f"sqlite:///file:{tmp_path}/no/where?uri=true",
    ):
        inbox = Inbox(where)
        with pytest.raises(InboxUnavailable, match="cannot be used"):
            await inbox.put("d", request_of())
        with pytest.raises(InboxUnavailable):
            await inbox.probe()
        await inbox.close()
    await writable.close()


async def test_a_queue_that_is_full_refuses_at_once(tmp_path: Path) -> None:
    inbox = Inbox(str(tmp_path / "inbox.db"), waiting=10)
    ends = await asyncio.gather(*(inbox.put("d", request_of()) for _ in range(12)), return_exceptions=True)
    assert [isinstance(end, InboxUnavailable) for end in ends] == [False] * 10 + [True] * 2
    await inbox.close()


async def test_a_sender_that_hangs_up_harms_nobody_in_the_same_commit(inbox: Inbox) -> None:
    first = asyncio.create_task(inbox.put("d", request_of("1")))
    second = asyncio.create_task(inbox.put("d", request_of("2")))
    await asyncio.sleep(0)
    first.cancel()
    row = await second
    assert [one.request.body for one in await inbox.unrelayed(10)] == [b"1", b"2"]
    assert (await inbox.unrelayed(10))[1].row == row


def test_another_kind_of_database_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="found mysql, expected"):
        Inbox("mysql://x/y")


async def test_sqlite_is_told_to_reach_the_disk_before_a_commit_is_answered(tmp_path: Path) -> None:
    inbox = Inbox(str(tmp_path / "inbox.db"))
    await inbox.probe()
    with inbox.database.connect() as connection:
        told = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
    assert told == ["wal", 2]
    await inbox.close()
