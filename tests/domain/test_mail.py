"""COM-5: accounts are written to in time, in the right words, at every address, and once more when it is over."""

from datetime import timedelta

import pytest

from domain.company.catalog import Catalog
from domain.port.chat import Say
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.correction import Correct
from domain.procedure.customer_mail import ApproveMail
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.postmortem import CompletePostmortem, WaiveItems
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.retraction import CloseAs
from domain.procedure.security import MarkSecurity, UnmarkSecurity
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate
from domain.simulation.scenario import Outage
from tests.domain.story import START, Story, catalog, changed, minutes, policy
from tests.domain.test_communicate import told

OVER = Resolve(by="jonas", summary="Dana rolled it back")
KEPT: Catalog = changed(
    catalog(),
    accounts=[
        {
            "name": "Northwind",
            "email": "ops@northwind.example",
            "services": ["checkout"],
            "contacts": ["cto@northwind.example", "ops@northwind.example"],
            "manager": "priya",
        }
    ],
)


def mails(story: Story) -> list[tuple[str, str]]:
    """To whom, and about what, in order."""
    sent = [duty.model_dump() for duty in story.done("send_mail")]
    return [(mail["account"]["email"], mail["subject"]) for mail in sent]


@pytest.mark.sop("COM-5")
def test_an_unapproved_mail_is_reminded_of_missed_and_chased() -> None:
    story = told().passes(minutes=26)
    assert story.due("COM-5").due_at - START == timedelta(minutes=15)
    assert (story.when("reminded", "COM-5"), story.when("missed", "COM-5")) == (minutes(10), minutes(15, 25))


@pytest.mark.sop("COM-5")
def test_approved_in_time_it_keeps_the_promise() -> None:
    assert "COM-5" in told().passes(minutes=5).acts(ApproveMail(by="ines")).keys("kept")


@pytest.mark.sop("COM-5")
def test_what_is_approved_after_the_end_says_that_it_is_over_and_is_late() -> None:
    story = told().at(minutes=12).acts(OVER).at(minutes=20).acts(ApproveMail(by="ines"))
    assert {subject for _, subject in mails(story)} == {"Checkout: solved"}
    assert (len(mails(story.passes(hours=2))), story.last("missed").key) == (2, "COM-5")


@pytest.mark.sop("COM-3", "COM-5")
def test_the_first_mail_is_asked_for_in_one_with_the_update_and_one_press_sends_both() -> None:
    story = told()
    [say] = [one for one in story.done("say") if isinstance(one, Say) and "May customers read this" in one.message.text]
    assert "By mail to Northwind Traders, Contoso Retail:" in say.message.text
    both, only, _ = say.message.buttons
    assert (both.label, only.label) == ("Publish and mail 2 accounts", "Publish only")
    assert story.told("May this be mailed") == set(), "it is not asked a second time"
    story.acts(ApproveUpdate.model_validate({"by": "ines", "number": 1, "mail": 1}))
    assert [to for to, _ in mails(story)] == ["ops@northwind.example", "status@contoso.example"]
    assert any("*Ines told customers* at" in words and "on the page and by mail." in words for words in story.said())
    assert not any("approved the e-mail" in words for words in story.said())


@pytest.mark.sop("COM-5", "SOC-1")
def test_a_mail_is_asked_for_alone_where_the_page_has_been_told_or_others_may_approve_it() -> None:
    raised = Story(severity="error").acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P2"))
    raised.passes(minutes=1).acts(ApproveUpdate(by="jonas"), Declare(by="jonas", severity="P1"))
    assert raised.told("May this be mailed")
    apart = Story(changed(policy(), may__approve_mail=["manager"])).acts(Declare(by="jonas", severity="P1"))
    assert apart.told("May this be mailed")
    proved = Story(changed(policy(), proof={"approve_mail": ["oidc"]})).acts(Declare(by="jonas", severity="P1"))
    assert proved.told("May this be mailed")
    before = Story(changed(policy(), mail__with_update=False)).acts(Declare(by="jonas", severity="P1"))
    assert before.told("May this be mailed")
    apart.acts(ApproveUpdate.model_validate({"by": "jonas", "number": 1, "mail": 1}))
    assert mails(apart) == [], "who may publish may not mail by that"


@pytest.mark.sop("COM-5")
def test_one_mail_of_the_end_goes_to_those_who_got_the_first() -> None:
    story = told().acts(ApproveMail(by="ines")).at(minutes=12).acts(OVER).at(minutes=14).acts(ApproveMail(by="ines"))
    story.at(minutes=20).acts(Reopen(by="jonas", reason="no")).at(minutes=30).acts(OVER).passes(minutes=30)
    assert [to for to, _ in mails(story)] == ["ops@northwind.example", "status@contoso.example"] * 2
    assert story.acts(ApproveMail(by="ines")).refused.startswith("the customer e-mail was approved already")


@pytest.mark.sop("COM-5")
def test_a_press_for_words_that_are_not_there_any_more_is_refused_with_those_that_are() -> None:
    story = told().at(minutes=12).acts(OVER, ApproveMail(by="ines", number=1))
    assert "mail 1 does not wait any more; this one does: Checkout: solved" in story.refused


@pytest.mark.sop("COM-5", "COM-6")
def test_a_mail_names_no_colleague() -> None:
    assert told().acts(ApproveMail(by="ines", body="Sam is on it.")).refused.startswith("customers would read the name")


@pytest.mark.sop("COM-5")
def test_every_contact_is_written_to_once_and_the_accounts_manager_is_told() -> None:
    story = Story(company=KEPT).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    story.acts(ApproveMail(by="jonas"))
    assert [to for to, _ in mails(story)] == ["ops@northwind.example", "cto@northwind.example"]
    assert story.told("COM-5 Jonas Weber approved the e-mail to Northwind") == {"priya"}


@pytest.mark.sop("COM-5", "SCP-3")
def test_a_security_incident_has_words_of_its_own_and_the_commander_is_asked() -> None:
    story = Story(title="unauthorized access to the console").acts(Declare(by="jonas", severity="P1"))
    assert "jonas" in story.told("Whether accounts are told at all is the commander's to say")
    text = story.acts(ApproveMail(by="jonas")).done("send_mail")[0].model_dump()
    assert "outage" not in text["subject"] + text["body"]
    assert "status page" not in text["body"]


@pytest.mark.sop("COM-5")
def test_a_company_without_a_page_promises_none() -> None:
    story = Story(company=changed(catalog(), vendors__status_page="none")).acts(Declare(by="jonas", severity="P1"))
    assert "status page" not in story.last("mail_drafted").body


@pytest.mark.sop("COM-5", "DET-7")
def test_a_draft_is_withdrawn_where_the_right_service_has_no_accounts() -> None:
    story = told().acts(Correct(by="jonas", service="platform", reason="it is the cluster")).passes(minutes=1)
    assert story.acts(ApproveMail(by="ines")).refused.startswith("no customer e-mail")
    story.passes(hours=1)
    assert (mails(story), story.when("missed", "COM-5")) == ([], [])
    story.acts(Correct(by="jonas", service="billing", reason="it is billing after all")).passes(minutes=1)
    assert story.last("mail_drafted").accounts == ("ops@northwind.example",)
    assert story.due("COM-5/w2").due_at == story.events("mail_drafted")[-1].at + timedelta(minutes=15)


@pytest.mark.sop("COM-5", "DET-7")
def test_the_end_names_the_service_that_accounts_were_told_of() -> None:
    story = told().acts(ApproveMail(by="ines")).acts(Correct(by="jonas", service="billing", reason="it is billing"))
    story.passes(minutes=1).acts(OVER).acts(ApproveMail(by="ines"))
    assert {subject for _, subject in mails(story)[2:]} == {"Checkout: solved"}


@pytest.mark.sop("COM-5")
def test_who_was_told_of_it_hears_of_its_end_within_a_quarter_of_an_hour_whoever_approves() -> None:
    story = told().acts(ApproveMail(by="ines")).at(minutes=12).acts(OVER).passes(minutes=14)
    assert len(mails(story)) == 2
    story.passes(minutes=2)
    assert mails(story)[2:] == [(to, "Checkout: solved") for to in ("ops@northwind.example", "status@contoso.example")]
    assert story.last("missed").key == "COM-5/end"


@pytest.mark.sop("COM-5")
def test_an_end_that_nobody_approves_stays_where_the_policy_asks_on_or_nothing_was_told_before() -> None:
    first = told(changed(policy(), mail__on_miss="nag")).acts(ApproveMail(by="ines"))
    for story in (first, told()):
        before = len(mails(story))
        assert len(mails(story.at(minutes=12).acts(OVER).passes(hours=1))) == before


@pytest.mark.sop("COM-5", "DET-7")
def test_who_was_told_of_what_was_none_hears_that_it_was_none() -> None:
    story = told().acts(ApproveMail(by="ines")).acts(CloseAs(by="jonas", how="false_alarm", reason="a load test"))
    bodies = [duty.model_dump()["body"] for duty in story.done("send_mail")][2:]
    assert bodies == ["This was a false alarm: there is no problem with Checkout."] * 2


@pytest.mark.sop("COM-5")
def test_a_contact_is_written_to_by_name_and_one_without_a_name_is_greeted_without() -> None:
    contacts = ["Maria Lopez <maria@northwind.example>"]
    northwind = {"name": "Northwind", "email": "ops@northwind.example", "services": ["checkout"], "contacts": contacts}
    story = told(company=changed(catalog(), accounts=[northwind])).acts(ApproveMail(by="ines"))
    sent = [duty.model_dump() for duty in story.done("send_mail")]
    greeted = {mail["account"]["email"]: mail["body"].splitlines()[0] for mail in sent}
    assert greeted == {"ops@northwind.example": "Hello,", "maria@northwind.example": "Hello Maria Lopez,"}


def back() -> Story:
    """Accounts were told of the trouble and that it is solved; five minutes later it is back."""
    story = told().acts(ApproveMail(by="ines")).passes(minutes=5).acts(OVER, ApproveMail(by="ines"))
    return story.passes(minutes=5).acts(Reopen(by="jonas", reason="it fails again"))


@pytest.mark.sop("COM-5", "RES-3")
def test_who_was_told_that_it_is_solved_hears_that_it_is_back_when_that_is_approved_and_then_of_that_end() -> None:
    story = back()
    assert story.told("COM-5 May this be mailed to Northwind Traders, Contoso Retail? Checkout: not solved yet")
    assert len(mails(story)) == 4
    story.passes(minutes=16)
    assert "COM-5/again-1" in story.keys("missed")
    assert len(mails(story)) == 4
    story.acts(ApproveMail(by="ines")).passes(minutes=5).acts(OVER).passes(minutes=16)
    both = ("ops@northwind.example", "status@contoso.example")
    subjects = ("Some customers may not be able to pay", "solved", "not solved yet", "solved")
    assert mails(story) == [(to, f"Checkout: {subject}") for subject in subjects for to in both]
    story.acts(Reopen(by="jonas", reason="again"), ApproveMail(by="ines")).passes(minutes=1)
    assert [subject for _, subject in mails(story)].count("Checkout: not solved yet") == 4


@pytest.mark.sop("COM-5", "RES-3")
def test_that_it_is_back_is_not_told_once_it_is_over_and_is_asked_for_again_at_the_next_reopening() -> None:
    story = back().acts(OVER, ApproveMail(by="ines"))
    assert "no customer e-mail" in story.refused or "approved already" in story.refused
    assert len(mails(story.passes(minutes=20))) == 4
    story.acts(Reopen(by="jonas", reason="again"))
    assert "COM-5/again-1-d2" in story.running()
    assert len(mails(story.acts(ApproveMail(by="ines")).passes(minutes=1))) == 6


@pytest.mark.sop("COM-5", "RES-3")
def test_a_policy_that_says_nothing_of_reopenings_writes_once_and_once_more() -> None:
    story = told(changed(policy(), mail__reopened=False)).acts(ApproveMail(by="ines"), OVER, ApproveMail(by="ines"))
    story.acts(Reopen(by="jonas", reason="no")).passes(minutes=30).acts(OVER).passes(minutes=30)
    assert len(mails(story)) == 4
    assert len(story.events("mail_drafted")) == 2


@pytest.mark.sop("COM-5", "RES-3")
def test_an_end_that_nobody_approved_before_a_reopening_is_told_at_the_next_one_whoever_approves() -> None:
    story = told().acts(ApproveMail(by="ines")).passes(minutes=5).acts(OVER).passes(minutes=5)
    story.acts(Reopen(by="jonas", reason="it fails again")).passes(minutes=30)
    assert "COM-5/end" not in story.keys("missed")
    assert len(mails(story.acts(OVER).passes(minutes=14))) == 2
    assert [subject for _, subject in mails(story.passes(minutes=2))[2:]] == ["Checkout: solved"] * 2


@pytest.mark.sop("COM-5", "RES-3")
def test_a_mail_that_could_not_leave_gives_way_to_what_was_approved_after_it() -> None:
    story = told().fails("mailer", hours=2).acts(ApproveMail(by="ines")).passes(minutes=5).acts(OVER)
    story.acts(ApproveMail(by="ines")).passes(minutes=10).acts(Reopen(by="jonas", reason="again"))
    story.acts(ApproveMail(by="ines")).at(hours=3)
    both = ("ops@northwind.example", "status@contoso.example")
    assert mails(story) == [(to, "Checkout: not solved yet") for to in both]
    assert not [key for key in story.owes() if key.startswith("mail/")]


@pytest.mark.sop("COM-5", "SCP-3")
def test_a_draft_that_waits_when_a_security_mark_is_set_or_taken_back_is_written_anew_in_the_right_words() -> None:
    story = told().passes(minutes=3).acts(MarkSecurity(by="dana", reason="somebody is in"))
    assert "security matter" in story.last("mail_drafted").body
    story.acts(ApproveMail(by="jonas", number=1))
    assert "mail 1 does not wait any more" in story.refused
    story.passes(minutes=2).acts(UnmarkSecurity(by="dana", reason="a test of ours"), UnmarkSecurity(by="mira"))
    assert "may not be able to pay" in story.last("mail_drafted").body
    assert [key for key in story.running() if key.startswith("COM-5")] == ["COM-5"]


@pytest.mark.sop("COM-5", "SCP-3")
def test_the_ends_words_are_those_of_a_security_incident_where_it_is_marked_after_the_end() -> None:
    story = told().acts(ApproveMail(by="ines")).passes(minutes=5).acts(OVER).passes(minutes=2)
    story.acts(MarkSecurity(by="dana", reason="the logs show somebody"))
    assert [key for key in story.running() if key.startswith("COM-5")] == ["COM-5/end"]
    assert len(mails(story.passes(minutes=20))) == 2, "whether anybody is told of that is a person's to say"
    assert story.acts(ApproveMail(by="jonas")).done("send_mail")[-1].model_dump()["body"].count("contained") == 1


@pytest.mark.sop("COM-5")
@pytest.mark.parametrize(("days", "phase"), [(1, "closed"), (None, "resolved")])
def test_an_address_that_refuses_for_good_is_tried_for_a_day_and_holds_the_incident_open_no_longer(
    days: int | None, phase: str
) -> None:
    story = Story(changed(policy(), mail__refused_for=days and timedelta(days=days)))
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"), ApproveMail(by="ines"))
    gone = {"role": "mailer", "person": "status@contoso.example", "retryable": False, "said": "550 no such user"}
    story.play.world.outages.append(Outage.model_validate(gone))
    story.passes(minutes=5).acts(OVER, ApproveMail(by="ines"), AnswerBreach(by="mira", breach=False, reason="none"))
    story.acts(WaiveItems(by="mira", reason="none"), CompletePostmortem(by="mira", cause="deployment"))
    assert story.at(hours=23).phase() == "resolved"
    assert story.at(hours=25).phase() == phase
