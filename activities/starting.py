"""What is started in the engine: an incident once for what it is about, and the group that takes one for its own."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from temporalio.client import Client
from temporalio.common import Priority, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError

from config.company import Company
from domain.alerting.alert_group import AlertGroup
from domain.alerting.grouping import Group, group_id
from domain.company.alert_rule import AlertRule
from domain.exchange import OpenIncidentRequest
from domain.incident.opening import Opened
from domain.incident_input import IncidentInput
from domain.procedure.detection import opened
from domain.value.act import Act
from domain.value.incident_id import incident_id
from domain.value.private import Private
from domain.value.repeat import Repeat

ATTEMPTS = 5
"""Ids tried for one incident; five characters make thirty-three million, so a second is rarely needed."""
TASK_TIMEOUT = timedelta(seconds=5)
"""A workflow task whose worker died is given to another after this long (TEMPORAL: worker loss)."""
ONCE = (WorkflowIDReusePolicy.REJECT_DUPLICATE, WorkflowIDConflictPolicy.UNSPECIFIED)
AGAIN = (WorkflowIDReusePolicy.ALLOW_DUPLICATE, WorkflowIDConflictPolicy.USE_EXISTING)
ANEW = (WorkflowIDReusePolicy.ALLOW_DUPLICATE, WorkflowIDConflictPolicy.TERMINATE_EXISTING)
HEARING, RINGING, USUAL = (Priority(priority_key=key) for key in (1, 2, 3))
"""Whose turn is first where more wait than workers can do: who hears alerts, and what rings at once (ACK-6)."""


class Begun(NamedTuple):
    """The incident of an order, and whether it was started just now rather than by an earlier attempt."""

    incident: str
    fresh: bool


class Listed(NamedTuple):
    """What the engine's lists tell of an incident beside its search attributes, and whose turn is first."""

    seed: str
    title: str
    opened_at: datetime
    mark: str = ""
    rings: bool = False
    """Whether its severity wakes somebody at once: its tasks go before those of what can wait."""


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
        if await _is_started_now(client, first_fact(incident, company, order, earlier), queue, order):
            return Begun(incident, True)
        if await seed_of(client, incident) == order.seed:
            return Begun(incident, False)
    raise ApplicationError(f"no free incident id for {order.seed}", type="NoFreeId")


def first_fact(incident: str, company: Company, order: OpenIncidentRequest, earlier: tuple[Repeat, ...] = ()) -> Opened:
    """The fact that an incident of this order begins with; raises `ApplicationError` as `begin_incident`."""
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
    title, mark = str(Private(first.title, first.security)), "DRILL " if first.drill else ""
    rings = first.policy.severities[first.proposed].page == "at_once"
    listed = Listed(order.seed, title, datetime.now(UTC), mark, rings)
    try:
        await start_life(client, queue, first.incident, life, listed)
    except WorkflowAlreadyStartedError:
        return False
    return True


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
        priority=RINGING if listed.rings else USUAL,
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
        priority=HEARING,
    )
