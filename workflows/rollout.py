"""A new release takes over: it becomes current, and nothing that is open stays with a release that nobody runs.

Incidents and groups are pinned to the release that decides them, and continue as new onto the current one at their next
quiet moment. One whose release is gone would wait for ever, and nobody would be paged. So each worker looks for such
ones: where this release can replay what happened so far it takes them over, and where not it has them begun anew from
their list of events (docs/adr/0042-begun-anew.md). So it does with what no release was noted for.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from itertools import chain, repeat
from typing import NamedTuple

from temporalio.api.deployment.v1 import WorkerDeploymentVersion
from temporalio.api.enums.v1 import EventType, WorkerDeploymentVersionStatus
from temporalio.api.workflowservice.v1 import (
    DescribeWorkerDeploymentRequest,
    DescribeWorkerDeploymentVersionRequest,
    SetWorkerDeploymentCurrentVersionRequest,
)
from temporalio.client import Client, WorkflowHandle, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Replayer

from activities.poller import LIVELY, pollers
from workflows.converter import converter
from workflows.drill import DrillWorkflow
from workflows.group import AlertGroupWorkflow
from workflows.incident import IncidentWorkflow
from workflows.override import DEPLOYMENT, hand_over, pin_again

log = logging.getLogger("standfast.rollout")
OPEN = "ExecutionStatus = 'Running' AND WorkflowType IN ('Incident', 'AlertGroup', 'Drill') AND TaskQueue = '{queue}'"
OTHERS = OPEN + " AND (TemporalWorkerDeploymentVersion IS NULL OR TemporalWorkerDeploymentVersion != '{version}')"
"""Those that are not decided by this release yet; an older server cannot be asked so, and is asked for all of them."""
ROUNDS = (0.0, 1.0, 2.0, 5.0, 10.0, 20.0)
ROUND = 60.0
"""Seconds between two looks: often at first, for the engine takes a moment to spread which release is current."""
PATIENCE = 60
"""Half seconds that the engine gets to notice a new release."""
SUPERSEDED = frozenset(
    {
        WorkerDeploymentVersionStatus.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINING,
        WorkerDeploymentVersionStatus.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINED,
    }
)
"""A release that was current and is not any more; one of its workers that merely restarts must not take over again."""
NUDGED = ("Incident", "AlertGroup")
"""What continues as new when it is woken; a drill of minutes ends where it began."""
Anew = Callable[[str, str, str], Awaitable[object]]
"""Begins a workflow anew, of which this is the run, and for this reason."""


async def promote(client: Client, queue: str, build: str) -> None:
    """Make this release current, so that what is open moves here at its next quiet moment.

    A release that was current before takes over again only where nobody runs the present one: that is how to go back.
    """
    status, current = await _status(client, build), await _current(client)
    if status in SUPERSEDED and current in await _living(client, queue):
        command = f"temporal worker deployment set-current-version --deployment-name {DEPLOYMENT} --build-id {build}"
        log.warning(
            "release %s is current; release %s keeps what is pinned to it. To go back: %s", current, build, command
        )
        return
    await client.workflow_service.set_worker_deployment_current_version(
        SetWorkerDeploymentCurrentVersionRequest(
            namespace=client.namespace,
            deployment_name=DEPLOYMENT,
            build_id=build,
            ignore_missing_task_queues=True,
        )
    )
    log.info("release %s is current", build)


async def is_promoted(client: Client, queue: str, build: str) -> bool:
    """Promote this release; what the engine does not do now keeps nobody from work, and is tried again."""
    try:
        await promote(client, queue, build)
    except (RPCError, TimeoutError) as error:
        log.warning("release %s could not be made current: %s", build, getattr(error, "message", error))
        return False
    return True


async def keep(client: Client, queue: str, build: str, anew: Anew, *, promoted: bool = True) -> None:
    """Look again and again at what other releases decide; an engine that is away is asked later."""
    for pause in chain(ROUNDS, repeat(ROUND)):
        await asyncio.sleep(pause)
        promoted = promoted or await is_promoted(client, queue, build)
        try:
            await look(client, queue, build, anew)
        except RPCError as error:
            log.warning("could not look at what other releases decide: %s", error.message)
        except Exception:
            log.exception("could not look at what other releases decide")


async def look(client: Client, queue: str, build: str, anew: Anew) -> None:
    """Wake what another living release decides, if this one is current; go on with what nobody decides."""
    living, current = await _living(client, queue) | {build}, await _current(client)
    if current not in living:
        await promote(client, queue, build)
        current = await _current(client)
    async for handle in _others(client, queue, build):
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
    why = await _otherwise(handle) if gone or not found.pinned else ""
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


async def _current(client: Client) -> str:
    """The release that what begins now is decided by; empty while there is none."""
    request = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=DEPLOYMENT)
    described = await client.workflow_service.describe_worker_deployment(request)
    return str(described.worker_deployment_info.routing_config.current_deployment_version.build_id)


async def _status(client: Client, build: str) -> int:
    """How the engine sees a release, once it has noticed it."""
    version = WorkerDeploymentVersion(deployment_name=DEPLOYMENT, build_id=build)
    request = DescribeWorkerDeploymentVersionRequest(namespace=client.namespace, deployment_version=version)
    for _ in range(PATIENCE):
        try:
            described = await client.workflow_service.describe_worker_deployment_version(request)
            return int(described.worker_deployment_version_info.status)
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
        await asyncio.sleep(0.5)
    raise TimeoutError(f"the engine has not noticed release {build} in {PATIENCE // 2} seconds")


async def _others(client: Client, queue: str, build: str) -> AsyncIterator[WorkflowHandle[object, object]]:
    """What is open and may be decided by another release."""
    query = OTHERS.format(queue=queue, version=f"{DEPLOYMENT}:{build}")
    try:
        await client.count_workflows(query)
    except RPCError as error:
        if error.status != RPCStatusCode.INVALID_ARGUMENT:
            raise
        query = OPEN.format(queue=queue)
    async for execution in client.list_workflows(query):
        yield client.get_workflow_handle(execution.id)


async def _living(client: Client, queue: str) -> set[str]:
    """The releases that some worker runs."""
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


async def _otherwise(handle: WorkflowHandle[object, object]) -> str:
    """Why this release cannot replay what happened so far; empty where it can."""
    history = await handle.fetch_history()
    if not _has_decided(history):
        return ""
    replayer = Replayer(workflows=[IncidentWorkflow, AlertGroupWorkflow, DrillWorkflow], data_converter=converter())
    failure = (await replayer.replay_workflow(history, raise_on_replay_failure=False)).replay_failure
    said = re.search(r'message: "([^"]+)', str(failure))
    return (said[1] if said else str(failure)[:200]) if failure else ""


def _has_decided(history: WorkflowHistory) -> bool:
    return any(event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED for event in history.events)
