"""Who asks for the workflows' tasks, as the engine lists them; who left in order is not taken for alive."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from temporalio.api.enums.v1 import TaskQueueType, WorkerStatus
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.worker.v1 import WorkerHeartbeat
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest, ListWorkersRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

LIVELY = timedelta(seconds=75)
"""A worker asks for work at least once a minute; the engine lists one for minutes after it died."""
SAID_EVERY = timedelta(seconds=10)
"""How often our workers say that they live, which the engine is told beside their asking for work."""
SKIPPED = 2.5
"""So many times of a worker's own interval without a word, and it is dead."""
LEFT = frozenset({WorkerStatus.WORKER_STATUS_SHUTTING_DOWN, WorkerStatus.WORKER_STATUS_SHUTDOWN})
"""What a worker that is told to stop says last."""


AWAY = frozenset({RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED})
"""How it is said that the engine went away, or comes up still."""


class Poller(NamedTuple):
    """A worker: when it asked for work last, what it calls itself, its release, and whether it fell silent."""

    at: datetime
    identity: str
    build: str = ""
    silent: bool = False
    """It has not said that it lives for longer than it does."""

    def lives(self, now: datetime) -> bool:
        """Whether it may be taken for alive: it speaks, or does not speak at all and has asked for work of late."""
        return not self.silent and self.at > now - LIVELY


async def pollers(client: Client, queue: str, kind: Any = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW) -> list[Poller]:
    """The workers of a task queue that have not said that they leave; raises `RPCError` where Temporal refuses."""
    request = DescribeTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind
    )
    described = await client.workflow_service.describe_task_queue(request)
    words = await _words(client, queue) if described.pollers else {}
    listed = [
        Poller(
            one.last_access_time.ToDatetime(UTC),
            one.identity,
            one.deployment_options.build_id,
            one.identity in words and _is_silent(words[one.identity], datetime.now(UTC)),
        )
        for one in described.pollers
    ]
    left = {identity: _at(word) for identity, word in words.items() if word.status in LEFT}
    return [one for one in listed if one.identity not in left or one.at > left[one.identity]]


async def _words(client: Client, queue: str) -> dict[str, WorkerHeartbeat]:
    """The last word of each worker of a task queue; nothing where the server lists no workers."""
    request = ListWorkersRequest(namespace=client.namespace, query=f"TaskQueue = '{queue}'")
    try:
        listed = await client.workflow_service.list_workers(request)
    except RPCError:
        return {}
    found = sorted((one.worker_heartbeat for one in listed.workers_info), key=_at)
    return {one.worker_identity: one for one in found}


def _at(word: WorkerHeartbeat) -> datetime:
    return word.heartbeat_time.ToDatetime(UTC)


def _is_silent(word: WorkerHeartbeat, now: datetime) -> bool:
    """Whether a worker has skipped words; what has spoken once only has shown no interval to judge it by."""
    interval = word.elapsed_since_last_heartbeat.ToTimedelta()
    return interval > timedelta() and now - _at(word) > SKIPPED * max(interval, SAID_EVERY)


def refused(error: RPCError, client: Client) -> str:
    """What came instead of an answer: one that is silent or gone refuses nothing."""
    does = "does not answer" if error.status in AWAY else "refuses it"
    where = f"namespace {client.namespace} at {client.service_client.config.target_host}"
    return f"Temporal {does} ({where}): {error.message}"
