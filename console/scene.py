"""How a simulation looks in a terminal: who was woken, what happened when, and what became of every clause."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from rich.console import Group, RenderableType
from rich.text import Text

from console.debrief import clauses
from console.due_page import HOT
from console.page import is_quiet, table, told
from domain.check import Finding
from domain.incident.event import Event
from domain.procedure.headline import WORDS
from domain.report.scorecard import scorecard
from domain.simulation.incident import SimulatedIncident
from domain.simulation.outcome import paged
from domain.simulation.people import strangers
from domain.simulation.simulation import Simulation
from domain.simulation.story import ScenarioFile
from domain.value.model import spoken, to_the_second


def listing(scripts: Iterable[ScenarioFile]) -> RenderableType:
    """The library: what each scenario shows."""
    made = table("scenario", "shows")
    for script in scripts:
        made.add_row(script.name, Text(script.says))
    return made


def page(script: ScenarioFile, ensemble: Simulation, found: list[Finding], *, everything: bool) -> RenderableType:
    """The whole play."""
    parts: list[RenderableType] = [Text(script.says, style="bold"), Text(_where(ensemble), style="dim")]
    for number, play in enumerate(ensemble.plays, start=1):
        parts += _incident(number, play, ensemble, everything)
    parts += [*_unheard(ensemble), *_expected(script, found)]
    return Group(*parts)


def _where(ensemble: Simulation) -> str:
    scenario, company = ensemble.scenario, ensemble.catalog.company or "the catalog's company"
    unknown = strangers(scenario, ensemble.catalog)
    said = f"; nobody of the catalog: {', '.join(unknown)}" if unknown else ""
    return (
        f"{company}, {scenario.service}, under {ensemble.policy.name}: {spoken(scenario.lasts)} "
        f"from {scenario.starts_at:%a %d %b %H:%M} UTC; woken: {', '.join(paged(ensemble)) or 'nobody'}{said}"
    )


def _incident(number: int, play: SimulatedIncident, ensemble: Simulation, everything: bool) -> Iterator[RenderableType]:
    incident = play.incident
    severity = incident.severity or f"{incident.proposal[0]} proposed"
    which = f"incident {number} of {len(ensemble.plays)}: " if len(ensemble.plays) > 1 else ""
    heading = f"\n{which}{incident.id} [{severity}] {incident.title.inside}, {WORDS[incident.phase]} in the end"
    yield Text(heading, style=HOT.get(incident.severity or "", "bold"))
    shown = [event for event in incident.events if everything or not is_quiet(event)]
    yield timeline(shown, ensemble.scenario.starts_at)
    left = len(incident.events) - len(shown)
    if left:
        yield Text(f"and {left} events more, of messages, edits and kept promises: --all shows them", style="dim")
    yield Text("\nClauses", style="bold")
    yield clauses(scorecard(incident, ensemble.now))


def timeline(events: Iterable[Event], starts_at: datetime) -> RenderableType:
    """What happened, counted from the start."""
    made = table("after", "clause", "who", "what")
    for event in events:
        made.add_row(to_the_second(event.at - starts_at), event.clause, event.by, Text(told(event)))
    return made


def _unheard(ensemble: Simulation) -> Iterator[RenderableType]:
    """What opened nothing, and who acted where nothing could take it."""
    start = ensemble.scenario.starts_at
    if ensemble.suppressed:
        yield Text("\nOpened nothing", style="bold")
        made = table("after", "alert", "why")
        for one in ensemble.suppressed:
            made.add_row(
                to_the_second(one.at - start), Text(", ".join(alert.title for alert in one.alerts)), one.reason
            )
        yield made
    if not ensemble.plays:
        yield Text("\nNo incident was opened.", style="bold")


def _expected(script: ScenarioFile, found: list[Finding]) -> Iterator[RenderableType]:
    if not script.expect.model_fields_set:
        return
    yield Text("\nIt came out as the scenario expects." if not found else "\nIt came out otherwise than expected")
    for finding in found:
        yield Text(str(finding), style="bold red")
