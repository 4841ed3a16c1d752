"""A database that was backed up as docs/operations.md says and restored: the evidence is whole, and goes on."""

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ingress.webhook.inbox import Inbox
from records.key import public
from records.store import Records
from tests.postgres import Cluster
from tests.records.case import INCIDENT, NOON, events, overview
from vendors.door import Request

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
WAITS = b"what waits"


@pytest.mark.sop("SOC-1")
async def test_what_was_dumped_and_restored_is_whole_and_locked_and_goes_on(cluster: Cluster, tmp_path: Path) -> None:
    cluster.make_roles()
    for name in ("kept", "anew"):
        await cluster.run("postgres", f"CREATE DATABASE {name} OWNER standfast_owner")
        await cluster.run(name, "GRANT CREATE ON SCHEMA public TO standfast")
    before, after = (cluster.url(name, user="standfast") for name in ("kept", "anew"))
    async with await Records.open(owned(before)) as owner:
        await owner.grant("standfast")
    async with await Records.open(before) as records:
        await records.append(INCIDENT, events(3), overview())
        await records.checkpoint(KEY, NOON + timedelta(days=1))
        recorded = await records.events(INCIDENT)
    await _waits(before)
    _run("pg_dump", "--format=custom", f"--file={tmp_path}/standfast.dump", owned(before))
    _run("pg_restore", "--exit-on-error", f"--dbname={owned(after)}", f"{tmp_path}/standfast.dump")
    async with await Records.open(after) as records:
        await records.migrate()
        assert (await records.events(INCIDENT), await records.verify_all([public(KEY)])) == (recorded, [])
        await records.append(INCIDENT, events(5), overview(phase="closed"))
        assert await records.checkpoint(KEY, NOON + timedelta(days=2))
        assert await records.verify_all([public(KEY)]) == []
    async with await Records.open(owned(after)) as owner:
        with pytest.raises(DBAPIError, match="append-only"):
            async with owner.engine.begin() as connection:
                await connection.execute(text("UPDATE event SET by = 'nobody'"))
    inbox = Inbox(after)
    [row] = await inbox.unrelayed(2)
    assert row.request.body == WAITS
    await inbox.close()


def owned(url: str) -> str:
    """The same database, as the owner of the records."""
    return url.replace("standfast@", "standfast_owner@")


async def _waits(url: str) -> None:
    """A webhook that was answered and is not told yet."""
    inbox = Inbox(url)
    await inbox.put("pagerduty", Request(headers={}, body=WAITS, received_at=NOON))
    await inbox.close()


def _run(program: str, *words: str) -> None:
    """One of PostgreSQL's own programs, which an operator runs."""
    if not shutil.which(program):
        pytest.skip(f"no {program} here")
    done = subprocess.run([program, *words], capture_output=True, text=True, check=False)  # noqa: S603 ours
    assert done.returncode == 0, done.stderr
