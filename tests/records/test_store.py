"""Events are remembered once, in order, and never otherwise."""

import sqlite3
from asyncio import gather
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.incident.event import Event
from domain.procedure.findings import Noted
from records.engine import WRITES
from records.key import public
from records.outage import outage
from records.record import Stored
from records.refusal import RecordConflict, RecordGap, RecordsUnavailable, RecordsUnready, SettingRefused
from records.store import Records
from tests.postgres import Cluster
from tests.records.case import INCIDENT, NOON, event, events, overview

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


async def test_events_are_read_back_as_they_were_handed_over(records: Records) -> None:
    given = [*events(2), event(3, "naïve 🚒 \u2028 \0 % :name")]
    assert await records.append(INCIDENT, given) == 3
    read = await records.events(INCIDENT)
    assert [one.model_dump(exclude={"incident", "previous_hash", "hash"}) for one in read] == [
        one.model_dump() for one in given
    ]
    assert read[1].previous_hash == read[0].hash


async def test_the_same_events_twice_are_there_once(records: Records) -> None:
    assert await records.append(INCIDENT, events(3)) == 3
    once = await records.events(INCIDENT)
    assert await records.append(INCIDENT, events(3)) == 0
    assert await records.events(INCIDENT) == once
    assert await records.append(INCIDENT, events(5, first=2)) == 2
    assert (await records.events(INCIDENT))[:3] == once


async def test_a_moment_in_another_zone_is_the_same_moment(records: Records) -> None:
    await records.append(INCIDENT, [event(1)])
    abroad = event(1).model_copy(update={"at": event(1).at.astimezone(timezone(timedelta(hours=5)))})
    assert await records.append(INCIDENT, [abroad]) == 0


async def test_another_event_under_a_taken_number_is_refused_and_nothing_is_written(records: Records) -> None:
    await records.append(INCIDENT, events(2))
    with pytest.raises(RecordConflict, match=f"{INCIDENT} record 2: body differs"):
        await records.append(INCIDENT, [event(2, "nothing rang"), event(3)])
    with pytest.raises(RecordConflict, match="record 1: by differs"):
        await records.append(INCIDENT, [event(1).model_copy(update={"by": "eve"})])
    assert len(await records.events(INCIDENT)) == 2


async def test_a_gap_is_refused_with_the_number_to_send_from(records: Records) -> None:
    with pytest.raises(RecordGap) as first:
        await records.append(INCIDENT, [event(2)])
    assert (first.value.expected, first.value.found) == (1, 2)
    await records.append(INCIDENT, [event(1)])
    with pytest.raises(RecordGap, match="send the events from 2 on"):
        await records.append(INCIDENT, [event(1), event(3)])
    assert len(await records.events(INCIDENT)) == 1


async def test_incidents_do_not_share_a_chain(records: Records) -> None:
    for incident in ("INC-00001", "INC-00002"):
        await records.append(incident, events(2))
    one, other = await records.events("INC-00001"), await records.events("INC-00002")
    assert one[0].hash != other[0].hash
    assert await records.events("INC-00003") == ()


async def test_two_workers_may_migrate_and_append(url: str) -> None:
    async with await Records.open(url) as one, await Records.open(url) as other:
        await one.migrate()
        await other.migrate()
        assert await one.append(INCIDENT, events(2)) == 2
        assert await other.append(INCIDENT, events(3)) == 1
        assert await one.verify(INCIDENT) == []


async def test_many_writers_at_once_record_everything_once(url: str) -> None:
    incidents = [f"INC-0000{place}" for place in range(5)]
    async with await Records.open(url) as one, await Records.open(url) as other:
        await gather(one.migrate(), other.migrate())
        calls = [records.append(incident, events(3)) for incident in incidents for records in (one, other, one)]
        assert sum(await gather(*calls)) == 3 * len(incidents)
        made = await gather(one.checkpoint(KEY, NOON), other.checkpoint(KEY, NOON))
        assert [checkpoint is None for checkpoint in made].count(False) == 1
        assert await one.verify_all([public(KEY)]) == []


async def test_records_that_another_writer_holds_are_unavailable_for_the_moment(url: str, records: Records) -> None:
    await records.append(INCIDENT, events(1))
    postgres = url.startswith("postgres")
    async with records.engine.execution_options(**WRITES).begin() as other:
        if postgres:
            await other.execute(text("LOCK TABLE head"))
        with pytest.raises(RecordsUnavailable, match=r"locked|busy"):
            await records.append(INCIDENT, events(2))
    assert await records.append(INCIDENT, events(2)) == 1


async def test_a_file_not_yet_in_wal_mode_can_be_read_while_somebody_writes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/records.db"
    async with await Records.open(url) as records:
        await records.migrate()
    with closing(sqlite3.connect(tmp_path / "records.db", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN IMMEDIATE")
        async with await Records.open(url, patience=timedelta(milliseconds=1)) as records:
            assert await records.incidents() == ()
        other.execute("COMMIT")
    async with await Records.open(url) as records:
        assert await records.incidents() == ()
    with closing(sqlite3.connect(tmp_path / "records.db")) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)


async def test_a_database_that_is_away_is_unavailable_and_its_password_stays_secret(tmp_path: Path) -> None:
    (tmp_path / "records.db").mkdir()
    for url in (f"postgresql://ada:hush@/records?host={tmp_path}", f"sqlite:///{tmp_path}/records.db"):
        async with await Records.open(url) as records:
            with pytest.raises(RecordsUnavailable) as refused:
                await records.events(INCIDENT)
            assert "hush" not in str(refused.value)


async def test_tables_that_were_never_made_are_waited_for_and_it_is_said_who_makes_them(url: str) -> None:
    async with await Records.open(url) as records:
        with pytest.raises(RecordsUnready, match=r"(no such table|does not exist).*; a worker makes the tables"):
            await records.events(INCIDENT)


async def test_an_error_of_the_database_tells_nothing_of_what_was_to_be_written(records: Records) -> None:
    with pytest.raises(DBAPIError) as refused:
        async with records.engine.begin() as connection:
            await connection.execute(text("INSERT INTO nowhere VALUES (:body)"), {"body": "Ada was paged"})
    assert "Ada" not in str(refused.value)


@pytest.mark.parametrize("url", ["mysql://ada:hush@host/records", "records.db", "sqlite://", "sqlite:///:memory:"])
async def test_a_url_of_no_such_database_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SettingRefused, match=r"STANDFAST_DATABASE_URL: found .*, expected sqlite:///path") as refused:
        await Records.open(url)
    assert "hush" not in str(refused.value)


async def test_a_connection_that_the_server_cut_is_mended_by_the_next_call(cluster: Cluster) -> None:
    url = await cluster.fresh()
    async with await Records.open(url) as records:
        await records.migrate()
        there = f"FROM pg_stat_activity WHERE datname = '{records.engine.url.database}'"
        await cluster.run("postgres", f"SELECT pg_terminate_backend(pid) {there}")
        assert await records.append(INCIDENT, events(1)) == 1


async def test_a_server_that_goes_away_in_a_transaction_is_an_outage(cluster: Cluster) -> None:
    url = await cluster.fresh()
    async with await Records.open(url) as records:
        with pytest.raises(RecordsUnavailable), outage(records.where):
            async with records.engine.begin() as connection:
                await connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


async def test_an_alert_is_suppressed_once_and_the_first_word_stands(records: Records) -> None:
    assert await records.suppress('{"title":"disk"}', "maintenance until 14:00", NOON, "disk-1")
    assert not await records.suppress('{"title":"disk"}', "something else", NOON + timedelta(hours=1), "disk-1")
    await records.suppress("{}", "staging", NOON + timedelta(days=1), "disk\0-2")
    kept = await records.suppressed(NOON, NOON + timedelta(days=1))
    assert [(one.key, one.reason, one.at) for one in kept] == [("disk-1", "maintenance until 14:00", NOON)]


async def test_an_overview_for_another_incident_is_refused(records: Records) -> None:
    with pytest.raises(ValueError, match=r"overview\.id: found INC-00001, expected INC-7K2QF"):
        await records.append(INCIDENT, events(1), overview("INC-00001"))


async def test_moments_before_the_common_era_of_software_are_kept(records: Records) -> None:
    old = event(1).model_copy(update={"at": datetime(987, 1, 2, 3, tzinfo=UTC)})
    await records.append(INCIDENT, [old])
    assert (await records.events(INCIDENT))[0].at == old.at


async def test_an_event_of_the_domain_is_recorded_whole(records: Records) -> None:
    noted = Event(number=1, at=NOON, by="ada", act="press-1", what=Noted(text="naïve\0 \u2028 🚒"))
    stored = Stored.of(noted)
    assert (stored.clause, stored.kind) == (noted.clause, "noted")
    assert await records.append(INCIDENT, [stored]) == 1
    assert await records.append(INCIDENT, [Stored.of(noted)]) == 0
    [read] = await records.events(INCIDENT)
    assert Event.model_validate_json(read.body) == noted
    assert await records.verify(INCIDENT) == []
