"""A menu has what its reader may do now: first what answers their own next debt, and nothing that nobody asked for."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.changes import RecordChange
from domain.procedure.resolution import Resolve
from domain.procedure.roles import TakeRole
from domain.procedure.severity import Declare
from domain.report.offer import offered
from domain.report.view import view
from domain.value.short_name import short_names
from ingress.chat.answer import MENU, menu
from tests.domain.story import START, Story, catalog, policy


def asked(story: Story, by: str, minutes: int = 1) -> tuple[str, list[str]]:
    seen = view(story.incident, ())
    acts = offered(seen, by, policy(), catalog(), usual=True)
    short = short_names({id: person.name for id, person in catalog().people.items()})
    [(message, _)] = menu(seen, acts, by=by, now=START + timedelta(minutes=minutes), people=short)
    return message.text, [f"{one.label}{'…' if one.asks else ''}" for one in message.buttons]


def looked_at() -> Story:
    return Story().acts(Acknowledge(by="dana"))


def bypassed() -> Story:
    by_flag = RecordChange(by="jonas", change="config", bypass=True, description="the check off by flag")
    return looked_at().acts(Declare(by="jonas", severity="P1"), by_flag)


@pytest.mark.sop("FIX-2")
def test_what_is_asked_of_its_reader_is_answered_in_the_menu() -> None:
    assert asked(bypassed(), "mira")[1][:2] == ["Allow it", "Refuse…"]
    assert "Allow it" not in asked(bypassed(), "jonas")[1]


@pytest.mark.sop("TRI-3")
@pytest.mark.parametrize("person", ["dana", "jonas", "sam"])
def test_the_severity_that_is_proposed_is_one_press(person: str) -> None:
    presses = asked(looked_at(), person)[1]
    assert presses[:2] == ["Declare P1", "Another severity…"]
    assert "Set the severity…" not in presses
    assert "Set the severity…" in asked(bypassed(), "jonas")[1]


@pytest.mark.sop("WAR-3")
@pytest.mark.parametrize("person", ["dana", "jonas", "ines", "mira", "sam"])
@pytest.mark.parametrize("story", [Story, looked_at, bypassed], ids=["nobody", "looked", "fought"])
def test_it_has_five_to_seven_presses_and_none_that_its_readers_part_does_not_reach_for(
    story: type[Story], person: str
) -> None:
    presses = asked(story(), person)[1]
    assert 5 <= len(presses) <= MENU
    assert not {"Somebody has left…", "Take back the acknowledgement…", "Wrong service or title…"} & {*presses}


@pytest.mark.sop("WAR-4")
def test_what_is_due_is_said_by_when_and_once_that_has_passed_for_how_long() -> None:
    assert "Dana tells the room by 03:15 UTC." in asked(bypassed(), "dana")[0]
    late = asked(bypassed(), "dana", 17)[0]
    assert "*2 min overdue*: Dana tells the room, by 03:15 UTC." in late
    assert ". The on-call engineer (nobody yet) answers by 03:05 UTC." in asked(Story(), "sam")[0]


LOOKED = ["Declare P1", "Another severity…"]
FOUGHT = ["Tell the room…", "Add a note…", "Page somebody…"]
ALL = "Everything else I may do"


def fought() -> Story:
    return looked_at().acts(Declare(by="jonas", severity="P1"), TakeRole(by="ines", role="comms"))


@pytest.mark.sop("ACK-1", "TRI-3", "WAR-3")
@pytest.mark.parametrize(
    ("story", "by", "presses"),
    [
        (Story, "ines", ["I'm on it", *LOOKED, "Page somebody…", "Add a note…", "What is due"]),
        (looked_at, "dana", [*LOOKED, "Hand over a role…", "Page somebody…", "Add a note…", "What is due"]),
        (fought, "jonas", ["Resolve…", "Record a change…", "Set the severity…", "Page somebody…", "Hand over a role…",
                           "Write to customers…"]),
        (fought, "sam", [*FOUGHT, "What is due"]),
        (fought, "dana", ["Tell the room…", "Nothing new", "Page somebody…", "Hand over a role…", "Quiet for a while…",
                          "Add a note…"]),
    ],
)  # fmt: skip
def test_each_part_has_what_it_reaches_for_and_what_is_due_where_there_is_room(
    story: Callable[[], Story], by: str, presses: list[str]
) -> None:
    assert asked(story(), by)[1] == [*presses, ALL]


@pytest.mark.sop("WAR-3")
def test_the_command_is_offered_once_it_is_fought_and_nobody_has_it() -> None:
    classified = looked_at().passes(minutes=11)
    assert "Take command" in asked(classified, "sam")[1]
    assert "Take command" not in asked(looked_at(), "sam")[1] + asked(fought(), "sam")[1]
    over = classified.acts(Resolve(by="mira", summary="Rolled back."))
    assert "Take command" not in asked(over, "sam")[1]
