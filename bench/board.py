"""How fast the board answers with 100,000 incidents of history and 60 open ones.

`python -m bench.board [--incidents N] [--open N] [--rounds N] [--seconds S]`: over ASGI, with real records and an
engine in memory that answers at once; what a real engine takes for one list and sixty queries comes on top of a first
look, and no further look waits for it. A minute passes between two looks, so that none is served from the one before;
the months that are over stay counted for an hour, as they do for people, and their first count is printed by itself.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from starlette.applications import Starlette

from bench.records import START, YEAR, fill, measure
from client.port import OPEN, IncidentFilter, IncidentSummary
from config.company import Company
from config.company import Settings as CompanySettings
from domain.incident.event import Event
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import PostFinding
from domain.procedure.severity import Declare
from domain.report.view import View, timeline, view
from domain.simulation.incident import SimulatedIncident
from domain.simulation.scenario import Scenario, ScenarioAlert
from domain.simulation.simulation import Simulation
from ingress.board.gate import BoardAccess, Settings
from ingress.board.memory import RecordsReader
from ingress.board.route import Board
from records.overview import overview
from records.record import Stored
from records.store import Records

TARGET = 200.0
"""Milliseconds in which 95 of 100 pages should be answered."""
END = START + YEAR
FINDINGS = 60


class Clock:
    """Time that passes between two looks, so that none is served from the one before."""

    def __init__(self) -> None:
        self.at = END

    def __call__(self) -> datetime:
        return self.at


class Engine:
    """Open incidents in memory; what they answer is made beforehand, for it is not the board's work."""

    def __init__(self, plays: list[SimulatedIncident]) -> None:
        self._plays = {play.incident.id: play for play in plays}
        self._views = {name: view(play.incident, ()) for name, play in self._plays.items()}

    async def list_incidents(
        self, wanted: IncidentFilter = OPEN, limit: int | None = None
    ) -> tuple[IncidentSummary, ...]:
        return tuple(
            IncidentSummary(
                id=one.id,
                title=one.title,
                phase=one.phase,
                severity=one.severity or "P1?",
                service=one.service,
                opened_at=one.opened_at,
            )
            for one in list(self._views.values())[:limit]
        )

    async def view(self, incident: str) -> View:
        return self._views[incident]

    async def timeline(self, incident: str, after: int = 0) -> list[Event]:
        return timeline(self._plays[incident].incident, after)


def fought(company: Company, count: int) -> list[SimulatedIncident]:
    """Open incidents, acknowledged and declared; the first has a long timeline."""
    plays = []
    for number in range(count):
        sound = ScenarioAlert(title=f"Errors above 5 % ({number})", severity="critical", service="checkout")
        starts_at = END - timedelta(minutes=90)
        scenario = Scenario(name=f"open {number}", service="checkout", starts_at=starts_at, alerts=(sound,))
        simulation = Simulation(scenario, company.policy, company.catalog)
        simulation.hear(scenario.alerts)
        [play] = simulation.plays
        play.act(Acknowledge(by="dana"))
        play.act(Declare(by="jonas", severity="P1"))
        for finding in range(FINDINGS if number == 0 else 1):
            play.pass_until(starts_at + timedelta(minutes=finding))
            play.act(PostFinding(by="dana", conditions=f"finding {finding}"))
        plays.append(play)
    return plays


async def run(folder: Path, incidents: int, open_count: int, rounds: int, seconds: float) -> bool:
    """Fill, measure, and say what was found; whether every page kept the target."""
    company, clock = Company(CompanySettings()), Clock()
    plays = fought(company, open_count)
    async with await Records.open(f"sqlite:///{folder}/board.db") as records:
        await records.migrate()
        await fill(records, incidents)
        for play in plays[:3]:
            events = [Stored.of(event) for event in play.incident.events]
            await records.append(play.incident.id, events, overview(view(play.incident, ())))
        board = Board(
            Engine(plays), RecordsReader("", records), company, BoardAccess(Settings(), "127.0.0.1:8080"), clock
        )
        transport = httpx.ASGITransport(Starlette(routes=board.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as http, board.running():
            return await _measured(http, clock, plays, incidents, rounds, seconds)


async def _measured(
    http: httpx.AsyncClient, clock: Clock, plays: list[SimulatedIncident], incidents: int, rounds: int, seconds: float
) -> bool:
    long = plays[0].incident
    pages: dict[str, Callable[[int], str]] = {
        f"board, {len(plays)} open": lambda _: "/",
        "board, what a browser fetches": lambda _: "/?part=live",
        f"incident of {long.number} events": lambda _: f"/incidents/{long.id}",
        f"key figures of {incidents:,}": lambda _: "/kpi",
        "key figures of another service": lambda turn: f"/kpi?service=service-{turn % 40}",
        "history": lambda _: "/incidents",
    }
    print(f"{incidents:,} incidents of history, {len(plays)} open; the rows below are bytes of one page")
    began = time.perf_counter()
    (await http.get("/kpi")).raise_for_status()
    print(f"the first count of the key figures, a year by month, took {(time.perf_counter() - began) * 1000:.0f} ms")
    slowest = 0.0
    for name, path in pages.items():

        async def look(turn: int, path: Callable[[int], str] = path) -> int:
            clock.at += timedelta(minutes=1)
            answer = await http.get(path(turn), headers={"accept": "text/html"})
            answer.raise_for_status()
            return len(answer.content)

        slowest = max(slowest, await measure(name, rounds, time.monotonic() + seconds, look))
    kept = slowest <= TARGET
    print(f"the slowest page's p95 is {slowest:.0f} ms, the target {TARGET:.0f} ms: {'kept' if kept else 'MISSED'}")
    return kept


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--open", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=20.0, help="no page is asked for longer than this")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="standfast-") as folder:
        asyncio.run(run(Path(folder), arguments.incidents, arguments.open, max(arguments.rounds, 2), arguments.seconds))


if __name__ == "__main__":
    main()
