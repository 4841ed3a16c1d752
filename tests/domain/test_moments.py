"""The moments of a scenario: those that its file says, and those that cannot be."""

from datetime import datetime, timedelta

import pytest

from domain.simulation.people import cast
from domain.simulation.simulation import Simulation
from domain.simulation.story import ScenarioFile
from tests.domain.story import catalog, policy
from tests.domain.test_script import script


@pytest.mark.parametrize(("later", "until"), [(None, "2026-03-28T09:00:00Z"), ("2026-03-28", "2026-03-29T09:00:00Z")])
def test_a_moment_by_the_calendar_is_meant_as_it_stands_and_moves_as_much_as_the_file(
    later: str | None, until: str
) -> None:
    lines = ["{at: 1h, dana: {snooze: WAR-4, until: '2026-03-28T09:00:00Z', reason: sleep}}"]
    file = script(*lines, "{at: 2h, dana: {snooze: WAR-4, until: 3h, reason: lunch}}", starts_at="2026-03-27T00:00:00Z")
    begins = datetime.fromisoformat(f"{later or '2026-03-27'}T00:00:00+00:00")
    first, second = cast(file, catalog(), begins if later else None).acts
    assert first.act == first.act.model_copy(update={"until": datetime.fromisoformat(until)})
    assert second.act == second.act.model_copy(update={"until": begins + timedelta(hours=3)})


@pytest.mark.sop("ACK-4")
def test_a_start_that_cannot_be_is_no_reason_to_hear_nothing() -> None:
    line = {"at": "0m", "alert": "5xx above 5 %", "late": "20514d"}
    file = ScenarioFile.model_validate({"name": "1970", "says": "x", "story": [line]})
    heard = Simulation(cast(file, catalog()), policy(), catalog()).run()
    assert heard.suppressed == []
    [play] = heard.plays
    assert play.incident.opened.fired_at == file.starts_at
