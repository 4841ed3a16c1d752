"""A believable night: incidents in every phase under the shipped procedure, in an engine in memory and real records."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import insert

from client.port import (
    OPEN,
    Declaration,
    Declared,
    EngineUnavailable,
    IncidentClient,
    IncidentFilter,
    IncidentSummary,
    NoWorker,
    Refused,
)  # fmt: skip
from config.company import Company
from config.company import Settings as CompanySettings
from domain.alerting.alert import Alert
from domain.incident.event import Event
from domain.report.view import View, kind, timeline, view
from domain.run.agenda import owed
from domain.run.progress import ActResult
from domain.simulation.incident import SimulatedIncident
from domain.simulation.scenario import Scenario, ScenarioAlert
from domain.value.act import Act
from ingress.act_sender import ActSender
from ingress.board.gate import BoardAccess, Settings
from ingress.board.memory import RecordsReader
from ingress.board.route import Board
from records.overview import overview
from records.record import Stored, canonical
from records.store import Records
from records.table import INCIDENT, PART
from records.writing import parts, row
from tests.again import again
from tests.domain.simulated import begin
from tests.ingress.board.past import past
from tests.tables import lay
from workflows.handler import ACTS

NOW = datetime(2026, 3, 3, 3, 12, 40, tzinfo=UTC)
"""When everybody is asleep, but for those who look."""
COMPANY = Company(CompanySettings())
LOOPBACK = "127.0.0.1:8080"
PROXY = {"standfast_board_proxy_header": "X-User", "standfast_board_proxies": "127.0.0.1"}
"""How a proxy on this machine says who looks."""
HOSTILE = "<script>document.title='owned'</script><img src=x onerror=alert(1)>"


class Clock:
    """Time that passes only when told."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **span: float) -> None:
        self.at += timedelta(**span)


class MemoryEngine:
    """Incidents in memory. `away` is an engine that cannot be reached, `asleep` one whose workers do not answer."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.plays: dict[str, SimulatedIncident] = {}
        self.away = self.asleep = self.hangs = self.closed_to_acts = False
        self.asked: list[str] = []
        self.declared: dict[str, SimulatedIncident] = {}

    async def list_incidents(
        self, wanted: IncidentFilter = OPEN, limit: int | None = None
    ) -> tuple[IncidentSummary, ...]:
        if self.away:
            raise EngineUnavailable("no answer")
        running = [play for play in self._living() if play.incident.phase != "closed"]
        return tuple(
            _listed(play) for play in sorted(running, key=lambda one: one.incident.opened_at, reverse=True)[:limit]
        )

    async def view(self, incident: str) -> View:
        self.asked.append(incident)
        play = await self._reached(incident)
        return view(play.incident, tuple(duty.summary for duty in owed(play.incident)))

    async def timeline(self, incident: str, after: int = 0) -> list[Event]:
        return timeline((await self._reached(incident)).incident, after)

    async def update(self, incident: str, act: Act) -> ActResult:
        if self.closed_to_acts:
            raise EngineUnavailable("no answer")
        return (await self._reached(incident)).act(act)

    async def signal(self, incident: str, act: Act) -> None:
        await self.update(incident, act)

    async def declare(self, order: Declaration) -> Declared:
        """The same seed again finds what it opened."""
        if self.away:
            raise EngineUnavailable("no answer")
        alert = order.alert
        if order.seed not in self.declared:
            play = opened(order.seed, self._now(), service=alert.service, title=alert.title, source=alert.source)
            self.plays[play.incident.id] = self.declared[order.seed] = play
        return Declared(incident=self.declared[order.seed].incident.id, service=alert.service)

    def _living(self) -> list[SimulatedIncident]:
        for play in self.plays.values():
            play.pass_until(self._now())
        return list(self.plays.values())

    async def _reached(self, incident: str) -> SimulatedIncident:
        if self.hangs:
            await asyncio.Event().wait()
        if self.away or self.asleep:
            raise NoWorker("no worker answered")
        self._living()
        if incident not in self.plays:
            raise Refused(f"{incident} has never been opened")
        return self.plays[incident]


async def _at_once(seconds: float) -> None:
    """A pause that lets others go on, and no more."""
    await asyncio.sleep(0)


class Night:
    """The company at work: an engine, records, and the board over both."""

    def __init__(self, records: Records | RecordsReader, **settings: Any) -> None:
        self.clock = Clock()
        self.engine = MemoryEngine(self.clock)
        self._records = records
        listen = settings.pop("listen", LOOPBACK)
        self.asking = ActSender(cast(IncidentClient, self.engine), pause=_at_once)
        company, http, late = (
            settings.pop(name, one) for name, one in (("company", COMPANY), ("http", None), ("late", None))
        )
        gate = BoardAccess(Settings(**settings), listen)
        self.reader = records if isinstance(records, RecordsReader) else RecordsReader("", records)
        self.board = Board(self.engine, self.reader, company, gate, self.clock, self.asking, http, late)

    @property
    def records(self) -> Records:
        """The records, where they can be written."""
        assert isinstance(self._records, Records)
        return self._records

    def alert(self, name: str, ago: timedelta, **said: Any) -> SimulatedIncident:
        """An alert fired so long ago and opened an incident."""
        play = opened(name, self.clock() - ago, **said)
        self.has({name: play})
        return play

    def has(self, plays: dict[str, SimulatedIncident]) -> dict[str, SimulatedIncident]:
        """Incidents that were opened already."""
        self.engine.plays |= {play.incident.id: play for play in plays.values()}
        return plays

    async def archives(self) -> None:
        """The records take what has happened by now."""
        for play in self.engine.plays.values():
            play.pass_until(self.clock())
            events = [Stored.of(event) for event in play.incident.events]
            await self.records.append(play.incident.id, events, overview(view(play.incident, ())))

    async def has_a_past(self, days: int = 400, a_day: float = 0.8, seed: int = 7) -> None:
        """A year of closed incidents that slowly get better."""
        known = past(self.clock(), days, a_day, seed)
        async with self.records.engine.begin() as connection:
            await connection.execute(insert(INCIDENT), [row(one, 1) for one in known])
            await connection.execute(insert(PART), [part for one in known for part in parts(one)])


def opened(name: str, at: datetime, **said: Any) -> SimulatedIncident:
    """An incident that an alert of a moment has opened."""
    usual = {"title": "Checkout 5xx error rate above 5 %", "severity": "critical", "source": "pagerduty"}
    more = {"kind": said.pop("kind")} if "kind" in said else {}
    sound = ScenarioAlert.model_validate({"service": "checkout", **usual, **said})
    scenario = Scenario(name=name, service=sound.service, starts_at=at, alerts=(sound,), **more)
    return begin(scenario, COMPANY.policy, COMPANY.catalog)


def after(play: SimulatedIncident, at: timedelta, kind: str, by: str, **fields: Any) -> None:
    """Somebody acts, so long after the incident's start."""
    play.pass_until(play.world.starts_at + at)
    answer = play.act(act(kind, by, **fields))
    assert answer.accepted, answer.text


def act(kind: str, by: str, **fields: Any) -> Act:
    made: Act = ACTS[kind].model_validate({"by": by, "via": "slack", **fields})
    return made


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def busy(night: Night) -> dict[str, SimulatedIncident]:
    """A night in which everything happens at once; plays by name."""
    return night.has(_busy(night.clock()))


@again
def _busy(now: datetime) -> dict[str, SimulatedIncident]:
    outage = opened("outage", now - minutes(47))
    after(outage, minutes(3), "acknowledge", "dana")
    after(outage, minutes(6), "declare", "jonas", severity="P1")
    after(outage, minutes(8), "take_role", "ines", role="comms")
    after(outage, minutes(9), "draft_update", "ines", body="Payments fail for some customers. We are working on it.")
    after(outage, minutes(10), "approve_update", "ines")
    after(outage, minutes(17), "post_finding", "dana", conditions="The new fraud check times out on every order.")
    after(outage, minutes(26), "record_change", "jonas", change="rollback", description="checkout back to build 4112")
    after(outage, minutes(33), "post_finding", "dana", conditions="Half the pods are back; the queue drains.")
    partial = opened("partial", now - minutes(21), service="billing", title="Invoices are created twice")
    after(partial, minutes(2), "acknowledge", "sam")
    after(partial, minutes(9), "declare", "jonas", severity="P2")
    after(partial, minutes(11), "take_role", "ines", role="comms")
    unheard = opened("unheard", now - minutes(4), title="Checkout p99 latency above 4 s", severity="warning")
    breach = opened(
        "breach", now - minutes(36), service="platform", title="Unauthorised access to the customer export bucket"
    )
    after(breach, minutes(5), "acknowledge", "priya")
    after(breach, minutes(9), "declare", "mira", severity="P1")
    drill = opened("drill", now - minutes(12), service="platform", title="Primary database is down", kind="drill")
    after(drill, minutes(3), "acknowledge", "sam")
    return {"outage": outage, "partial": partial, "unheard": unheard, "breach": breach, "drill": drill}


def followed(night: Night) -> dict[str, SimulatedIncident]:
    """Two that were resolved yesterday, and one from last week."""
    return night.has(_followed(night.clock()))


@again
def _followed(now: datetime) -> dict[str, SimulatedIncident]:
    found = {}
    stories = (
        ("certificate", 20.0, "checkout", "TLS certificate of api.harbourline.example expired"),
        ("backlog", 30.0, "billing", "Queue backlog above 50,000 invoices"),
        ("disk", 24 * 6.0, "platform", "Disk of node-14 is full"),
    )
    for name, ago, service, title in stories:
        play = found[name] = opened(name, now - timedelta(hours=ago), service=service, title=title)
        after(play, minutes(2), "acknowledge", "dana")
        after(play, minutes(5), "declare", "jonas", severity="P2" if service != "checkout" else "P1")
        after(play, minutes(7), "take_role", "ines", role="comms")
        after(play, minutes(8), "draft_update", "ines", body=f"{title}. We are on it.")
        after(play, minutes(9), "approve_update", "ines")
        after(play, minutes(35), "resolve", "jonas", summary="Mended.")
        after(play, minutes(120), "answer_breach", "mira", breach=False, reason="No personal data was touched.")
        after(play, minutes(180), "add_item", "sam", title="Alarm ten days before it happens again", owner="sam")
    after(found["disk"], timedelta(hours=40), "complete_postmortem", "mira", cause="capacity")
    return found


async def suppresses(night: Night, *titles: str, reason: str = "environment 'staging' is not production") -> None:
    """Alerts that opened nothing."""
    for place, title in enumerate(titles):
        at = night.clock() - timedelta(minutes=7 * place + 3)
        alert = Alert(
            source="alertmanager", key=title, title=title, service="checkout", environment="staging", fired_at=at, at=at
        )
        await night.records.suppress(canonical(alert), reason, at, title)


@asynccontextmanager
async def night_at(folder: Path, **settings: Any) -> AsyncIterator[Night]:
    """An empty night whose records lie in a folder."""
    async with await Records.open(lay(folder / "records.db")) as records:
        night = Night(records, **settings)
        async with night.board.running():
            yield night


def _listed(play: SimulatedIncident) -> IncidentSummary:
    incident = play.incident
    return IncidentSummary(
        id=incident.id,
        title=incident.opened.title,
        phase=incident.phase,
        severity=incident.severity or f"{incident.opened.proposed}?",
        service=incident.opened.service,
        commander=incident.commander or "nobody",
        kind=kind(incident),
        next_due_at=min((one.due_at for one in view(incident, ()).due), default=None),
        opened_at=incident.opened_at,
    )
