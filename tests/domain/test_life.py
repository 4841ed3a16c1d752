"""What outlives a run: every event, packed small enough for the engine, whole enough to go on."""

from datetime import timedelta
from functools import cache
from hashlib import shake_256
from statistics import median
from time import process_time

import pytest

from domain.incident_input import CUT, LARGEST, IncidentInput, carry, pack, unpack
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import FindingPosted, Note, Noted, PostFinding
from domain.procedure.severity import Declare
from domain.run import progress as step
from domain.run.agenda import deadlines, owed
from domain.run.read import read
from tests.again import again
from tests.domain.story import START, Story

ENGINE_LIMIT = 2_000_000
LATER = 3
"""How many times as much as one of the first acts one of the last may cost; they cost about the same."""


@again
def fought() -> Story:
    return Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(hours=1)


def test_packed_events_are_the_same_events() -> None:
    events = fought().incident.events
    assert unpack(pack(events)) == events


def test_an_incident_goes_on_from_its_packed_events_as_if_nothing_had_happened() -> None:
    story = fought()
    life = IncidentInput.model_validate_json(carry(story.incident, recorded=7).model_dump_json())
    again = life.incident(START)
    assert life.recorded == 7
    assert again == story.incident
    assert (deadlines(again), list(owed(again))) == (deadlines(story.incident), list(owed(story.incident)))


@pytest.mark.parametrize("acts", [500, pytest.param(5000, marks=pytest.mark.slow)])
def test_thousands_of_acts_stay_quick_and_far_below_the_engines_limit(acts: int) -> None:
    story, spent = fought(), list[float]()
    for number in range(acts):
        began = process_time()
        story.play.now += timedelta(seconds=20)
        step.receive(story.incident, PostFinding(id=f"act-{number}", by="dana", conditions="slow"), story.play.now)
        step.pass_time(story.incident, story.play.now)
        spent.append(process_time() - began)
    assert median(spent[-acts // 4 :]) < LATER * median(spent[: acts // 4])
    assert story.incident.number > 2 * acts
    assert len(carry(story.incident, recorded=0).packed) < ENGINE_LIMIT / 2


def talkative(recorded: bool) -> IncidentInput:
    """The input of its next run, where the records have all of it or nothing."""
    story = told_much()
    return carry(story.incident, story.incident.number if recorded else 0)


@cache
@again
def told_much() -> Story:
    """An incident in which people wrote more than compression can make small."""
    story = fought()
    for number in range(300):
        words = shake_256(str(number).encode()).hexdigest(1400)
        story.play.now += timedelta(seconds=1)
        for act in (Note(by="dana", text=words), PostFinding(by="dana", conditions=words[::-1])):
            step.receive(story.incident, act, story.play.now)
    return story


def test_texts_that_are_in_the_records_are_cut_when_there_are_too_many() -> None:
    life = talkative(recorded=True)
    assert len(life.packed) < LARGEST
    notes = [event.what.text for event in unpack(life.packed) if isinstance(event.what, Noted)]
    assert notes
    assert all(text.endswith(CUT) for text in notes)
    again = life.incident(START)
    assert again.number == life.recorded
    assert (again.phase, again.commander, len(again.moments(FindingPosted))) == ("active", "jonas", 300)


def test_what_the_records_lack_is_never_cut() -> None:
    life = talkative(recorded=False)
    assert not any(isinstance(e.what, Noted) and e.what.text.endswith(CUT) for e in unpack(life.packed))


def test_a_life_without_a_beginning_says_what_it_lacks() -> None:
    with pytest.raises(ValueError, match="expected one of them"):
        IncidentInput().incident(START)


def test_moments_that_were_asked_for_between_events_are_those_of_a_fresh_reading() -> None:
    story = fought()
    before = list(story.incident.moments(FindingPosted))
    story.passes(minutes=1).acts(PostFinding(by="dana", conditions="slow"), Note(by="dana", text="looking"))
    story.passes(minutes=1).acts(PostFinding(by="dana", conditions="slower"))
    found = story.incident.moments(FindingPosted)
    assert len(found) == len(before) + 2
    assert found == read(story.incident.events).moments(FindingPosted)
