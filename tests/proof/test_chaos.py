"""A few kills of everything under load; `make chaos` has the many."""

from pathlib import Path

import pytest

from tests.chaos.__main__ import chaos


@pytest.mark.slow
async def test_a_few_kills_double_nothing_and_lose_nothing(tmp_path: Path) -> None:
    verdict = await chaos(tmp_path, kills=10, seed=7, services=2, plain=True)
    assert {promise: wrong for promise, wrong in verdict.broken.items() if wrong} == {}
    assert sum(count.once for count in verdict.counts.values()) > 0
