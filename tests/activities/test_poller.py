"""SOC-1: a worker that fell silent is known to be dead long before the engine stops listing it."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.api.enums.v1 import TaskQueueType, WorkerStatus
from temporalio.api.taskqueue.v1 import PollerInfo
from temporalio.api.worker.v1 import WorkerHeartbeat, WorkerInfo
from temporalio.api.workflowservice.v1 import DescribeTaskQueueResponse, ListWorkersResponse

from activities.poller import LIVELY, SAID_EVERY, pollers
from activities.trouble import Trouble, nobody_polls
from console import examination

WORKFLOWS = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW


def word(identity: str, ago: float, interval: float, *, leaves: bool = False) -> WorkerHeartbeat:
    """What a worker said last, so many seconds ago."""
    said = WorkerHeartbeat(worker_identity=identity)
    said.heartbeat_time.FromDatetime(datetime.now(UTC) - timedelta(seconds=ago))
    said.elapsed_since_last_heartbeat.FromTimedelta(timedelta(seconds=interval))
    said.status = WorkerStatus.WORKER_STATUS_SHUTDOWN if leaves else WorkerStatus.WORKER_STATUS_RUNNING
    return said


def engine(asked: dict[str, float], *words: WorkerHeartbeat) -> Any:
    """An engine that lists who asked for work so many seconds ago, and what they said."""
    described = DescribeTaskQueueResponse()
    for identity, ago in asked.items():
        one = PollerInfo(identity=identity)
        one.last_access_time.FromDatetime(datetime.now(UTC) - timedelta(seconds=ago))
        described.pollers.append(one)

    async def describe_task_queue(_: object) -> DescribeTaskQueueResponse:
        return described

    async def list_workers(_: object) -> ListWorkersResponse:
        return ListWorkersResponse(workers_info=[WorkerInfo(worker_heartbeat=one) for one in words])

    service = SimpleNamespace(describe_task_queue=describe_task_queue, list_workers=list_workers)
    return SimpleNamespace(namespace="default", workflow_service=service)


SKIPPED = 3 * SAID_EVERY.total_seconds()


@pytest.mark.parametrize(
    ("asked", "said", "lives"),
    [
        (50, [(3, 10)], True),
        (5, [(SKIPPED, 10)], False),
        (5, [(SKIPPED, 60)], True),  # one that speaks once a minute
        (5, [(SKIPPED, 0)], True),  # its first word shows no interval
        (5, [], True),  # a server that lists no workers
        (LIVELY.total_seconds() + 5, [], False),
        (5, [(9 * SKIPPED, 10), (1, 10)], True),  # it was started again under its name
    ],
)
async def test_who_skips_its_words_is_dead(asked: float, said: list[tuple[float, float]], lives: bool) -> None:
    client, now = engine({"a": asked}, *(word("a", *one) for one in said)), datetime.now(UTC)
    assert [one.lives(now) for one in await pollers(client, "standfast")] == [lives]
    assert [one.kind for one in await nobody_polls(client, "standfast", now)] == ([] if lives else ["unpolled"])


async def test_the_doctor_names_the_dead_beside_the_living() -> None:
    client = engine({"a": 1, "b": 1, "c": 5}, word("a", 1, 10), word("b", SKIPPED, 10), word("c", 1, 10, leaves=True))
    seen = await examination._polled(client, "standfast", WORKFLOWS)
    assert (seen.state, seen.said) == ("warn", "a; silent: b")
    assert (
        await examination._polled(engine({"b": 1}, word("b", SKIPPED, 10)), "standfast", WORKFLOWS)
    ).state == "failed"
    assert (await examination._polled(engine({}), "standfast", WORKFLOWS)).said == "nobody asks for work there"


async def test_the_doctor_names_task_queues_that_were_left(monkeypatch: pytest.MonkeyPatch) -> None:
    async def none(*_: object) -> tuple[Trouble, ...]:
        return ()

    async def left(*_: object) -> tuple[Trouble, ...]:
        return (Trouble(workflow="old", kind="stranded", said="3 open workflows waiting", do="run a worker there too"),)

    monkeypatch.setattr(examination, "look_around", none)
    monkeypatch.setattr(examination, "stranded", left)
    [seen] = await examination._standing_still(engine({}), "standfast")
    assert (seen.what, seen.state, seen.do) == ("old", "failed", "run a worker there too")
