"""An alert lives on what ships: a worker and an ingress as processes without rights, their tree read-only."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from config.company import Company
from config.company import Settings as CompanySettings
from demo.chosen import Chosen, SignedRequest
from standins.stage import stage
from tests.house.promql import dashboard, labelled, rules
from tests.postgres import Cluster
from tests.ships.drawn import drawn, prometheus
from tests.ships.installed import Installed
from tests.ships.place import environment, probes
from tests.stories.engine import live_engine

PATIENCE = 300.0
COUNTED = re.compile(r'standfast_deadlines_total\{[^}]*clause="ACK-1"[^}]*result="met"[^}]*\} [1-9]')
WHEN_IT_HAPPENS = {"temporal_workflow_task_execution_failed_total"}
"""What the SDK shows from its first time on."""


@pytest.mark.story
@pytest.mark.sop("DET-3", "ACK-1")
@pytest.mark.parametrize(
    "place", ["systemd", *(pytest.param(one, marks=pytest.mark.slow) for one in ("compose", "kubernetes"))]
)
async def test_an_alert_is_heard_pages_and_is_counted_on_what_was_installed(
    there: Installed, place: str, request: pytest.FixtureRequest
) -> None:
    company, database = Company(CompanySettings()), ""
    if place != "systemd":
        cluster: Cluster = request.getfixturevalue("cluster")
        database = await cluster.granted()
    async with live_engine() as engine, stage(company.catalog) as played:
        settings = environment(place, there.state, engine.client.service_client.config.target_host, database)
        given = there.environment(**played.environment, **settings, STANDFAST_KEEP_RATES="false")
        chosen = Chosen(played, company.catalog)
        async with (
            started(there, "worker", given),
            started(there, "serve", given),
            httpx.AsyncClient(base_url=f"http://{settings['STANDFAST_LISTEN']}", timeout=PATIENCE) as http,
            asyncio.timeout(PATIENCE),
        ):
            await ready(http)
            await sent(http, chosen.fires())
            await until(lambda: bool(played.pagerduty.open_pages))
            await sent(http, chosen.acknowledges("dana"))
            wanted = {one for one in asked() if one[0] not in WHEN_IT_HAPPENS}
            await scraped(http, f"http://{settings['STANDFAST_METRICS']}/metrics", wanted)
            for probe in probes(place, settings):
                assert await said_yes(probe, there.environment()), probe
            if prometheus():
                await drawn(there.state / f"{place}-prometheus", places(settings), panels())
    wrote = {path.name for path in there.state.rglob("*")}
    assert {"inbox.db", "records.db"} <= wrote if place == "systemd" else "alive" in wrote
    assert len(wanted) > 20


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
        code = await ended(process)
    assert code in (0, -signal.SIGTERM), log.read_text()


async def ended(process: asyncio.subprocess.Process) -> int:
    """How it ended; one that does not end when it is told to is killed, which no code of an ordinary end says."""
    try:
        return await asyncio.wait_for(process.wait(), PATIENCE)
    except TimeoutError:
        process.kill()
        return await process.wait()


async def ready(http: httpx.AsyncClient) -> None:
    while True:
        try:
            if (await http.get("/readyz")).is_success:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.1)


async def sent(http: httpx.AsyncClient, what: SignedRequest) -> None:
    answer = await http.post(what.door, content=what.request.body, headers=what.request.headers)
    assert answer.is_success, answer.text


async def until(there: Callable[[], bool]) -> None:
    while True:
        if there():
            return
        await asyncio.sleep(0.1)


async def shown(http: httpx.AsyncClient, worker: str) -> str:
    """What a worker shows; nothing while it comes up, for the alert's own page is open before it."""
    try:
        return (await http.get(worker)).text
    except httpx.TransportError:
        return ""


async def scraped(http: httpx.AsyncClient, worker: str, wanted: set[tuple[str, str]]) -> None:
    """Wait until the two show every metric with every label that is wanted, and the acknowledgement's deadline."""
    lacking = wanted
    try:
        while True:
            told = await shown(http, worker)
            lacking = wanted - set(samples(told)) - set(samples((await http.get("/metrics")).text))
            if not lacking and COUNTED.search(told):
                return
            await asyncio.sleep(0.1)
    except asyncio.CancelledError as error:
        error.add_note(f"not shown: {sorted(lacking)}")
        raise


def samples(text: str) -> Iterator[tuple[str, str]]:
    """Every metric of a scrape, with each of its labels and with none."""
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            yield from ((one.name, label) for label in ("", *one.labels))


async def said_yes(probe: list[str], environment: dict[str, str]) -> bool:
    """Whether the one that is asked lives by what it is asked."""
    process = await asyncio.create_subprocess_exec(*probe, env=environment)
    return await ended(process) == 0


def places(settings: dict[str, str]) -> tuple[str, str]:
    """Where the two show what they count."""
    return settings["STANDFAST_LISTEN"], settings["STANDFAST_METRICS"]


def panels() -> set[str]:
    """What the dashboard asks that has an answer while all is well."""
    return {one for one in dashboard() if not {name for name, _ in labelled(one)} & WHEN_IT_HAPPENS}


def asked() -> set[tuple[str, str]]:
    """What rules and dashboard ask for."""
    return {one for expression in [*(rule["expr"] for rule in rules()), *dashboard()] for one in labelled(expression)}
