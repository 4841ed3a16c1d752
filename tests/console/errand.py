"""Workers for an incident without vendors: its errands are trivial."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from domain.exchange import EventBatch, Recorded
from domain.port.duty import Outcome
from domain.port.internal import ReportToGroup
from workflows.group import AlertGroupWorkflow
from workflows.incident import IncidentWorkflow


@activity.defn(name="record")
async def forget(batch: EventBatch) -> Recorded:
    return Recorded(up_to=batch.events[-1].number)


@activity.defn(name="report_to_group")
async def keep_quiet(duty: ReportToGroup) -> Outcome:
    return Outcome()


@asynccontextmanager
async def at_work(client: Client, queue: str) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        for name, errand in (("records", forget), ("engine", keep_quiet)):
            await stack.enter_async_context(Worker(client, task_queue=f"{queue}-{name}", activities=[errand]))
        await stack.enter_async_context(
            Worker(client, task_queue=queue, workflows=[IncidentWorkflow, AlertGroupWorkflow])
        )
        yield
