"""What a vendor would not take of an effect is told with the effect, and stands in its line."""

import pytest

from domain.incident.effects import Done
from domain.incident.event import Event
from domain.port.duty import Outcome
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.severity import Declare
from domain.run.telling import notice
from domain.value.line import AsTheyAre
from tests.domain.story import Story

LEFT = "published without the component cmp1: correct `components` in the catalog"


def answered(story: Story, kind: str, text: str) -> Event:
    """The last effect of a kind, as if the vendor had answered this besides."""
    event = next(one for one in reversed(story.incident.events) if isinstance(one.what, Done) and one.what.duty == kind)
    assert isinstance(event.what, Done)
    outcome = event.what.outcome.model_copy(update={"text": text})
    return event.model_copy(update={"what": event.what.model_copy(update={"outcome": outcome})})


@pytest.mark.parametrize("kind", ["page", "invite", "show_card", "show_headline"])
def test_what_was_left_out_is_told_and_stands_in_the_line(kind: str) -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="dana", severity="P1")).passes(minutes=1)
    whole, part = answered(story, kind, ""), answered(story, kind, LEFT)
    said = notice(story.incident, part)
    assert said is not None
    assert LEFT in said.text
    assert (part.what.may_tell(), LEFT in part.what.line(AsTheyAre()).said) == (True, True)
    assert LEFT not in whole.what.line(AsTheyAre()).said


def test_an_answer_that_is_no_remark_is_not_told_as_one() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="dana", severity="P1")).passes(minutes=1)
    room = answered(story, "open_room", "inc-7k3qf")
    assert isinstance(room.what, Done)
    assert (room.what.left_out, Done.model_validate(room.what.model_dump()).outcome) == ("", room.what.outcome)
    assert isinstance(room.what.outcome, Outcome)
