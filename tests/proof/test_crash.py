"""Processes are killed without warning, and every promise is kept once they are back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.incident.clocks import Missed
from tests.proof.house import House, house, late

MISERY = timedelta(seconds=45)
"""Far more than a page may ever be late after a crash: a bound for correctness, no measurement."""


@pytest.fixture(scope="module")
async def home(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """One house for all crashes; each happens to another service."""
    async with house(tmp_path_factory.mktemp("house")) as running:
        yield running


async def _secondary_is_paged_once(home: House, incident: str, what: str) -> None:
    """PagerDuty woke the primary itself; the first page of ours is due when nobody has acknowledged."""
    (page, *_) = await home.paged(incident, 1)
    due_at = min(event.what.due_at for event in await home.events(incident) if isinstance(event.what, Missed))
    assert timedelta(0) <= late(what, page, due_at) < MISERY
    handle = home.running.client.get_workflow_handle(incident)
    await handle.signal("acknowledge", {"by": "dana"})
    assert [one.key for one in home.pages(incident)].count(page.key) == 1


@pytest.mark.slow
@pytest.mark.sop("DET-6")
@pytest.mark.parametrize("seconds", [5, 60])
async def test_with_the_engine_away_alerts_are_taken_and_become_one_incident_when_it_is_back(
    tmp_path: Path, seconds: int
) -> None:
    async with house(tmp_path) as home:
        await home.running.temporal.kill()
        for number in range(5):
            webhook = home.stage.pagerduty.press_trigger("PSVCCHK", f"checkout pod {number} down", key=f"pod-{number}")
            assert await home.posts("pagerduty", webhook) == 202
            await asyncio.sleep(seconds / 5)
        await home.running.ingress.kill()
        await home.running.ingress.start()
        await home.running.temporal.start()
        incident = await home.opened("checkout")
        await home.paged(incident, 1)
        assert await home.incidents("checkout") == [incident]
        assert (await home.view(incident)).alerts == 5


@pytest.mark.slow
async def test_a_worker_killed_while_the_clock_runs_pages_when_it_is_back(home: House) -> None:
    webhook = home.stage.pagerduty.press_trigger("PSVCCHK", "checkout 5xx", key="checkout")
    assert await home.posts("pagerduty", webhook) == 202
    incident = await home.opened("checkout")
    await home.running.worker.kill()
    await asyncio.sleep(2)
    await home.running.worker.start()
    await _secondary_is_paged_once(home, incident, "the worker was killed while the clock ran")


@pytest.mark.slow
async def test_a_worker_that_is_away_when_the_page_is_due_pages_at_once_when_it_is_back(home: House) -> None:
    webhook = home.stage.pagerduty.press_trigger("PSVCBIL", "billing 5xx", key="billing", priority="P1")
    assert await home.posts("pagerduty", webhook) == 202
    incident = await home.opened("billing")
    await home.running.worker.kill()
    await asyncio.sleep(8)
    await home.running.worker.start()
    await _secondary_is_paged_once(home, incident, "no worker ran when it was due, for 3 s")


@pytest.mark.slow
async def test_the_engine_killed_while_the_clock_runs_pages_when_it_is_back(home: House) -> None:
    webhook = home.stage.pagerduty.press_trigger("PSVCPLA", "node down", key="platform")
    assert await home.posts("pagerduty", webhook) == 202
    incident = await home.opened("platform")
    await home.running.temporal.kill()
    await asyncio.sleep(2)
    await home.running.temporal.start()
    await _secondary_is_paged_once(home, incident, "the engine was killed while the clock ran")


@pytest.mark.slow
@pytest.mark.sop("DET-6")
async def test_an_ingress_killed_right_after_its_answer_has_lost_nothing(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        webhook = home.stage.pagerduty.press_trigger("PSVCCHK", "checkout 5xx", key="checkout")
        assert await home.posts("pagerduty", webhook) == 202
        await home.running.ingress.kill()
        await home.running.ingress.start()
        incident = await home.opened("checkout")
        await _secondary_is_paged_once(home, incident, "the ingress was killed right after its answer")
        assert await home.incidents("checkout") == [incident]
