"""Plays a scenario in no time and without a server: what would happen, and which clauses would hold."""

from pathlib import Path
from typing import Annotated, Any

import typer

from config.company import SHIPPED, Settings, load
from config.scenario import FOLDER, library, read
from console import scene
from console.code import CHECK_FAILED
from console.ending import CommandRefused
from console.scenario import cast_with, script_called
from console.screen import show, show_json
from console.session import AsJson, finish
from domain.check import Finding
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.report.scorecard import scorecard
from domain.simulation.expectation import Expectation
from domain.simulation.incident import SimulatedIncident
from domain.simulation.outcome import mistaken, paged
from domain.simulation.simulation import Simulation
from domain.simulation.story import ScenarioFile
from workflows.limit import patience

app = typer.Typer()


@app.command()
def simulate(
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A scenario of the library, or a file.")] = "",
    policy: Annotated[Path | None, typer.Option("--policy", help="Another policy than that of the settings.")] = None,
    catalog: Annotated[
        Path | None, typer.Option("--catalog", help="Another company than that of the settings.")
    ] = None,
    every: Annotated[bool, typer.Option("--list", help="List the library, with what each scenario shows.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Show every event, messages and edits too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Play a scenario under a policy, in milliseconds and without a server.

    Prints what would happen when, who would be woken, and which clauses would be met, late or missed. Ends with 1 where
    it comes out otherwise than the scenario's file expects; what the library expects is said of the shipped policy and
    company only.
    """

    async def work() -> int:
        if every:
            return _listed(as_json)
        if not name:
            raise CommandRefused(f"scenario: found nothing, expected a file or one of {', '.join(library())}")
        settings = Settings()
        files = (policy or settings.standfast_policy, catalog or settings.standfast_catalog)
        file, script = script_called(name)
        if is_foreign(file, *files):
            script = script.model_copy(update={"expect": Expectation()})
        return _played(file, script, load(files[0], Policy), load(files[1], Catalog), everything, as_json)

    finish(work())


def _listed(as_json: bool) -> int:
    scripts = [read(file) for file in library().values()]
    if as_json:
        show_json({"scenarios": [{"name": one.name, "says": one.says} for one in scripts]})
    else:
        show(scene.listing(scripts))
    return 0


def is_foreign(file: Path, policy: Path, catalog: Path) -> bool:
    """Whether a scenario of the library is played under other rules than those its file speaks of."""
    shipped = {(SHIPPED / name).resolve() for name in ("policy.yaml", "catalog.yaml")}
    return file.resolve().parent == FOLDER.resolve() and {policy.resolve(), catalog.resolve()} != shipped


def _played(file: Path, script: ScenarioFile, policy: Policy, catalog: Catalog, everything: bool, as_json: bool) -> int:
    ensemble = Simulation(cast_with(script, catalog, file), policy, catalog, patience()).run()
    found = mistaken(script.expect, ensemble)
    if as_json:
        show_json(data(script, ensemble, found))
    else:
        show(scene.page(script, ensemble, found, everything=everything))
    return CHECK_FAILED if found else 0


def data(script: ScenarioFile, ensemble: Simulation, found: list[Finding]) -> dict[str, Any]:
    """The play for programs; moments are seconds after the start as well."""
    scenario = ensemble.scenario
    return {
        "scenario": script.name,
        "says": script.says,
        "policy": ensemble.policy.name,
        "company": ensemble.catalog.company,
        "service": scenario.service,
        "starts_at": scenario.starts_at.isoformat(),
        "lasts": scenario.lasts.total_seconds(),
        "paged": list(paged(ensemble)),
        "incidents": [_incident(play, ensemble) for play in ensemble.plays],
        "suppressed": [
            {
                "after": (one.at - scenario.starts_at).total_seconds(),
                "alerts": [alert.title for alert in one.alerts],
                "reason": one.reason,
            }
            for one in ensemble.suppressed
        ],
        "refused": [
            {
                "after": (one.at - scenario.starts_at).total_seconds(),
                "by": one.act.by,
                "act": one.act.kind,
                "reason": one.reason,
            }
            for one in ensemble.refused
        ],
        "unexpected": [str(finding) for finding in found],
    }


def _incident(play: SimulatedIncident, ensemble: Simulation) -> dict[str, Any]:
    incident, start = play.incident, ensemble.scenario.starts_at
    events = [
        {"after": (event.at - start).total_seconds(), **event.model_dump(mode="json", exclude={"what": LONG})}
        for event in incident.events
    ]
    return {
        "id": incident.id,
        "title": incident.title.inside,
        "phase": incident.phase,
        "severity": incident.severity,
        "events": events,
        "scorecard": [one.model_dump(mode="json") for one in scorecard(incident, ensemble.now)],
    }


LONG = {"policy", "catalog"}
"""What is frozen into the first event and stands in files already."""
