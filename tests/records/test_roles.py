"""The roles that deploy/postgres/roles.sh makes: no superuser, each at home in its own database; records that grow."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from ingress.webhook.inbox import Inbox
from records.refusal import RecordsUnavailable
from records.store import Records
from tests.postgres import Cluster
from tests.records.case import INCIDENT, events, overview

RIGHTS = """
    SELECT rolname, rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls
    FROM pg_roles WHERE rolname IN ('standfast', 'standfast_owner', 'temporal') ORDER BY rolname
"""
FORBIDDEN = (
    "UPDATE event SET by = 'nobody'",
    "DELETE FROM event",
    "DROP TRIGGER event_append_only ON event",
    "DROP TABLE event",
)
"""What whoever owns a table could do to it, or undo of what locks it."""


async def altered_nothing(records: Records) -> None:
    for statement in FORBIDDEN:
        with pytest.raises(DBAPIError, match=r"must be owner|permission denied"):
            async with records.engine.begin() as connection:
                await connection.execute(text(statement))


@pytest.mark.sop("SOC-1")
async def test_standfast_adds_to_its_own_records_alters_none_and_enters_no_other_database(cluster: Cluster) -> None:
    cluster.make_roles()  # once more below: nothing new
    url = await cluster.granted()
    async with await Records.open(url) as records:
        await records.migrate()
        assert await records.append(INCIDENT, events(2), overview()) == 2
        await altered_nothing(records)
    inbox = Inbox(url)
    await inbox.probe()
    await inbox.close()
    async with await Records.open(cluster.url("temporal", user="standfast")) as elsewhere:
        with pytest.raises((RecordsUnavailable, OperationalError)):
            await elsewhere.migrate()


@pytest.mark.sop("SOC-1")
async def test_records_that_standfast_owned_have_an_owner_of_their_own_from_then_on(cluster: Cluster) -> None:
    cluster.make_roles()
    await cluster.run("postgres", "ALTER DATABASE standfast OWNER TO standfast")
    await cluster.run("standfast", "REASSIGN OWNED BY standfast_owner TO standfast")
    url = cluster.url("standfast", user="standfast")
    async with await Records.open(url) as records:
        await records.migrate()
        await records.append(INCIDENT, events(3), overview())
        inbox = Inbox(url)
        await inbox.probe()
        await cluster.granted()
        assert await records.append(INCIDENT, events(4), overview()) == 1
        await altered_nothing(records)
        await inbox.probe()
        await inbox.close()


async def test_no_role_is_more_than_it_must_be(cluster: Cluster) -> None:
    cluster.make_roles()
    engine = create_async_engine(cluster.url("postgres").replace("postgresql", "postgresql+psycopg", 1))
    async with engine.connect() as connection:
        rows = (await connection.execute(text(RIGHTS))).all()
    await engine.dispose()
    assert rows == [("standfast", False), ("standfast_owner", False), ("temporal", False)]
