"""The vendors of a scenario as activities: the simulator's own world, so that nothing but the engine differs."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.api.common.v1 import TimeSkippingConfig
from temporalio.client import Client, Interceptor, OutboundInterceptor, StartWorkflowInput, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.engine import IncidentActivities, tell_kept_back
from activities.starting import start_incident
from activities.vendor import KINDS
from config.company import Company
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.exchange import DutyBatch, DutyEnded, EventBatch, OpenIncidentRequest, Recorded, SuppressedAlerts
from domain.incident.event import Event
from domain.port.any_duty import AnyDuty
from domain.port.duty import NotDone, Outcome
from domain.port.internal import FindCompany, FindOpen, FindRepeats
from domain.procedure.company_search import found
from domain.procedure.elsewhere import fought
from domain.procedure.repeats import as_earlier
from domain.run.read import read
from domain.simulation.incident import SimulatedVendors
from domain.simulation.scenario import Scenario
from domain.value.repeat import Repeat
from tests.stories.engine import SKIPS
from worker import deciders, vendors_of
from workflows.performing import BATCH

AHEAD = 1_000_000
"""How many events the records claim to have: they are not the subject here, and cost as much as everything else."""


Reading = Callable[[], Awaitable[list[list[Event]]]]
"""Reads what has happened to every incident of a play so far."""


Now = Callable[[], Awaitable[datetime]]


async def _nothing() -> list[list[Event]]:
    return []


class Set(Company):
    """The company of the scenario that is played now, the world it lives in, and what opened nothing there."""

    def __init__(self, policy: Policy, catalog: Catalog) -> None:
        self.rules, self.place = policy, catalog
        self.world = SimulatedVendors(datetime.now(UTC))
        self.suppressed: list[SuppressedAlerts] = []
        self.told: Reading = _nothing

    def raise_curtain(self, scenario: Scenario, rules: Policy, place: Catalog, told: Reading) -> None:
        """Another scenario begins, with its own lines in policy and catalog."""
        self.rules, self.place = scenario.ruled(rules), scenario.planned(place)
        self.world = SimulatedVendors(scenario.starts_at, list(scenario.outages), unwritten=scenario.unwritten_at)
        self.suppressed, self.told = [], told

    async def past(self) -> tuple[Repeat, ...]:
        """The incidents of the play so far, as later ones know them (REP-1)."""
        found = tuple(as_earlier(read(events)) for events in await self.told())
        self.world.past = lambda: found
        return found

    @property
    def policy(self) -> Policy:
        return self.rules

    @property
    def catalog(self) -> Catalog:
        return self.place


class Later(Interceptor):
    """An incident that is opened when a scenario has gone on for a while begins with its group's clock, not at zero."""

    def __init__(self, now: Now) -> None:
        self._now = now

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        return _Later(next, self._now)


class _Later(OutboundInterceptor):
    def __init__(self, next: OutboundInterceptor, now: Now) -> None:
        super().__init__(next)
        self._now = now

    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:
        ahead = await self._now() - datetime.now(UTC)
        if ahead > timedelta(seconds=5):
            input.start_delay = ahead
            skipping = TimeSkippingConfig(enabled=True, max_session_skip_count=SKIPS)
            skipping.fast_forward_config.id = uuid.uuid4().hex
            skipping.fast_forward_config.duration.FromTimedelta(ahead)
            input.time_skipping_config = skipping
        return await super().start_workflow(input)


def clocked(client: Client, now: Now) -> Client:
    """The same client, whose incidents begin with this clock."""
    config = client.config()
    config["interceptors"] = [*config["interceptors"], Later(now)]
    return Client(**config)


def performance(on: Set, kind: str) -> Callable[[AnyDuty], Awaitable[Outcome]]:
    """The activity of one kind of duty."""

    @activity.defn(name=kind)
    async def perform(duty: AnyDuty) -> Outcome:
        now = activity.info().current_attempt_scheduled_time
        if isinstance(duty, FindRepeats):
            await on.past()
        outage = on.world.outage(duty, now)
        if duty.called_back and not outage:
            raise ApplicationError("no answer is lost here", type=NotDone.__name__, non_retryable=True)
        if outage:
            raise ApplicationError(outage.said, type="VendorAway", non_retryable=not outage.retryable)
        return on.world.do(duty, now)

    return perform


def side_by_side(on: Set) -> Callable[[DutyBatch], Awaitable[list[DutyEnded]]]:
    """The activity of what one turn asks of the chat."""

    @activity.defn(name=BATCH)
    async def perform(batch: DutyBatch) -> list[DutyEnded]:
        now, ended, held = activity.info().current_attempt_scheduled_time, list[DutyEnded](), False
        for duty in batch.duties:
            outage = on.world.outage(duty, now)
            away = DutyEnded(said=outage.said, retryable=outage.retryable) if outage else None
            waits = DutyEnded(begun=False) if held and duty.in_order else away
            ended.append(waits or DutyEnded(outcome=on.world.do(duty, now)))
            held = held or (duty.in_order and ended[-1].outcome is None)
        return ended

    return perform


def errands_of(engine: WorkflowEnvironment, on: Set, queue: str) -> list[Callable[..., Any]]:
    """The engine's own errands, which ask the play instead of visibility."""

    @activity.defn(name="find_open")
    async def find_open(duty: FindOpen) -> Outcome:
        return Outcome(open=fought([read(events) for events in await on.told()], duty.incident))

    @activity.defn(name="find_company")
    async def find_company(duty: FindCompany) -> Outcome:
        return found(duty, on.catalog, on.policy)

    @activity.defn(name="tell_kept_back")
    async def told_kept_back(order: SuppressedAlerts) -> None:
        there = [read(events) for events in await on.told()]
        fought = [one.id for one in there if one.service.name == order.service and not one.over]
        await tell_kept_back(engine.client, order, fought, rule=on.policy.alerts)

    own = IncidentActivities(engine.client, on, queue)

    @activity.defn(name="open_incident")
    async def open_incident(order: OpenIncidentRequest) -> str:
        group = engine.client.get_workflow_handle(activity.info().workflow_id or "")
        there = clocked(engine.client, lambda: engine.get_current_time(group))
        return await start_incident(there, on, queue, order, await on.past())

    return [open_incident, find_open, find_company, told_kept_back, own.report_to_group, own.tell_incident]


@asynccontextmanager
async def played(engine: WorkflowEnvironment, on: Set, queue: str) -> AsyncIterator[None]:
    """Every worker that a scenario needs, at work until the block ends."""

    @activity.defn(name="record")
    async def record(batch: EventBatch) -> Recorded:
        return Recorded(up_to=AHEAD)

    @activity.defn(name="suppress")
    async def suppress(order: SuppressedAlerts) -> None:
        on.suppressed.append(order)

    duties: list[Callable[..., Any]] = [side_by_side(on), *(performance(on, kind) for kind in KINDS)]
    clerks: dict[str, list[Callable[..., Any]]] = {
        "records": [record, suppress, *duties],
        "engine": errands_of(engine, on, queue),
    }
    opens, *_ = clerks["engine"]
    async with AsyncExitStack() as stack:
        for name, activities in (clerks | dict.fromkeys(vendors_of(on.catalog), duties)).items():
            await stack.enter_async_context(Worker(engine.client, task_queue=f"{queue}-{name}", activities=activities))
        await stack.enter_async_context(deciders(engine.client, queue, [opens]))
        yield
