"""Where people and an incident meet: a Slack stand-in, our door, and an engine in memory that decides as the real one.

The incident's own duties are done on the stand-in, so that people press the buttons they would see.
"""

import asyncio
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

import httpx
from starlette.applications import Starlette

from client.port import OPEN, Declaration, Declared, EngineUnavailable, IncidentFilter, IncidentSummary, Refused
from config.company import Company
from domain.alerting.alert import Alert
from domain.alerting.digest import AlertDigest
from domain.alerting.grouping import group_of
from domain.company.status_template import Template
from domain.drill import DrillPlan
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome, VendorError
from domain.procedure.detection import opened
from domain.procedure.report import JoinReport
from domain.report.view import View, kind, timeline, view
from domain.run import progress as step
from domain.run.agenda import duties
from domain.run.progress import ActResult
from domain.value.act import Act
from domain.value.incident_id import incident_id
from ingress.act_sender import ActSender
from ingress.chat.endpoint import Chat
from ingress.chat.templates import Templates
from ingress.patience import Patience
from standins.slack.hand import has_button
from standins.slack.standin import Standin
from vendors import door
from vendors.slack.client import Client, Settings
from vendors.slack.talk import Talk

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
DANA, SAM, MIRA, JONAS, INES = "U01DANA", "U02SAM", "U03MIRA", "U04JONAS", "U05INES"
STRANGER = "U99WHO"
PAUSE = timedelta(milliseconds=300)
BRIEF = Patience(deciding=PAUSE, leaving=PAUSE, keeping=timedelta(minutes=5), opening=PAUSE * 4)
DIRECT = "direct"
"""Where only one person reads."""
HELD = (
    *("now", "tracker", "engine.incidents", "engine.asked", "engine.left", "engine.adopted", "engine.answered"),
    *(f"slack.{path}" for path in Standin.lasting),
)
"""What a scene holds: the hour, what the engine knows, and what lasts of the workspace."""


class MemoryEngine:
    """Incidents in memory. `asleep` is an engine without workers, `unreachable` one that takes nothing."""

    def __init__(self, company: Company, now: Callable[[], datetime]) -> None:
        self._company, self._now = company, now
        self.incidents: dict[str, Incident] = {}
        self.asked: list[tuple[str, Act]] = []
        self.left: list[tuple[str, Act]] = []
        self.adopted: list[tuple[str, str]] = []
        self.answered: dict[tuple[str, str], ActResult] = {}
        """An update of the same id is answered the same, as Temporal does."""
        self.unreachable = False
        self.joins = False
        """Whether what is declared was opened by another a moment before (DET-4)."""
        self.awake = asyncio.Event()
        self.awake.set()

    def falls_asleep(self) -> None:
        self.awake.clear()

    def wakes(self) -> None:
        """Decide what was left meanwhile, then answer again."""
        self.unreachable = False
        for incident, act in self.left:
            step.receive(self._running(incident), act, self._now())
        self.left.clear()
        self.awake.set()

    async def update(self, incident: str, act: Act) -> ActResult:
        await self._reached()
        self.asked.append((incident, act))
        running = self._running(incident)
        if (incident, act.id) not in self.answered:
            self.answered[incident, act.id] = step.receive(running, act, self._now())
        return self.answered[incident, act.id]

    async def signal(self, incident: str, act: Act) -> None:
        if self.unreachable:
            raise EngineUnavailable("no answer")
        self._running(incident)
        self.left.append((incident, act))

    async def tell_group(self, group: str, digest: AlertDigest) -> None:
        raise AssertionError(f"no alert is relayed in a scene, yet {group} is told {digest}")

    async def view(self, incident: str) -> View:
        await self._reached()
        return view(self._running(incident), ())

    async def timeline(self, incident: str, after: int = 0) -> list[Event]:
        await self._reached()
        return timeline(self._running(incident), after)

    async def list_incidents(
        self, wanted: IncidentFilter = OPEN, limit: int | None = None
    ) -> tuple[IncidentSummary, ...]:
        await self._reached()
        return tuple(_listed(one) for one in self.incidents.values() if one.phase != "closed")

    async def declare(self, declaration: Declaration) -> Declared:
        await self._reached()
        incident, alert, company = incident_id(declaration.seed), declaration.alert, self._company
        group = group_of(alert, company.catalog, company.policy.alerts.grouping)
        if self.joins and not declaration.apart:
            [(known, running)] = self.incidents.items()
            report = JoinReport.of(alert, declaration.by, f"report/{declaration.seed}")
            step.receive(running, report, self._now())
            return Declared(incident=known, service=alert.service, fresh=False, joined=True)
        if fresh := incident not in self.incidents:
            first = opened(incident, (alert,), alert.service, company.catalog, company.policy, group=group.key)
            self.incidents[incident] = step.open_incident(first, declaration.by, self._now())
        self.adopted.append((group.key, incident))
        there = [one for one in await self.list_incidents() if one.service == alert.service and one.id != incident]
        return Declared(incident=incident, service=alert.service, fresh=fresh, others=tuple(there))

    async def describe(self, incident: str) -> IncidentSummary:
        await self._reached()
        return _listed(self._running(incident))

    async def start_drill(self, plan: DrillPlan) -> str:
        raise AssertionError(f"nobody begins a drill in a scene, yet {plan.name} is begun")

    async def _reached(self) -> None:
        if self.unreachable:
            raise EngineUnavailable("no answer")
        await self.awake.wait()

    def _running(self, incident: str) -> Incident:
        if incident not in self.incidents:
            raise Refused(f"{incident} has ended or never was")
        return self.incidents[incident]


class Scene:
    """One company, its Slack, its engine, and our door between them."""

    def __init__(self, slack: Standin, settings: Settings, company: Company) -> None:
        self.slack, self.company, self.now = slack, company, START
        self.engine = MemoryEngine(company, lambda: self.now)
        self.client, self.talk = Client(settings), Talk(settings)
        asking = ActSender(self.engine, patience=BRIEF, pause=_yield)
        self.tracker = ""
        """What the tracker says of an action item when asked."""
        self.page: tuple[Template, ...] = ()
        """What the status page offers for updates."""
        templates = Templates(company, self._read_page, lambda: self.now)
        self.door = Chat(self.talk, self.engine, company, now=lambda: self.now, asking=asking, templates=templates)
        self._app = Starlette(routes=self.door.routes())
        self.answers: list[httpx.Response] = []

    @property
    def begun(self) -> bool:
        """Whether anything has happened in it."""
        return bool(self.engine.incidents or self.answers)

    def held(self) -> dict[str, Any]:
        """What it holds so far."""
        return deepcopy({path: attrgetter(path)(self) for path in HELD})

    def finds(self, held: dict[str, Any]) -> None:
        """Go on from what another scene held, with a door and a client that know nothing of it, as after a restart."""
        for path, value in deepcopy(held).items():
            owner, _, name = path.rpartition(".")
            setattr(attrgetter(owner)(self) if owner else self, name, value)

    async def deliver(self, request: door.Request) -> httpx.Response:
        """Post what somebody did through the door, and let what follows end."""
        response = await self.post(request)
        await self.door.conversation.asking.finish()
        return response

    async def post(self, request: door.Request) -> httpx.Response:
        """Post through the door; what follows may still go on."""
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://standfast.test") as http:
            response = await http.post("/slack/events", content=request.body, headers=request.headers)
        self.answers.append(response)
        return response

    async def twice(self, request: door.Request) -> httpx.Response:
        """Deliver the same request twice; both answers are the same."""
        first, second = await self.deliver(request), await self.deliver(request)
        assert (first.status_code, first.content) == (second.status_code, second.content)
        return second

    async def alert(self, title: str = "checkout 5xx error rate above 5 %") -> str:
        """An alert opens an incident; its room duties are done."""
        alert = Alert(
            source="alertmanager", key=title, title=title, service="checkout", severity="critical",
            fired_at=self.now, at=self.now,
        )  # fmt: skip
        incident = (await self.engine.declare(Declaration(alert=alert, seed=title, by="alertmanager"))).incident
        await self.settles(incident)
        return incident

    async def settles(self, incident: str) -> None:
        """Do everything the incident owes now: the room's duties on the stand-in, the rest on paper."""
        state = self.engine.incidents[incident]
        for _ in range(50):
            owed = duties(state, self.now)
            if not owed:
                return
            for duty in owed:
                await self._do(state, duty)
        raise AssertionError(f"still owed: {owed}")

    async def _do(self, state: Incident, duty: AnyDuty) -> None:
        done = getattr(self.client, duty.kind, None) if duty.role == "room" else None
        try:
            outcome = await done(duty, again=duty.tried) if done else self._on_paper(duty)
        except VendorError as error:
            step.failed(state, duty, error.said, error.retryable, self.now)
        else:
            step.done(state, duty, outcome, self.now)

    def _on_paper(self, duty: AnyDuty) -> Outcome:
        """What the other vendors would have done."""
        return Outcome(ref=f"ref-{duty.key}", text=self.tracker if duty.kind == "read_item" else "")

    async def passes(self, incident: str, **span: float) -> None:
        """Time passes, step by step, and what falls due is done."""
        self.now += timedelta(**span)
        step.pass_time(self.engine.incidents[incident], self.now)
        await self.settles(incident)

    async def command(self, text: str, user: str, channel: str = "incidents") -> Any:
        """Somebody types a command, delivered twice; answers the body."""
        response = await self.twice(self.slack.command(text, user, self.slack.rooms[channel].id))
        assert response.status_code == 200
        return response.json() if response.content else {}

    async def press(self, button: str, user: str, room: str = "incidents") -> httpx.Response:
        """Somebody presses the last button of this name in a room, or in their own direct messages, delivered twice."""
        channel = self.slack.workspace.direct(user) if room == DIRECT else self.slack.rooms[room]
        message = next(one for one in reversed(channel.messages) if has_button(one, button))
        return await self.twice(self.slack.press(channel.id, message["ts"], button, user))

    async def fill(self, values: dict[str, str], user: str) -> httpx.Response:
        """Somebody fills in the form that was opened last, and sends it; delivered twice."""
        return await self.twice(self.slack.submit(list(self.slack.views)[-1], values, user))

    async def choose(self, field: str, user: str, **values: str) -> dict[str, Any]:
        """Somebody chooses in, or presses in, the form that was opened last, delivered twice; answers the form."""
        view = list(self.slack.views)[-1]
        response = await self.twice(self.slack.choose(view, field, values, user))
        assert (response.status_code, response.content) == (200, b"")
        return self.slack.views[view]

    async def _read_page(self, vendor: str) -> tuple[Template, ...]:
        return self.page

    def whispers(self, user: str) -> list[str]:
        """What one person was told that nobody else sees."""
        return [told["text"] for told in self.slack.ephemerals if told["user"] == user]

    def happened(self, incident: str, *kinds: str) -> list[Event]:
        """The events of these kinds."""
        return [event for event in self.engine.incidents[incident].events if event.what.kind in kinds]

    def room(self, incident: str) -> str:
        """The name of the war room."""
        return self.engine.incidents[incident].room_name


def _listed(incident: Incident) -> IncidentSummary:
    severity = incident.severity or f"{incident.opened.proposed}?"
    return IncidentSummary(
        id=incident.id, title=incident.opened.title, phase=incident.phase, severity=severity,
        service=incident.opened.service, commander=incident.commander or "nobody", kind=kind(incident),
        opened_at=incident.opened_at,
    )  # fmt: skip


async def _yield(seconds: float) -> None:
    """A pause that takes no time, and lets everybody else go on."""
    await asyncio.sleep(0)
