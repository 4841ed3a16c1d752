"""COM: the customer e-mail, the final update, and the comparison of the status page."""

from datetime import timedelta

import pytest

from domain.procedure.customer_mail import ApproveMail
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate, DraftUpdate
from tests.domain.story import START, Story, minutes
from tests.domain.test_communicate import told


@pytest.mark.sop("COM-5")
def test_the_customer_mail_is_drafted_for_a_p1_and_sent_to_each_account_once_after_approval() -> None:
    story = told()
    assert story.last("mail_drafted").accounts == ("ops@northwind.example", "status@contoso.example")
    assert story.told("COM-3 May customers read this") == {"ines"}
    assert story.passes(hours=1).done("send_mail") == []
    story.acts(ApproveMail(by="ines", body="We are on it."), ApproveMail(by="ines"))
    assert story.refused == "the customer e-mail was approved already; each account gets it once"
    mails = [duty.model_dump() for duty in story.passes(hours=1).done("send_mail")]
    assert [(mail["account"]["email"], mail["body"]) for mail in mails] == [
        ("ops@northwind.example", "We are on it."),
        ("status@contoso.example", "We are on it."),
    ]


@pytest.mark.sop("COM-5")
def test_a_p2_writes_to_nobody_and_only_the_services_accounts_are_written_to() -> None:
    story = Story(service="billing").acts(Declare(by="jonas", severity="P2"))
    assert story.acts(ApproveMail(by="jonas")).refused == "no customer e-mail has been drafted for this incident"
    story.acts(Declare(by="jonas", severity="P1"))
    assert story.last("mail_drafted").accounts == ("ops@northwind.example",)


@pytest.mark.sop("COM-5")
def test_one_account_that_cannot_be_reached_holds_up_no_other_and_is_tried_again() -> None:
    story = told().fails("mailer", minutes=3).acts(ApproveMail(by="ines"))
    assert story.done("send_mail") == []
    assert any("By hand: write to ops@northwind.example" in words for words in story.passes(minutes=1).said())
    assert len(story.passes(minutes=10).done("send_mail")) == 2


@pytest.mark.sop("COM-6")
def test_the_final_update_waits_for_an_approval_and_says_operational() -> None:
    story = told().acts(ApproveUpdate(by="ines")).passes(minutes=5)
    story.acts(Resolve(by="jonas", summary="Dana rolled her deployment back."))
    assert story.told("May customers read this?\n*Checkout · Resolved*") == {"ines"}
    assert len(story.done("publish_update")) == 1
    final = story.passes(minutes=3).acts(ApproveUpdate(by="ines")).done("publish_update")[-1].model_dump()
    assert (final["status"], final["clause"]) == ("resolved", "COM-6")
    assert final["body"] == "The problem with Checkout is solved. It lasted from 04 March 03:00 to 03:05 UTC."
    assert final["components"] == {"cmpcheckout1": "operational"}
    assert final["ref"] == story.effects("publish_update")[0].outcome.ref


@pytest.mark.sop("COM-6")
def test_unapproved_last_words_give_way_to_the_policys_neutral_ones() -> None:
    story = told().acts(ApproveUpdate(by="ines")).passes(minutes=5).acts(Resolve(by="jonas", summary="Dana did it"))
    assert len(story.passes(minutes=14).done("publish_update")) == 1
    final = story.passes(minutes=2).effects("publish_update")[-1]
    assert final.at - START == timedelta(minutes=20)
    assert final.duty.model_dump()["body"] == "The problem with Checkout is solved."
    better = story.passes(minutes=30).acts(ApproveUpdate(by="ines")).done("publish_update")[-1].model_dump()
    assert better["body"].endswith("It lasted from 04 March 03:00 to 03:05 UTC.")


@pytest.mark.sop("COM-6")
def test_each_resolution_has_its_own_final_update() -> None:
    story = told().passes(minutes=5).acts(Resolve(by="jonas", summary="one"), ApproveUpdate(by="ines", body="One."))
    story.passes(minutes=5).acts(Reopen(by="jonas", reason="no")).passes(minutes=5)
    story.acts(Resolve(by="jonas", summary="two"), ApproveUpdate(by="ines", body="Two."))
    finals = [duty.model_dump()["body"] for duty in story.done("publish_update") if duty.clause == "COM-6"]
    assert finals == ["One.", "Two."]


@pytest.mark.sop("COM-6")
def test_a_page_that_shows_the_incident_is_brought_to_its_end_after_a_downgrade_too() -> None:
    story = told().acts(ApproveUpdate(by="ines"), Declare(by="jonas", severity="P3", reason="small"))
    story.acts(Declare(by="sam", severity="P3")).passes(minutes=5).acts(Resolve(by="jonas", summary="done"))
    assert story.passes(minutes=15).done("publish_update")[-1].model_dump()["status"] == "resolved"


@pytest.mark.sop("COM-6")
def test_an_incident_that_customers_never_heard_of_has_no_final_update() -> None:
    story = Story(service="billing", severity="sev3").acts(Declare(by="jonas", severity="P3"))
    assert story.acts(Resolve(by="jonas", summary="done")).done("publish_update") == []


@pytest.mark.sop("COM-7")
def test_the_page_is_compared_while_the_incident_is_active_and_a_difference_is_told() -> None:
    story = told().acts(ApproveUpdate(by="ines")).passes(minutes=11)
    assert [effect.at - START for effect in story.effects("read_status")] == minutes(10)
    assert not any("COM-7" in words for words in story.said())
    story.play.world.differs = "shows 'monitoring', expected 'investigating'"
    story.passes(minutes=10)
    assert story.told("COM-7 The status page differs: shows 'monitoring'") == {"ines", "jonas"}
    story.acts(Resolve(by="jonas", summary="done"), ApproveUpdate(by="ines")).passes(minutes=35)
    assert [effect.at - START for effect in story.effects("read_status")] == minutes(10, 20, 31, 51)
    story.play.world.differs = ""
    assert len(story.passes(days=2).effects("read_status")) == 5


@pytest.mark.sop("COM-7", "RES-3")
def test_the_page_is_compared_again_after_a_reopening() -> None:
    story = told().acts(ApproveUpdate(by="ines")).passes(minutes=15).acts(Resolve(by="jonas", summary="ok"))
    story.passes(minutes=30).acts(Reopen(by="jonas", reason="no")).passes(minutes=11)
    assert [effect.at - START for effect in story.effects("read_status")] == minutes(10, 40, 55)


@pytest.mark.sop("COM-3", "COM-6")
@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Log in with password: hunter2", "customers would read what looks like a password"),
        ("The key AKIAIOSFODNN7EXAMPLE was revoked", "customers would read what looks like a password"),
        ("See https://grafana.harbourline.example/d/checkout", "customers would read the address grafana.harbourline"),
        ("We write again at {{time}}.", "{{time}} is not filled in"),
    ],
)
def test_what_is_for_colleagues_only_is_refused_in_public_words(words: str, reason: str) -> None:
    story = told().acts(DraftUpdate(by="ines", body=words))
    assert "Edit it: " in story.said()[-1]
    assert story.acts(ApproveUpdate(by="ines")).refused.startswith(reason)
    assert story.acts(ApproveMail(by="ines", body=words)).refused.startswith(reason)
    assert (story.done("publish_update"), story.done("send_mail")) == ([], [])


@pytest.mark.sop("COM-3")
@pytest.mark.parametrize("words", ["Reset your password: it was not touched [EU]", "You may pass it by token, or not."])
def test_ordinary_words_about_secrets_are_public(words: str) -> None:
    assert told().acts(ApproveUpdate(by="ines", body=words)).done("publish_update")
