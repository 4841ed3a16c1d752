"""The engine's own errands: incidents are opened, and groups are told."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from temporalio import activity
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowQueryFailedError, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.attribute import COMMANDER, KIND, SERVICE, SEVERITY
from activities.earlier import is_recorded, seen_before
from config.company import Company
from domain.alerting.alert_group import AlertGroup
from domain.alerting.grouping import Group, group_id
from domain.company.alert_rule import AlertRule
from domain.exchange import OpenIncidentRequest, SuppressedAlerts
from domain.incident.opening import Opened
from domain.incident_input import IncidentInput
from domain.port.duty import Outcome
from domain.port.internal import FindCompany, FindOpen, ReportToGroup, TellIncident
from domain.procedure.company_search import found
from domain.procedure.detection import opened
from domain.procedure.joining import unfollowed
from domain.procedure.kept_back import HearKeptBack
from domain.report.view import View, pointer
from domain.run.progress import ActResult
from domain.value.act import Act
from domain.value.elsewhere import Elsewhere
from domain.value.incident_id import incident_id
from domain.value.private import Private
from domain.value.repeat import Repeat

if TYPE_CHECKING:  # a command line that asks the engine need not load a database
    from records.store import Records

ATTEMPTS = 5
"""Ids tried for one incident; five characters make thirty-three million, so a second is rarely needed."""
FOUGHT = (
    "WorkflowType = 'Incident' AND ExecutionStatus = 'Running' "
    "AND (IncidentPhase IS NULL OR NOT IncidentPhase IN ('resolved', 'closed'))"
)
OPEN = 50
"""Incidents that are looked at while somebody begins to fight one."""
TASK_TIMEOUT = timedelta(seconds=5)
"""A workflow task whose worker died is given to another after this long (TEMPORAL: worker loss)."""
ONCE = (WorkflowIDReusePolicy.REJECT_DUPLICATE, WorkflowIDConflictPolicy.UNSPECIFIED)
AGAIN = (WorkflowIDReusePolicy.ALLOW_DUPLICATE, WorkflowIDConflictPolicy.USE_EXISTING)
ANEW = (WorkflowIDReusePolicy.ALLOW_DUPLICATE, WorkflowIDConflictPolicy.TERMINATE_EXISTING)


class IncidentActivities:
    """Starts incidents and signals groups, for workflows that may not do it themselves."""

    def __init__(self, client: Client, company: Company, queue: str, records: "Records | None" = None) -> None:
        self._client, self._company, self._queue, self._records = client, company, queue, records

    @activity.defn
    async def open_incident(self, order: OpenIncidentRequest) -> str:
        """Start the incident of these alerts once, with what may be happening again (REP-1), and answer its id."""
        first = _first(incident_id(order.seed), self._company, order)
        records = self._records if not order.rehearsal else None
        if records and await is_recorded(records, first):
            return first.incident  # another try, or a webhook that is relayed again after the engine's store was lost
        earlier = await seen_before(records, first) if records else ()
        return await start_incident(self._client, self._company, self._queue, order, earlier)

    @activity.defn
    async def report_to_group(self, duty: ReportToGroup) -> Outcome:
        """Tell the group; one that has ended has nothing left to hear."""
        try:
            await self._client.get_workflow_handle(group_id(duty.group)).signal("report", duty)
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
            return Outcome(text="the group has ended")
        return Outcome()

    @activity.defn
    async def find_open(self, duty: FindOpen) -> Outcome:
        """What else is being fought, as visibility knows it (DET-7): it may lag by a moment."""
        others = []
        async for one in self._client.list_workflows(FOUGHT, limit=OPEN):
            known = one.typed_search_attributes
            if one.id != duty.incident and (known.get(KIND) or "") != "drill":
                others.append(
                    Elsewhere(
                        incident=one.id,
                        title=await one.memo_value("title", ""),
                        service=known.get(SERVICE) or "",
                        severity=known.get(SEVERITY) or "",
                        commander=known.get(COMMANDER) or "",
                        opened_at=await one.memo_value("opened_at", None),
                    )
                )
        return Outcome(open=tuple(others))

    @activity.defn
    async def tell_kept_back(self, order: SuppressedAlerts) -> None:
        """Tell whoever fights an incident of the service what is kept back (SCP-2), as visibility knows them."""
        wanted = f"{FOUGHT} AND {SERVICE.name} = '{order.service}'"
        incidents = [one.id async for one in self._client.list_workflows(wanted, limit=OPEN)]
        await tell_kept_back(self._client, order, incidents, rule=self._company.policy.alerts)

    @activity.defn
    async def find_company(self, duty: FindCompany) -> Outcome:
        """Look a service or a team up, and have the service's group of alerts take the incident (DET-7)."""
        catalog, policy = self._company.catalog, self._company.policy
        answer = found(duty, catalog, policy)
        if answer.catalog and duty.moves:
            [service] = answer.catalog.services
            group = Group(answer.ref, service, duty.environment)
            await adopt(self._client, self._queue, group, policy.alerts, duty.incident)
        return answer

    @activity.defn
    async def tell_incident(self, duty: TellIncident) -> Outcome:
        """Have another incident, or the one that it was merged into, decide an act (DET-7); what has ended does not."""
        other = duty.other
        while into := await self._merged_into(other):
            if refused := unfollowed(duty, into):
                return refused
            other = into
        return await self._told(other, duty.act)

    async def _told(self, other: str, act: Act) -> Outcome:
        """What an incident makes of an act, and where it is; a word why not."""
        handle = self._client.get_workflow_handle(other)
        try:
            answer = await handle.execute_update(act.kind, act, id=act.id, result_type=ActResult)
            if not answer.accepted:
                return Outcome(text=answer.text)
            there: View = await handle.query("incident", result_type=View)
        except WorkflowUpdateFailedError as error:
            return Outcome(text=str(error.cause))
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
            return Outcome(text="there is no such incident, or it has ended")
        return pointer(there)

    async def _merged_into(self, other: str) -> str:
        """What an incident was merged into; empty where it was not, or never was.

        What has ended says it by its result: nobody need be at work any more of the release that it ended under.
        """
        handle = self._client.get_workflow_handle(other, result_type=View)
        try:
            status = (await handle.describe()).status
            if status not in (WorkflowExecutionStatus.COMPLETED, WorkflowExecutionStatus.RUNNING):
                return ""
            over = status == WorkflowExecutionStatus.COMPLETED
            there: View = await (handle.result() if over else handle.query("incident", result_type=View))
        except WorkflowQueryFailedError:
            return ""
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
            return ""
        return there.merged_into


async def tell_kept_back(client: Client, order: SuppressedAlerts, incidents: Iterable[str], *, rule: AlertRule) -> None:
    """Signal these incidents what was kept back; one that has ended meanwhile needs to hear nothing."""
    act = HearKeptBack.of(order.alerts, order.reason, group=order.group, rule=rule)
    for incident in incidents:
        try:
            await client.get_workflow_handle(incident).signal(act.kind, act)
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise


class Begun(NamedTuple):
    """The incident of an order, and whether it was started just now rather than by an earlier attempt."""

    incident: str
    fresh: bool


async def start_incident(
    client: Client, company: Company, queue: str, order: OpenIncidentRequest, earlier: tuple[Repeat, ...] = ()
) -> str:
    """Start the incident of an order once, and answer its id; raises as `begin_incident`."""
    return (await begin_incident(client, company, queue, order, earlier)).incident


async def begin_incident(
    client: Client, company: Company, queue: str, order: OpenIncidentRequest, earlier: tuple[Repeat, ...] = ()
) -> Begun:
    """Start the incident of an order once; another incident's id is passed over.

    Raises `ApplicationError` where the catalog has no service for it.
    """
    for attempt in range(ATTEMPTS):
        incident = incident_id(order.seed, attempt)
        if await _is_started_now(client, _first(incident, company, order, earlier), queue, order):
            return Begun(incident, True)
        if await seed_of(client, incident) == order.seed:
            return Begun(incident, False)
    raise ApplicationError(f"no free incident id for {order.seed}", type="NoFreeId")


def _first(incident: str, company: Company, order: OpenIncidentRequest, earlier: tuple[Repeat, ...] = ()) -> Opened:
    policy, catalog = company.policy, company.catalog
    service = order.service if order.service in catalog.services else policy.alerts.default_service
    if service not in catalog.services:
        known = ", ".join(catalog.services)
        raise ApplicationError(f"alerts.default_service: found {service!r}, expected one of {known}", type="Unfit")
    if order.rehearsal:
        catalog, policy = order.rehearsal.catalog(catalog, service), order.rehearsal.policy(policy)
    group, drill = order.group, bool(order.rehearsal)
    return opened(
        incident,
        order.alerts,
        service,
        catalog,
        policy,
        group=group,
        drill=drill,
        earlier=earlier,
        beside=order.beside,
    )


async def _is_started_now(client: Client, first: Opened, queue: str, order: OpenIncidentRequest) -> bool:
    """Start it, unless its id is taken; the subject of a security incident stands in no list (SCP-3)."""
    life = IncidentInput(opened=first, by=order.by if order.by != "standfast" else first.source)
    listed = Listed(
        order.seed, str(Private(first.title, first.security)), datetime.now(UTC), "DRILL " if first.drill else ""
    )
    try:
        await start_life(client, queue, first.incident, life, listed)
    except WorkflowAlreadyStartedError:
        return False
    return True


class Listed(NamedTuple):
    """What the engine's lists tell of an incident beside its search attributes."""

    seed: str
    title: str
    opened_at: datetime
    mark: str = ""


async def start_life(
    client: Client,
    queue: str,
    incident: str,
    life: IncidentInput,
    listed: Listed,
    *,
    anew: bool = False,
    hears: Act | None = None,
) -> None:
    """Start an incident's workflow, or in the place of the run that was there `anew`.

    One that has ended is started after that run with an act that it `hears`; one that lives hears it as it is.
    Raises `WorkflowAlreadyStartedError` where the id is taken and it is not begun anew.
    """
    reuse, conflict = AGAIN if hears else ANEW if anew else ONCE
    await client.start_workflow(
        "Incident",
        life,
        id=incident,
        task_queue=queue,
        memo={"seed": listed.seed, "title": listed.title, "opened_at": listed.opened_at.isoformat()},
        id_reuse_policy=reuse,
        id_conflict_policy=conflict,
        start_signal=hears.kind if hears else None,
        start_signal_args=[hears] if hears else [],
        task_timeout=TASK_TIMEOUT,
        static_summary=f"{listed.mark}{listed.title}"[:200],
    )


async def seed_of(client: Client, incident: str) -> str:
    """What the incident of this id was started for."""
    description = await client.get_workflow_handle(incident).describe()
    return str(await description.memo_value("seed", ""))


async def adopt(client: Client, queue: str, group: Group, rule: AlertRule, incident: str) -> None:
    """Let a group of alerts take a declared incident for its own, so that its alerts join it (DET-4)."""
    await client.start_workflow(
        "AlertGroup",
        AlertGroup(group=group.key, service=group.service, environment=group.environment, rule=rule),
        id=group_id(group.key),
        task_queue=queue,
        start_signal="adopt",
        start_signal_args=[incident],
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        task_timeout=TASK_TIMEOUT,
        static_summary=f"alerts of {group.key}"[:200],
    )
