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
        assert again.text == "Jonas Weber waits for your answer until 03:05 UTC: are you incident commander?"
        assert [one.label for one in again.buttons] == ["Accept", "Decline"]


@pytest.mark.sop("WAR-7")
@pytest.mark.parametrize(("by", "how"), [("sam", "declined"), ("jonas", "withdrawn")])
def test_an_offer_is_declined_or_taken_back_with_a_reason(by: str, how: str) -> None:
    story = fought().acts(OfferRole(by="jonas", role="commander", to="sam"))
    story.acts(DeclineRole(by=by, role="commander", reason="driving"))
    assert (story.last("offer_ended").how, story.last("offer_ended").reason) == (how, "driving")
    assert story.acts(TakeRole(by="sam", role="commander")).refused
