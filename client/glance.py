"""The open incidents and what is due in them, asked for with as little of the engine's library as there is.

For TAB and for `standfast due`, whose readers wait for no model of the procedure: what a worker answers is read as it
stands.
"""

import asyncio
import difflib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple, NoReturn, TypeVar

from temporalio.api.common.v1 import Payload, WorkflowExecution
from temporalio.api.query.v1 import WorkflowQuery
from temporalio.api.workflow.v1 import WorkflowExecutionInfo
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionRequest,
    ListWorkflowExecutionsRequest,
    QueryWorkflowRequest,
)
from temporalio.service import ConnectConfig, RPCError, RPCStatusCode, ServiceClient

from client.error import EngineUnavailable, IncidentNotFound, NoWorker
from client.meaning import is_unknown, meaning
from client.sealed import opened, readable
from workflows.away import EngineAway
from workflows.target import target

OPEN_QUERY = (
    "WorkflowType = 'Incident' AND ExecutionStatus = 'Running' AND (IncidentPhase IS NULL OR IncidentPhase != 'closed')"
)
"""What visibility is asked: the same as `client.listing.query` asks for `OPEN`."""
OWING_QUERY = f"{OPEN_QUERY} AND (IncidentNextDue IS NOT NULL OR IncidentPhase IS NULL)"
"""The same for those that owe something, and for those that no worker has seen."""
NEWEST = "WorkflowType = 'Incident'"
"""The same for every incident, whether it has ended or not."""
MOST = 50
"""Incidents that TAB offers, the newest first."""
PAGE, LOOKED_AT = 1000, 1000
"""Incidents in one answer of the list; the newest among which one that sounds like a mistyped id is looked for."""
PATIENCE = timedelta(seconds=5)
"""How long the engine, and a worker, is waited for."""
PLAIN = b"json/plain"
Answer = TypeVar("Answer")


class OpenIncident(NamedTuple):
    """An incident that is not closed, as visibility knows it, maybe a moment old."""

    id: str
    severity: str
    service: str
    phase: str = ""
    """Empty while no worker has seen it."""
    next_due_at: datetime | None = None


class DueNow:
    """One running deadline as a worker told it: what `domain.report.due.Due` has, read without its models."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._told = told
        self.incident, self.clause, self.owner = str(told["incident"]), str(told["clause"]), str(told["owner"])
        self.doing = str(told.get("does") or told["says"])
        self.called, self.asked = str(told.get("called") or told["person"]), str(told.get("asked") or "")
        self.due_at = datetime.fromisoformat(told["due_at"])
        self.order = told.get("rings_at") is None, self.due_at

    def model_dump(self, *, mode: str) -> dict[str, Any]:
        """As it was told, which is JSON already."""
        return self._told


class Owing(NamedTuple):
    """What is due in one incident, the next first."""

    due: tuple[DueNow, ...]
    links: tuple[tuple[str, str], ...] = ()
    """The incidents that it is linked to, each with its title."""


class Glance:
    """Reads open incidents from visibility, and what is due in each from its worker."""

    def __init__(self, service: ServiceClient, namespace: str) -> None:
        self._service, self._namespace = service, namespace

    async def list_incidents(self) -> tuple[OpenIncident, ...]:
        """Every open one, the newest first; needs no worker."""
        return await self._every(OPEN_QUERY)

    async def list_owing(self) -> tuple[OpenIncident, ...]:
        """Those with a deadline, and those that no worker has seen; most that wait for their day have none."""
        return await self._every(OWING_QUERY)

    async def _every(self, query: str) -> tuple[OpenIncident, ...]:
        seen = dict[str, OpenIncident]()
        async for one in self._listed(query):
            seen.setdefault(one.id, one)
        return tuple(seen.values())

    async def describe(self, incident: str) -> OpenIncident:
        """What is known of one without a worker; raises `IncidentNotFound`."""
        named = WorkflowExecution(workflow_id=incident)
        asked = DescribeWorkflowExecutionRequest(namespace=self._namespace, execution=named)
        try:
            answer = await self._service.workflow_service.describe_workflow_execution(asked, retry=True)
        except RPCError as error:
            await self._fail(incident, error)
        return _open(answer.workflow_execution_info)

    async def view(self, incident: str) -> Owing:
        """What is due in it; raises `NoWorker` where none answers."""
        asked = QueryWorkflowRequest(
            namespace=self._namespace,
            execution=WorkflowExecution(workflow_id=incident),
            query=WorkflowQuery(query_type="incident"),
        )

        async def ask() -> Any:
            return await self._service.workflow_service.query_workflow(asked, retry=True, timeout=PATIENCE)

        try:
            answer = await _again(ask)
        except RPCError as error:
            if error.status == RPCStatusCode.INVALID_ARGUMENT:  # the question itself failed there
                raise NoWorker(f"{incident}: {opened(error.message)}") from None
            await self._fail(incident, error)
        [payload] = answer.query_result.payloads
        with readable(incident):
            told = await _read(payload)
        return Owing(tuple(DueNow(one) for one in told["due"]), tuple(told.get("links", {}).items()))

    async def _listed(self, query: str, most: int | None = None) -> AsyncIterator[OpenIncident]:
        asked = ListWorkflowExecutionsRequest(namespace=self._namespace, page_size=most or PAGE, query=query)
        while True:
            try:
                answer = await self._service.workflow_service.list_workflow_executions(asked, retry=True)
            except RPCError as error:
                raise self._meaning("the list of incidents", error) from None
            for one in answer.executions:
                yield _open(one)
            asked.next_page_token = answer.next_page_token
            if most or not answer.next_page_token:
                return

    async def _fail(self, incident: str, error: RPCError) -> NoReturn:
        if not is_unknown(error):
            raise self._meaning(incident, error) from None
        newest = [one.id async for one in self._listed(NEWEST, LOOKED_AT)]
        raise IncidentNotFound(incident, difflib.get_close_matches(incident, newest, n=3, cutoff=0.75)) from None

    def _meaning(self, what: str, error: RPCError) -> Exception:
        return meaning(what, error, f"namespace {self._namespace} at {self._service.config.target_host}")


async def _again(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """The answer of a worker; asked again while the guard before a workflow refuses (ADR 0012)."""
    pauses: Iterator[float] | None = None
    while True:
        try:
            return await ask()
        except RPCError as error:
            from workflows.query_retry import PAUSES, STALE  # costs what is seldom needed

            pauses = iter(PAUSES) if pauses is None else pauses
            stale = error.status == RPCStatusCode.INVALID_ARGUMENT and error.message.startswith(STALE)
            pause = next(pauses, None) if stale else None
            if pause is None:
                raise
        await asyncio.sleep(pause)


async def _read(payload: Payload) -> Any:
    """What a payload says; decrypted where it must be, with the library that this takes."""
    if payload.metadata.get("encoding") != PLAIN:
        from workflows.codec import Settings, codec

        if (ring := codec(Settings())) is None:
            raise KeyError(payload.metadata["encoding"].decode())
        [payload] = await ring.decode([payload])
    return json.loads(payload.data)


@asynccontextmanager
async def reach() -> AsyncIterator[Glance]:
    """A reader of Temporal as its environment variables say; raises `EngineUnavailable` where nobody answers."""
    try:
        glance = await _connected(PATIENCE)
    except (EngineAway, ValueError) as error:
        raise EngineUnavailable(f"{error}; `standfast doctor` looks at everything") from None
    yield glance


async def open_incidents(within: timedelta) -> list[OpenIncident]:
    """The newest open incidents; raises what the engine's library raises where it does not answer in time."""
    glance = await _connected(within)
    async with asyncio.timeout(within.total_seconds()):
        return [one async for one in glance._listed(OPEN_QUERY, MOST)]


async def linked_to(incident: str, within: timedelta) -> tuple[tuple[str, str], ...]:
    """The incidents that one is linked to, each with its title; raises like `open_incidents`, and `NoWorker`."""
    glance = await _connected(within)
    async with asyncio.timeout(within.total_seconds()):
        return (await glance.view(incident)).links


async def _connected(within: timedelta) -> Glance:
    """Connected as TEMPORAL_* and profiles say, like `workflows.connection`, without its converter of models."""
    where = target()
    namespace: str = where.pop("namespace", "default")
    try:
        asking = ServiceClient.connect(ConnectConfig(**where, connect_timeout=within))
        return Glance(await asyncio.wait_for(asking, within.total_seconds()), namespace)
    except (RuntimeError, TimeoutError) as error:
        raise EngineAway.of(error, where["target_host"]) from None


def _open(info: WorkflowExecutionInfo) -> OpenIncident:
    known = dict(info.search_attributes.indexed_fields)
    id, due = info.execution.workflow_id, _word(known, "IncidentNextDue")
    severity, service, phase = (_word(known, f"Incident{name}") for name in ("Severity", "Service", "Phase"))
    return OpenIncident(id, severity, service, phase, datetime.fromisoformat(due) if due else None)


def _word(known: dict[str, Payload], name: str) -> str:
    """A search attribute that is a word; empty where it is none, or not there."""
    value = json.loads(known[name].data) if name in known else ""
    return value if isinstance(value, str) else ""
