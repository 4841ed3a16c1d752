"""The whole house as processes, for proofs that kill them, and the words such proofs are told in."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from temporalio.service import RPCError

from demo.people import until
from demo.play import POLICY
from demo.stack import Stack, stack
from domain.incident.event import Event
from domain.report.view import View
from standins.pagerduty.account import Page
from tests.stories.environment import environment
from vendors.door import Request

NAMES = ("TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE")


class House:
    """A running stack, its doors, and what can be seen of it."""

    def __init__(self, running: Stack, http: httpx.AsyncClient) -> None:
        self.running, self._http = running, http
        self.stage = running.stage

    async def posts(self, door: str, request: Request, *, at: str = "") -> int:
        """A vendor delivers a webhook, here or at another ingress; answers the status."""
        url = f"{at or self.running.url}/webhooks/{door}"
        return (await self._http.post(url, content=request.body, headers=request.headers)).status_code

    async def is_up(self) -> bool:
        """Whether the ingress answers and the engine does."""
        with suppress(httpx.TransportError, RPCError):
            await self.running.client.count_workflows()
            return (await self._http.get(f"{self.running.url}/readyz")).is_success
        return False

    async def incidents(self, service: str) -> list[str]:
        """The incidents of a service, open or not."""
        query = f"WorkflowType = 'Incident' AND IncidentService = '{service}'"
        return [one.id async for one in self.running.client.list_workflows(query)]

    async def opened(self, service: str) -> str:
        """The one incident of a service, once it is there."""
        found, until_then = list[str](), time.monotonic() + 300
        while not found and time.monotonic() < until_then:
            with suppress(RPCError):
                found = await self.incidents(service)
            await asyncio.sleep(0.1)
        (incident,) = found
        return incident

    async def view(self, incident: str) -> View:
        """An incident as it stands."""
        view: View = await self.running.client.get_workflow_handle(incident).query("incident", result_type=View)
        return view

    async def events(self, incident: str) -> list[Event]:
        """What happened."""
        handle = self.running.client.get_workflow_handle(incident)
        found: list[Event] = await handle.query("timeline", 0, result_type=list[Event])
        return found

    async def happens(self, incident: str, kind: str) -> None:
        """Wait until something of this kind has happened in an incident."""
        until_then = time.monotonic() + 300
        while kind not in {event.what.kind for event in await self.events(incident)}:
            assert time.monotonic() < until_then, f"{incident}: {kind} was waited for in vain"
            await asyncio.sleep(0.1)

    def pages(self, incident: str) -> list[Page]:
        """The pages we sent for an incident."""
        return [page for page in self.stage.pagerduty.pages if page.key.startswith(f"{incident}/")]

    async def paged(self, incident: str, count: int) -> list[Page]:
        """The pages of an incident, once there are so many."""
        await until(lambda: len(self.pages(incident)) >= count, f"page {count} of {incident}", patience=60)
        return self.pages(incident)


def late(what: str, page: Page, due_at: datetime) -> timedelta:
    """How late a page was, said where `pytest -s` shows it."""
    behind = page.created_at - due_at
    print(f"\n{what}: the page was due {due_at:%H:%M:%S.%f} and went out {behind.total_seconds():.2f} s later")
    return behind


@asynccontextmanager
async def house(folder: Path, *, options: Sequence[str] = (), **settings: str) -> AsyncIterator[House]:
    """Everything started, under the demo's clocks, until the block ends; `options` are the server's."""
    with environment({name: os.environ.get(name, "") for name in NAMES}):
        own = {"STANDFAST_POLICY": str(POLICY), **settings}
        async with stack(folder, own, options=options) as running, httpx.AsyncClient() as http:
            yield House(running, http)
