"""What goes to the records with the events: the row where it says something else, and nothing that no row has."""

import json

import pytest

from config.scenario import cast_for, library, read
from domain.exchange import LONG, EventBatch
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import Note
from domain.procedure.severity import Declare
from domain.report.glance import NOTHING, glance
from domain.report.view import View, view
from domain.simulation.simulation import Simulation
from records.overview import Overview, overview
from tests.domain.story import Story, catalog, policy
from workflows.limit import patience


@pytest.mark.sop("SOC-1", "KPI-1")
def test_a_glance_makes_the_row_that_the_whole_view_makes() -> None:
    file = library()["comms-lead-asleep"]
    play = Simulation(cast_for(read(file), catalog(), file), policy(), catalog(), patience()).run().plays[0]
    assert overview(glance(play.incident)) == overview(view(play.incident, ("page Dana",)))


def test_a_glance_says_nothing_that_no_row_has() -> None:
    assert NOTHING.keys() == View.model_fields.keys() - Overview.model_fields.keys()


@pytest.mark.sop("SOC-1")
def test_what_changes_no_row_leaves_its_glance_as_it_was() -> None:
    story = Story()
    story.acts(Acknowledge(by="dana"))
    before = glance(story.incident)
    story.acts(Note(by="dana", text="The queue grows."))
    assert glance(story.incident) == before
    story.acts(Declare(by="jonas", severity="P1"))
    assert glance(story.incident) != before


@pytest.mark.sop("SOC-1")
@pytest.mark.parametrize("some", [slice(0, None), slice(1, 2)], ids=["packed", "as they are"])
def test_events_are_after_their_way_what_they_were_before_it(some: slice) -> None:
    story = Story()
    story.acts(Acknowledge(by="dana"))
    batch = EventBatch(incident=story.incident.id, events=tuple(story.incident.events[some]))
    written = batch.model_dump_json()
    assert EventBatch.model_validate_json(written) == batch
    weight = sum(len(event.model_dump_json()) for event in batch.events)
    assert isinstance(json.loads(written)["events"], str) == (weight > LONG)
