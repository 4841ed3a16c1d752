"""A press on what is settled already is answered with what is now, and is no refusal in the evidence (SOC-1, WAR-6)."""

import pytest

from domain.incident.event import Event
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.resolution import Resolve
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate
from domain.rule.names import InRoom
from tests.domain.story import Story, changed, policy


def line(story: Story, event: Event) -> tuple[str, str]:
    """What the timeline says of an event, and in which tone."""
    said = event.what.line(InRoom(story.incident))
    return said.words, said.tone


def pressed(story: Story) -> Story:
    """Three who press what others have pressed before them."""
    story.acts(Acknowledge(by="dana"), Acknowledge(by="sam"), Declare(by="jonas", severity="P1"))
    story.passes(minutes=1).acts(ApproveUpdate(by="jonas", number=1)).passes(minutes=1)
    return story.acts(ApproveUpdate(by="jonas", number=1), Declare(by="jonas", severity="P1"))


@pytest.mark.sop("SOC-1", "WAR-6")
def test_a_press_that_came_late_says_what_is_now_and_is_no_refusal() -> None:
    story = pressed(Story())
    said = [line(story, event) for event in story.events("refused")]
    assert said == [
        ("came late with acknowledge", "quiet"),
        ("came late with approve update", "quiet"),
        ("came late with declare", "quiet"),
    ]
    assert story.events("refused")[1].what.model_dump()["reason"] == "update 1 was approved by Jonas Weber already"


@pytest.mark.sop("SOC-1")
def test_a_no_stays_a_refusal_and_so_does_every_one_under_an_older_policy() -> None:
    story = pressed(Story()).acts(Resolve(by="dana", summary="x"))
    assert line(story, story.events("refused")[-1]) == ("was refused: resolve", "warn")
    older = pressed(Story(changed(policy(), room__settled_apart=False)))
    assert {tone for _, tone in (line(older, event) for event in older.events("refused"))} == {"warn"}
    assert not any("settled" in event.what.model_dump() for event in older.events("refused"))
