"""What an incident and a storm cost is counted, and grows by decision only."""

import json

from tests.golden.costs import FILE, costs


async def test_an_incident_and_a_storm_cost_what_they_cost() -> None:
    assert await costs() == json.loads(FILE.read_text())
