"""Whom an incident rings outside its room, and once: everybody in #incidents, and whoever is told alone."""

import pytest

from domain.incident.effects import Done
from domain.incident.event import Event
from domain.port.chat import Say
from domain.port.duty import Outcome
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.paging import called_for
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.security import MarkSecurity
from domain.procedure.severity import Declare
from domain.run import read as fold
from domain.run.agenda import owed
from tests.again import again
from tests.domain.story import Story, changed, policy

P1 = Declare(by="jonas", severity="P1")
RESOLVE = Resolve(by="jonas", summary="the flag is off")
REOPEN = Reopen(by="jonas", reason="it fails again")


def rung(story: Story) -> list[str]:
    """How each word began that rang everybody in #incidents."""
    says = [duty for duty in story.done("say") if isinstance(duty, Say) and duty.broadcast]
    return [say.message.text.partition("*:")[0].partition(" at ")[0] for say in says]


@again
def fought() -> Story:
    return Story().acts(Acknowledge(by="dana"), P1).passes(minutes=5)


@pytest.mark.sop("WAR-2")
def test_every_fight_rings_everybody_when_it_begins_and_when_it_is_over() -> None:
    story = fought().acts(RESOLVE).passes(minutes=30).acts(REOPEN).passes(minutes=30).acts(RESOLVE).passes(minutes=5)
    assert rung(story) == ["*It is P1", "*Solved", "*It is reopened, and it is P1", "*Solved"]


@pytest.mark.sop("WAR-2")
def test_the_end_of_what_rang_everybody_is_told_though_it_was_lowered() -> None:
    lowered = Declare(by="jonas", severity="P3", reason="one customer only")
    story = fought().acts(lowered, lowered.model_copy(update={"by": "mira"})).passes(minutes=5)
    assert rung(story.acts(RESOLVE).passes(minutes=5)) == ["*It is P1", "*Solved"]


@pytest.mark.sop("WAR-2")
@pytest.mark.parametrize(("minutes", "told"), [(1, True), (60, False)])
def test_a_word_that_was_under_way_at_the_end_is_followed_by_the_end_or_by_nothing(minutes: int, told: bool) -> None:
    story = Story().fails("room", "say").acts(Acknowledge(by="dana"), P1).passes(minutes=2).acts(RESOLVE)
    story.passes(minutes=minutes)
    known = story.incident
    assert not any(duty.key.startswith("tell/everybody") for duty in owed(known))
    said = Done(clause="WAR-2", key="tell/everybody/0/P1", duty="say", summary="", outcome=Outcome(ref="c/1"))
    fold.append(known, Event(number=known.number + 1, at=story.play.now, by="standfast", what=said))
    assert [duty.key for duty in owed(known)] == [duty.key for duty in owed(fold.read(known.events))]
    assert ("tell/everybody/0/over" in [duty.key for duty in owed(known)]) == told


@pytest.mark.sop("SCP-3", "WAR-2")
def test_what_rang_everybody_is_veiled_when_it_turns_out_a_secret() -> None:
    story = fought().acts(MarkSecurity(by="dana", reason="a token leaked")).passes(minutes=5)
    bad, veil = [duty for duty in story.done("say") if isinstance(duty, Say) and duty.key.startswith("tell/everybody")]
    assert "5xx error rate" in bad.message.text
    assert "5xx error rate" not in veil.message.text
    assert (bool(veil.ref), veil.broadcast) == (True, False)


@pytest.mark.sop("ACK-1")
def test_who_is_paged_twice_while_the_chat_is_away_is_told_once() -> None:
    story = Story().fails("room").passes(minutes=22)
    asked = [key for key in story.owes() if key.startswith("tell/page-")]
    assert asked
    assert len(asked) == len(set(asked))


def test_of_roles_whose_names_begin_alike_the_longer_is_called_for() -> None:
    lead = {**policy().model_dump()["roles"]["comms"], "title": "lead"}
    rules = changed(policy(), roles={**policy().model_dump()["roles"], "comms-lead": lead})
    assert called_for(Story(rules).incident, "wake-comms-lead-0") == "comms-lead"


@pytest.mark.sop("WAR-4")
def test_after_a_reopening_the_room_reads_nothing_that_was_told_to_somebody_alone() -> None:
    story = fought().acts(RESOLVE).passes(hours=20)
    told = {duty.key for duty in story.done("say") if isinstance(duty, Say) and duty.person}
    before = len(story.done("say"))
    story.acts(REOPEN).passes(minutes=1)
    again = [duty.key for duty in story.done("say")[before:] if isinstance(duty, Say) and duty.room]
    assert again
    assert [key for key in again if any(one.startswith(f"{key}/") for one in told)] == []


def test_what_everybody_was_told_alone_is_kept_no_longer() -> None:
    story = fought().acts(RESOLVE).passes(days=20)
    told = {int(key.split("/")[1]) for key in story.incident.done if key.count("/") == 2 and key.startswith("say/")}
    left = told & story.incident.notices.keys()
    assert told
    assert left == set()
