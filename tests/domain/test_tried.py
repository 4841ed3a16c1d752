"""ACK-5, WAR-7: whoever tries what is refused is there; what is not theirs beyond doubt says nothing of them."""

from datetime import timedelta

import pytest

from domain.incident.record import Refused
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.changes import AuthoriseChange
from domain.procedure.relief import Relieve
from domain.procedure.severity import Declare
from domain.replay.difference import difference
from domain.replay.replay import replay
from domain.run.refused import not_read
from tests.domain.story import START, Story, changed, policy
from tests.domain.test_relief import RELIEF


@pytest.mark.sop("WAR-7", "ACK-5")
@pytest.mark.parametrize(
    ("counts", "via", "heard"), [(True, "slack", True), (False, "slack", False), (True, "github", False)]
)
def test_who_tries_what_is_refused_was_heard_from_where_it_is_theirs(counts: bool, via: str, heard: bool) -> None:
    rules = changed(policy(), absence__tries_count=counts)
    story = Story(rules).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=9)
    story.acts(AuthoriseChange(by="jonas", number=1, via=via))
    assert story.refused
    assert (story.incident.heard[-1] == START + timedelta(minutes=9)) is heard
    story.passes(minutes=5).acts(Relieve(by="sam", **RELIEF))
    assert (story.incident.commander == "jonas") is heard


@pytest.mark.sop("WAR-7", "SOC-1")
@pytest.mark.parametrize("by", ["asdf", "jonas"])
def test_a_stranger_and_what_is_no_proof_of_who_it_was_are_nobodys_sign_of_life(by: str) -> None:
    story = Story(changed(policy(), proof={"authorise_change": ["slack"]})).acts(Acknowledge(by="dana"))
    before = list(story.passes(minutes=1).incident.heard)
    story.acts(AuthoriseChange(by=by, number=1, via="cli"))
    assert story.refused
    assert story.incident.heard == before


@pytest.mark.sop("WAR-7")
def test_a_replay_knows_who_was_there_by_what_was_refused() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=9)
    story.acts(AuthoriseChange(by="jonas", number=1)).passes(minutes=2)
    played = replay(story.incident.events, policy())
    assert played.after
    assert played.control.presence.voices == played.after.presence.voices == story.incident.presence.voices
    assert difference(played, "the same").refusals == ()
    counted_not = replay(story.incident.events, changed(policy(), absence__tries_count=False)).after
    assert counted_not
    assert counted_not.presence.voices["jonas"] != story.incident.presence.voices["jonas"]


@pytest.mark.sop("WAR-7", "SOC-1")
@pytest.mark.parametrize("counted", [True, False])
def test_a_replay_hears_nobody_in_what_was_no_proof_of_who_it_was(counted: bool) -> None:
    rules = changed(policy(), proof={"authorise_change": ["slack"]}, absence__tries_count=counted)
    story = Story(rules).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=9)
    story.acts(AuthoriseChange(by="jonas", number=1, via="cli"), AuthoriseChange(by="jonas", number=1, via="github"))
    not_read(story.incident, "declare", "jonas", "no such severity", START + story.now)
    assert len([*story.incident.all(Refused)]) == 3
    played = replay(story.passes(minutes=2).incident.events, changed(rules, absence__tries_count=True))
    assert played.after
    assert played.control.presence.voices == played.after.presence.voices == story.incident.presence.voices
