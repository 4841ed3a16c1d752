"""ACK-2: who is paged and can't look has the next paged at once, and what told them becomes its answer."""

import pytest

from domain.port.chat import Say
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.page_by_hand import PagePerson
from domain.procedure.passing_on import DeclinePage
from domain.procedure.resolution import Resolve
from domain.procedure.roles import TakeRole
from domain.procedure.severity import Declare
from domain.procedure.waking import Join
from tests.domain.story import Story, changed, policy


def alone(story: Story, person: str) -> list[Say]:
    """What somebody was told alone, in its order."""
    said = [effect.duty for effect in story.effects("say")]
    return [say for say in said if isinstance(say, Say) and say.person and say.person.id == person]


def labels(say: Say) -> list[str]:
    return [button.label for button in say.message.buttons]


@pytest.mark.sop("ACK-1", "ACK-2")
def test_who_cannot_look_has_the_next_paged_at_once_and_the_ladder_goes_on_from_there() -> None:
    story = Story().passes(minutes=1)
    assert labels(alone(story, "dana")[0]) == ["I'm on it", "I can't, page the next", "Runbook"]
    story.acts(DeclinePage(by="dana")).passes(minutes=1)
    assert story.ladder() == [(0, ("dana",)), (1, ("sam",))]
    story.passes(minutes=4, seconds=30)
    assert story.ladder()[2:] == [(6, ("mira",))]
    assert story.verdict("ACK-2") == "met"
    story.acts(Acknowledge(by="sam"))
    assert story.incident.acknowledged_by == "sam"


@pytest.mark.sop("ACK-2")
def test_a_no_is_no_sign_of_life_and_comes_once_from_whom_it_rings_for() -> None:
    story = Story().passes(minutes=1).acts(DeclinePage(by="dana"))
    assert "dana" not in story.incident.presence.voices
    assert story.acts(DeclinePage(by="dana")).refused == "nothing rings for you now"
    assert story.acts(DeclinePage(by="ines")).refused == "nothing rings for you now"
    assert story.events("page_declined")[0].by == "dana"


@pytest.mark.sop("ACK-2")
def test_after_the_last_level_nobody_comes_and_it_rings_on() -> None:
    story = Story().passes(minutes=16)
    last = story.ladder()[-1][1][0]
    assert "I can't, page the next" not in labels(alone(story, last)[0])
    assert story.acts(DeclinePage(by=last)).events("page_declined")[-1].what.pages == ()  # type: ignore[attr-defined]
    rung = len(story.ladder())
    assert len(story.passes(minutes=6).ladder()) > rung


@pytest.mark.sop("ACK-2")
def test_who_was_asked_for_by_a_person_passes_it_on_too() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P3"))
    story.acts(PagePerson(by="dana", to="secondary")).passes(seconds=20).acts(DeclinePage(by="sam")).passes(seconds=20)
    assert [people for _, people in story.paged()][-2:] == [("sam",), ("mira",)]


@pytest.mark.sop("ACK-1")
def test_the_message_of_a_page_becomes_what_came_of_it_without_its_buttons() -> None:
    story = Story().passes(minutes=1).acts(DeclinePage(by="dana")).passes(minutes=2)
    first, passed = alone(story, "dana")
    assert (passed.ref != "", passed.message.buttons) == (True, ())
    assert passed.message.text.startswith("You passed it on; the next is paged. ")
    story.acts(Acknowledge(by="sam")).passes(minutes=1)
    [mine] = [say for say in alone(story, "sam") if say.key.endswith("/answer")]
    assert mine.message.text.startswith("You are on it. ")
    assert (len(alone(story, "dana")), first.ref) == (2, "")


@pytest.mark.sop("ACK-1")
def test_who_slept_reads_who_has_it_and_what_is_over_before_anybody_looked_says_so() -> None:
    story = Story().passes(minutes=6).acts(Acknowledge(by="sam")).passes(minutes=1)
    assert next(say.message.text for say in alone(story, "dana") if say.ref).startswith("Sam is on it. ")
    over = Story().passes(minutes=1).hears(state="resolved").passes(minutes=1)
    assert alone(over, "dana")[-1].message.text.startswith("It is over. ")


@pytest.mark.sop("ACK-2")
def test_a_policy_of_an_older_release_offers_and_answers_nothing() -> None:
    story = Story(changed(policy(), paging__passed_on=False)).passes(minutes=1)
    assert labels(alone(story, "dana")[0]) == ["I'm on it", "Runbook"]
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P3"), Resolve(by="jonas", summary="over"))
    assert not [say for say in alone(story.passes(minutes=1), "dana") if say.ref]


@pytest.mark.sop("WAR-3", "WAR-5")
def test_who_was_called_and_is_here_or_slept_to_the_end_reads_so_and_who_took_the_role_reads_on() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=1)
    story.acts(Join(by="mira"), TakeRole(by="ines", role="comms")).passes(minutes=1)
    [mira] = [say for say in alone(story, "mira") if say.ref]
    assert (mira.message.text.startswith("You are here. "), mira.message.buttons) == (True, ())
    assert [say.key for say in alone(story, "ines") if say.key.endswith("/answer")] == []
    slept = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=1)
    slept.acts(Resolve(by="jonas", summary="over")).passes(minutes=1)
    over = [say.message.text for say in alone(slept, "mira") if say.key.endswith("/answer")]
    assert [one.startswith("It is over. ") for one in over] == [True]
