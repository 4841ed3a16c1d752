"""Two releases on one database, and a role that may only work: each goes on under tables that others made."""

import logging
import re
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.company.deployment import Deployment
from records.deployment import KEPT
from records.grant import KEPT_UP, MADE_AGAIN
from records.migration import NEWEST, stepping, version_of
from records.store import Records
from records.table import APPEND_ONLY, METADATA
from tests.postgres import Cluster
from tests.records.case import INCIDENT, NOON, events, overview

LATER = (
    "ALTER TABLE event ADD COLUMN shift TEXT",
    "ALTER TABLE incident ADD COLUMN region TEXT NOT NULL DEFAULT ''",
    "UPDATE alembic_version SET version_num = '9999'",
)
UNRELEASED = {"parts.py"}
"""It moves columns, from before there was a release to go back to."""
ADDS = {"add_column", "create_table", "create_index", "drop_index", "execute", "get_bind", "bulk_insert", "f"}


async def test_the_release_before_goes_on_under_tables_that_a_later_one_made(
    records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    async with records.engine.begin() as connection:
        for statement in LATER:
            await connection.execute(text(statement))
    with caplog.at_level(logging.WARNING):
        await records.migrate()
    assert "made by a later release (9999)" in caplog.text
    await records.append(INCIDENT, events(3), overview())
    await records.append(INCIDENT, events(4), overview(phase="closed"))
    assert [row.id for row in await records.incidents()] == [INCIDENT]
    assert await records.verify_all() == []


async def test_the_tables_that_are_made_are_of_the_newest_version_and_nothing_is_to_be_done_then(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alembic costs a third of a second of each start, and is not asked."""
    async with records.engine.connect() as connection:
        assert await connection.run_sync(version_of) == NEWEST
    monkeypatch.delattr(stepping, "step")
    await records.migrate()


def test_a_migration_only_adds() -> None:
    """What the release before reads and writes stays: rolling back needs no migration back."""
    versions = [path for path in Path(stepping.HERE / "version").glob("[a-z]*.py") if path.name not in UNRELEASED]
    assert len(versions) >= 4
    used = {f"{path.name}: {verb}" for path in versions for verb in re.findall(r"\bop\.(\w+)", path.read_text())}
    assert [one for one in sorted(used) if one.partition(": ")[2] not in ADDS] == []


def test_every_table_is_granted_one_way() -> None:
    granted = [*APPEND_ONLY, *KEPT_UP, *MADE_AGAIN]
    assert sorted(granted) == sorted(METADATA.tables)


async def test_the_role_of_the_worker_keeps_and_lets_go_of_what_was_deployed(cluster: Cluster) -> None:
    url = await cluster.fresh()
    async with await Records.open(url) as owner:
        await owner.migrate()
        assert owner.engine.url.database is not None
        await cluster.run(owner.engine.url.database, "CREATE ROLE deployer LOGIN")
        await owner.grant("deployer")
    async with await Records.open(url.replace("owner@", "deployer@")) as worker:
        await worker.keep_deployments([deployed()], NOON, KEPT)
        await worker.keep_deployments([deployed()], NOON, KEPT)


def deployed() -> Deployment:
    place = {"repository": "shop/checkout", "environment": "production", "sha": "f00d"}
    return Deployment(source="github", id="1", **place, state="succeeded", at=NOON)
