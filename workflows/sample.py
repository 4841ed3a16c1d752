"""Whether this release reads what is open as the release that decided it did, asked before it takes anything over."""

import re
from collections.abc import AsyncIterator
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Replayer

from workflows.converter import converter
from workflows.drill import DrillWorkflow
from workflows.group import AlertGroupWorkflow
from workflows.guard import GuardedRunner
from workflows.incident import IncidentWorkflow
from workflows.override import DEPLOYMENT

SAMPLE = {"Incident": 12, "AlertGroup": 6, "Drill": 2}
"""How many open ones of each kind are replayed, the newest; 20 of them take a second or two."""
SLOW, TRIES = "_DeadlockError", 3
"""How the SDK calls a turn of more than two seconds, which says that the machine is busy, and how often it is tried."""
OPEN = "ExecutionStatus = 'Running' AND WorkflowType IN ({kinds}) AND TaskQueue = '{queue}'"
OTHERS = OPEN + " AND (TemporalWorkerDeploymentVersion IS NULL OR TemporalWorkerDeploymentVersion != '{version}')"
"""Those that are not decided by this release yet; an older server cannot be asked so, and is asked for all of them."""


async def others(
    client: Client, queue: str, build: str, *kinds: str, most: int | None = None
) -> AsyncIterator[WorkflowHandle[Any, Any]]:
    """What is open of these kinds and may be decided by another release, the newest first."""
    named = ", ".join(f"'{kind}'" for kind in kinds or SAMPLE)
    query = OTHERS.format(kinds=named, queue=queue, version=f"{DEPLOYMENT}:{build}")
    try:
        await client.count_workflows(query)
    except RPCError as error:
        if error.status != RPCStatusCode.INVALID_ARGUMENT:
            raise
        query = OPEN.format(kinds=named, queue=queue)
    async for execution in client.list_workflows(query, limit=most):
        yield client.get_workflow_handle(execution.id)


async def differing(client: Client, queue: str, build: str) -> dict[str, str]:
    """Of a sample of what other releases decide, what this one cannot replay, and why; drills are among it."""
    found: dict[str, str] = {}
    for kind, most in SAMPLE.items():
        async for handle in others(client, queue, build, kind, most=most):
            if why := await otherwise(handle):
                found[handle.id] = why
    return found


async def otherwise(handle: WorkflowHandle[Any, Any]) -> str:
    """Why this release cannot replay what happened so far; empty where it can."""
    history = await handle.fetch_history()
    if not _has_decided(history):
        return ""
    failed = ""
    for _ in range(TRIES):
        failed = await _failed(history)
        if SLOW not in failed:
            break
    said = re.search(r'message: "([^"]+)', failed)
    return said[1] if said else failed[:200]


async def _failed(history: WorkflowHistory) -> str:
    """How its replay failed, as the SDK says it."""
    workflows = [IncidentWorkflow, AlertGroupWorkflow, DrillWorkflow]
    replayer = Replayer(workflows=workflows, workflow_runner=GuardedRunner(), data_converter=converter())
    failure = (await replayer.replay_workflow(history, raise_on_replay_failure=False)).replay_failure
    return str(failure or "")


def _has_decided(history: WorkflowHistory) -> bool:
    return any(event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED for event in history.events)
