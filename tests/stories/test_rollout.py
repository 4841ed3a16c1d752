"""A new release takes over what the old one began, and nothing that is open is left behind."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import VersioningBehavior as Behavior
from temporalio.api.workflow.v1 import VersioningOverride, WorkflowExecutionOptions
from temporalio.api.workflowservice.v1 import UpdateWorkflowExecutionOptionsRequest
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker, WorkerDeploymentConfig

import worker
from domain.incident.record import BegunAnew
from domain.procedure import war_room
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.sop import PROCEDURE
from tests.other_rules import follow
from tests.stories.routed import doctors_look, has_no_share, has_share, is_seen_beside, known
from tests.stories.story import QUIET, Story, alert, told
from workflows.checkpoint import CheckpointWorkflow
from workflows.converter import converter
from workflows.override import DEPLOYMENT
from workflows.ramp import Ramp


@asynccontextmanager
async def release(story: Story, engine: WorkflowEnvironment, build: str, **more: Any) -> AsyncIterator[None]:
    """A worker of this release; each has a client and a name of its own, as each is a process of its own."""
    settings = story.settings.model_copy(update={"standfast_build": build, **more})
    target = engine.client.service_client.config.target_host
    own: dict[str, Any] = {"namespace": engine.client.namespace, "identity": f"{build} {uuid.uuid4().hex[:6]}"}
    client = await Client.connect(target, data_converter=converter(), **own)
    async with worker.working(client, story.company, story.records, settings):
        yield


def builds() -> tuple[str, str]:
    """Two releases nobody has heard of."""
    return f"1-{uuid.uuid4().hex[:6]}", f"2-{uuid.uuid4().hex[:6]}"


async def build_of(story: Story) -> str:
    """The release that decides this incident."""
    described = (await story.handle.describe()).raw_description
    return str(described.workflow_execution_info.versioning_info.deployment_version.build_id)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Real time passes on a live engine; wait for something of it."""
    for _ in range(6000):
        if await holds():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("waited in vain")


async def test_an_incident_continues_as_new_onto_the_promoted_release(
    live_engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    old, new = builds()
    async with told(live_engine, tmp_path, working=False, policy=QUIET) as story, release(story, live_engine, old):
        await story.monitors(alert())
        first = (await story.handle.describe()).run_id
        assert await build_of(story) == old
        async with release(story, live_engine, new):
            await until(lambda: is_decided_by(story, new))
            assert (await story.handle.describe()).run_id != first
            assert (await story.acts("acknowledge", "dana")).accepted
            assert story.paged() == ["PDANA01"]
            assert len(await story.events("opened", "acknowledged")) == 2


async def test_what_a_vanished_release_decided_is_taken_over(live_engine: WorkflowEnvironment, tmp_path: Path) -> None:
    """It ended in order, so nobody waits for the engine to forget it."""
    old, new = builds()
    async with told(live_engine, tmp_path, working=False, policy=QUIET) as story:
        async with release(story, live_engine, old):
            await story.monitors(alert())
        async with release(story, live_engine, new):
            await until(lambda: is_decided_by(story, new))
            await until(lambda: is_pinned(story))
            await story.monitors(alert(key="k2"))
            assert (await story.acts("acknowledge", "dana")).accepted
            assert (await story.view()).alerts == 2
            assert story.paged() == ["PDANA01"]


async def test_what_followed_to_this_release_is_pinned_to_it_again(
    live_engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    """A server that moves nothing once was told to let it follow; the next release would have it unasked."""
    build, _ = builds()
    async with told(live_engine, tmp_path, working=False, policy=QUIET) as story, release(story, live_engine, build):
        await story.monitors(alert())
        await follow_current(live_engine.client, story)
        assert not await is_pinned(story)
        await until(lambda: is_pinned(story))
        assert await build_of(story) == build


@pytest.mark.sop("SOC-1")
async def test_what_a_new_release_reads_otherwise_is_begun_anew_with_what_was_sent_since_and_nothing_is_done_twice(
    live_engine: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The commonest upgrade: the worker ends, the code changes, the worker starts."""
    old, new = builds()
    async with told(live_engine, tmp_path, working=False, policy=QUIET) as story:
        async with release(story, live_engine, old):
            await story.monitors(alert())
            await story.acts("declare", "jonas", severity="P1")
            await story.recorded()
            before, paged = await story.events(), story.paged()
        await story.ingress.signal(story.incident, Acknowledge(by="dana", id="while-nobody-worked", via="cli"))
        follow(monkeypatch, *(one for one in PROCEDURE.rulesets if one is not war_room.RULES))
        async with release(story, live_engine, new):
            await until(lambda: is_decided_by(story, new))
            await until(lambda: is_acknowledged(story))
            events = await story.events()
            assert events[: len(before)] == before
            assert [one.what.reason for one in events if isinstance(one.what, BegunAnew)] == [
                f"release {old}, which decided it, is gone, and release {new} could not go on with its history"
            ]
            assert await is_said(caplog, f"was begun anew by release {new}")
            await story.monitors(alert(key="k2"))
            assert (await story.view()).alerts == 2
    assert story.paged() == paged


@pytest.mark.sop("SOC-1")
async def test_a_release_that_reads_what_is_open_otherwise_is_not_made_current_beside_the_one_that_decides_it(
    live_engine: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The one that decides is at work and decides nothing meanwhile, for the rules of one process are one."""
    old, new = builds()
    async with told(live_engine, tmp_path, working=False, policy=QUIET) as story:
        async with release(story, live_engine, old):
            await story.monitors(alert())
            await story.acts("declare", "jonas", severity="P1")
        follow(monkeypatch, *(one for one in PROCEDURE.rulesets if one is not war_room.RULES))
        async with at_work(story, live_engine, old), release(story, live_engine, new):
            assert await is_said(caplog, f"release {new} is not made current, for it reads 1 open workflow of")
            assert await is_said(caplog, f"what it reads otherwise: {story.incident}: [TMPRL1100]")
            assert (await known(live_engine.client)).current_deployment_version.build_id == old
            assert await build_of(story) == old
            await until(lambda: is_seen_beside(story, live_engine.client))
            is_current, waits = await doctors_look(story, live_engine.client)
            assert (is_current.state, is_current.said) == ("ok", f"{old} is current")
            assert (waits.state, waits.said) == ("warn", f"{new} runs, and is given nothing to decide")
            assert waits.do.endswith(f"--build-id {new}`")


@pytest.mark.slow
@pytest.mark.sop("SOC-1")
async def test_a_release_that_dies_with_a_share_gives_it_back_and_the_one_before_goes_on_with_all(
    live_engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    """An upgrade under an open incident, a crash in the middle, and the way back."""
    old, new = builds()
    half = {"standfast_ramp": "50", "standfast_ramp_every": timedelta(hours=1)}
    async with told(live_engine, tmp_path, working=False, policy=QUIET) as story, release(story, live_engine, old):
        await story.monitors(alert())
        async with release(story, live_engine, new, **half):
            await until(lambda: has_share(live_engine.client, new, 50))  # the engine may put it off: too many requests
            assert (await known(live_engine.client)).current_deployment_version.build_id == old
            assert (await story.acts("declare", "jonas", severity="P1")).accepted
            said = [one.said for one in await doctors_look(story, live_engine.client)]
            assert [one.partition(", since")[0] for one in said] == [
                f"{old} is current",
                f"{new} has 50 % of what is open and begins",
            ]
        await until(lambda: has_no_share(live_engine.client))
        await until(lambda: is_decided_by(story, old))
        assert (await story.acts("acknowledge", "dana")).accepted
        assert story.paged() == ["PDANA01"]
        assert len(await story.events("opened", "acknowledged", "severity_declared")) == 3


@pytest.mark.sop("SOC-1")
async def test_a_release_has_its_shares_one_after_the_other_and_is_current_after_the_last(
    live_engine: WorkflowEnvironment, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    old, new = builds()
    async with told(live_engine, tmp_path, working=False, policy=QUIET) as story, release(story, live_engine, old):
        await story.monitors(alert())
        steps = {"standfast_ramp": "10,50", "standfast_ramp_every": timedelta()}
        async with release(story, live_engine, new, **steps):
            await until(lambda: is_decided_by(story, new))
            await until(lambda: has_no_share(live_engine.client))
            begins = f"release {new} "
            said = [one.removeprefix(begins).partition(" of ")[0] for one in caplog.messages if one.startswith(begins)]
            steps_taken = [one for one in said if one.startswith(("has ", "is "))]
            assert steps_taken[:3] == ["has 10 %", "has 50 %", "is current"]


@pytest.mark.parametrize("words", ["0", "100", "50,10", "10,10", "ten", "10,,50", "-5"])
def test_shares_that_do_not_grow_are_refused_with_what_was_found(words: str) -> None:
    with pytest.raises(ValueError, match="expected per cents that grow"):
        Ramp.read(words, timedelta(minutes=1))


@pytest.mark.slow
async def test_a_superseded_release_that_restarts_does_not_take_over_again(
    live_engine: WorkflowEnvironment, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old, new = builds()
    async with told(live_engine, tmp_path, working=False, policy=QUIET) as story:
        async with release(story, live_engine, old):
            await story.monitors(alert())
            async with release(story, live_engine, new):
                await until(lambda: is_decided_by(story, new))
        async with release(story, live_engine, new), release(story, live_engine, old):
            assert await is_said(caplog, f"release {new} is current; release {old} keeps")
            assert (await story.acts("acknowledge", "dana")).accepted
            assert await build_of(story) == new


@pytest.mark.slow
@pytest.mark.sop("SOC-1")
async def test_the_release_before_goes_on_with_what_is_open_once_the_workers_of_the_later_one_have_ended(
    live_engine: WorkflowEnvironment, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The way back as it is taken: those of before are at work before those of after end, in order."""
    old, new = builds()
    async with told(live_engine, tmp_path, working=False, policy=QUIET) as story, AsyncExitStack() as later:
        async with release(story, live_engine, old):
            await story.monitors(alert())
            await later.enter_async_context(release(story, live_engine, new))
            await until(lambda: is_decided_by(story, new))
        assert (await story.acts("declare", "jonas", severity="P1")).accepted
        async with release(story, live_engine, old):
            await until(lambda: is_said(caplog, f"release {new} is current; release {old} keeps"))
            await later.aclose()
            await until(lambda: is_decided_by(story, old))
            assert (await story.acts("acknowledge", "dana")).accepted
            await story.monitors(alert(key="k2"))
            assert ((await story.view()).alerts, story.paged()) == (2, ["PDANA01"])
            assert len(await story.events("opened", "acknowledged", "severity_declared")) == 3
            assert (await known(live_engine.client)).current_deployment_version.build_id == old


@asynccontextmanager
async def at_work(story: Story, engine: WorkflowEnvironment, build: str) -> AsyncIterator[None]:
    """Somebody of this release asks for work, and knows no workflow that there is."""
    version = WorkerDeploymentConfig(WorkerDeploymentVersion(DEPLOYMENT, build), use_worker_versioning=True)
    pinned = replace(version, default_versioning_behavior=VersioningBehavior.PINNED)
    async with Worker(engine.client, task_queue=story.queue, workflows=[CheckpointWorkflow], deployment_config=pinned):
        yield


async def is_acknowledged(story: Story) -> bool:
    return bool(await story.events("acknowledged"))


async def is_decided_by(story: Story, build: str) -> bool:
    return await build_of(story) == build


async def is_pinned(story: Story) -> bool:
    """Whether only a release that looked at it first may take this incident."""
    info = (await story.handle.describe()).raw_description.workflow_execution_info.versioning_info
    told_otherwise = info.HasField("versioning_override")
    return not told_otherwise and info.behavior == Behavior.VERSIONING_BEHAVIOR_PINNED


async def follow_current(client: Client, story: Story) -> None:
    """Tell the engine to give this incident to whatever release is current."""
    options = WorkflowExecutionOptions(versioning_override=VersioningOverride(auto_upgrade=True))
    request = UpdateWorkflowExecutionOptionsRequest(
        namespace=client.namespace,
        workflow_execution=WorkflowExecution(workflow_id=story.incident),
        workflow_execution_options=options,
        update_mask=FieldMask(paths=["versioning_override"]),
    )
    await client.workflow_service.update_workflow_execution_options(request)


async def is_said(log: pytest.LogCaptureFixture, words: str) -> bool:
    return any(words in message for message in log.messages)
