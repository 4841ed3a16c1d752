"""Begins anew what the engine has lost or cannot go on with: an incident is the list of its events.

The longest list is taken: the records', and what the run before still tells or has in its history. What was sent to
that run after its last event is sent again. Whatever is owed then may have been done already, and is looked for before
it is done (docs/adr/0042-begun-anew.md). Where a codec's key is lost for good, it goes on from the
records alone if somebody says so.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.api.common.v1 import Payload, WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
)
from temporalio.common import RawValue
from temporalio.service import RPCError, RPCStatusCode

from activities.starting import Listed, adopt, start_life
from activities.trouble import FAILS
from client import history
from client.port import IncidentNotFound, Refused
from client.sealed import readable
from domain.alerting.grouping import GROUPS, Group, group_id
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.incident_input import carry
from domain.run import read as fold
from domain.run.progress import begin_anew
from domain.value.kind import OF_ANOTHER_RELEASE
from domain.value.model import Instant, Model
from records.store import Records

PATIENCE = timedelta(seconds=5)


class Restored(Model):
    """What went on, from how much."""

    workflow: str
    events: int = 0
    recorded: int = 0
    """How many of them the records have."""
    sent_again: int = 0
    """Signals and acts that the run before had not taken, or not recorded."""
    records_until: Instant | None = None
    """The moment of the last event, where its history cannot be read here and it goes on from the records alone."""
    left_out: tuple[str, ...] = ()
    """What was sent after that moment and cannot be read."""


class Restorer:
    """Begins incidents and groups anew on one task queue."""

    def __init__(self, client: Client, records: Records, queue: str, *, records_only: bool = False) -> None:
        """With `records_only` what was encrypted with a key that is not here is given up."""
        self._client, self._records, self._queue = client, records, queue
        self._records_only = records_only

    async def restore(self, workflow: str, by: str) -> Restored:
        """Begin one anew; raises `Refused` for what lives or is closed, `IncidentNotFound` where nobody knows it."""
        found = await described(self._client, workflow)
        with readable(workflow):
            if found and not await self._is_lost(found):
                raise Refused(f"{workflow} lives: there is nothing to begin anew")
            return await self._begin(workflow, found, by=by, why=_why(found))

    async def take_over(self, workflow: str, run: str, why: str) -> Restored | None:
        """Begin one anew that lives and that no release at work can go on with; None where that was done meanwhile."""
        found = await described(self._client, workflow)
        if found is None or (found.run_id, found.status) != (run, WorkflowExecutionStatus.RUNNING):
            return None
        return await self._begin(workflow, found, by="standfast", why=why)

    async def _begin(
        self,
        workflow: str,
        found: WorkflowExecutionDescription | None,
        *,
        by: str,
        why: str,
    ) -> Restored:
        sealed = await self._is_given_up(found)
        if workflow.startswith(GROUPS):
            return await (self._group_anew(found) if found and sealed else self._reset(workflow, found))
        events, there = await self._events(workflow, None if sealed else found)
        incident = begin_anew(events, by, why, datetime.now(UTC))
        if incident.phase == "closed":
            raise Refused(f"{workflow} is closed: nothing of it is owed any more")
        signals = await history.sent(self._client, found, events[-1].heard_at) if found else []
        await self._start(incident, there, None if sealed else found)
        left_out = await self._send(workflow, signals)
        if incident.opened.group and not incident.over:
            await self._adopt(incident)
        return Restored(
            workflow=workflow,
            events=len(incident.events),
            recorded=there,
            sent_again=len(signals) - len(left_out),
            records_until=events[-1].heard_at if sealed else None,
            left_out=left_out,
        )

    async def lost(self) -> tuple[str, ...]:
        """Those that are open by the records and that the engine does not run, cannot go on with, or has in part."""
        found, last = list[str](), None
        while rows := await self._records.incidents(open_only=True, after=last):
            last = rows[-1].id
            for row in rows:
                one = await described(self._client, row.id)
                if one is None or await self._is_lost(one):
                    found.append(row.id)
        return tuple(found)

    async def _is_lost(self, found: WorkflowExecutionDescription) -> bool:
        """Whether it has ended, fails, or lives and lacks events that the records have: its store was rolled back."""
        if needs_restoring(found):
            return True
        if await self._is_given_up(found):
            return not await _answers(self._client, found)
        if found.id.startswith(GROUPS):
            return False
        kept = await recorded(self._records, found.id)
        return len(kept) > len(await history.written(self._client, found))

    async def _is_given_up(self, found: WorkflowExecutionDescription | None) -> bool:
        """Whether a key is lost with which a run's history was encrypted, and somebody said to go on without."""
        return bool(self._records_only and found and await history.is_sealed(self._client, found))

    async def _events(self, incident: str, described: WorkflowExecutionDescription | None) -> tuple[list[Event], int]:
        """The longest list of events there is, and how many the records have."""
        kept = await recorded(self._records, incident)
        others = [await history.written(self._client, described)] if described else []
        if described and described.status != WorkflowExecutionStatus.RUNNING:
            others.append(await told(self._client, described))
        newer = [event for event in max(others, key=len, default=[]) if event.number > len(kept)]
        if not kept and not newer:
            raise IncidentNotFound(incident)
        return [*kept, *newer], len(kept)

    async def _start(self, incident: Incident, recorded: int, described: WorkflowExecutionDescription | None) -> None:
        title = str(incident.title)
        seed = await described.memo_value("seed", "") if described else ""
        rings = incident.policy.severities[incident.likely].page == "at_once"
        listed = Listed(seed, title, incident.opened_at, incident.mark, rings)
        await start_life(self._client, self._queue, incident.id, carry(incident, recorded), listed, anew=True)

    async def _send(self, workflow: str, signals: Sequence[tuple[str, Sequence[Payload]]]) -> tuple[str, ...]:
        """Send them again; the names of those that are left out, for their key is lost."""
        handle: Any = self._client.get_workflow_handle(workflow)
        left_out = list[str]()
        for name, payloads in signals:
            plain = await history.plain(self._client, payloads)
            if plain is None:
                left_out.append(name)
            else:
                await handle.signal(name, args=[RawValue(one) for one in plain])
        return tuple(left_out)

    async def _adopt(self, incident: Incident) -> None:
        """Its group of alerts, begun anew too where it was lost, has it for its own (DET-4)."""
        key = incident.corrections.group(incident.opened.group)
        group = Group(key=key, service=incident.service.name, environment=incident.opened.environment)
        found = await described(self._client, group_id(key))
        if await self._is_given_up(found):
            await self._end(found)
        await adopt(self._client, self._queue, group, incident.policy.alerts, incident.id)

    async def _end(self, found: WorkflowExecutionDescription | None) -> None:
        if found and found.status == WorkflowExecutionStatus.RUNNING:
            await self._client.get_workflow_handle(found.id, run_id=found.run_id).terminate("its codec key is lost")

    async def _group_anew(self, found: WorkflowExecutionDescription) -> Restored:
        """A group whose key is lost knows nothing but its open incident, as the records have it."""
        last = None
        while rows := await self._records.incidents(open_only=True, after=last):
            last = rows[-1].id
            for row in rows:
                incident = fold.read(await recorded(self._records, row.id), excusing=True)
                if group_id(incident.corrections.group(incident.opened.group)) == found.id and not incident.over:
                    await self._adopt(incident)
                    return Restored(workflow=found.id, records_until=incident.events[-1].heard_at)
        await self._end(found)
        return Restored(workflow=found.id, records_until=found.start_time)

    async def _reset(self, group: str, described: WorkflowExecutionDescription | None) -> Restored:
        """A group that ended goes on from its last decision; one that cannot be replayed hears all alerts again."""
        if described is None:
            raise IncidentNotFound(group)
        ended = described.status != WorkflowExecutionStatus.RUNNING
        point = await (history.last_task if ended else history.first_task)(self._client, described)
        if not point:
            raise Refused(f"{group} had decided nothing yet; its next alert begins it anew")
        await self._client.workflow_service.reset_workflow_execution(
            ResetWorkflowExecutionRequest(
                namespace=self._client.namespace,
                workflow_execution=WorkflowExecution(workflow_id=group, run_id=described.run_id),
                reason="standfast restore",
                workflow_task_finish_event_id=point,
                request_id=f"restore/{described.run_id}",
            )
        )
        return Restored(workflow=group)


async def described(client: Client, workflow: str) -> WorkflowExecutionDescription | None:
    """What the engine knows of a workflow; None where it knows none."""
    try:
        return await client.get_workflow_handle(workflow).describe()
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        return None


async def recorded(records: Records, incident: str) -> list[Event]:
    """The events that the records have."""
    kept = await records.events(incident)
    return [Event.model_validate_json(one.body, extra="ignore", context=OF_ANOTHER_RELEASE) for one in kept]


async def told(client: Client, described: WorkflowExecutionDescription) -> list[Event]:
    """The events as a run itself tells them; nothing where it cannot be replayed, or nobody is at work."""
    handle, found = client.get_workflow_handle(described.id, run_id=described.run_id), list[Event]()
    with suppress(RPCError, WorkflowQueryFailedError, WorkflowQueryRejectedError):
        while True:
            after = found[-1].number if found else 0
            page = await handle.query("timeline", after, result_type=list[Event], rpc_timeout=PATIENCE)
            found += page
            if not page:
                return found
    return []


async def _answers(client: Client, described: WorkflowExecutionDescription) -> bool:
    """Whether some worker can still read a run; what it answers with a key that is not here raises `KeyUnfit`."""
    asked = "watch" if described.id.startswith(GROUPS) else "incident"
    with suppress(RPCError, WorkflowQueryFailedError, WorkflowQueryRejectedError):
        await client.get_workflow_handle(described.id).query(asked, rpc_timeout=PATIENCE)
        return True
    return False


def needs_restoring(described: WorkflowExecutionDescription) -> bool:
    """Whether a workflow has ended, or its task fails again and again."""
    if described.status != WorkflowExecutionStatus.RUNNING:
        return True
    raw: Any = described.raw_description
    return bool(raw.HasField("pending_workflow_task") and raw.pending_workflow_task.attempt >= FAILS)


def _why(described: WorkflowExecutionDescription | None) -> str:
    if described is None:
        return "the engine knows nothing of it any more"
    if described.status == WorkflowExecutionStatus.RUNNING:
        failing = needs_restoring(described)
        return "its release could not go on with it" if failing else "the engine had forgotten what the records have"
    how = described.status.name.lower().replace("_", " ") if described.status else "ended"
    return f"it was {how} in the engine"
