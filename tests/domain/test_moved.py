"""What was said, shown by an edit, or asked of the pager moves no clock: what is known then stays right."""

from dataclasses import replace

import pytest

from config.scenario import cast_for, library, read
from domain.incident.effects import Done
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.run import read as fold
from domain.run.agenda import clocks, deadlines, owed
from domain.simulation.simulation import Simulation
from tests.domain.story import catalog, policy
from workflows.limit import patience

FULL_OF_WORDS = ("handover", "marked-as-security", "two-incidents-are-one", "slack-away", "item-reopened")


@pytest.mark.parametrize("name", FULL_OF_WORDS)
def test_after_a_word_an_edit_or_a_question_everything_is_as_it_would_be_reckoned_anew(name: str) -> None:
    said, asked_pager = 0, 0
    for events in played(name):
        known = fold.begin(events[0])
        for event in events[1:]:
            fold.append(known, event)
            before = asked(known)
            if isinstance(event.what, Done) and not event.what.ticks():
                said, asked_pager = said + 1, asked_pager + event.what.moves()
                assert before == asked(forgetful(known)), f"{event.number} {event.what.key}"
    assert said > 15
    assert asked_pager


def played(name: str) -> list[list[Event]]:
    file = library()[name]
    scenario = cast_for(read(file), catalog(), file)
    return [play.incident.events for play in Simulation(scenario, policy(), catalog(), patience()).run().plays]


def forgetful(incident: Incident) -> Incident:
    """The same reading, in which nothing was reckoned yet."""
    return replace(incident, reach=replace(incident.reach, reckoned={}), searches={})


def asked(incident: Incident) -> object:
    return list(clocks(incident)), deadlines(incident), list(owed(incident))
