"""The engine's own errands: incidents are opened, and groups are told."""

from temporalio import activity
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.company import Company
from domain.clause.det import opened
from domain.duty import Outcome, ReportToGroup
from domain.life import Life
from domain.name import incident_id
from domain.order import Opening

ATTEMPTS = 5
"""Ids tried for one incident; five characters make thirty-three million, so a second is rarely needed."""


class Engine:
    """Starts incidents and signals groups, for workflows that may not do it themselves."""

    def __init__(self, client: Client, company: Company, queue: str) -> None:
        self._client, self._company, self._queue = client, company, queue

    @activity.defn
    async def open_incident(self, order: Opening) -> str:
        """Start the incident of these alerts once, and answer its id; another incident's id is passed over."""
        for attempt in range(ATTEMPTS):
            incident = incident_id(order.seed, attempt)
            if await self._is_mine(incident, order):
                return incident
        raise ApplicationError(f"no free incident id for {order.seed}", type="NoFreeId")

    async def _is_mine(self, incident: str, order: Opening) -> bool:
        policy, catalog = self._company.policy, self._company.catalog
        service = order.service if order.service in catalog.services else policy.alerts.default_service
        if service not in catalog.services:
            known = ", ".join(catalog.services)
            raise ApplicationError(f"alerts.default_service: found {service!r}, expected one of {known}", type="Unfit")
        first = opened(incident, order.alerts, service, catalog, policy, group=order.group, drill=order.drill)
        try:
            await self._client.start_workflow(
                "Incident",
                Life(opened=first, by=order.by if order.by != "standfast" else first.source),
                id=incident,
                task_queue=self._queue,
                memo={"seed": order.seed},
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                static_summary=f"{first.title}"[:200],
            )
        except WorkflowAlreadyStartedError:
            description = await self._client.get_workflow_handle(incident).describe()
            return bool(await description.memo_value("seed", "") == order.seed)
        return True

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


def group_id(group: str) -> str:
    """The workflow id of a group of alerts."""
    return f"alerts/{group}"
