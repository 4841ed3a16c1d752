"""ACK-2: who is woken by two calls is woken once, and never for that reason not at all."""

from itertools import pairwise
from typing import Any

import pytest

from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import Note
from domain.procedure.roles import OfferRole, TakeRole
from domain.procedure.severity import Declare
from domain.simulation.people import cast
from domain.simulation.simulation import Simulation
from domain.simulation.story import ScenarioFile
from tests.domain.story import Story, catalog, changed, policy
from tests.domain.test_joining import TWO
from tests.domain.test_waking import taken, woken

ONE_FOR_TWO: dict[str, Any] = {"teams__payments__commanders": ("ines",), "teams__payments__comms": ("ines",)}


def handed_over(story: Story) -> Story:
    """Sam takes the command over."""
    return story.acts(OfferRole(by="dana", role="commander", to="sam"), TakeRole(by="sam", role="commander"))


@pytest.mark.sop("ACK-2", "WAR-3")
@pytest.mark.parametrize("wake", [("commander",), ("commander", "comms"), ("comms", "commander")])
def test_the_last_level_of_several_calls_rings_on_once_and_never_falls_silent(wake: tuple[str, ...]) -> None:
    story = Story(changed(policy(), severities__P1__wake=wake)).acts(Acknowledge(by="dana"))
    story.acts(Declare(by="dana", severity="P1"))
    for _ in range(18):
        story.passes(minutes=15).acts(Note(by="dana", text="still at it"))
    rang = [minute for minute, who in woken(story) if who == "priya"]
    assert rang[0] <= 10
    assert all(0 < later - earlier <= 60 for earlier, later in pairwise([*rang, story.now.total_seconds() / 60]))


@pytest.mark.sop("ACK-2", "WAR-3")
def test_the_last_level_goes_over_to_another_call_when_its_own_is_over() -> None:
    story = taken().acts(Declare(by="dana", severity="P1")).passes(minutes=26)
    handed_over(story).passes(minutes=30)
    rang = [str(duty.key) for duty in story.done("page") if duty.key.startswith("page/wake-")]
    assert "page/wake-comms-5" in rang[rang.index("page/wake-commander-5") :]
    assert not [key for key in story.keys("missed") if "page-wake" in key]


@pytest.mark.sop("ACK-2", "WAR-3")
@pytest.mark.parametrize("away", [0, 3])
def test_a_page_that_was_left_out_is_sent_once_the_call_that_it_doubled_is_over(away: int) -> None:
    story = Story(company=changed(catalog(), **ONE_FOR_TWO)).acts(Acknowledge(by="dana"))
    if away:
        story.fails("pager", minutes=away)
    story.acts(Declare(by="dana", severity="P1")).passes(minutes=1)
    assert [who for _, who in woken(story)].count("ines") == (0 if away else 1)
    handed_over(story).passes(minutes=4)
    assert "page/wake-comms-0" in [duty.key for duty in story.done("page")]
    assert not [key for key in story.keys("missed") if "wake-comms" in key] or away


@pytest.mark.sop("WAR-3", "DET-7")
@pytest.mark.parametrize("first", [True, False])
def test_who_merges_an_incident_wakes_nobody_for_it(first: bool) -> None:
    """Its commander's call ends with that word; those whom that woke are not called for its communications instead."""
    later = {"at": "24m", "jonas": {"merge": 1, "reason": "the same database"}, "incident": 2}
    script = {"name": "x", "says": "x", "story": [*TWO[:6], later], "lasts": "40m"}
    rules = changed(policy(), paging__merge_first=first)
    play = Simulation(cast(ScenarioFile.model_validate(script), catalog()), rules, catalog()).run().plays[1]
    ended = play.incident.closed_at
    assert ended
    assert any(sent.at >= ended for sent in play.incident.pages.values()) is not first
