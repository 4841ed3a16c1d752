"""The language of the stories: an alert, rings, time passes, answers."""

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

import worker
from activities.company import Company
from activities.company import Settings as CompanySettings
from activities.engine import Engine
from domain.alert import Alert
from domain.event import Event
from domain.order import Opening, Told
from domain.step import Answer
from domain.view import View
from ingress.temporal import TemporalEngine
from records.store import Records
from vendors.stage import Stage, stage
from workflows.handler import ACTS


class Story:
    """One incident on a real engine and real stand-ins; time passes only when told."""

    def __init__(self, environment: WorkflowEnvironment, engine: Engine, ingress: TemporalEngine, on: Stage) -> None:
        self._environment, self._engine, self.ingress, self.stage = environment, engine, ingress, on
        self.incident = ""

    async def alert(self, service: str = "checkout", **said: Any) -> str:
        """An alert fires and opens an incident; answers its id."""
        self.incident = await self._engine.open_incident(
            Opening(group="", service=service, alerts=(alert(**said),), seed=uuid.uuid4().hex)
        )
        await self.settles()
        return self.incident

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        """The incident's workflow."""
        return self._environment.client.get_workflow_handle(self.incident)

    async def passes(self, **span: float) -> None:
        """Let time pass for the incident."""
        await self._environment.fast_forward(self.handle, timedelta(**span))
        await self.settles()

    async def settles(self) -> None:
        """Wait until nothing is owed that could be done now: only the clocks go on."""
        for _ in range(200):
            seen = await self.view()
            await asyncio.sleep(0.02)
            again = await self.view()
            if seen.events == again.events and not await self._busy():
                return
        raise AssertionError(f"still busy after a long while: {again.owed}")

    async def _busy(self) -> bool:
        description = await self.handle.describe()
        return bool(description.raw_description.pending_activities)

    async def acts(self, kind: str, by: str, **fields: Any) -> Answer:
        """Somebody acts and is answered."""
        act = ACTS[kind].model_validate({"by": by, "id": uuid.uuid4().hex, "via": "cli", **fields})
        answer = await self.ingress.ask_incident(self.incident, act)
        await self.settles()
        return answer

    async def hears(self, *alerts: Alert, count: int = 1) -> None:
        """The group passes alerts on."""
        await self.handle.signal("hear_alerts", Told(alerts=alerts, count=count))
        await self.settles()

    async def view(self) -> View:
        """The incident as it stands."""
        view: View = await self.handle.query("incident", result_type=View)
        return view

    async def events(self, *kinds: str) -> list[Event]:
        """What happened, or only these kinds of it."""
        found: list[Event] = []
        while page := await self.handle.query("timeline", len(found), result_type=list[Event]):
            found += page
        return [event for event in found if not kinds or event.what.kind in kinds]


def alert(title: str = "checkout 5xx error rate above 5 %", severity: str = "critical", **said: Any) -> Alert:
    """An alert of a monitor, fired just now unless told otherwise."""
    now = datetime.now(UTC)
    usual: dict[str, Any] = {"source": "alertmanager", "key": "k1", "service": "checkout", "fired_at": now, "at": now}
    return Alert.model_validate({**usual, "title": title, "severity": severity, **said})


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """Set environment variables for a while."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@asynccontextmanager
async def told(temporal: WorkflowEnvironment, folder: Path, **files: Path) -> AsyncIterator[Story]:
    """A story on this engine, with a worker, records and a stage of its own."""
    settings = CompanySettings(**{f"standfast_{name}": path for name, path in files.items()})  # type: ignore[arg-type]
    company = Company(settings)
    queue = f"story-{uuid.uuid4().hex[:8]}"
    own = worker.Settings(
        standfast_task_queue=queue,
        standfast_database_url=f"sqlite:///{folder}/records.db",
        standfast_keep_rates=False,
    )
    async with stage(company.catalog) as on, await Records.open(own.standfast_database_url) as records:
        await records.migrate()
        with environment(on.environment):
            async with worker.working(temporal.client, company, records, own):
                engine = Engine(temporal.client, company, queue)
                story = Story(temporal, engine, TemporalEngine(temporal.client, company, queue), on)
                yield story
                if story.incident:
                    await _ended(story)


async def _ended(story: Story) -> None:
    """Leave no open workflow behind, for its clock would skip on."""
    description = await story.handle.describe()
    if description.close_time is None:
        await story.handle.terminate("the story is over")
