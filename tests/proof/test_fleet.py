"""Two workers and two ingresses on PostgreSQL, as a company runs them: some die, and the database fails over.

The shorter night is in every `make test`, and so are the parts of one: a killed ingress
(tests/ingress/test_process.py), a database that fails over (tests/ingress/test_failover.py,
tests/records/test_failover.py), a worker that is away (tests/stories).
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from demo.process import Child, free_port
from records.refusal import RecordsUnready
from records.store import Records
from tests.chaos.__main__ import second
from tests.postgres import Cluster, Wire, wired
from tests.proof.house import House, house
from vendors.door import Request

SERVICES = {"checkout": "PSVCCHK", "billing": "PSVCBIL", "platform": "PSVCPLA"}
"""Services of the example company, as PagerDuty knows them."""


class Fleet(NamedTuple):
    """Everything that runs, the other ingress's address, the ways to the database, and the records at its last one."""

    home: House
    children: dict[str, Child]
    other: str
    ways: tuple[Wire, Wire]
    records: Records

    async def hears(self, service: str) -> str:
        """PagerDuty says that a service is broken, again and again until somebody takes it; answers its incident."""
        pressed = self.home.stage.pagerduty.press_trigger(
            SERVICES[service], f"{service} 5xx", key=service, priority="P1"
        )
        await until(partial(self._taken, pressed))
        return await self.home.opened(service)

    async def _recorded(self, incident: str, known: int) -> bool:
        return len(await self.records.events(incident)) >= known

    async def _taken(self, pressed: Request) -> bool:
        for door in ("", self.other):
            try:
                if await self.home.posts("pagerduty", pressed, at=door) == 202:
                    return True
            except httpx.TransportError:
                continue
        return False

    async def is_answered(self, incident: str) -> None:
        """The next level is woken once, answers, and the records have what the engine has."""
        await self.home.paged(incident, 1)
        await self.home.running.client.get_workflow_handle(incident).signal("acknowledge", {"by": "dana"})
        await self.home.happens(incident, "acknowledged")
        told = [page.key for page in self.home.pages(incident)]
        assert len(told) == len(set(told))
        known = len(await self.home.events(incident))
        await until(partial(self._recorded, incident, known))


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Real time passes; wait for something of it."""
    while True:
        if await holds():
            return
        await asyncio.sleep(0.3)


async def made(records: Records) -> bool:
    """Whether a worker has made the tables: none of them is killed before."""
    try:
        await records.events("INC-00000")
    except RecordsUnready:
        return False
    return True


@asynccontextmanager
async def fleet(folder: Path, cluster: Cluster) -> AsyncIterator[Fleet]:
    """All of it, until the block ends."""
    database, door = (await cluster.fresh()).partition("?")[0], f"127.0.0.1:{free_port()}"
    async with AsyncExitStack() as held:
        ways = (await held.enter_async_context(wired(cluster)), await held.enter_async_context(wired(cluster)))
        url = f"{database}?host={ways[0].host}&host={ways[1].host}"
        place = {"STANDFAST_DATABASE_URL": url, "STANDFAST_INBOX": url}
        home = await held.enter_async_context(house(folder, **place))
        more = await held.enter_async_context(second(home.running, door))
        first = {name: getattr(home.running, name) for name in ("worker", "ingress", "temporal")}
        records = await held.enter_async_context(await Records.open(f"{database}?host={ways[1].host}"))
        await until(partial(made, records))
        yield Fleet(home, first | more, f"http://{door}", ways, records)


@pytest.mark.story
@pytest.mark.sop("DET-6", "ACK-2", "SOC-1")
async def test_a_night_in_which_a_worker_and_an_ingress_die_and_the_database_fails_over(
    tmp_path: Path, cluster: Cluster
) -> None:
    async with fleet(tmp_path, cluster) as here, asyncio.timeout(300):
        await here.children["worker"].kill()
        await here.children["ingress"].kill()
        here.ways[0].open.clear()
        await here.is_answered(await here.hears("checkout"))


@pytest.mark.slow
@pytest.mark.sop("DET-6", "ACK-2", "SOC-1")
async def test_a_night_in_which_each_of_them_dies_and_the_database_fails_over_and_back(
    tmp_path: Path, cluster: Cluster
) -> None:
    async with fleet(tmp_path, cluster) as here, asyncio.timeout(900):
        opened = [await here.hears("checkout")]
        for number, child in enumerate(here.children.values()):
            await child.kill()
            here.ways[0].open.set() if number % 2 else here.ways[0].open.clear()
            if number == 1:
                opened.append(await here.hears("billing"))
            await child.start()
        opened.append(await here.hears("platform"))
        for incident in opened:
            await here.is_answered(incident)
        for service, incident in zip(SERVICES, opened, strict=True):
            assert await here.home.incidents(service) == [incident]
