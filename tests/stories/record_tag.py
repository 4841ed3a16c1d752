"""Records what a tag's incidents and audit bundles look like: every later release is held to replay and verify them.

`python -m tests.stories.record_tag v0.2.0`, once, as the tag is made; what an earlier tag recorded stays as it is. It
plays the scenarios that show most of what any of them shows, and what no scenario is: a drill, a checkpoint, payloads
that are encrypted, a release that is told to Temporal, runs that continue as new, vendors that fail.
"""

import asyncio
import os
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHandle, WorkflowHistory
from temporalio.testing import WorkflowEnvironment

import worker
from activities.starting import start_incident
from domain.drill import DrillOptions
from domain.exchange import OpenIncidentRequest
from standins.standin import Fault
from tests import bundles, histories
from tests.scenario.cover import cover, kept
from tests.stories.engine import live_engine, skipping_engine
from tests.stories.environment import environment
from tests.stories.record import keep, scenarios
from tests.stories.story import QUIET, Story, alert, told
from tests.stories.test_drill import begun
from tests.stories.test_reopen import reopened
from workflows.converter import converter

Told = Callable[[WorkflowEnvironment, Story], Awaitable[WorkflowHandle[Any, Any]]]


async def failing(_: WorkflowEnvironment, story: Story) -> WorkflowHandle[Any, Any]:
    """Vendors refuse, are away and answer late; runs are short, and one follows the other."""
    story.stage.slack.fail(*[Fault(status=503)] * 3)
    story.stage.pagerduty.fail(Fault(status=500))
    await story.alert()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("workflows.incident.LONG_RUN", 40)
        await story.acts("acknowledge", "dana")
        await story.acts("declare", "jonas", severity="P1")
        await story.acts("take_role", "ines", role="comms")
        story.stage.statuspage.fail(*[Fault(status=422)] * 2)
        await story.acts("approve_update", "ines")
        await story.passes(minutes=12)
        await story.acts("post_finding", "dana", conditions="errors on one node")
    await story.acts("resolve", "jonas", summary="A restart.")
    await story.passes(minutes=2)
    return story.handle


async def drill(engine: WorkflowEnvironment, story: Story) -> WorkflowHandle[Any, Any]:
    """A drill of an hour, to its end."""
    handle = await begun(engine, story, DrillOptions(people=("dana", "jonas"), real=frozenset({"pager", "room"})))
    await story.passes(minutes=16)
    await story.acts("acknowledge", "dana")
    await engine.fast_forward(handle)
    return handle


async def checkpoint(engine: WorkflowEnvironment, story: Story) -> WorkflowHandle[Any, Any]:
    """The ends of all chains are signed."""
    await story.alert()
    name = f"checkpoint/{story.queue}"
    handle: WorkflowHandle[Any, Any] = await engine.client.start_workflow("Checkpoint", id=name, task_queue=story.queue)
    await handle.result()
    return handle


async def again(_: WorkflowEnvironment, story: Story) -> WorkflowHandle[Any, Any]:
    """An incident that was not over."""
    await reopened(story)
    return story.handle


STORIES: dict[str, Told] = {"failing": failing, "drill": drill, "checkpoint": checkpoint, "reopened": again}


async def stories(engine: WorkflowEnvironment) -> AsyncIterator[tuple[str, WorkflowHistory]]:
    """What no scenario is, on an engine whose clock skips."""
    for name, tell in STORIES.items():
        with (
            tempfile.TemporaryDirectory() as folder,
            environment({"STANDFAST_SIGNING_KEY": histories.KEYS["STANDFAST_CODEC_KEYS"]}),
        ):
            async with told(engine, Path(folder), policy=QUIET) as story:
                yield name, await (await tell(engine, story)).fetch_history()


async def released(engine: WorkflowEnvironment) -> AsyncIterator[tuple[str, WorkflowHistory]]:
    """Encrypted, and by a release that Temporal knows."""
    with tempfile.TemporaryDirectory() as folder, environment(histories.KEYS):
        async with told(engine, Path(folder), working=False, policy=QUIET) as story:
            client = await Client.connect(engine.client.service_client.config.target_host, data_converter=converter())
            settings = story.settings.model_copy(update={"standfast_build": f"tag-{uuid.uuid4().hex[:6]}"})
            async with worker.working(client, story.company, story.records, settings):
                order = OpenIncidentRequest(group="", service="checkout", alerts=(alert(),), seed=story.queue)
                incident = await start_incident(client, story.company, story.queue, order)
                handle: WorkflowHandle[Any, Any] = client.get_workflow_handle(incident)
                await handle.execute_update("acknowledge", {"by": "dana"})
                await handle.execute_update("declare", {"by": "jonas", "severity": "P1"})
                yield "encrypted-versioned", await handle.fetch_history()


async def main(tag: str) -> None:
    """Play, and keep every history below the tag, and a bundle."""
    await bundles.keep(tag)
    async with skipping_engine() as engine:
        for source in (stories(engine), scenarios(engine, cover(kept()))):
            async for name, history in source:
                keep(f"{tag}/{name}", history)
    async with live_engine() as engine:
        async for name, history in released(engine):
            keep(f"{tag}/{name}", history)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
    os._exit(0)  # the SDK's threads may crash an ordinary exit (sdk-python#300)
