"""A scenario as a drill: what it does by itself, and when, while people take part."""

from datetime import datetime, timedelta

from domain.drill import DrillOptions, DrillPlan, DrillStep
from domain.simulation.scenario import Scenario, ScenarioAlert


def plan(scenario: Scenario, rehearsal: DrillOptions, group: str, starts_at: datetime, longest: timedelta) -> DrillPlan:
    """A scenario as a drill that begins now; who takes part acts for themselves, the others act as it is written."""
    heard = sorted((_heard(one, scenario, rehearsal, starts_at) for one in scenario.alerts), key=lambda cue: cue.at)
    acted = [
        DrillStep(
            at=starts_at + turn.after / rehearsal.speed, act=turn.act.model_copy(update={"id": f"{group}/{number}"})
        )
        for number, turn in enumerate(scenario.acts, start=1)
        if turn.act.by not in rehearsal.people and turn.incident <= 1
    ]
    opens = [cue for cue in heard if cue.at == heard[0].at]
    return DrillPlan(
        name=scenario.name,
        service=scenario.service,
        group=group,
        opens=tuple(alert for cue in opens for alert in cue.alerts),
        cues=tuple(sorted([*heard[len(opens) :], *acted], key=lambda cue: cue.at)),
        rehearsal=rehearsal,
        ends_at=starts_at + min(scenario.lasts / rehearsal.speed, longest),
    )


def _heard(sound: ScenarioAlert, scenario: Scenario, rehearsal: DrillOptions, starts_at: datetime) -> DrillStep:
    alert, at = sound.alert(scenario.starts_at), starts_at + sound.after / rehearsal.speed
    fired_at = starts_at + (alert.fired_at - scenario.starts_at) / rehearsal.speed
    return DrillStep(at=at, alerts=(alert.model_copy(update={"at": at, "fired_at": fired_at}),))
