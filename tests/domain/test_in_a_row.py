"""What a room is to hear one after the other goes together where it hears the same as one by one."""

import copy
from datetime import timedelta

import pytest

from domain.incident.incident import Incident
from domain.port.chat import Say
from domain.port.duty import Outcome
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import PostFinding
from domain.procedure.severity import Declare
from domain.run import progress as step
from domain.run.agenda import owed
from domain.run.in_a_row import LONGEST, followers
from domain.value.act import Act
from tests.again import again
from tests.domain.story import Story


@again
def burning() -> Story:
    return Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(seconds=30)


def heard(story: Story, *acts: Act) -> Incident:
    """The incident when all of this happened and nobody was told yet."""
    for number, act in enumerate(acts):
        step.receive(story.incident, act.model_copy(update={"id": str(number)}), story.play.now)
    return story.incident


def next_of(incident: Incident) -> Say | None:
    """What the room hears now."""
    says = (duty for duty in owed(incident) if isinstance(duty, Say) and duty.in_order)
    return next(says, None)


def found(*words: str) -> tuple[Act, ...]:
    return tuple(PostFinding(by="dana", conditions=one) for one in words)


@pytest.mark.sop("WAR-4", "WAR-6")
def test_what_follows_is_what_would_have_been_said_once_the_first_was() -> None:
    incident = heard(burning(), *found("errors on one node", "the pool is empty", "it began at 10:04"))
    first = next_of(incident)
    assert first is not None
    row = followers(incident, first)
    assert len(row) == 2
    assert_one_by_one(incident, first, row)


def test_a_row_is_no_longer_than_one_try_has_time_for() -> None:
    incident = heard(burning(), *found(*"abcdefgh"))
    first = next_of(incident)
    assert first is not None
    assert len(followers(incident, first)) == LONGEST


def test_nothing_follows_what_may_not_be_said_at_once() -> None:
    incident = heard(burning(), *found("errors on one node", "the pool is empty"))
    first = next_of(incident)
    assert first is not None
    step.failed(incident, first, "503", True, incident.events[-1].at)
    tried = next_of(incident)
    assert tried is not None
    assert followers(incident, tried) == ()


@pytest.mark.sop("WAR-1")
def test_what_calls_somebody_who_is_not_in_the_room_waits_for_the_invitation() -> None:
    story = Story(severity="warning").acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P2")).passes(minutes=2)
    lower = Declare(by="jonas", severity="P3", reason="one customer only")
    incident = heard(story, *found("a", "b"), lower, *found("c"))
    first = next_of(incident)
    assert first is not None
    assert [say.message.text[-1] for say in followers(incident, first)] == ["b"]


@pytest.mark.sop("ACK-5", "WAR-4", "COM-2")
def test_a_fight_in_which_the_room_was_away_is_caught_up_with_in_the_same_words() -> None:
    story = burning().fails("room", "say", minutes=50).passes(minutes=49)
    incident, rows = story.incident, 0
    while (say := next_of(incident)) is not None and rows < len(story.incident.events):
        row = followers(incident, say)
        assert_one_by_one(incident, say, row)
        rows += bool(row)
        step.done(incident, say, Outcome(ref=f"message/{say.key}"), incident.events[-1].at + timedelta(seconds=1))
    assert rows


def assert_one_by_one(incident: Incident, first: Say, row: tuple[Say, ...]) -> None:
    """Each is what the room hears next once it has heard the one before."""
    lives, before = copy.deepcopy(incident), first
    for say in row:
        step.done(lives, before, Outcome(ref=f"message/{before.key}"), lives.events[-1].at)
        assert next_of(lives) == say
        before = say
