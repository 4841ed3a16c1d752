"""The roles that deploy/postgres/roles.sh makes: no superuser, and each at home in its own database only."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from ingress.webhook.inbox import Inbox
from records.refusal import RecordsUnavailable
from records.store import Records
from tests.postgres import Cluster
from tests.records.case import INCIDENT, events, overview

RIGHTS = """
    SELECT rolname, rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls
    FROM pg_roles WHERE rolname IN ('standfast', 'temporal') ORDER BY rolname
"""


async def test_standfast_lives_in_its_own_database_and_enters_no_other(cluster: Cluster) -> None:
    cluster.make_roles()
    cluster.make_roles()  # again: nothing new
    url = cluster.url("standfast", user="standfast")
    async with await Records.open(url) as records:
        await records.migrate()
        assert await records.append(INCIDENT, events(2), overview()) == 2
    inbox = Inbox(url)
    await inbox.probe()
    await inbox.close()
    async with await Records.open(cluster.url("temporal", user="standfast")) as elsewhere:
        with pytest.raises((RecordsUnavailable, OperationalError)):
            await elsewhere.migrate()


async def test_neither_role_is_more_than_it_must_be(cluster: Cluster) -> None:
    cluster.make_roles()
    engine = create_async_engine(cluster.url("postgres").replace("postgresql", "postgresql+psycopg", 1))
    async with engine.connect() as connection:
        rows = (await connection.execute(text(RIGHTS))).all()
    await engine.dispose()
    assert rows == [("standfast", False), ("temporal", False)]
