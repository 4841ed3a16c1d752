"""The engine behind the port: updates for acts, signals where no worker answers, queries and visibility to read."""

import asyncio
import difflib
import itertools
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, NoReturn, TypeVar

from pydantic_settings import BaseSettings
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from activities.starting import HEARING, TASK_TIMEOUT, Begun, adopt, begin_incident, seed_of
from client.listing import query, summary
from client.meaning import is_unknown, meaning
from client.port import (
    OPEN,
    Declaration,
    Declared,
    EngineUnavailable,
    IncidentEnded,
    IncidentFilter,
    IncidentLost,
    IncidentNotFound,
    IncidentSummary,
    NotTaken,
    NoWorker,
    Refused,
    Unanswered,
    beside,
)
from client.sealed import opened, readable
from config.company import Company
from domain.alerting.alert_group import AlertGroup
from domain.alerting.digest import AlertDigest
from domain.alerting.grouping import Group, group_id, group_of
from domain.alerting.scope import suppression
from domain.drill import DrillPlan
from domain.exchange import OpenIncidentRequest
from domain.incident.event import Event
from domain.procedure.report import JoinReport
from domain.report.view import View
from domain.run.progress import ActResult
from domain.value.act import Act
from workflows import connection

PATIENCE = timedelta(seconds=5)
"""How long a worker is waited for."""
LOOKED_AT = 1000
"""The newest incidents among which one that sounds like a mistyped id is looked for."""
AT_ONCE = timedelta(seconds=0.5)
"""How long it is asked whether somebody declared the same a moment ago: a new incident must not wait for it."""
TRIES = 20
"""How often a drill is asked for its incident while it opens it."""
Result = TypeVar("Result")


class Settings(BaseSettings):
    """Which workers are spoken to."""

    standfast_task_queue: str = "standfast"


class TemporalIncidents:
    """Speaks to incidents by their workflow id; connects when it is first asked, and again while that fails."""

    def __init__(
        self,
        company: Company,
        queue: str,
        *,
        client: Client | None = None,
        patience: timedelta = PATIENCE,
        recorded: Callable[[str], Awaitable[str]] | None = None,
    ) -> None:
        """`recorded` says in which phase the records have an incident, or nothing where they do not."""
        self._company, self._queue, self._patience, self._recorded = company, queue, patience, recorded
        self._connected = client

    async def connect(self) -> Client:
        """The connection, made now where there is none; raises `EngineUnavailable` where no engine answers."""
        if self._connected is None:
            try:
                self._connected = await connection.connect()
            except (connection.EngineAway, ValueError) as error:
                raise EngineUnavailable(str(error)) from None
        return self._connected

    async def tell_group(self, group: str, digest: AlertDigest) -> None:
        """Signal-with-start: the engine itself decides which run of the group hears it."""
        rule, now = self._company.policy.alerts, max((alert.at for alert in digest.alerts), default=None)
        why = suppression(digest.environment, digest.service, self._company.catalog, rule, now) if now else None
        told = digest.model_copy(update={"suppressed": why, "rule": rule})
        client = await self.connect()
        try:
            await client.start_workflow(
                "AlertGroup",
                AlertGroup(group=group, service=digest.service, environment=digest.environment, life=digest.first_row),
                id=group_id(group),
                task_queue=self._queue,
                start_signal="tell",
                start_signal_args=[told],
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                task_timeout=TASK_TIMEOUT,
                static_summary=f"alerts of {group}",
                priority=HEARING,
            )
        except RPCError as error:
            raise self._meaning(group, error) from None

    async def signal(self, incident: str, act: Act) -> None:
        """The signal of the act's name; durable once the engine has answered."""
        try:
            await (await self._handle(incident)).signal(act.kind, act)
        except RPCError as error:
            await self._fail(incident, error)

    async def update(self, incident: str, act: Act) -> ActResult:
        """The update of the act's name; its id is the act's, so that the same act twice is one."""
        handle = await self._handle(incident)
        try:
            async with asyncio.timeout(self._patience.total_seconds()):  # the SDK asks again after each time-out
                asking = handle.execute_update(act.kind, act, id=act.id or None, result_type=ActResult)
                with readable(f"the answer of {incident}"):
                    answer: ActResult = await asking
                return answer
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
            raise NoWorker(f"{incident}: no worker answered") from None
        except WorkflowUpdateFailedError as error:
            raise Refused(f"{incident}: {error.cause}") from None
        except RPCError as error:
            await self._fail(incident, error, act)

    async def view(self, incident: str) -> View:
        """The incident in one answer; one that has ended needs nobody at work of the release that it ended under."""
        try:
            return await self._query(incident, "incident", View)
        except NoWorker:
            if ended := await self._ended(incident):
                return ended
            raise

    async def _ended(self, incident: str) -> View | None:
        """How an incident stood at its end; None while it runs."""
        handle = (await self.connect()).get_workflow_handle(incident, result_type=View)
        try:
            if (await handle.describe()).status != WorkflowExecutionStatus.COMPLETED:
                return None
            with readable(incident):
                found: View = await handle.result()
            return found
        except RPCError as error:
            await self._fail(incident, error)

    async def timeline(self, incident: str, after: int = 0) -> list[Event]:
        """A page of its events."""
        return await self._query(incident, "timeline", list[Event], after)

    async def describe(self, incident: str) -> IncidentSummary:
        """By describing it, which needs no worker."""
        try:
            return await summary(await (await self._handle(incident)).describe())
        except RPCError as error:
            await self._fail(incident, error)

    async def list_incidents(
        self, wanted: IncidentFilter = OPEN, limit: int | None = None
    ) -> tuple[IncidentSummary, ...]:
        """From visibility, so that no worker need be at work; it lags the incidents by a moment."""
        client, seen = await self.connect(), dict[str, IncidentSummary]()
        try:
            async for execution in client.list_workflows(query(wanted), limit=limit):
                if execution.id not in seen:
                    seen[execution.id] = await summary(execution)
        except RPCError as error:
            raise self._meaning("the list of incidents", error) from None
        return tuple(seen.values())

    async def declare(self, declaration: Declaration) -> Declared:
        """DET-2: open it, then let the service's alert group adopt it, so that alerts join it (DET-4)."""
        policy, alert, client = self._company.policy, declaration.alert, await self.connect()
        group = declaration.group or group_of(alert, self._company.catalog, policy.alerts.grouping)
        order = OpenIncidentRequest(
            group=group.key, service=alert.service, alerts=(alert,), seed=declaration.seed, by=declaration.by
        )
        joined = None if declaration.apart else await self.join_report(group, declaration)
        if joined:
            return joined
        try:
            others = await self.list_incidents(IncidentFilter(service=alert.service))
            begun = await self._begin(client, order)
            phase = (await self.describe(begun.incident)).phase
            if phase != "resolved":  # again, where an attempt before this one was cut off between the two
                await adopt(client, self._queue, group, policy.alerts, begun.incident)
        except RPCError as error:
            raise self._meaning(declaration.seed, error) from None
        also = beside(begun.incident, others)
        return Declared(incident=begun.incident, service=alert.service, fresh=begun.fresh, phase=phase, others=also)

    async def join_report(self, group: Group, declaration: Declaration) -> Declared | None:
        """DET-4: have a report join what was opened a moment ago; where nobody says so at once, it joins nothing."""
        alert, seed = declaration.alert, declaration.seed
        try:
            async with asyncio.timeout(AT_ONCE.total_seconds()):
                incident = (await self._query(group_id(group.key), "watch", AlertGroup)).incident
                there = await self.view(incident) if incident else None
                if there is None or there.reports_until is None or alert.at > there.reports_until:
                    return None
                if await seed_of(await self.connect(), incident) == seed:
                    return None
        except (TimeoutError, Unanswered, NotTaken, RPCError):
            return None
        answer = await self.update(incident, JoinReport.of(alert, declaration.by, f"report/{seed}"))
        told = Declared(incident=incident, service=alert.service, fresh=False, joined=True, phase=there.phase)
        return told if answer.accepted else None

    async def start_drill(self, plan: DrillPlan) -> str:
        """Start the drill's own workflow, and wait until it has opened its incident."""
        name, client = group_id(plan.group), await self.connect()
        summary = f"DRILL {plan.name}"[:200]
        try:
            await client.start_workflow("Drill", plan, id=name, task_queue=self._queue, static_summary=summary)
        except RPCError as error:
            raise self._meaning(name, error) from None
        for _ in range(TRIES):
            if incident := await self._query(name, "incident", str):
                return incident
            await asyncio.sleep(self._patience.total_seconds() / TRIES)
        raise NoWorker(f"{name} has begun, but no worker has opened its incident yet; `standfast list` will show it")

    async def _handle(self, incident: str) -> WorkflowHandle[Any, Any]:
        return (await self.connect()).get_workflow_handle(incident)

    async def _begin(self, client: Client, order: OpenIncidentRequest) -> Begun:
        """Start it, or find the one that lives; one that has ended makes place for the next."""
        seed = order.seed
        for number in itertools.count(2):
            try:
                begun = await begin_incident(client, self._company, self._queue, order)
            except ApplicationError as error:
                raise Refused(str(error.message)) from None
            described = await client.get_workflow_handle(begun.incident).describe()
            if begun.fresh or described.status in (WorkflowExecutionStatus.RUNNING, None):
                break
            order = order.model_copy(update={"seed": f"{seed}/{number}"})
        return begun

    async def _query(self, incident: str, name: str, result: type[Result], *args: Any) -> Result:
        handle = await self._handle(incident)
        try:
            with readable(incident):
                found: Result = await handle.query(name, args=args, result_type=result, rpc_timeout=self._patience)
            return found
        except (WorkflowQueryFailedError, WorkflowQueryRejectedError) as error:
            raise NoWorker(f"{incident}: {opened(str(error))}") from None
        except RPCError as error:
            await self._fail(incident, error)

    async def _fail(self, incident: str, error: RPCError, act: Act | None = None) -> NoReturn:
        """Raise what a refusal of the engine means for whoever asked about an incident, or acts on it."""
        if not is_unknown(error):
            raise self._meaning(incident, error) from None
        if await self._exists(incident):
            raise IncidentEnded(incident, act.afterwards if act else "") from None
        if act and self._recorded and (phase := await self._recorded(incident)):
            raise (IncidentEnded(incident, act.afterwards) if phase == "closed" else IncidentLost(incident)) from None
        newest = [one.id for one in await self.list_incidents(IncidentFilter(every=True), limit=LOOKED_AT)]
        raise IncidentNotFound(incident, difflib.get_close_matches(incident, newest, n=3, cutoff=0.75)) from None

    async def _exists(self, incident: str) -> bool:
        try:
            return bool(await (await self._handle(incident)).describe())
        except RPCError as error:
            if not is_unknown(error):
                raise self._meaning(incident, error) from None
            return False

    def _meaning(self, what: str, error: RPCError) -> Exception:
        """What the engine's answer means: nobody at work, never to be taken, or the engine is away."""
        client = self._connected
        where = f"namespace {client.namespace} at {client.service_client.config.target_host}" if client else "nowhere"
        return meaning(what, error, where)
