"""What was said, or shown by an edit, moves no clock and asks for nothing: what is known then stays right."""

import pytest

from config.scenario import cast_for, library, read
from domain.incident.effects import Done
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.run import read as fold
from domain.run.agenda import clocks, owed
from domain.simulation.simulation import Simulation
from tests.domain.story import catalog, policy
from workflows.limit import patience

FULL_OF_WORDS = ("handover", "marked-as-security", "two-incidents-are-one", "slack-away", "item-reopened")


@pytest.mark.parametrize("name", FULL_OF_WORDS)
def test_after_a_word_or_an_edit_everything_is_as_it_would_be_reckoned_anew(name: str) -> None:
    said = 0
    for events in played(name):
        known = fold.begin(events[0])
        for event in events[1:]:
            fold.append(known, event)
            if isinstance(event.what, Done) and not event.what.moves():
                said += 1
                assert asked(known) == asked(anew(events[: event.number])), f"{event.number} {event.what.key}"
            else:
                asked(known)
    assert said > 15


def played(name: str) -> list[list[Event]]:
    file = library()[name]
    scenario = cast_for(read(file), catalog(), file)
    return [play.incident.events for play in Simulation(scenario, policy(), catalog(), patience()).run().plays]


def anew(events: list[Event]) -> Incident:
    incident = fold.begin(events[0])
    for event in events[1:]:
        fold.append(incident, event)
    return incident


def asked(incident: Incident) -> object:
    return list(clocks(incident)), list(owed(incident))
