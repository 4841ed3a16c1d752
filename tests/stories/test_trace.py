"""One trace leads from a webhook over inbox, relay, group and incident to the pager."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

import worker
from activities import tracing
from client.temporal import TemporalIncidents
from ingress.serve import doors
from ingress.webhook.app import app
from ingress.webhook.inbox import Inbox
from ingress.webhook.relay import Relay
from ingress.webhook.sorting import Sorter
from standins.alertmanager.standin import Standin as Alertmanager
from tests.stories.story import Story, told
from tests.stories.test_replay import golden, replay
from workflows.connection import interceptors
from workflows.converter import converter
from workflows.group import AlertGroupWorkflow
from workflows.incident import IncidentWorkflow
from workflows.traced import Traced

ENDS = "RunActivity:page"
"""What wakes somebody."""
WAY = (
    "webhook alertmanager",
    "tell alerts/checkout/production",
    "SignalWithStartWorkflow:AlertGroup",
    "RunActivity:open_incident",
    "StartWorkflow:Incident",
    ENDS,
)


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """Traces are wanted, and kept here."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.use(provider)
    yield exporter
    tracing.use(None)


@asynccontextmanager
async def traced(engine: WorkflowEnvironment, story: Story) -> AsyncIterator[Client]:
    """A worker whose connection makes spans, as one does that finds an endpoint in its settings."""
    target = engine.client.service_client.config.target_host
    client = await Client.connect(target, data_converter=converter(), interceptors=interceptors())
    async with worker.working(client, story.company, story.records, story.settings):
        yield client


async def fires(story: Story, client: Client, inbox: Inbox) -> None:
    """A monitor posts a webhook with a trace of its own, and the relay goes its round."""
    entrances, engine = doors(), TemporalIncidents(story.company, story.queue, client=client)
    relay = Relay(inbox, entrances, engine, Sorter(story.company), holder="here")
    transport = httpx.ASGITransport(app(inbox, entrances))
    async with httpx.AsyncClient(transport=transport, base_url="http://ingress") as http:
        labels = {"alertname": "Errors", "service": "checkout", "env": "production", "severity": "critical"}
        sent = Alertmanager("stage-alertmanager-token").press_fire(datetime.now(UTC), **labels)
        headers = {**sent.headers, "traceparent": f"00-{'a' * 32}-{'b' * 16}-00"}
        assert (await http.post("/webhooks/alertmanager", content=sent.body, headers=headers)).is_success
    await relay.step()


async def until_ended(spans: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    """The spans of the trace in which this one is, once it is over and what it asked of a vendor too."""
    for _ in range(3000):
        for one in spans.get_finished_spans():
            if one.name == name:
                mine = [each for each in spans.get_finished_spans() if trace_of(each) == trace_of(one)]
                return sorted(mine, key=lambda each: each.start_time or 0)
        await asyncio.sleep(0.02)
    raise AssertionError([one.name for one in spans.get_finished_spans()])


def trace_of(span: ReadableSpan) -> int:
    assert span.context is not None
    return int(span.context.trace_id)


async def test_one_trace_leads_from_the_webhook_to_the_pager(
    live_engine: WorkflowEnvironment, tmp_path: Path, spans: InMemorySpanExporter
) -> None:
    async with told(live_engine, tmp_path, working=False) as story:
        inbox = Inbox(f"{tmp_path}/inbox.db")
        async with traced(live_engine, story) as client:
            await fires(story, client, inbox)
            trace = await until_ended(spans, ENDS)
            names = [one.name for one in trace]
            incidents = client.list_workflows(f"WorkflowType = 'Incident' AND TaskQueue = '{story.queue}'")
            histories = [await client.get_workflow_handle(one.id).fetch_history() async for one in incidents]
        await inbox.close()
    assert (names[0], trace[0].parent) == ("webhook alertmanager", None)
    assert [name for name in names if name in WAY] == list(WAY)
    assert any(name.startswith("POST ") for name in names[names.index(ENDS) :])
    assert [await replay(history) for history in histories] == [None]


async def test_a_history_without_traces_is_replayed_with_them(spans: InMemorySpanExporter) -> None:
    own = tracing.tracer()
    assert own is not None
    replayer = Replayer(
        workflows=[IncidentWorkflow, AlertGroupWorkflow],
        data_converter=converter(),
        interceptors=[Traced(own)],
        debug_mode=True,
    )
    for name in ("incident", "group"):
        result = await replayer.replay_workflow(golden(name), raise_on_replay_failure=False)
        assert result.replay_failure is None
    assert spans.get_finished_spans() == ()
