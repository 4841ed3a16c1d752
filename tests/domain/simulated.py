"""One incident of a scenario, without the group of alerts that the whole simulation would sort it into."""

from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.incident.incident import Incident
from domain.procedure.company_search import found
from domain.procedure.detection import opened
from domain.run import progress as step
from domain.simulation.incident import SimulatedIncident, SimulatedVendors
from domain.simulation.scenario import Scenario, ScenarioAct, ScenarioAlert
from domain.value.incident_id import incident_id


def begin(scenario: Scenario, policy: Policy, catalog: Catalog) -> SimulatedIncident:
    """Open the scenario's incident with the alerts that are heard first."""
    first_at = min(sound.after for sound in scenario.alerts)
    first = tuple(sound.alert(scenario.starts_at) for sound in scenario.alerts if sound.after == first_at)
    name, drill = incident_id(scenario.name), scenario.kind == "drill"
    opening = opened(name, first, scenario.service, catalog, policy, group=f"simulated/{scenario.service}", drill=drill)
    now = scenario.starts_at + first_at
    incident = step.open_incident(opening, scenario.by or opening.source, now)
    world = SimulatedVendors(
        scenario.starts_at, list(scenario.outages), company=lambda duty: found(duty, catalog, policy)
    )
    play = SimulatedIncident(incident, world, now)
    play.settle()
    return play


def play(scenario: Scenario, policy: Policy, catalog: Catalog) -> Incident:
    """Play a scenario to its end and read what became of it."""
    under_way, start = begin(scenario, policy, catalog), scenario.starts_at
    beats: list[ScenarioAlert | ScenarioAct] = [*scenario.alerts, *scenario.acts]
    for beat in sorted(beats, key=lambda one: one.after):
        if isinstance(beat, ScenarioAct) or start + beat.after > under_way.incident.opened_at:
            under_way.pass_until(start + beat.after)
            if isinstance(beat, ScenarioAct):
                under_way.act(beat.act)
            else:
                under_way.hear([beat.alert(start)], beat.count)
    under_way.pass_until(start + scenario.lasts)
    return under_way.incident
