"""What goes to the records with the events: the row, and nothing that no row has."""

import pytest

from config.scenario import cast_for, library, read
from domain.report.glance import NOTHING, glance
from domain.report.view import View, view
from domain.simulation.simulation import Simulation
from records.overview import Overview, overview
from tests.domain.story import catalog, policy
from workflows.limit import patience


@pytest.mark.sop("SOC-1", "KPI-1")
def test_a_glance_makes_the_row_that_the_whole_view_makes() -> None:
    file = library()["comms-lead-asleep"]
    play = Simulation(cast_for(read(file), catalog(), file), policy(), catalog(), patience()).run().plays[0]
    assert overview(glance(play.incident)) == overview(view(play.incident, ("page Dana",)))


def test_a_glance_says_nothing_that_no_row_has() -> None:
    assert NOTHING.keys() == View.model_fields.keys() - Overview.model_fields.keys()
