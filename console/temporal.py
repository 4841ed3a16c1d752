"""The engine behind the commands: updates for acts, signals where no worker answers, queries and visibility to read."""

import asyncio
import difflib
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from pydantic_settings import BaseSettings
from temporalio.client import (
    Client,
    WorkflowExecution,
    WorkflowExecutionStatus,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.company import Company
from activities.company import Settings as CompanySettings
from activities.engine import Begun, adopt, begin_incident, group_id
from console.ending import NotReached, Refusing, Unanswered, Unknown
from console.link import Declaration, Declared, Glance, Link, Wanted
from domain.alerting.grouping import group_of
from domain.exchange import Opening
from domain.incident.event import Event
from domain.report.view import View
from domain.run.progress import Answer
from domain.simulation.drill import Plan
from domain.value.act import Act
from workflows.connection import EngineAway, connect
from workflows.show import COMMANDER, KIND, NEXT_DUE, PHASE, SERVICE, SEVERITY

INCIDENTS = "WorkflowType = 'Incident'"
RUNNING = f"{INCIDENTS} AND ExecutionStatus = 'Running'"
PATIENCE = timedelta(seconds=5)
"""How long a worker is waited for before the act is left with the engine."""
SILENT = frozenset(
    {RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED, RPCStatusCode.FAILED_PRECONDITION}
    | {RPCStatusCode.RESOURCE_EXHAUSTED}
)
"""How the engine says that nobody answered in time, or that no worker polls."""
LOOKED_AT = 1000
"""The newest incidents among which one that sounds like a mistyped id is looked for."""
TRIES = 20
"""How often a drill is asked for its incident while it opens it."""
Result = TypeVar("Result")


class Settings(BaseSettings):
    """Which workers are spoken to."""

    standfast_task_queue: str = "standfast"


@asynccontextmanager
async def reach() -> AsyncIterator[Link]:
    """A link to Temporal as its environment variables say; one clear sentence where there is none."""
    try:
        client = await connect()
    except (EngineAway, ValueError) as error:
        raise NotReached(f"{error}; `standfast doctor` looks at everything") from None
    try:
        yield TemporalLink(client, Company(CompanySettings()), Settings().standfast_task_queue)
    except RPCError as error:
        where = f"namespace {client.namespace} at {client.service_client.config.target_host}"
        raise NotReached(f"Temporal refused ({where}): {error.message}; `standfast doctor` looks closer") from None


class TemporalLink:
    """Speaks to incidents by their workflow id."""

    def __init__(self, client: Client, company: Company, queue: str, patience: timedelta = PATIENCE) -> None:
        self._client, self._company, self._queue, self._patience = client, company, queue, patience

    async def ask(self, incident: str, act: Act) -> Answer:
        """The update of the act's name; its id is the act's, so that the same act twice is one."""
        handle = self._client.get_workflow_handle(incident)
        try:
            async with asyncio.timeout(self._patience.total_seconds()):  # the SDK asks again after each time-out
                answer: Answer = await handle.execute_update(act.kind, act, id=act.id, result_type=Answer)
                return answer
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
            raise Unanswered(f"{incident}: no worker answered") from None
        except WorkflowUpdateFailedError as error:
            raise Refusing(f"{incident}: {error.cause}") from None
        except RPCError as error:
            raise await self._meant(incident, error) from None

    async def tell(self, incident: str, act: Act) -> None:
        """The signal of the act's name; durable once the engine has answered."""
        try:
            await self._client.get_workflow_handle(incident).signal(act.kind, act)
        except RPCError as error:
            raise await self._meant(incident, error) from None

    async def view(self, incident: str) -> View:
        return await self._query(incident, "incident", View)

    async def timeline(self, incident: str, after: int) -> list[Event]:
        return await self._query(incident, "timeline", list[Event], after)

    async def glance(self, incident: str) -> Glance:
        """By describing it, which needs no worker."""
        try:
            return await _glance(await self._client.get_workflow_handle(incident).describe())
        except RPCError as error:
            raise await self._meant(incident, error) from None

    async def glances(self, wanted: Wanted, limit: int | None = None) -> AsyncIterator[Glance]:
        """From visibility; a just opened incident has no search attributes yet and is shown all the same."""
        seen: set[str] = set()
        async for execution in self._client.list_workflows(query(wanted), limit=limit):
            if execution.id not in seen:
                seen.add(execution.id)
                yield await _glance(execution)

    async def declare(self, declaration: Declaration) -> Declared:
        """DET-2: open it, then let the service's alert group adopt it, so that alerts join it (DET-4)."""
        policy, catalog = self._company.policy, self._company.catalog
        alert = declaration.alert.model_copy(update={"service": declaration.service})
        group = group_of(alert, catalog, policy.alerts.grouping)
        order = Opening(
            group=group.key,
            service=declaration.service,
            alerts=(alert,),
            seed=declaration.seed,
            by=declaration.by,
        )
        others = [one.id async for one in self.glances(Wanted(service=declaration.service))]
        incident, fresh = await self._begin(order)
        phase = (await self.glance(incident)).phase
        if phase != "resolved":  # again, where an attempt before this one was cut off between the two
            await adopt(self._client, self._queue, group, policy.alerts, incident)
        return Declared(
            incident=incident,
            service=declaration.service,
            fresh=fresh,
            phase=phase,
            also_open=tuple(one for one in others if one != incident),
        )

    async def drill(self, plan: Plan) -> str:
        """Start the drill's own workflow, and wait until it has opened its incident."""
        name = group_id(plan.group)
        await self._client.start_workflow(
            "Drill",
            plan,
            id=name,
            task_queue=self._queue,
            static_summary=f"DRILL {plan.name}"[:200],
        )
        for _ in range(TRIES):
            if incident := await self._query(name, "incident", str):
                return incident
            await asyncio.sleep(self._patience.total_seconds() / TRIES)
        raise Unanswered(f"{name} has begun, but no worker has opened its incident yet; `standfast list` will show it")

    async def _begin(self, order: Opening) -> Begun:
        """Start it, or find the one that lives; one that has ended makes place for the next."""
        seed = order.seed
        for number in itertools.count(2):
            try:
                begun = await begin_incident(self._client, self._company, self._queue, order)
            except ApplicationError as error:
                raise Refusing(str(error.message)) from None
            described = await self._client.get_workflow_handle(begun.incident).describe()
            if begun.fresh or described.status in (WorkflowExecutionStatus.RUNNING, None):
                break
            order = order.model_copy(update={"seed": f"{seed}/{number}"})
        return begun

    async def _query(self, incident: str, name: str, result: type[Result], *args: Any) -> Result:
        handle = self._client.get_workflow_handle(incident)
        try:
            found: Result = await handle.query(name, args=args, result_type=result, rpc_timeout=self._patience)
            return found
        except (WorkflowQueryFailedError, WorkflowQueryRejectedError) as error:
            raise Unanswered(f"{incident}: {error}") from None
        except RPCError as error:
            raise await self._meant(incident, error) from None

    async def _meant(self, incident: str, error: RPCError) -> Exception:
        """What a refusal of the engine means for the person who asked."""
        if error.status in SILENT:
            return Unanswered(f"{incident}: no worker answered")
        if error.status != RPCStatusCode.NOT_FOUND or "namespace" in error.message.lower():
            return error
        if await self._exists(incident):
            return Refusing(f"{incident} has ended and takes nothing more; declare a new incident and name this one")
        newest = [one.id async for one in self.glances(Wanted(every=True), limit=LOOKED_AT)]
        return Unknown(incident, difflib.get_close_matches(incident, newest, n=3, cutoff=0.75))

    async def _exists(self, incident: str) -> bool:
        try:
            return bool(await self._client.get_workflow_handle(incident).describe())
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
            return False


def query(wanted: Wanted) -> str:
    """What visibility is asked."""
    parts = [INCIDENTS if wanted.every or wanted.phase == "closed" else RUNNING]
    if wanted.phase:
        parts.append(f"IncidentPhase = '{wanted.phase}'")
    elif not (wanted.every or wanted.followed_up):
        parts.append("(IncidentPhase IS NULL OR IncidentPhase != 'resolved')")
    parts += [f"IncidentSeverity IN ('{wanted.severity}', '{wanted.severity}?')"] if wanted.severity else []
    parts += [f"IncidentService = '{wanted.service}'"] if wanted.service else []
    return " AND ".join(parts)


async def _glance(execution: WorkflowExecution) -> Glance:
    found = execution.typed_search_attributes
    return Glance(
        id=execution.id,
        title=await execution.memo_value("title", ""),
        phase=found.get(PHASE, ""),
        severity=found.get(SEVERITY, ""),
        service=found.get(SERVICE, ""),
        commander=found.get(COMMANDER, ""),
        kind=found.get(KIND, ""),
        next_due_at=found.get(NEXT_DUE),
        opened_at=await execution.memo_value("opened_at", execution.start_time, type_hint=datetime),
    )
