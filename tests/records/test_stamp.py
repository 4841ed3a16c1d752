"""Somebody else puts the time to checkpoints: a history that was written anew has stamps of today at best (SOC-1)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from activities.checkpoint import stamped
from records.bundle import verify_bundle
from records.checkpoint import Signed
from records.refusal import NotStamped, SettingRefused
from records.stamp import Stamp, answered, examine_stamps, question, roots
from records.store import Records
from tests.authority import Authority, listening
from tests.domain.learn.case import NOON, days
from tests.records.case import INCIDENT, events
from tests.records.test_evidence import tamper
from tests.records.test_export import KEY, OURS, exported, told

pytestmark = pytest.mark.sop("SOC-1")
AT_EASE = timedelta(minutes=5)
HERE = "an authority"


def stamp(authority: Authority, one: Signed) -> Stamp:
    asked = question(one)
    return answered(one, asked, authority=HERE, response=authority.answer(asked.as_bytes()))


@pytest.fixture
def served() -> Iterator[tuple[str, Authority]]:
    """An authority on the loopback address."""
    with listening() as authority:
        yield authority


async def checkpoint(records: Records, at_day: int) -> Signed:
    count = at_day + 1
    await records.append(INCIDENT, events(count))
    made = await records.checkpoint(KEY, NOON + days(at_day))
    assert made
    return made


async def test_the_newest_checkpoint_is_stamped_over_http_and_kept_once(
    records: Records, served: tuple[str, Authority]
) -> None:
    address, authority = served
    assert await records.unstamped() is None
    await checkpoint(records, 0)
    newest = await checkpoint(records, 1)
    assert await records.unstamped() == newest
    authority.now = NOON + days(1)
    for _ in range(2):
        await records.keep_stamp(await stamped(f"{address}/tsr", newest, AT_EASE))
    assert await records.unstamped() is None
    seen = await records.stamped([authority.root], NOON + days(1))
    said = "stamped by others: checkpoint 2, and so all before it, was there at 2026-03-04 12:00:00 UTC"
    assert (seen.findings, seen.unproved, seen.said) == ([], [], [f"{said} ({address}/tsr)"])
    with pytest.raises(DBAPIError, match="stamp is append-only"):
        async with records.engine.begin() as connection:
            await connection.exec_driver_sql("UPDATE stamp SET number = 3")


async def test_an_authority_that_refuses_or_is_away_gives_no_stamp(
    records: Records, served: tuple[str, Authority]
) -> None:
    address, authority = served
    newest = await checkpoint(records, 0)
    authority.refuses = True
    with pytest.raises(NotStamped, match="refused: status 2"):
        await stamped(f"{address}/tsr", newest, AT_EASE)
    for wrong in (f"{address}/nowhere", "http://127.0.0.1:9/tsr", "no address"):
        with pytest.raises(NotStamped, match=wrong):
            await stamped(wrong, newest, AT_EASE)


async def test_a_history_that_was_written_anew_is_stamped_too_late(records: Records, tmp_path: Path) -> None:
    authority = Authority(NOON + days(300))
    await told(records)
    newest = await records.unstamped()
    assert newest
    await records.keep_stamp(stamp(authority, newest))
    await exported(records, tmp_path / "audit.zip")
    assert verify_bundle(tmp_path / "audit.zip", OURS).whole
    found = verify_bundle(tmp_path / "audit.zip", OURS, trusted=[authority.root])
    said = "that 1 checkpoint, 1 first, were made when they say: no time stamp is of that day"
    assert (found.findings, found.unproved, found.whole) == ([], [said], False)


async def test_a_bundle_says_until_when_somebody_else_has_seen_it(records: Records, tmp_path: Path) -> None:
    await told(records)
    newest = await records.unstamped()
    assert newest
    authority = Authority(newest.checkpoint.at + timedelta(minutes=1))
    await records.keep_stamp(stamp(authority, newest))
    await exported(records, tmp_path / "audit.zip")
    found = verify_bundle(tmp_path / "audit.zip", OURS, trusted=[authority.root])
    assert found.whole
    assert found.stamped[0].startswith("stamped by others: checkpoint 1, and so all before it, was there at ")
    unchecked = verify_bundle(tmp_path / "audit.zip", OURS)
    assert unchecked.stamped == ["1 time stamp, not checked: no --tsa-root"]
    [stranger] = verify_bundle(tmp_path / "audit.zip", OURS, trusted=[Authority().root]).findings
    assert stranger == "time stamp of checkpoint 1: not by an authority whose root was given"


async def test_a_stamp_of_another_checkpoint_is_found_without_a_root(records: Records) -> None:
    authority = Authority(NOON)
    first, second = await checkpoint(records, 0), await checkpoint(records, 1)
    wrong = stamp(authority, first).model_copy(update={"number": 2})
    lost = stamp(authority, first).model_copy(update={"number": 9})
    spoilt = stamp(authority, first).model_copy(update={"response": "bm90aGluZw=="})
    seen = examine_stamps([wrong, lost, spoilt], [first, second], (), NOON)
    assert seen.findings == [
        "time stamp of checkpoint 2: altered: it is of another text",
        "time stamp of checkpoint 9: removed: the checkpoint is not there",
        "time stamp of checkpoint 1: what came is no time stamp",
    ]
    with pytest.raises(NotStamped, match="answered another question"):
        answered(second, question(second), authority=HERE, response=authority.answer(question(first).as_bytes()))


async def test_a_stamp_that_was_taken_away_leaves_its_checkpoint_unproved(records: Records) -> None:
    authority = Authority(NOON)
    first, second = await checkpoint(records, 0), await checkpoint(records, 9)
    await records.keep_stamp(stamp(authority, first))
    seen = await records.stamped([authority.root], NOON + days(20))
    assert seen.unproved == ["that 1 checkpoint, 2 first, were made when they say: no time stamp is of that day"]
    assert (await records.stamped([authority.root], second.checkpoint.at)).unproved == []
    await tamper(records, "UPDATE stamp SET stamped = 'nothing'")
    assert (await records.stamped([], NOON)).findings == ["time stamp in place 1: altered: it cannot be read"]


def test_a_file_without_a_root_is_refused(tmp_path: Path) -> None:
    authority = Authority()
    (tmp_path / "root.pem").write_bytes(authority.pem)
    assert roots(tmp_path / "root.pem") == (authority.root,)
    (tmp_path / "own.pem").write_bytes(authority.own_pem)
    (tmp_path / "none.pem").write_bytes(b"nothing")
    for name, said in (("own.pem", "holds no root"), ("none.pem", "cannot be read"), ("away.pem", "cannot be read")):
        with pytest.raises(SettingRefused, match=said):
            roots(tmp_path / name)
