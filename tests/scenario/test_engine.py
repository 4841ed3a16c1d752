"""The simulator does not drift from the engine: every scenario has the same events in both."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from activities.scenario import library, read
from domain.cast import cast
from domain.ensemble import Ensemble
from tests.domain.story import catalog, policy
from tests.scenario.agreement import differences
from tests.scenario.conftest import Playing
from workflows.limit import patience


@pytest.mark.parametrize("file", library().values(), ids=lambda file: file.stem)
async def test_the_engine_tells_the_same_of_a_scenario_as_the_simulator(file: Path, playing: Playing) -> None:
    scenario, began = cast(read(file), catalog(), datetime.now(UTC)), time.monotonic()
    theatre = await playing(scenario)
    # The engine's clock goes on while it works, so a moment may be later than planned by as much as it has worked.
    worked = timedelta(seconds=1 + time.monotonic() - began)
    ensemble = Ensemble(scenario, policy(), catalog(), patience()).run()
    assert differences([play.incident.events for play in ensemble.plays], theatre.told, worked) == []
    assert theatre.refused == [one.act.kind for one in ensemble.refused]
    assert [one.reason for one in theatre.on.suppressed] == [one.reason for one in ensemble.suppressed]
