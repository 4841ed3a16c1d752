"""WAR-7: an offered role is answered, asked for once more, or lapses."""

import pytest

from domain.port.chat import Say
from domain.procedure.relief import DeclineRole
from domain.procedure.roles import OfferRole, TakeRole
from tests.domain.test_relief import fought


@pytest.mark.sop("WAR-7")
@pytest.mark.parametrize("answers", [False, True])
def test_whoever_has_not_answered_an_offer_is_asked_once_more_before_it_lapses(*, answers: bool) -> None:
    story = fought().acts(OfferRole(by="jonas", role="commander", to="sam")).passes(minutes=1)
    story.acts(DeclineRole(by="sam", role="commander")) if answers else story
    story.passes(minutes=6)
    asked = [one for one in story.done("say") if isinstance(one, Say) and one.key.startswith("tell/offer-")]
    assert [one.key for one in asked] == ["tell/offer-1", *([] if answers else ["tell/offer-1/again"])]
    if not answers:
        again = asked[-1].message
        assert again.text == "Jonas waits for your answer until 03:05 UTC: are you incident commander?"
        assert [one.label for one in again.buttons] == ["I command now", "Not now"]


@pytest.mark.sop("WAR-3")
def test_what_whoever_takes_it_should_know_is_in_the_offer_in_the_record_and_in_their_briefing() -> None:
    story = fought().acts(OfferRole(by="jonas", role="commander", to="sam", note=" The flag is half off. "))
    assert story.last("role_offered").note == "The flag is half off."
    story.passes(minutes=1).acts(TakeRole(by="sam", role="commander")).passes(minutes=1)
    briefed = next(one for one in story.done("say") if isinstance(one, Say) and one.key.startswith("tell/role-"))
    asked = next(one for one in story.done("say") if isinstance(one, Say) and one.key == "tell/offer-1")
    assert briefed.message.text.startswith("*You command* now")
    assert briefed.message.facts[0] == asked.message.facts[0] == ("Jonas says", "The flag is half off.")
    story.acts(OfferRole(by="sam", role="commander", to="jonas")).acts(TakeRole(by="jonas", role="commander"))
    again = [one for one in story.passes(minutes=1).done("say") if isinstance(one, Say) and "/role-" in one.key][-1]
    assert "Sam says" not in dict(again.message.facts), "an offer without a word has none"
    assert "note" not in story.last("role_offered").model_dump()


@pytest.mark.sop("WAR-7")
@pytest.mark.parametrize(("by", "how"), [("sam", "declined"), ("jonas", "withdrawn")])
def test_an_offer_is_declined_or_taken_back_with_a_reason(by: str, how: str) -> None:
    story = fought().acts(OfferRole(by="jonas", role="commander", to="sam"))
    story.acts(DeclineRole(by=by, role="commander", reason="driving"))
    assert (story.last("offer_ended").how, story.last("offer_ended").reason) == (how, "driving")
    assert story.acts(TakeRole(by="sam", role="commander")).refused
