"""Hands a workflow, whose release nobody runs any more, to another release that can replay it.

A server from 1.32 on moves a pinned workflow once and keeps it pinned. An older one refuses that; there it is told to
follow whatever release is current, and once it has moved it is pinned to that one again: what followed for ever would
be given to the next release without anybody's having looked whether that can replay it.
"""

from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.deployment.v1 import WorkerDeploymentVersion
from temporalio.api.workflow.v1 import VersioningOverride, WorkflowExecutionOptions
from temporalio.api.workflowservice.v1 import UpdateWorkflowExecutionOptionsRequest
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

DEPLOYMENT = "standfast"
SET_CURRENT = f"temporal worker deployment set-current-version --deployment-name {DEPLOYMENT} --build-id {{build}}"
"""The command by which a person makes a release current."""
FOLLOWING = (
    "ExecutionStatus = 'Running' AND TaskQueue = '{queue}' AND TemporalWorkflowVersioningBehavior = 'AutoUpgrade' "
    "AND TemporalWorkerDeploymentVersion = '{version}'"
)
"""What follows the current release and has moved to this one; ours are pinned otherwise."""


async def hand_over(client: Client, handle: WorkflowHandle[Any, Any], build: str, *, current: bool) -> bool:
    """Move a workflow to a release with its next task, and have it come to one; whether the server took that.

    An older server takes it for the release that is `current` alone. Raises `RPCError`.
    """
    version = WorkerDeploymentVersion(deployment_name=DEPLOYMENT, build_id=build)
    once = VersioningOverride(one_time=VersioningOverride.OneTimeOverride(target_deployment_version=version))
    try:
        await _set(client, handle.id, versioning_override=once)
    except RPCError as error:
        if error.status != RPCStatusCode.INVALID_ARGUMENT:
            raise
        if not current:
            return False
        await _set(client, handle.id, versioning_override=VersioningOverride(auto_upgrade=True))
    await handle.signal("nudge")  # the move takes effect with the next task, and there may be none for days
    return True


async def pin_again(client: Client, queue: str, build: str) -> None:
    """Pin to this release what has followed to it; a server that cannot be asked so knows no such thing."""
    query = FOLLOWING.format(queue=queue, version=f"{DEPLOYMENT}:{build}")
    try:
        async for one in client.list_workflows(query):
            await _set(client, one.id)
    except RPCError as error:
        if error.status != RPCStatusCode.INVALID_ARGUMENT:
            raise


async def _set(client: Client, workflow: str, **options: Any) -> None:
    """Set the override of a workflow; none takes away the one that is there."""
    await client.workflow_service.update_workflow_execution_options(
        UpdateWorkflowExecutionOptionsRequest(
            namespace=client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=workflow),
            workflow_execution_options=WorkflowExecutionOptions(**options),
            update_mask=FieldMask(paths=["versioning_override"]),
        )
    )
