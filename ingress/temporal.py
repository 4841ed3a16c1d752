"""The engine as the ingress sees it: Temporal, with signals for what was heard and updates for what people decide."""

from datetime import datetime
from typing import Any

from temporalio.client import (
    Client,
    WorkflowExecution,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.company import Company
from activities.engine import TASK_TIMEOUT, adopt, group_id, start_incident
from domain.act import Act
from domain.clause.scp import suppression
from domain.digest import Digest
from domain.event import Event
from domain.group import Group
from domain.order import Opening
from domain.step import Answer
from domain.view import View
from domain.watch import Watch
from ingress.engine import EngineAway, Listed, NotTaken
from workflows.show import COMMANDER, KIND, NEXT_DUE, PHASE, SERVICE, SEVERITY

FINAL = frozenset({RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.OUT_OF_RANGE})
"""Refusals of one message; every other failure is the engine being away."""
OPEN = (
    "WorkflowType = 'Incident' AND ExecutionStatus = 'Running' AND (IncidentPhase IS NULL OR IncidentPhase != 'closed')"
)
"""An incident has no phase yet while no worker has seen it: with all workers away, that is what must be seen."""
MOST = 50
"""Open incidents in one list of a message; the board shows more."""
UNSEEN = "opened just now, no worker has seen it yet"


class TemporalEngine:
    """Tells groups and incidents by signal, and asks incidents by update."""

    def __init__(self, client: Client, company: Company, queue: str) -> None:
        self._client, self._company, self._queue = client, company, queue

    async def tell_group(self, group: str, digest: Digest) -> None:
        """Signal-with-start: the engine itself decides which run of the group hears it."""
        rule, now = self._company.policy.alerts, max((alert.at for alert in digest.alerts), default=None)
        why = suppression(digest.environment, digest.service, self._company.catalog, rule, now) if now else None
        told = digest.model_copy(update={"suppressed": why, "rule": rule})
        watch = Watch(group=group, service=digest.service, environment=digest.environment)
        await self._said(
            self._client.start_workflow(
                "AlertGroup",
                watch,
                id=group_id(group),
                task_queue=self._queue,
                start_signal="tell",
                start_signal_args=[told],
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                task_timeout=TASK_TIMEOUT,
                static_summary=f"alerts of {group}",
            )
        )

    async def tell_incident(self, incident: str, act: Act) -> None:
        """Signal the act; an incident that has ended takes none."""
        try:
            await self._said(self._client.get_workflow_handle(incident).signal(act.kind, act))
        except RPCError as error:
            raise NotTaken(f"{incident} has ended or never was: {error.message}") from None

    async def ask_incident(self, incident: str, act: Act) -> Answer:
        """The update of the act, with its answer; asked again with the same id it answers the same.

        Raises `NotTaken` for an incident that has ended or never was, `EngineAway` when nobody answers in time.
        """
        handle = self._client.get_workflow_handle(incident)
        try:
            answer: Answer = await handle.execute_update(act.kind, act, id=act.id or None, result_type=Answer)
            return answer
        except WorkflowUpdateRPCTimeoutOrCancelledError:
            raise EngineAway(f"{incident}: no worker answered in time") from None
        except WorkflowUpdateFailedError as error:
            raise NotTaken(f"{incident}: {error.cause}") from None
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND:
                raise NotTaken(f"{incident} has ended or never was") from None
            raise EngineAway(error.message) from None

    async def view(self, incident: str) -> View:
        """The incident in one answer."""
        view: View = await self._queried(incident, "incident", result_type=View)
        return view

    async def timeline(self, incident: str, after: int = 0) -> list[Event]:
        """A page of its events."""
        events: list[Event] = await self._queried(incident, "timeline", after, result_type=list[Event])
        return events

    async def open_incidents(self, most: int = MOST) -> tuple[Listed, ...]:
        """From visibility, so that no worker need be at work; it lags the incidents by a moment."""
        try:
            found = self._client.list_workflows(OPEN, limit=most)
            return tuple([await _listed(execution) async for execution in found])
        except RPCError as error:
            raise EngineAway(error.message) from None

    async def open_incident(self, group: Group, order: Opening) -> str:
        """Start the incident, then let the group adopt it; both are done once however often they are asked."""
        try:
            incident = await start_incident(self._client, self._company, self._queue, order)
            await adopt(self._client, self._queue, group, self._company.policy.alerts, incident)
        except ApplicationError as error:
            raise NotTaken(error.message) from None
        except RPCError as error:
            raise EngineAway(error.message) from None
        return incident

    async def _queried(self, incident: str, query: str, *args: Any, **how: Any) -> Any:
        try:
            return await self._client.get_workflow_handle(incident).query(query, *args, **how)
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND:
                raise NotTaken(f"{incident} has never been opened") from None
            raise EngineAway(error.message) from None
        except WorkflowQueryFailedError as error:
            raise NotTaken(f"{incident}: {error.message}") from None

    async def _said(self, call: Any) -> None:
        """Make a call that tells; a namespace that is not there is a fault of ours, and what is told waits for it."""
        try:
            await call
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND and "namespace" not in error.message.lower():
                raise
            if error.status in FINAL:
                raise NotTaken(error.message) from None
            raise EngineAway(error.message) from None


async def _listed(execution: WorkflowExecution) -> Listed:
    """An incident as its search attributes and its memo show it; one of unknown kind may have to hide its title."""
    known = execution.typed_search_attributes
    return Listed(
        id=execution.id,
        title=await execution.memo_value("title", "") if known.get(KIND) else UNSEEN,
        phase=known.get(PHASE) or "",
        severity=known.get(SEVERITY) or "",
        service=known.get(SERVICE) or "",
        commander=known.get(COMMANDER) or "",
        kind=known.get(KIND) or "incident",
        next_due_at=known.get(NEXT_DUE),
        opened_at=await execution.memo_value("opened_at", execution.start_time, type_hint=datetime),
    )
