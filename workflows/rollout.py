"""A new release takes over: it becomes current, and nothing that is open stays with a release that nobody runs.

Incidents and groups are pinned to the release that decides them, and continue as new onto the current one at their next
quiet moment. One whose release is gone would wait for ever, and nobody would be paged. So each worker looks for such
ones: where this release can replay what happened so far it takes them over, and where not it says which release is
missing.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat

from google.protobuf.field_mask_pb2 import FieldMask
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.deployment.v1 import WorkerDeploymentVersion
from temporalio.api.enums.v1 import TaskQueueType, WorkerDeploymentVersionStatus
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflow.v1 import VersioningOverride, WorkflowExecutionOptions
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeWorkerDeploymentRequest,
    DescribeWorkerDeploymentVersionRequest,
    SetWorkerDeploymentCurrentVersionRequest,
    UpdateWorkflowExecutionOptionsRequest,
)
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Replayer

from workflows.converter import converter
from workflows.group import AlertGroupWorkflow
from workflows.incident import IncidentWorkflow

log = logging.getLogger("standfast.rollout")
DEPLOYMENT = "standfast"
OPEN = "ExecutionStatus = 'Running' AND WorkflowType IN ('Incident', 'AlertGroup') AND TaskQueue = '{queue}'"
OTHERS = OPEN + " AND (TemporalWorkerDeploymentVersion IS NULL OR TemporalWorkerDeploymentVersion != '{version}')"
"""Those that are not decided by this release yet; an older server cannot be asked so, and is asked for all of them."""
LIVELY = timedelta(seconds=75)
"""A worker asks for work at least once a minute; the engine lists one for minutes after it died."""
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


async def keep(client: Client, queue: str, build: str) -> None:
    """Look again and again at what other releases decide; an engine that is away is asked later."""
    for pause in chain(ROUNDS, repeat(ROUND)):
        await asyncio.sleep(pause)
        try:
            await look(client, queue, build)
        except RPCError as error:
            log.warning("could not look at what other releases decide: %s", error.message)


async def look(client: Client, queue: str, build: str) -> None:
    """Wake what another living release decides, if this one is current; take over, or name, what nobody decides."""
    living, current = await _living(client, queue) | {build}, await _current(client)
    if current not in living:
        await promote(client, queue, build)
    async for handle in _others(client, queue, build):
        pinned = await _pinned_to(handle)
        try:
            if pinned and pinned not in living:
                await _take_over(client, handle, pinned, build)
            elif pinned != build and current == build:
                await handle.signal("nudge")
        except RPCError as error:
            log.warning("%s could not be moved to release %s: %s", handle.id, build, error.message)


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
    described = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
    )
    since = datetime.now(UTC) - LIVELY
    seen = ((one.last_access_time.ToDatetime(UTC), one.deployment_options.build_id) for one in described.pollers)
    return {build for at, build in seen if at > since}


async def _pinned_to(handle: WorkflowHandle[object, object]) -> str:
    """The release that decides this workflow, or will from its next task on; empty when it is pinned to none."""
    described = await handle.describe()
    versioning = described.raw_description.workflow_execution_info.versioning_info
    coming = versioning.versioning_override.one_time.target_deployment_version.build_id
    return str(coming or versioning.deployment_version.build_id)


async def _take_over(client: Client, handle: WorkflowHandle[object, object], pinned: str, build: str) -> None:
    history = await handle.fetch_history()
    replayer = Replayer(workflows=[IncidentWorkflow, AlertGroupWorkflow], data_converter=converter())
    failure = (await replayer.replay_workflow(history, raise_on_replay_failure=False)).replay_failure
    if failure:
        said = re.search(r'message: "([^"]+)', str(failure))
        why = said[1] if said else str(failure)[:200]
        log.error(
            "%s stands still: release %s, which decides it, is not running, and release %s reads its history otherwise "
            "(%s). Start a worker with STANDFAST_BUILD=%s again until it is closed",
            *(handle.id, pinned, build, why, pinned),
        )
        return
    version = WorkerDeploymentVersion(deployment_name=DEPLOYMENT, build_id=build)
    override = VersioningOverride(one_time=VersioningOverride.OneTimeOverride(target_deployment_version=version))
    await client.workflow_service.update_workflow_execution_options(
        UpdateWorkflowExecutionOptionsRequest(
            namespace=client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=handle.id),
            workflow_execution_options=WorkflowExecutionOptions(versioning_override=override),
            update_mask=FieldMask(paths=["versioning_override"]),
        )
    )
    await handle.signal("nudge")  # the move takes effect with the next task, and there may be none for days
    log.warning(
        "%s was decided by release %s, which is not running; release %s goes on with it", handle.id, pinned, build
    )
