"""The language of the stories: an alert, rings, time passes, answers."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count as counting
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

import worker
from activities.engine import IncidentActivities
from client.afterwards import phase_recorded
from client.temporal import TemporalIncidents
from config.company import Company
from config.company import Settings as CompanySettings
from domain.alerting.alert import Alert
from domain.alerting.alert_group import AlertGroup
from domain.alerting.digest import AlertDigest
from domain.alerting.grouping import group_id
from domain.exchange import AlertsForwarded, OpenIncidentRequest
from domain.incident.event import Event
from domain.report.view import View
from domain.run.progress import ActResult
from records.store import Records
from standins.stage import Stage, stage
from tests.stories.environment import environment
from tests.stories.once import happened_once
from tests.stories.timers import EASE, LONG, ring
from tests.tables import lay
from workflows.handler import ACTS


class Story:
    """One incident on a real engine and real stand-ins; time passes only when told."""

    def __init__(
        self, environment: WorkflowEnvironment, company: Company, settings: worker.Settings, records: Records, on: Stage
    ) -> None:
        self._environment, self.company, self.settings = environment, company, settings
        self.records, self.stage, self.queue = records, on, settings.standfast_task_queue
        self._engine = IncidentActivities(environment.client, company, self.queue, records)
        known = partial(phase_recorded, records)
        client = environment.client
        self.ingress = TemporalIncidents(company, self.queue, client=client, patience=EASE, recorded=known)
        self.incident, self.group, self._rows = "", "", counting(1)
        self._watched = ("", 0, False)

    async def alert(self, service: str = "checkout", **said: Any) -> str:
        """An alert fires and opens an incident; answers its id."""
        opening = OpenIncidentRequest(group="", service=service, alerts=(alert(**said),), seed=uuid.uuid4().hex)
        self.incident = await self._engine.open_incident(opening)
        await self.settles()
        return self.incident

    async def monitors(self, *alerts: Alert, environment: str = "production", row: int = 0) -> None:
        """The inbox tells the group of what the monitors say, and the group does what follows."""
        await self.tells(*alerts, environment=environment, row=row)
        await self.settles()

    async def tells(self, *alerts: Alert, environment: str = "production", row: int = 0) -> None:
        """The inbox tells the group; a row that was told before is told again."""
        self.group = self.group or f"checkout/{self.queue}"
        row = row or next(self._rows)
        digest = AlertDigest(
            group=self.group,
            service="checkout",
            environment=environment,
            first_row=row,
            last_row=row,
            alerts=alerts,
            count=len(alerts),
        )
        await self.ingress.tell_group(self.group, digest)

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        """The incident's workflow."""
        return self._environment.client.get_workflow_handle(self.incident)

    @property
    def alerts(self) -> WorkflowHandle[Any, Any]:
        """The group's workflow."""
        return self._environment.client.get_workflow_handle(group_id(self.group))

    @property
    def room(self) -> str:
        """The name of the war room."""
        return f"incident-{self.incident.removeprefix('INC-').lower()}"

    async def passes(self, **span: float) -> None:
        """Let time pass for the incident and for its group."""
        for handle in await self._open():
            await self._environment.fast_forward(handle, timedelta(**span))
            await ring(self._environment, handle)
        await self.settles()

    async def ends(self) -> View:
        """Let all the time pass that the incident still needs; answers how it stood at its end."""
        for _ in range(20):  # one skip ends where a run continues as new
            if not await is_open(self.handle):
                break
            with contextlib.suppress(RPCError):  # it has ended meanwhile
                await self._environment.fast_forward(self.handle)
        return await self.view()

    async def settles(self) -> None:
        """Wait until nothing is owed that could be done now: only the clocks go on."""
        quiet, seen, began = 0, await self._seen(), time.monotonic()
        while time.monotonic() < began + LONG:
            await asyncio.sleep(0.02)
            before, seen = seen, await self._seen()
            # A signal from workflow to workflow is under way for a moment without being seen anywhere.
            quiet = quiet + 1 if seen == before and not any(busy for _, _, busy in seen) else 0
            if quiet == 2 and not await self._is_news(seen):
                return
        raise AssertionError(f"still busy after a long while: {seen}")

    async def recorded(self) -> None:
        """Wait until the records have all that happened."""
        began = time.monotonic()
        while len(await self.records.events(self.incident)) < (await self.view()).events:
            assert time.monotonic() < began + LONG, "the records were waited for in vain"
            await asyncio.sleep(0.05)

    async def _seen(self) -> list[tuple[str, int, bool]]:
        """How far the group and the incident have come, and whether anything runs."""
        handles = ([self.alerts] if self.group else []) + ([self.handle] if self.incident else [])
        return await asyncio.gather(*map(_look, handles))

    async def _is_news(self, seen: list[tuple[str, int, bool]]) -> bool:
        """Whether the group has opened another incident, which is now under way; one that heard nothing has not."""
        if not self.group or self._watched == seen[0]:
            return False
        self._watched, known = seen[0], self.incident
        self.incident = (await self.watch()).incident or known
        return self.incident != known

    async def _open(self) -> list[WorkflowHandle[Any, Any]]:
        handles = ([self.handle] if self.incident else []) + ([self.alerts] if self.group else [])
        return [handle for handle in handles if await is_open(handle)]

    async def acts(self, kind: str, by: str, **fields: Any) -> ActResult:
        """Somebody acts and is answered."""
        if kind == "complete_postmortem":
            self.stage.press_write("What we learned.")
        act = ACTS[kind].model_validate({"by": by, "id": uuid.uuid4().hex, "via": "cli", **fields})
        answer = await self.ingress.update(self.incident, act)
        await self.settles()
        return answer

    async def follows_up(self) -> None:
        """The manager answers what is asked after the fight, and whatever items there are get done."""
        view = await self.view()
        await self.acts("answer_breach", "mira", breach=False, reason="Nothing personal was touched.")
        if view.severity in ("P1", "P2"):
            await self.acts("waive_items", "mira", reason="The change that goes back is all there is to do.")
            assert (await self.acts("complete_postmortem", "mira", cause="dependency")).accepted
            await self.accounts()
        for number in range(view.items):
            assert (await self.acts("close_item", "sam", item=f"change-{number + 1}")).accepted

    async def accounts(self) -> None:
        """Customers read what happened, by the word of whoever may say it; where they were told nothing, nothing."""
        for by in ("ines", "jonas"):
            account = await self.acts("approve_public_postmortem", by, body="A dependency failed, and works again.")
            if account.accepted:
                await self.acts("post_public_postmortem", by, url="https://status.example/7")
                return

    async def signals(self, kind: str, payload: Any) -> None:
        """Somebody sends a signal as the Web UI and the plain `temporal` command do: a name and bare JSON."""
        await self.handle.signal(kind, payload)
        await self.settles()

    async def hears(self, *alerts: Alert, count: int = 1) -> None:
        """The group passes alerts on."""
        await self.handle.signal("hear_alerts", AlertsForwarded(alerts=alerts, count=count))
        await self.settles()

    async def view(self) -> View:
        """The incident as it stands."""
        view: View = await self.handle.query("incident", result_type=View)
        return view

    async def watch(self) -> AlertGroup:
        """The group as it stands."""
        watch: AlertGroup = await self.alerts.query("watch", result_type=AlertGroup)
        return watch

    async def events(self, *kinds: str) -> list[Event]:
        """What happened, or only these kinds of it."""
        found: list[Event] = []
        while page := await self.handle.query("timeline", len(found), result_type=list[Event]):
            found += page
        return [event for event in found if not kinds or event.what.kind in kinds]

    async def whats(self, *kinds: str) -> list[Any]:
        """What the events of these kinds say."""
        return [event.what for event in await self.events(*kinds)]

    def paged(self) -> list[str]:
        """Whom the pager woke, in order, by PagerDuty's ids."""
        return [who for page in self.stage.pagerduty.pages for who in page.who]

    def said(self, channel: str = "") -> list[str]:
        """What was said in the war room, or in another channel, as texts."""
        return [str(message["text"]) for message in self.stage.slack.messages(channel or self.room)]


async def _look(handle: WorkflowHandle[Any, Any]) -> tuple[str, int, bool]:
    """A workflow's present run, the length of its history, and whether it or one of its activities runs.

    On a machine that is busy the server may not know its own namespace for a moment; it is asked again.
    """
    try:
        described = await handle.describe()
    except RPCError as error:
        if not error.message.startswith("Namespace "):
            raise
        await asyncio.sleep(0.2)
        described = await handle.describe()
    return described.run_id, described.history_length, is_working(described.raw_description)


async def is_open(handle: WorkflowHandle[Any, Any]) -> bool:
    return (await handle.describe()).close_time is None


def is_working(described: Any) -> bool:
    """Whether a workflow or one of its activities runs just now; one that waits for its next try does not."""
    waiting = [one.attempt > 1 and one.HasField("next_attempt_schedule_time") for one in described.pending_activities]
    return not all(waiting) or bool(described.HasField("pending_workflow_task"))


QUIET = Path(__file__).with_name("quiet.yaml")
"""A policy for stories in which time passes for something else than chasing."""


def alert(title: str = "checkout 5xx error rate above 5 %", severity: str = "critical", **said: Any) -> Alert:
    """An alert of a monitor, fired just now unless told otherwise."""
    now = datetime.now(UTC)
    usual: dict[str, Any] = {"source": "alertmanager", "key": "k1", "service": "checkout", "fired_at": now, "at": now}
    return Alert.model_validate({**usual, "title": title, "severity": severity, **said})


@asynccontextmanager
async def told(
    temporal: WorkflowEnvironment, folder: Path, *, working: bool = True, **files: Path
) -> AsyncIterator[Story]:
    """A story on this engine, with records, a stage and, unless told otherwise, a worker of its own."""
    settings = CompanySettings(**{f"standfast_{name}": path for name, path in files.items()})  # type: ignore[arg-type]
    company = Company(settings)
    queue = f"story-{uuid.uuid4().hex[:8]}"
    own = worker.Settings(
        standfast_task_queue=queue,
        standfast_database_url=lay(folder / "records.db"),
        standfast_keep_rates=False,
    )
    async with stage(company.catalog) as on, await Records.open(own.standfast_database_url) as records:
        with environment(on.environment):
            nobody = contextlib.nullcontext()
            async with worker.working(temporal.client, company, records, own) if working else nobody:
                story = Story(temporal, company, own, records, on)
                try:
                    yield story
                    happened_once(on)
                finally:
                    await _ended(temporal, queue)


async def _ended(temporal: WorkflowEnvironment, queue: str) -> None:
    """Leave no open workflow behind, for its clock would skip on."""
    async for one in temporal.client.list_workflows(f"TaskQueue = '{queue}' AND ExecutionStatus = 'Running'"):
        with contextlib.suppress(RPCError):
            await temporal.client.get_workflow_handle(one.id).terminate("the story is over")
