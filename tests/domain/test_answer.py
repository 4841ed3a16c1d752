"""What a person is told of what they did: that it counts, in a sentence, and what is due next."""

from datetime import UTC, datetime

import pytest

from console.moment import in_zone
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import Note, PostFinding
from domain.procedure.resolution import Resolve
from domain.procedure.roles import TakeRole
from domain.procedure.severity import Declare
from tests.again import again
from tests.domain.story import START, Story


@again
def fought() -> Story:
    return Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))


@pytest.mark.sop("ACK-1", "TRI-4")
def test_who_is_on_it_is_told_what_they_owe_next() -> None:
    answer = Story().acts(Acknowledge(by="dana")).answer
    says = "Dana says how bad it is by 03:10 UTC."
    assert answer.text == f"Dana is on it. Next: {says}"


@pytest.mark.sop("WAR-4")
def test_a_finding_is_answered_with_when_the_next_is_due() -> None:
    answer = fought().passes(minutes=5).acts(PostFinding(by="dana", conditions="smoke")).answer
    assert answer.text == "Dana found: smoke. Next: Dana tells the room by 03:20 UTC."
    assert answer.moments == (START.replace(minute=20),)


def test_long_words_are_not_said_back_whole() -> None:
    told = fought().acts(Note(by="dana", text="we wait " * 20)).answer.text
    assert "we… Next" in told
    assert told.count("we wait") < 10


def test_what_is_overdue_is_never_what_comes_next() -> None:
    answer = fought().passes(hours=3).acts(Note(by="mira", text="I am here")).answer
    assert all(at > START.replace(hour=6) for at in answer.moments)


@pytest.mark.sop("WAR-3")
def test_the_next_of_who_takes_a_role_is_what_the_role_owes() -> None:
    answer = fought().passes(minutes=2).acts(TakeRole(by="ines", role="comms")).answer
    assert "Next: Ines tells customers for the first time by" in answer.text


@pytest.mark.sop("RES-3")
def test_who_resolves_reads_which_alerts_fire_still() -> None:
    answer = fought().passes(minutes=5).acts(Resolve(by="jonas", summary="over")).answer
    assert "these alerts fire still: 5xx error rate above 5%; if they are repeated it is not over." in answer.text


def test_the_same_act_twice_is_answered_as_done() -> None:
    story = fought().acts(Note(by="dana", text="a", id="press-1"), Note(by="dana", text="a", id="press-1"))
    assert (story.answer.accepted, story.answer.text) == (True, "That was done already.")


def test_a_terminal_says_the_moments_in_its_own_time() -> None:
    at = datetime(2025, 3, 4, 3, 20, tzinfo=UTC)
    assert in_zone("Next by 03:20 UTC.", (at,), at, UTC) == "Next by 03:20."
    assert in_zone("Next by 04 Mar 03:20 UTC.", (at,), START.replace(day=5), UTC) == "Next by 04 Mar 03:20."
