"""An alert lives on what ships: a worker and an ingress as processes without rights, their tree read-only."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
import pytest

from activities.company import Company
from activities.company import Settings as CompanySettings
from demo.chosen import MONITOR
from demo.process import free_port
from standins.stage import Stage, stage
from tests.ships.installed import Installed
from tests.stories.engine import live_engine

PATIENCE = 45.0


@pytest.mark.sop("DET-3", "ACK-1")
async def test_an_alert_is_heard_and_pages_on_what_was_installed(there: Installed) -> None:
    company = Company(CompanySettings())
    async with live_engine() as engine, stage(company.catalog) as played:
        settings = {
            **played.environment,
            "TEMPORAL_ADDRESS": engine.client.service_client.config.target_host,
            "STANDFAST_KEEP_RATES": "false",
            "STANDFAST_LISTEN": f"127.0.0.1:{free_port()}",
        }
        environment = there.environment(**settings)
        async with started(there, "worker", environment), started(there, "serve", environment):
            url = f"http://{settings['STANDFAST_LISTEN']}"
            async with httpx.AsyncClient(base_url=url) as http, asyncio.timeout(PATIENCE):
                await ready(http)
                fired = played.datadog.press_trigger(datetime.now(UTC), MONITOR)
                answer = await http.post("/webhooks/datadog", content=fired.body, headers=fired.headers)
                assert answer.status_code == 202
                await paged(played)
    assert {path.name for path in (there.state / "var").iterdir()} >= {"inbox.db", "records.db"}


@asynccontextmanager
async def started(there: Installed, command: str, environment: dict[str, str]) -> AsyncIterator[None]:
    """One of the two as a process; it ends by SIGTERM, in order, and its log is told where something did not."""
    log = there.state / f"{command}.log"
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *there.command(command), cwd=there.state, env=environment, stdout=out, stderr=out
        )
    try:
        yield
    except BaseException as error:
        error.add_note(f"{command} said:\n{log.read_text()}")
        raise
    finally:
        if process.returncode is None:
            process.terminate()
        code = await process.wait()
    assert code in (0, -signal.SIGTERM), log.read_text()


async def ready(http: httpx.AsyncClient) -> None:
    while True:
        try:
            if (await http.get("/readyz")).is_success:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.1)


async def paged(played: Stage) -> None:
    while True:
        if played.pagerduty.open_pages:
            return
        await asyncio.sleep(0.1)
