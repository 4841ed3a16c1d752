"""What somebody was asked alone becomes its answer, in every message that asked for it."""

import pytest

from domain.port.chat import Say
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.postmortem import CompletePostmortem, NameCause, WaiveItems
from tests.domain.test_saying import good, over, said


@pytest.mark.sop("COM-5", "COM-6")
def test_the_last_words_and_the_last_mail_are_one_message_that_is_edited_into_what_became_of_both() -> None:
    story = good()
    alone = [(say, effect.outcome.ref) for effect in story.effects("say") if isinstance(say := effect.duty, Say)]
    [(first, ref)] = [
        (say, ref) for say, ref in alone if say.person and say.message.text.startswith("May ") if not say.ref
    ]
    [both, answered] = [say for say, _ in alone if say.ref == ref]
    assert (first.clause, both.clause) == ("COM-5", "COM-6")
    assert [button.label for button in both.message.buttons] == ["Mail 2 accounts", "Publish", "Edit"]
    assert "May customers read this" in both.message.text
    assert "May this be mailed" in both.message.text
    assert answered.message.buttons == ()
    assert "Ines approved the customer e-mail: Checkout: solved, at 03:41 UTC." in answered.message.text
    assert "Published status page update 3 (resolved), at 03:41 UTC." in answered.message.text


@pytest.mark.sop("PM-2")
def test_every_reminder_that_somebody_had_gets_its_answer_and_not_the_last_alone() -> None:
    story = over().acts(AnswerBreach(by="mira", breach=False, reason="none was touched")).passes(hours=45)
    reminded = [
        effect.outcome.ref
        for effect in story.effects("say")
        if isinstance(say := effect.duty, Say) and say.person and say.person.id == "mira" and say.clause == "PM-1"
        if say.message.text.startswith("The post-mortem is due by")
    ]
    story.acts(NameCause(by="mira", cause="capacity"), WaiveItems(by="mira", reason="the provider has mended it"))
    story.acts(CompletePostmortem(by="mira")).passes(minutes=5)
    edited = {say.ref: say for _, say in said(story) if say.person and say.ref}
    assert len(reminded) > 1
    assert {*reminded} <= edited.keys()
    assert not any(edited[ref].message.buttons for ref in reminded)
