"""WAR-1: a war room begins with its card."""

import pytest

from domain.port.chat import Say
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.severity import Declare
from domain.procedure.war_room import awaits_card
from domain.run import progress as step
from domain.run.agenda import duties, owed
from tests.domain.story import Story, changed, policy


@pytest.mark.sop("WAR-1")
@pytest.mark.parametrize("first", [True, False])
def test_what_is_said_in_a_room_that_has_just_opened_waits_for_its_card_unless_the_policy_is_older(first: bool) -> None:
    story = Story(changed(policy(), room__card_first=first)).fails("room", "open_room")
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    [room] = [duty for duty in owed(story.incident) if duty.kind == "open_room"]
    step.done(story.incident, room, room.practised("C1"), story.play.now)
    assert awaits_card(story.incident) is first
    [card] = [duty for duty in duties(story.incident, story.play.now) if duty.kind == "show_card"]
    step.done(story.incident, card, card.practised("card"), story.play.now)
    assert not awaits_card(story.incident)


@pytest.mark.sop("WAR-1")
def test_what_is_said_does_not_wait_for_a_card_that_the_chat_refuses() -> None:
    story = Story().acts(Acknowledge(by="dana")).fails("room", "show_card").acts(Declare(by="jonas", severity="P1"))
    assert "card" not in story.passes(seconds=1).incident.shown
    assert [say for say in story.done("say") if isinstance(say, Say) and say.room]
