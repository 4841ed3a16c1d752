"""A question to the room becomes its answer there, though the answer is said anew."""

import pytest

from domain.port.chat import Say
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.correction import Correct
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.relief import GiveUpRole, Relieve
from domain.procedure.resolution import Resolve
from domain.procedure.roles import TakeRole
from domain.procedure.severity import Declare
from tests.domain.story import START, Story, changed, policy
from tests.domain.wording import worded


def edits(story: Story) -> list[tuple[str, str, bool]]:
    """What was edited: into which words, in which place, and whether something is pressed there still."""
    found = [effect.duty for effect in story.effects("say") if effect.duty.key.startswith("answered/")]
    return [(say.message.text, say.ref, bool(say.message.buttons)) for say in found if isinstance(say, Say)]


def number(story: Story) -> int:
    [event] = story.events("recovered")
    return event.number


def recovered(end: bool = True) -> Story:
    story = Story(policy() if end else changed(policy(), room__asks_end=False))
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=5)
    return story.hears(state="resolved").passes(minutes=1)


@pytest.mark.sop("DET-5", "WAR-4")
def test_whether_it_is_over_is_asked_until_it_is_and_then_says_who_ended_it() -> None:
    story = recovered()
    assert edits(story) == []
    story.acts(Resolve(by="jonas", summary="Rolled back.")).passes(minutes=1)
    [(words, ref, pressed)] = edits(story)
    asked = [one.outcome.ref for one in story.effects("say") if one.duty.key == f"say/{number(story)}"]
    assert (asked, pressed) == ([ref], False)
    assert words == "Jonas declared it resolved: Rolled back, at 03:06 UTC."
    assert edits(story.passes(hours=2)) == [(words, ref, pressed)]


@pytest.mark.sop("DET-5")
def test_by_an_older_policy_it_stays_as_it_was_asked() -> None:
    assert edits(recovered(end=False).acts(Resolve(by="jonas", summary="Rolled back.")).passes(minutes=1)) == []


@pytest.mark.sop("WAR-7")
def test_a_role_that_was_given_up_is_asked_for_until_somebody_has_it() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=1)
    story.acts(GiveUpRole(by="jonas", role="commander", reason="my train leaves")).passes(minutes=1)
    assert edits(story) == []
    story.acts(TakeRole(by="mira", role="commander")).passes(minutes=1)
    [(words, _, pressed)] = edits(story)
    assert (words.partition(",")[0], pressed) == ("Mira is incident commander", False)


@pytest.mark.sop("WAR-4", "RES-1")
def test_a_digest_of_what_is_overdue_leads_to_the_next_one_and_the_last_ends_with_the_incident() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(hours=4)
    digests = [one for one in story.effects("say") if isinstance(one.duty, Say) and "still overdue" in worded(one.duty)]
    stood = list(dict.fromkeys(one.outcome.ref for one in digests))
    assert len(stood) > 1
    assert [(ref, pressed) for _, ref, pressed in edits(story)] == [(ref, False) for ref in stood[:-1]]
    assert all("What is overdue is said anew at " in words for words, _, _ in edits(story))
    story.acts(Resolve(by="jonas", summary="Rolled back.")).passes(minutes=1)
    words, ref, pressed = edits(story)[-1]
    assert (words.partition(";")[0], ref, pressed) == ("Jonas declared it resolved: Rolled back", stood[-1], False)


@pytest.mark.sop("WAR-7", "TRI-4")
def test_what_a_second_person_is_asked_for_says_who_agreed() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=1)
    story.acts(Declare(by="jonas", severity="P2", reason="only invoices")).passes(minutes=1)
    story.acts(Relieve(by="dana", role="commander", reason="asleep")).passes(minutes=1)
    assert edits(story) == []
    story.acts(Declare(by="sam", severity="P2"), Relieve(by="sam", role="commander", reason="asleep"))
    found = edits(story.passes(minutes=1))
    assert [words.partition(":")[0] for words, _, _ in found] == [
        "Sam declared P2",
        "Sam relieved Jonas as incident commander, as Dana had asked",
    ]
    assert not any(pressed for _, _, pressed in found)


@pytest.mark.sop("DET-7")
def test_that_it_is_another_service_is_asked_until_a_second_person_says_so_too() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=1)
    story.acts(Correct(by="ines", service="billing", reason="only invoices")).passes(minutes=1)
    assert edits(story) == []
    story.acts(Correct(by="priya", service="billing", reason="so it is")).passes(minutes=1)
    [(words, _, pressed)] = edits(story)
    assert ("so it is" in words, pressed) == (True, False)


@pytest.mark.sop("GDP-1", "GDP-2")
def test_an_answer_that_eases_what_is_owed_is_asked_about_until_a_second_person_gives_it() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=1)
    story.acts(AnswerBreach(by="mira", breach=True, reason="a dump was copied", aware_at=START)).passes(minutes=1)
    story.acts(AnswerBreach(by="mira", breach=False, reason="it was ours")).passes(minutes=1)
    assert edits(story) == []
    story.acts(AnswerBreach(by="jonas", breach=False, reason="it was ours")).passes(minutes=1)
    [(words, _, pressed)] = edits(story)
    assert (words.partition(":")[0], pressed) == ("Jonas answered", False)
