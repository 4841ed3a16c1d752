"""Which scenarios the engine plays in `make test`: few, in which most of what any of them shows is shown.

What each scenario shows stands in shows.json, written by `python -m tests.golden.accounts` and held to be true where
the library is played. Which are chosen is reckoned from that; `make proof` plays the others.
"""

import json
from pathlib import Path

from domain.simulation.simulation import Simulation

FILE = Path(__file__).with_name("shows.json")
PLAYED = 4
"""How many scenarios are played on the engine in `make test`."""
BEGUN = 10
"""What it costs to begin a play, in kinds of things that it shows."""
Shown = dict[str, list[str]]


def shown(ensemble: Simulation) -> list[str]:
    """Every kind of event, duty, act and timer that a scenario shows, and every vendor that is away in it."""
    events = [event.what for play in ensemble.plays for event in play.incident.events]
    found = {f"event {what.kind}" for what in events}
    found |= {f"duty {what.kind} {getattr(what, 'duty', '')}" for what in events if what.kind in ("done", "failed")}
    found |= {f"act {turn.act.kind}" for turn in ensemble.scenario.acts}
    found |= {f"refused {one.act.kind}" for one in ensemble.refused}
    found |= {f"away {outage.role}" for outage in ensemble.scenario.outages}
    found |= {f"suppressed {one.reason.partition(' ')[0]}" for one in ensemble.suppressed}
    return sorted(found | ({"several incidents"} if len(ensemble.plays) > 1 else set()))


def cover(shows: Shown, most: int = PLAYED) -> list[str]:
    """The scenarios that show most: always the one next that shows most of what none before it shows, for its size."""
    chosen: list[str] = []
    left = {name: set(kinds) for name, kinds in sorted(shows.items())}
    while len(chosen) < most and any(left.values()):
        chosen.append(max(left, key=lambda name: len(left[name]) / (BEGUN + len(shows[name]))))
        seen = left[chosen[-1]]
        left = {name: kinds - seen for name, kinds in left.items()}
    return chosen


def kept() -> Shown:
    """What each scenario of the library shows, as it was written down."""
    shows: Shown = json.loads(FILE.read_text())
    return shows


def write(shows: Shown) -> None:
    """Write down what each scenario shows, a scenario a line."""
    lines = [f"{json.dumps(name)}: {json.dumps(kinds)}" for name, kinds in sorted(shows.items())]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")
