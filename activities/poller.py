"""Who asks for the workflows' tasks, as the engine lists them; who left in order is not taken for alive."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from temporalio.api.enums.v1 import TaskQueueType, WorkerStatus
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest, ListWorkersRequest
from temporalio.client import Client
from temporalio.service import RPCError

LIVELY = timedelta(seconds=75)
"""A worker asks for work at least once a minute; the engine lists one for minutes after it died."""
LEFT = frozenset({WorkerStatus.WORKER_STATUS_SHUTTING_DOWN, WorkerStatus.WORKER_STATUS_SHUTDOWN})
"""What a worker that is told to stop says last."""


class Poller(NamedTuple):
    """A worker: when it asked for work last, what it calls itself, and the release that it runs."""

    at: datetime
    identity: str
    build: str = ""


async def pollers(client: Client, queue: str) -> list[Poller]:
    """The workers of a task queue that have not said that they leave; raises `RPCError` where Temporal refuses."""
    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    described = await client.workflow_service.describe_task_queue(request)
    listed = [
        Poller(one.last_access_time.ToDatetime(UTC), one.identity, one.deployment_options.build_id)
        for one in described.pollers
    ]
    left = await _left(client, queue) if listed else {}
    return [one for one in listed if one.identity not in left or one.at > left[one.identity]]


async def _left(client: Client, queue: str) -> dict[str, datetime]:
    """When each worker of a task queue said that it leaves; nothing where the server lists no workers."""
    request = ListWorkersRequest(namespace=client.namespace, query=f"TaskQueue = '{queue}'")
    try:
        listed = await client.workflow_service.list_workers(request)
    except RPCError:
        return {}
    said = [one.worker_heartbeat for one in listed.workers_info if one.worker_heartbeat.status in LEFT]
    return {one.worker_identity: one.heartbeat_time.ToDatetime(UTC) for one in said}
