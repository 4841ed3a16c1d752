"""What stands still in the engine, looked for from outside: it may be the workers that are away."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from temporalio.api.common.v1 import WorkflowExecution as WorkflowExecutionName
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryReverseRequest
from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.attribute import SERVICE, TROUBLE
from activities.poller import LIVELY, pollers, refused
from domain.alerting.grouping import GROUPS
from domain.value.model import Instant, Model, said_count

Kind = Literal["failing", "waiting", "ended", "rules", "unpolled", "unheard", "stranded"]
OURS = "WorkflowType IN ('Incident', 'AlertGroup') AND TaskQueue = '{queue}'"
ELSEWHERE = "WorkflowType IN ('Incident', 'AlertGroup') AND TaskQueue != '{queue}' AND ExecutionStatus = 'Running'"
RUNNING = f"{OURS} AND ExecutionStatus = 'Running'"
ENDED = (
    f"{OURS} AND ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut', 'Canceled')"
    " AND CloseTime > '{since}' AND (IncidentPhase IS NULL OR IncidentPhase != 'closed')"
)
REPORTED = f"{RUNNING} AND TemporalReportedProblems IS NOT NULL"
"""The engine reports a workflow itself after five failures in a row, which takes a minute."""
FOUGHT = f"{RUNNING} AND IncidentPhase IN ('alerting', 'triage', 'active')"
UNSEEN = f"{RUNNING} AND WorkflowType = 'Incident' AND IncidentPhase IS NULL"
RULES = f"{RUNNING} AND {TROUBLE.name} IS NOT NULL"
FAILS, WAITS = 3, timedelta(seconds=30)
"""A task tried so often fails for a reason that stays; one that waits so long is wanted by nobody."""
LOOKED_AT = 200
"""Workflows of each kind that are looked at closely in one look."""
REMEMBERED = timedelta(days=2)
"""How long ago an end is still news."""
MEND = "start a release that can replay it, or begin it anew from its records: `standfast restore {id}`"
LOST = "KeyUnfit"
"""What a task fails with whose payloads were encrypted with a key that its worker lacks."""
BRING = (
    "bring the key back: STANDFAST_CODEC_KEYS lacks one that encrypted it (docs/recipes.md); then it goes on by itself"
    " within ten minutes, or at once by `standfast restore {id}`; where it is lost for good:"
    " `standfast restore {id} --records-only`"
)
NEWEST = 50
"""Events of a history among which its last failure is looked for."""
BEGIN = "begin it anew from its records: `standfast restore {id}`"


class Trouble(Model):
    """One thing that stands still: which workflow, since when, why, and what to do."""

    workflow: str
    kind: Kind
    said: str
    do: str
    service: str = ""
    since: Instant | None = None

    @property
    def key(self) -> str:
        """The same for as long as it is the same trouble."""
        return f"{self.kind}/{self.workflow}/{self.since.isoformat() if self.kind == 'ended' and self.since else ''}"


async def look_around(client: Client, queue: str, now: datetime) -> tuple[Trouble, ...]:
    """Everything that stands still; raises `RPCError` where the engine does not answer."""
    found: dict[str, Trouble] = {}
    for one in await nobody_polls(client, queue, now):
        found[one.key] = one
    async for one in _standing(client, queue, now):
        found.setdefault(one.key, one)
    async for one in _ended(client, queue, now):
        found.setdefault(one.key, one)
    return tuple(found.values())


async def nobody_polls(client: Client, queue: str, now: datetime) -> tuple[Trouble, ...]:
    """Whether any worker asks for the workflows' tasks."""
    listed = await pollers(client, queue)
    if any(one.lives(now) for one in listed):
        return ()
    last = max([one.at for one in listed], default=None)
    do = "start a worker with the same STANDFAST_TASK_QUEUE and TEMPORAL_* settings"
    return (Trouble(workflow=queue, kind="unpolled", said="no worker asks for work", do=do, since=last),)


async def kept_from_work(client: Client, queue: str, now: datetime) -> str:
    """What keeps the worker of this client from its work; empty where the engine has it on its list."""
    try:
        ours = [one.at for one in await pollers(client, queue) if one.identity == client.identity]
    except RPCError as error:
        return refused(error, client)
    if ours and max(ours) > now - LIVELY:
        return ""
    return "the engine does not see it ask for work: is its role allowed to write, are its settings those of a worker?"


async def stranded(client: Client, queue: str, now: datetime) -> tuple[Trouble, ...]:
    """Other task queues with open workflows and no worker: the name was changed, and they wait where nobody comes."""
    waiting = Counter([one.task_queue async for one in _listed(client, ELSEWHERE.format(queue=queue))])
    found = []
    for other, count in sorted(waiting.items()):
        for gone in await nobody_polls(client, other, now):
            said = f"{said_count(count, 'open workflow')} waiting on this task queue, and no worker asks there for work"
            do = f"run a worker with STANDFAST_TASK_QUEUE={other} too, until they are closed"
            found.append(Trouble(workflow=other, kind="stranded", said=said, do=do, since=gone.since))
    return tuple(found)


async def _standing(client: Client, queue: str, now: datetime) -> AsyncIterator[Trouble]:
    """Open workflows whose task fails again and again, or waits for a worker; and those whose own rules failed."""
    async for one in _listed(client, RULES.format(queue=queue)):
        said = one.typed_search_attributes.get(TROUBLE) or ""
        do = "start a release that mends it; everything else of the incident goes on"
        yield Trouble(workflow=one.id, kind="rules", said=said, do=do, service=_service(one), since=one.start_time)
    seen: set[str] = set()
    for query in (REPORTED, UNSEEN, FOUGHT):
        async for one in _listed(client, query.format(queue=queue)):
            if one.id not in seen and len(seen) < 3 * LOOKED_AT:
                seen.add(one.id)
                for trouble in await _looked_at(client, one, now):
                    yield trouble


async def _looked_at(client: Client, one: WorkflowExecution, now: datetime) -> tuple[Trouble, ...]:
    """What is wrong with the task that a workflow waits for."""
    raw: Any = (await client.get_workflow_handle(one.id).describe()).raw_description
    task = raw.pending_workflow_task
    if not raw.HasField("pending_workflow_task"):
        return ()
    told: dict[str, Any] = {"workflow": one.id, "service": _service(one)}
    since = task.original_scheduled_time.ToDatetime(UTC)
    if task.attempt >= FAILS:
        why = await _why(client, one)
        said = f"its task has failed {task.attempt - 1} times{why and f' ({why})'}: nothing of it is decided any more"
        do = (BRING if why == LOST else MEND).format(id=one.id)
        return (Trouble(kind="failing", said=said, do=do, since=since, **told),)
    if since < now - WAITS:
        said = f"its task has waited since {since:%d %b %H:%M:%S} UTC: no worker takes it"
        return (Trouble(kind="waiting", said=said, do="start a worker of its release", since=since, **told),)
    return ()


async def _why(client: Client, one: WorkflowExecution) -> str:
    """What kind of error its task failed with last, by its history; not its words, which may quote anything."""
    asked = GetWorkflowExecutionHistoryReverseRequest(
        namespace=client.namespace,
        execution=WorkflowExecutionName(workflow_id=one.id, run_id=one.run_id),
        maximum_page_size=NEWEST,
    )
    answer = await client.workflow_service.get_workflow_execution_history_reverse(asked)
    for event in answer.history.events:
        if event.HasField("workflow_task_failed_event_attributes"):
            return str(event.workflow_task_failed_event_attributes.failure.application_failure_info.type)
    return ""


async def _ended(client: Client, queue: str, now: datetime) -> AsyncIterator[Trouble]:
    """What was ended in the engine without the procedure's own end, and was not begun anew."""
    since = (now - REMEMBERED).strftime("%Y-%m-%dT%H:%M:%SZ")
    async for one in _listed(client, ENDED.format(queue=queue, since=since)):
        if await lives(client, one):
            continue
        how = one.status.name.lower().replace("_", " ") if one.status else "ended"
        said = f"it was {how} in the engine and not closed: nothing of it is decided any more"
        told: dict[str, Any] = {"service": _service(one), "since": one.close_time}
        yield Trouble(workflow=one.id, kind="ended", said=said, do=BEGIN.format(id=one.id), **told)


async def lives(client: Client, one: WorkflowExecution) -> bool:
    """Whether a later run of the same id is there."""
    latest = await client.get_workflow_handle(one.id).describe()
    return latest.run_id != one.run_id or latest.status == WorkflowExecutionStatus.RUNNING


async def _listed(client: Client, query: str) -> AsyncIterator[WorkflowExecution]:
    """What visibility lists; nothing where the engine does not know an attribute that is asked for."""
    try:
        async for one in client.list_workflows(query, limit=LOOKED_AT):
            yield one
    except RPCError as error:
        if error.status != RPCStatusCode.INVALID_ARGUMENT:
            raise


def _service(one: WorkflowExecution) -> str:
    """The service, as far as the list says: an alert group bears it in its id."""
    named = one.typed_search_attributes.get(SERVICE)
    return named or one.id.removeprefix(GROUPS).partition("/")[0]
