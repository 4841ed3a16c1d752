"""A link to a few incidents in memory, decided by the real procedure."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from client.port import (
    OPEN,
    Declaration,
    Declared,
    IncidentClient,
    IncidentEnded,
    IncidentFilter,
    IncidentNotFound,
    IncidentSummary,
    NoWorker,
    beside,
)
from config.company import load
from domain.alerting.alert import Alert
from domain.alerting.digest import AlertDigest
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.drill import DrillPlan
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.procedure.detection import opened
from domain.procedure.resolution import EndDrill
from domain.report.due import due
from domain.report.view import View, kind, timeline, view
from domain.run import progress as step
from domain.run.progress import ActResult
from domain.value.act import Act
from domain.value.incident_id import incident_id

ROOT = Path(__file__).parents[2]
POLICY = load(ROOT / "policy.yaml", Policy)
CATALOG = load(ROOT / "catalog.yaml", Catalog)


class Memory:
    """Incidents by id; `silent` is a house whose workers are away."""

    def __init__(self, now: datetime) -> None:
        self.now, self.silent = now, False
        self.stuck: set[str] = set()
        """Incidents that no worker has seen yet, nor can answer for."""
        self.drills_end = False
        """Whether a drill is over as soon as it has begun."""
        self.incidents: dict[str, Incident] = {}
        self.told: list[tuple[str, Act]] = []
        self.asked: list[str] = []
        """Whose view was asked for, in order."""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[IncidentClient]:
        yield self

    def begin(
        self, title: str = "checkout 5xx", service: str = "checkout", by: str = "datadog", *, called: str = "critical"
    ) -> str:
        """An incident that an alert has opened just now, which its sender has called so."""
        alert = Alert(source=by, key=title, title=title, severity=called, fired_at=self.now, at=self.now)
        return self._begin(alert, service, f"{title}/{len(self.incidents)}", by)

    def _begin(self, alert: Alert, service: str, seed: str, by: str) -> str:
        id = incident_id(seed)
        if id not in self.incidents:
            first = opened(id, (alert,), service, CATALOG, POLICY, group=f"{service}/production")
            self.incidents[id] = step.open_incident(first, by, self.now)
        return id

    def _incident(self, id: str, *, worker: bool = True) -> Incident:
        if id not in self.incidents:
            raise IncidentNotFound(id, self.incidents)
        if worker and (self.silent or id in self.stuck):
            raise NoWorker(f"{id}: no worker answered")
        return self.incidents[id]

    async def update(self, incident: str, act: Act) -> ActResult:
        found = self._incident(incident)
        if found.phase == "closed":
            raise IncidentEnded(incident, act.afterwards)
        return step.receive(found, act, self.now)

    async def signal(self, incident: str, act: Act) -> None:
        self._incident(incident, worker=False)
        self.told.append((incident, act))

    async def view(self, incident: str) -> View:
        self.asked.append(incident)
        return view(self._incident(incident), ("open the war room",))

    async def timeline(self, incident: str, after: int = 0) -> list[Event]:
        return timeline(self._incident(incident), after)

    async def describe(self, incident: str) -> IncidentSummary:
        found = self._incident(incident, worker=False)
        if incident in self.stuck:
            return IncidentSummary(id=found.id, title=found.opened.title, opened_at=found.opened_at)
        return IncidentSummary(
            id=found.id,
            title=found.opened.title,
            phase=found.phase,
            severity=found.severity or f"{found.opened.proposed}?",
            service=found.opened.service,
            commander=found.commander or "nobody",
            kind=kind(found),
            next_due_at=next((one.due_at for one in due(found)), None),
            opened_at=found.opened_at,
        )

    async def list_incidents(
        self, wanted: IncidentFilter = OPEN, limit: int | None = None
    ) -> tuple[IncidentSummary, ...]:
        found = []
        for id in reversed(self.incidents):
            one = await self.describe(id)
            open_ones = one.phase in ("alerting", "triage", "active") or wanted.every
            asked = not wanted.phase or one.phase == wanted.phase
            if (open_ones or wanted.followed_up or wanted.phase) and asked:
                found.append(one)
        return tuple(found[:limit])

    async def list_owing(self) -> tuple[IncidentSummary, ...]:
        return tuple(one for one in await self.list_incidents() if one.next_due_at or not one.phase)

    async def tell_group(self, group: str, digest: AlertDigest) -> None:
        raise AssertionError(f"no command relays alerts, yet {group} is told {digest}")

    async def start_drill(self, plan: DrillPlan) -> str:
        rehearsal = plan.rehearsal
        id, company = incident_id(plan.group), rehearsal.catalog(CATALOG, plan.service)
        rules = rehearsal.policy(POLICY)
        first = opened(id, plan.opens, plan.service, company, rules, group=plan.group, drill=True)
        self.incidents[id] = step.open_incident(first, "drill", self.now)
        if self.drills_end:
            step.receive(self.incidents[id], EndDrill(by="standfast"), self.now)
        return id

    async def declare(self, declaration: Declaration) -> Declared:
        others = tuple(id for id, one in self.incidents.items() if one.opened.service == declaration.alert.service)
        before = set(self.incidents)
        id = self._begin(declaration.alert, declaration.alert.service, declaration.seed, declaration.by)
        also = beside(id, [await self.describe(one) for one in others])
        return Declared(
            incident=id,
            service=declaration.alert.service,
            fresh=id not in before,
            phase=self.incidents[id].phase,
            others=also,
        )
