"""A release is killed while it has its share of what is open: the one before goes on with all of it."""

import asyncio
import sys
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.starting import start_incident
from config.company import SHIPPED
from demo.process import Child, running
from demo.stack import ROOT
from domain.exchange import OpenIncidentRequest
from domain.procedure.acknowledgement import Acknowledge
from domain.run.progress import ActResult
from tests.proof.house import House, house
from tests.stories.story import alert
from workflows.ramp import routing

OLD, NEW = "old", "new"
MANY = 6
LOOK_EVERY = 2.0
"""Seconds between two looks: the engine lets few questions about a deployment through."""


async def opened(home: House, count: int) -> list[str]:
    """So many incidents, each of its own, and each paged."""
    incidents = []
    for _ in range(count):
        order = OpenIncidentRequest(group="", service="checkout", alerts=(alert(),), seed=uuid.uuid4().hex)
        incidents.append(await start_incident(home.running.client, home.running.company, "standfast", order))
    for incident in incidents:
        await home.paged(incident, 1)
    return incidents


async def until(holds: Callable[[], Awaitable[bool]], what: str) -> None:
    for _ in range(120):
        try:
            if await holds():
                return
        except RPCError as error:
            if error.status not in (RPCStatusCode.RESOURCE_EXHAUSTED, RPCStatusCode.NOT_FOUND):
                raise
        await asyncio.sleep(LOOK_EVERY)
    raise AssertionError(f"{what} was waited for in vain")


async def decides(client: Client, incident: str) -> str:
    """The name of the release that decides an incident, without its digest."""
    described = (await client.get_workflow_handle(incident).describe()).raw_description
    build = described.workflow_execution_info.versioning_info.deployment_version.build_id
    return str(build).partition("-")[0]


@pytest.mark.slow
@pytest.mark.sop("SOC-1")
async def test_what_a_killed_release_had_of_a_ramp_goes_on_with_the_one_before_and_nobody_is_paged_twice(
    tmp_path: Path,
) -> None:
    shipped = {"STANDFAST_POLICY": str(SHIPPED / "policy.yaml")}
    async with house(tmp_path, STANDFAST_BUILD=OLD, STANDFAST_VERSIONED="true", **shipped) as home:
        client = home.running.client
        await until(lambda: _is_current(client, OLD), "the first release to be current")
        await opened(home, MANY)
        half = {"STANDFAST_BUILD": NEW, "STANDFAST_RAMP": "50", "STANDFAST_RAMP_EVERY": "1h"}
        worker = [sys.executable, str(ROOT / "worker.py")]
        second = Child("worker", worker, tmp_path / "new.log", home.running.environment | half)
        async with running(second):
            await until(lambda: _has_share(client, NEW), "the share of the second release")
            moved = await opened_by(home, NEW)
            await second.kill()
            await until(lambda: _has_share(client, ""), "the share to come back")
            for one in moved:
                await until(partial(_is_decided_by, client, one, OLD), f"{one} to go on")
                assert await acknowledged(client, one)
        paged = Counter(page.key for page in home.stage.pagerduty.pages)
        assert {key: count for key, count in paged.items() if count > 1} == {}
        assert {f"{one}/page/0" for one in moved} <= paged.keys()


async def opened_by(home: House, release: str) -> list[str]:
    """New incidents that this release decides, which has a share of them."""
    later = list[str]()
    while not later:
        some = await opened(home, MANY)
        later = [one for one in some if await _is_decided_by(home.running.client, one, release)]
    return later


async def acknowledged(client: Client, incident: str) -> bool:
    """Whether the incident takes an acknowledgement."""
    act = Acknowledge(id=uuid.uuid4().hex, by="dana")
    handle = client.get_workflow_handle(incident)
    answer: ActResult = await handle.execute_update("acknowledge", act, id=act.id, result_type=ActResult)
    return answer.accepted


async def _is_current(client: Client, release: str) -> bool:
    return (await routing(client)).current_deployment_version.build_id.startswith(release)


async def _has_share(client: Client, release: str) -> bool:
    build = (await routing(client)).ramping_deployment_version.build_id
    return build.startswith(release) if release else not build


async def _is_decided_by(client: Client, incident: str, release: str) -> bool:
    return await decides(client, incident) == release
