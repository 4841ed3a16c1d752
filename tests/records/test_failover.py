"""SOC-1: records that say nothing keep nobody waiting, and no page."""

import asyncio
from datetime import timedelta

import pytest

from records.store import Records
from tests.postgres import Cluster, wired

HANGS = 60
"""Seconds after which something is taken to hang; a bound for correctness, no measurement."""


@pytest.mark.sop("SOC-1")
async def test_who_gives_silent_records_up_has_given_them_up_and_the_next_primary_answers(cluster: Cluster) -> None:
    database = (await cluster.fresh()).partition("?")[0]
    async with wired(cluster) as old, wired(cluster) as new:
        url = f"{database}?host={old.host}&host={new.host}"
        async with asyncio.timeout(HANGS), await Records.open(url, timedelta(seconds=2)) as records:
            await records.migrate()
            old.open.clear()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await records.incident("INC-7K3QF")
            assert old.linked == 1, "the silent one was asked to cancel, and waited for"
            assert await records.incident("INC-7K3QF") is None
            assert not old.open.is_set()
