"""Evidence is added to and never altered; where somebody does it anyway, the records say what was done (SOC-1)."""

from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from records.checkpoint import Signed
from records.key import public
from records.store import Records
from records.table import METADATA
from tests.postgres import Cluster
from tests.records.case import INCIDENT, NOON, event, events, overview

pytestmark = pytest.mark.sop("SOC-1")

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
OURS = (public(KEY),)
TRIGGERS = {
    "sqlite": "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger "
    "WHERE NOT tgisinternal",
}


async def execute(records: Records, *statements: str) -> None:
    async with records.engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def tamper(records: Records, *statements: str) -> None:
    """Do what an owner of the database can: take the triggers away first."""
    async with records.engine.begin() as connection:
        drops = list(await connection.scalars(text(TRIGGERS[records.engine.dialect.name])))
        assert drops
        for statement in (*drops, *statements):
            await connection.execute(text(statement))


async def fill(records: Records) -> None:
    await records.append(INCIDENT, events(3), overview())
    await records.suppress("{}", "staging", NOON, "disk-1")
    await records.checkpoint(KEY, NOON)


@pytest.mark.parametrize("table", ["event", "suppressed", "checkpoint"])
@pytest.mark.parametrize("verb", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
async def test_what_is_kept_as_evidence_is_neither_updated_nor_deleted(records: Records, table: str, verb: str) -> None:
    await fill(records)
    column = {"event": "number", "suppressed": "reason", "checkpoint": "signed"}[table]
    with pytest.raises(DBAPIError, match=f"{table} is append-only"):
        await execute(records, verb.format(table, column))
    assert await records.verify_all(OURS) == []


async def test_a_record_is_not_replaced_or_truncated(records: Records) -> None:
    await fill(records)
    copied = "INSERT OR REPLACE INTO event SELECT * FROM event WHERE number = 2"
    statement = copied if records.engine.dialect.name == "sqlite" else "TRUNCATE event"
    with pytest.raises(DBAPIError, match="event is append-only"):
        await execute(records, statement)
    assert len(await records.events(INCIDENT)) == 3


async def test_a_role_with_our_grants_works_and_alters_nothing(cluster: Cluster) -> None:
    url = await cluster.fresh()
    async with await Records.open(url) as owner:
        await owner.migrate()
        assert owner.engine.url.database is not None
        await cluster.run(owner.engine.url.database, 'CREATE ROLE "work er" LOGIN')
        await owner.grant("work er")
    async with await Records.open(url.replace("owner@", "work%20er@")) as worker:
        await worker.migrate()
        await fill(worker)
        await worker.append(INCIDENT, events(4), overview(phase="closed"))
        for statement in ("DELETE FROM event", "UPDATE suppressed SET reason = ''", "TRUNCATE checkpoint"):
            with pytest.raises(DBAPIError, match="permission denied for table"):
                await execute(worker, statement)
        with pytest.raises(DBAPIError, match="must be owner"):
            await tamper(worker)
        assert await worker.verify_all(OURS) == []


async def test_the_migrations_make_the_tables_the_code_believes_in(records: Records) -> None:
    def difference(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))

    await records.migrate()  # again: a no-op
    async with records.engine.connect() as connection:
        assert await connection.run_sync(difference) == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE event SET body = '{{}}' WHERE number = 2", "record 2: altered: its content does not give its hash"),
        ("UPDATE event SET at = 'never' WHERE number = 2", "record 2: altered: at cannot be read"),
        ("UPDATE event SET at = '2026-03-02T12:02:00.25Z' WHERE number = 2", "record 2: altered: at cannot be read"),
        ("DELETE FROM event WHERE number = 2", "record 2: removed: missing from the chain"),
        ("DELETE FROM event WHERE number >= 2", "record 2: removed: missing from the chain with those up to 3"),
        ("DELETE FROM event", "record 1: removed: missing from the chain with those up to 3"),
        ("UPDATE event SET number = 1000000 WHERE number = 2", "record 1000000: reordered: recorded as 2"),
        (
            "INSERT INTO event SELECT incident, 4, at, \"by\", clause, kind, body, hash, '{zeros}' FROM event "
            "WHERE number = 3",
            "record 4: altered",
        ),
        ("DELETE FROM head", "record 0: removed: the head is missing"),
        ("UPDATE head SET number = 2", "record 3: inserted: the chain ends at 2"),
        ("UPDATE head SET hash = '?'", "record 0: altered: the head cannot be read"),
    ],
)
async def test_tampering_is_named(records: Records, statement: str, said: str) -> None:
    await records.append(INCIDENT, events(3))
    assert await records.verify(INCIDENT) == []
    await tamper(records, statement.format(zeros="0" * 64))
    found = await records.verify(INCIDENT)
    assert any(one.startswith(f"{INCIDENT} {said}") for one in found), found
    assert found[0] in await records.verify_all()


async def test_an_incident_that_is_gone_without_a_trace_is_missed_by_the_checkpoint(records: Records) -> None:
    await fill(records)
    await tamper(records, "DELETE FROM event", "DELETE FROM head", "DELETE FROM incident")
    found = await records.verify_all(OURS)
    assert f"{INCIDENT} record 1: removed: missing from the chain with those up to 3" in found


async def test_a_history_written_anew_contradicts_the_checkpoint(records: Records) -> None:
    await fill(records)
    await tamper(records, "DELETE FROM event", "DELETE FROM head")
    forged = [event(number, by="eve") for number in range(1, 4)]
    await records.append(INCIDENT, forged)
    said = f"{INCIDENT} record 3: altered: the chain up to here is not the one whose head was kept"
    assert await records.verify(INCIDENT, OURS) == [said]


async def test_a_checkpoint_covers_what_moved_since_the_last(records: Records) -> None:
    await records.append("INC-00001", events(2))
    first = await records.checkpoint(KEY, NOON)
    assert await records.checkpoint(KEY, NOON) is None
    await records.append("INC-00001", events(2))  # again: nothing moves
    await records.append("INC-00002", events(1))
    second = await records.checkpoint(KEY, NOON)
    assert first is not None
    assert second is not None
    assert [(head.incident, head.number) for head in first.checkpoint.heads] == [("INC-00001", 2)]
    assert [(head.incident, head.number) for head in second.checkpoint.heads] == [("INC-00002", 1)]
    assert second.checkpoint.previous == first.checkpoint.digest()
    assert await records.checkpoints() == (first, second)
    assert await records.verify_all(OURS) == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM checkpoint WHERE number = 1", "checkpoint 2: expected checkpoint 1"),
        (
            "UPDATE checkpoint SET signed = replace(signed, 'INC-00001', 'INC-00009') WHERE number = 1",
            "checkpoint 1: altered",
        ),
        ("UPDATE checkpoint SET signed = 'x' WHERE number = 1", "checkpoint in place 1: altered: it cannot be read"),
    ],
)
async def test_a_checkpoint_that_was_touched_is_named(records: Records, statement: str, said: str) -> None:
    for incident in ("INC-00001", "INC-00002"):
        await records.append(incident, events(1))
        await records.checkpoint(KEY, NOON)
    await tamper(records, statement)
    assert any(one.startswith(said) for one in await records.verify_all(OURS))


async def test_a_checkpoint_of_another_key_is_not_ours(records: Records) -> None:
    await records.append(INCIDENT, events(1))
    made = await records.checkpoint(Ed25519PrivateKey.from_private_bytes(bytes([1] * 32)), NOON)
    assert isinstance(made, Signed)
    for found in (await records.verify(INCIDENT, OURS), await records.verify_all(OURS)):
        assert found == [f"checkpoint 1: signed by a key that is not ours: {made.key}"]


async def test_an_end_cut_off_with_its_head_set_back_is_missed_by_the_checkpoint(records: Records) -> None:
    await fill(records)
    back = "UPDATE head SET number = 2, hash = (SELECT hash FROM event WHERE number = 2)"
    await tamper(records, "DELETE FROM event WHERE number = 3", back)
    assert await records.verify(INCIDENT, OURS) == [f"{INCIDENT} record 3: removed: missing from the chain"]


async def test_a_period_holds_whole_chains_and_every_checkpoint(records: Records) -> None:
    await fill(records)  # events one, two and three minutes after noon
    await records.append("INC-00001", events(1))
    async with records.evidence(NOON + timedelta(minutes=2), NOON + timedelta(minutes=3)) as evidence:
        before = [one async for one in evidence.chains()]
        await records.append(INCIDENT, events(4))  # later than the moment that is read
        assert [one async for one in evidence.chains()] == before
        [chain] = before
        assert [(one.incident, one.number) for one in chain] == [(INCIDENT, number) for number in (1, 2, 3)]
        assert len([one async for one in evidence.checkpoints()]) == 1
    async with records.evidence(NOON, NOON) as evidence:
        assert [chain async for chain in evidence.chains()] == []


@pytest.mark.parametrize(("since", "held"), [(1, [INCIDENT]), (3, [])])
async def test_a_period_holds_what_was_open_and_silent_in_it_and_closed_afterwards(
    records: Records, since: int, held: list[str]
) -> None:
    closed = overview(closed_at=NOON + timedelta(days=2))
    await records.append(INCIDENT, events(3), closed)
    first = NOON + timedelta(days=since)
    async with records.evidence(first, first + timedelta(hours=1)) as evidence:
        assert [chain[0].incident async for chain in evidence.chains()] == held


async def test_chains_are_read_in_the_order_of_their_ids_and_not_torn_by_the_size_of_a_fetch(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("records.evidence.AT_ONCE", 2)
    for place in (3, 1, 2):
        await records.append(f"INC-0000{place}", events(3))
    async with records.evidence(NOON, NOON + timedelta(days=1)) as evidence:
        read = [tuple(one.number for one in chain) async for chain in evidence.chains()]
        ids = [chain[0].incident async for chain in evidence.chains()]
    assert (read, ids) == ([(1, 2, 3)] * 3, ["INC-00001", "INC-00002", "INC-00003"])
