"""The engine's own errands: incidents are opened, and groups are told."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from temporalio import activity
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowQueryFailedError, WorkflowUpdateFailedError
from temporalio.service import RPCError, RPCStatusCode

from activities.attribute import COMMANDER, KIND, SERVICE, SEVERITY
from activities.earlier import is_recorded, seen_before
from activities.starting import adopt, first_fact, start_incident
from config.company import Company
from domain.alerting.grouping import Group, group_id
from domain.company.alert_rule import AlertRule
from domain.exchange import OpenIncidentRequest, SuppressedAlerts
from domain.port.duty import Outcome
from domain.port.internal import FindCompany, FindOpen, ReportToGroup, TellIncident
from domain.procedure.company_search import found
from domain.procedure.joining import unfollowed
from domain.procedure.kept_back import HearKeptBack
from domain.report.view import View, pointer
from domain.run.progress import ActResult
from domain.value.act import Act
from domain.value.elsewhere import Elsewhere
from domain.value.incident_id import incident_id

if TYPE_CHECKING:  # a command line that asks the engine need not load a database
    from records.store import Records

FOUGHT = (
    "WorkflowType = 'Incident' AND ExecutionStatus = 'Running' "
    "AND (IncidentPhase IS NULL OR NOT IncidentPhase IN ('resolved', 'closed'))"
)
OPEN = 50
"""Incidents that are looked at while somebody begins to fight one."""


class IncidentActivities:
    """Starts incidents and signals groups, for workflows that may not do it themselves."""

    def __init__(self, client: Client, company: Company, queue: str, records: "Records | None" = None) -> None:
        self._client, self._company, self._queue, self._records = client, company, queue, records

    @activity.defn
    async def open_incident(self, order: OpenIncidentRequest) -> str:
        """Start the incident of these alerts once, with what may be happening again (REP-1), and answer its id."""
        first = first_fact(incident_id(order.seed), self._company, order)
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
