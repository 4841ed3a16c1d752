"""The simulator does not drift from the engine: every scenario has the same events in both.

A few that show most of what the others show are played before anything lands, the others by `make proof`. SCENARIOS
names a folder whose own are played instead, each against what it expects too: `make play SCENARIOS=<folder>`.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.scenario import library, read
from domain.simulation.outcome import mistaken
from domain.simulation.people import cast
from domain.simulation.simulation import Simulation
from tests.domain.story import catalog, policy
from tests.scenario.agreement import differences
from tests.scenario.conftest import Playing
from tests.scenario.cover import cover, kept
from tests.scenario.theatre import Theatre
from tests.scenario.void import reasons
from workflows.limit import patience

PLAYS = 3
"""How often a play may be void before something is wrong with the test."""


FOLDER = os.environ.get("SCENARIOS", "")
OWN = {file.stem: file for file in sorted(Path(FOLDER).glob("*.yaml"))} if FOLDER else {}
FEW = OWN or cover(kept())
"""The scenarios that are played by `make test` (the first) and `make stories`; the others are slow."""
PLAYED = (OWN or library()).items()
FILES = [pytest.param(file, id=name, marks=() if name in FEW else pytest.mark.slow) for name, file in PLAYED]


@pytest.mark.parametrize("file", FILES)
async def test_the_engine_tells_the_same_of_a_scenario_as_the_simulator(file: Path, playing: Playing) -> None:
    void: list[list[str]] = []
    while len(void) < PLAYS:
        theatre, found = await drift(file, playing)
        if not found:
            return
        why = [reason for events in await theatre.histories() for reason in reasons(events)]
        assert why, found
        void.append(why)
    raise AssertionError(f"void {PLAYS} times: {void}")


async def drift(file: Path, playing: Playing) -> tuple[Theatre, list[str]]:
    """What the engine tells otherwise than the simulator, in one play of each."""
    scenario, began = cast(read(file), catalog(), datetime.now(UTC)), time.monotonic()
    theatre = await playing(scenario)
    # The engine's clock goes on while it works, so a moment may be later than planned by as much as it has worked.
    worked = timedelta(seconds=1 + time.monotonic() - began)
    ensemble = Simulation(scenario, policy(), catalog(), patience()).run()
    assert mistaken(read(file).expect, ensemble) == []
    found = differences([play.incident.events for play in ensemble.plays], theatre.told, worked)
    refused, suppressed = [one.act.kind for one in ensemble.refused], [one.reason for one in ensemble.suppressed]
    found += [f"refused: {refused}, on the engine {theatre.refused}"] if refused != theatre.refused else []
    told = [one.reason for one in theatre.on.suppressed]
    return theatre, found + ([f"suppressed: {suppressed}, on the engine {told}"] if suppressed != told else [])
