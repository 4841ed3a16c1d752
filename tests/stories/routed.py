"""What the engine says of the releases, asked no oftener than it lets anybody ask."""

import asyncio

from temporalio.api.deployment.v1 import RoutingConfig
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from console.check import CheckResult
from console.releases import releases
from tests.stories.story import Story
from workflows.ramp import routing

HURRIED = 0.5
"""Seconds before the engine is asked again that was asked too often."""


async def doctors_look(story: Story, client: Client) -> list[CheckResult]:
    """What `standfast doctor` says of the releases, once the engine lets it ask."""
    for _ in range(60):
        seen = await releases(client, story.settings.standfast_task_queue)
        if not seen[0].said.startswith("could not be asked"):
            return seen
        await asyncio.sleep(HURRIED)
    raise AssertionError("the engine let nobody ask")


async def is_seen_beside(story: Story, client: Client) -> bool:
    """Whether the engine says of a second release that it runs; it may say so late."""
    return len(await doctors_look(story, client)) == 2


async def known(client: Client) -> RoutingConfig:
    """What the engine says of the releases; it lets few such questions through in a second."""
    while True:
        try:
            return await routing(client)
        except RPCError as error:
            if error.status != RPCStatusCode.RESOURCE_EXHAUSTED:
                raise
            await asyncio.sleep(HURRIED)


async def has_no_share(client: Client) -> bool:
    """Whether no release has a share beside the current one."""
    return not (await known(client)).ramping_deployment_version.build_id


async def has_share(client: Client, build: str, share: int) -> bool:
    """Whether this release has so many in a hundred."""
    there = await known(client)
    return (there.ramping_deployment_version.build_id, there.ramping_version_percentage) == (build, share)
