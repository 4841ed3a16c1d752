"""The roles that deploy/postgres/roles.sh makes: no superuser, and each at home in its own database only."""

import os
import shutil
import subprocess

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from ingress.inbox import Inbox
from records.refusal import RecordsUnavailable
from records.store import Records
from tests.house.source import ROOT
from tests.postgres import Cluster
from tests.records.case import INCIDENT, events, overview

SCRIPT = ROOT / "deploy/postgres/roles.sh"
RIGHTS = """
    SELECT rolname, rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls
    FROM pg_roles WHERE rolname IN ('standfast', 'temporal') ORDER BY rolname
"""
ODD = "p@ss:w/rd'\"$ %"


def made(cluster: Cluster) -> None:
    """Run the script as the superuser would."""
    if not shutil.which("psql"):
        pytest.skip("no psql here")
    place = {"PATH": os.environ["PATH"], "PGHOST": str(cluster.folder), "PGUSER": "owner"}
    secrets = {"STANDFAST_DB_PASSWORD": ODD, "TEMPORAL_DB_PASSWORD": "another"}
    done = subprocess.run(["sh", SCRIPT], env=place | secrets, capture_output=True, text=True, check=False)  # noqa: S603, S607
    assert (done.returncode, done.stderr) == (0, "")


async def test_standfast_lives_in_its_own_database_and_enters_no_other(cluster: Cluster) -> None:
    made(cluster)
    made(cluster)  # again: nothing new
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
    made(cluster)
    engine = create_async_engine(cluster.url("postgres").replace("postgresql", "postgresql+psycopg", 1))
    async with engine.connect() as connection:
        rows = (await connection.execute(text(RIGHTS))).all()
    await engine.dispose()
    assert rows == [("standfast", False), ("temporal", False)]
