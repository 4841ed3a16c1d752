"""A rule of ours that fails stops only itself, is said once, and wakes the last resort."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from domain.incident.fault import Faulted
from domain.incident.incident import Incident
from domain.port.any_duty import AnyDuty
from domain.port.pager import Page
from domain.procedure import war_room
from domain.procedure.findings import PostFinding
from domain.procedure.severity import Declare
from domain.procedure.sop import PROCEDURE
from domain.run import read as fold
from domain.run.agenda import owed
from domain.run.progress import note_faults, receive
from tests.domain.story import Story
from tests.other_rules import follow


def _fails(incident: Incident) -> Iterator[AnyDuty]:
    raise KeyError("a team without a level")


def _excusing() -> Story:
    story = Story()
    story.incident.faults.failing = {}
    return story


def _break(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release whose war room cannot say what it owes."""
    rules = replace(war_room.RULES, duties=_fails)
    rulesets = tuple(rules if one is war_room.RULES else one for one in PROCEDURE.rulesets)
    follow(monkeypatch, *rulesets)


def test_in_simulation_a_rule_that_fails_is_everybodys_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    _break(monkeypatch)
    with pytest.raises(KeyError, match="without a level"):
        Story()


@pytest.mark.sop("ACK-2")
def test_the_last_resort_is_paged_once_and_everything_else_is_owed(monkeypatch: pytest.MonkeyPatch) -> None:
    story = _excusing()
    _break(monkeypatch)
    receive(story.incident, Declare(by="dana", severity="P1"), story.play.now)
    list(owed(story.incident))
    assert note_faults(story.incident, story.play.now)
    list(owed(story.incident))
    assert not note_faults(story.incident, story.play.now)
    (said,) = [event.what for event in story.incident.events if isinstance(event.what, Faulted)]
    assert (said.where, said.said) == ("war_room duties", "KeyError: 'a team without a level'")
    pages = [duty for duty in owed(story.incident) if isinstance(duty, Page) and duty.key == "page/fault"]
    assert [(page.level, [one.id for one in page.people]) for page in pages] == [("last_resort", ["priya"])]
    assert {duty.kind for duty in owed(story.incident)} > {"page", "show_headline"}


def test_an_act_that_cannot_be_decided_is_refused_and_the_incident_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    story = _excusing()

    def decide(self: PostFinding, incident: Incident) -> None:
        raise ZeroDivisionError("a rule of ours")

    monkeypatch.setattr(PostFinding, "decide", decide)
    answer = receive(story.incident, PostFinding(by="dana", conditions="looking"), story.play.now)
    assert (answer.accepted, "ZeroDivisionError" in answer.text) == (False, True)
    assert note_faults(story.incident, story.play.now)
    assert story.incident.faults.noted == {"post_finding decides": "ZeroDivisionError: a rule of ours"}


def test_an_incident_read_again_knows_what_failed_and_says_it_no_more() -> None:
    story = _excusing()
    story.incident.faults.excuse("somewhere", ValueError("once"))
    note_faults(story.incident, story.play.now)
    again = fold.read(story.incident.events, excusing=True)
    again.faults.excuse("somewhere", ValueError("once"))
    assert not note_faults(again, story.play.now)
