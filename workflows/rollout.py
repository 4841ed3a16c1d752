"""A new release takes over: it becomes current, and nothing that is open stays with a release that nobody runs.

Incidents and groups are pinned to the release that decides them, and continue as new onto the current one at their next
quiet moment. One whose release is gone would wait for ever, and nobody would be paged. So each worker looks for such
ones: where this release can replay what happened so far it takes them over, and where not it has them begun anew from
their list of events (docs/adr/0042-begun-anew.md). So it does with what no release was noted for.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import chain, repeat
from typing import NamedTuple

from temporalio.api.deployment.v1 import WorkerDeploymentVersion
from temporalio.api.enums.v1 import WorkerDeploymentVersionStatus
from temporalio.api.workflowservice.v1 import (
    DescribeWorkerDeploymentVersionRequest,
    SetWorkerDeploymentCurrentVersionRequest,
)
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from activities.poller import LIVELY, pollers
from domain.value.model import said_count
from workflows.override import DEPLOYMENT, SET_CURRENT, hand_over, pin_again
from workflows.ramp import AT_ONCE, Ramp, has_ramped, routing, take_back
from workflows.sample import differing, others, otherwise

log = logging.getLogger("standfast.rollout")
ROUNDS = (0.0, 1.0, 2.0, 5.0, 10.0, 20.0)
ROUND = 20.0
"""Seconds between two looks: often at first, for the engine takes a moment to spread which release is current."""
SOON = 3.0
"""Seconds before an engine is asked again that was asked too often: what nobody decides is not to wait for a round."""
PATIENCE = 60
"""Half seconds that the engine gets to notice a new release."""
SUPERSEDED = frozenset(
    {
        WorkerDeploymentVersionStatus.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINING,
        WorkerDeploymentVersionStatus.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINED,
    }
)
"""A release that was current and is not any more; one of its workers that merely restarts must not take over again."""
SAID = 1000
"""Characters that are said of what a release reads otherwise."""
NUDGED = ("Incident", "AlertGroup")
"""What continues as new when it is woken; a drill of minutes ends where it began."""
Anew = Callable[[str, str, str], Awaitable[object]]
"""Begins a workflow anew, of which this is the run, and for this reason."""


async def promote(client: Client, queue: str, build: str, ramp: Ramp = AT_ONCE) -> bool:
    """Make this release current, so that what is open moves here at its next quiet moment; whether that is settled.

    While somebody runs the present one, it first replays a sample of what that decides, and has its share in steps. A
    release that was current before takes over again only where nobody runs the present one: that is how to go back.
    """
    superseded, known = await was_current(client, build), await routing(client)
    current, living = str(known.current_deployment_version.build_id), await _heard_of_late(client, queue)
    command = SET_CURRENT.format(build=build)
    if superseded and current in living:
        log.warning(
            "release %s is current; release %s keeps what is pinned to it. To go back: %s", current, build, command
        )
        return True
    if current != build and current in living:
        if found := await differing(client, queue, build):
            many = said_count(len(found), "open workflow")
            said = "; ".join(f"{one}: {why}" for one, why in found.items())
            log.error("release %s is not made current, for it reads %s of release %s otherwise", build, many, current)
            log.error("what it reads otherwise: %s. To make it current all the same: %s", said[:SAID], command)
            return False
        if not await has_ramped(client, queue, build, ramp, known):
            return False
    await client.workflow_service.set_worker_deployment_current_version(
        SetWorkerDeploymentCurrentVersionRequest(
            namespace=client.namespace,
            deployment_name=DEPLOYMENT,
            build_id=build,
            ignore_missing_task_queues=True,
        )
    )
    log.info("release %s is current", build)
    return True


async def is_promoted(client: Client, queue: str, build: str, ramp: Ramp = AT_ONCE) -> bool:
    """Promote this release; what cannot be done now keeps nobody from work, and is tried again."""
    try:
        return await promote(client, queue, build, ramp)
    except (RPCError, TimeoutError) as error:
        log.warning("release %s could not be made current: %s", build, getattr(error, "message", error))
        return False


async def keep(
    client: Client, queue: str, build: str, anew: Anew, *, promoted: bool = True, ramp: Ramp = AT_ONCE
) -> None:
    """Look again and again at what other releases decide; an engine that is away is asked later."""
    put_off = False
    for pause in chain(ROUNDS, repeat(ROUND)):
        await asyncio.sleep(min(pause, SOON) if put_off else pause)
        put_off = False
        promoted = promoted or await is_promoted(client, queue, build, ramp)
        try:
            await look(client, queue, build, anew)
        except RPCError as error:
            put_off = error.status == RPCStatusCode.RESOURCE_EXHAUSTED
            log.warning("could not look at what other releases decide: %s", error.message)
        except Exception:
            log.exception("could not look at what other releases decide")


async def look(client: Client, queue: str, build: str, anew: Anew) -> None:
    """Wake what another living release decides, if this one is current; go on with what nobody decides."""
    living, known = await _living(client, queue) | {build}, await routing(client)
    current, ramping = known.current_deployment_version.build_id, known.ramping_deployment_version.build_id
    if current not in living and current not in await _heard_of_late(client, queue):
        await promote(client, queue, build)
        current = (await routing(client)).current_deployment_version.build_id
    elif current == build and ramping and ramping not in living:
        log.warning("release %s is gone: its share is taken back", ramping)
        await take_back(client)
    async for handle in others(client, queue, build):
        try:
            await _move(client, handle, build, living=living, current=current, anew=anew)
        except RPCError as error:
            log.warning("%s could not be moved to release %s: %s", handle.id, build, error.message)
        except Exception:
            log.exception("%s could not be moved to release %s", handle.id, build)
    await pin_again(client, queue, build)


async def _move(
    client: Client, handle: WorkflowHandle[object, object], build: str, *, living: set[str], current: str, anew: Anew
) -> None:
    """One workflow: it is woken, taken over, or begun anew where this release reads its history otherwise."""
    found = await _pinned_to(handle)
    gone = bool(found.pinned) and found.pinned not in living
    if not gone and (found.pinned == build or current != build):
        return
    why = await otherwise(handle) if gone or not found.pinned else ""
    if why and current == build and found.kind in NUDGED:
        of = f"release {found.pinned}, which decided it, is gone" if gone else "no release was noted for it"
        log.warning("%s: %s, and release %s reads its history otherwise (%s)", handle.id, of, build, why)
        await anew(handle.id, found.run, f"{of}, and release {build} could not go on with its history")
        log.warning("%s was begun anew by release %s from its list of events", handle.id, build)
    elif why:
        log.error("%s stands still: release %s, which decides it, is not running", handle.id, found.pinned)
    elif gone and await hand_over(client, handle, build, current=current == build):
        log.warning(
            "%s was decided by release %s, which is not running; release %s goes on with it",
            handle.id,
            found.pinned,
            build,
        )
    elif not gone and found.kind in NUDGED:
        await handle.signal("nudge")


async def was_current(client: Client, build: str) -> bool:
    """Whether a release was current once and is not any more, when the engine has noticed it."""
    version = WorkerDeploymentVersion(deployment_name=DEPLOYMENT, build_id=build)
    request = DescribeWorkerDeploymentVersionRequest(namespace=client.namespace, deployment_version=version)
    for _ in range(PATIENCE):
        try:
            described = await client.workflow_service.describe_worker_deployment_version(request)
            return described.worker_deployment_version_info.status in SUPERSEDED
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
        await asyncio.sleep(0.5)
    raise TimeoutError(f"the engine has not noticed release {build} in {PATIENCE // 2} seconds")


async def _living(client: Client, queue: str) -> set[str]:
    """The releases that some worker runs; one that fell silent counts no more than one that left."""
    now = datetime.now(UTC)
    return {one.build for one in await pollers(client, queue) if one.lives(now)}


async def _heard_of_late(client: Client, queue: str) -> set[str]:
    """The releases that some worker ran a moment ago: for one that hangs for half a minute no release is replaced."""
    since = datetime.now(UTC) - LIVELY
    return {one.build for one in await pollers(client, queue) if one.at > since}


class _Pinned(NamedTuple):
    """A workflow's kind, the run that lives, and the release that decides it; empty when it is pinned to none."""

    kind: str
    run: str
    pinned: str


async def _pinned_to(handle: WorkflowHandle[object, object]) -> _Pinned:
    """What decides this workflow, or will from its next task on."""
    described = await handle.describe()
    versioning = described.raw_description.workflow_execution_info.versioning_info
    coming = versioning.versioning_override.one_time.target_deployment_version.build_id
    pinned = str(coming or versioning.deployment_version.build_id)
    return _Pinned(described.workflow_type, described.run_id, pinned)
