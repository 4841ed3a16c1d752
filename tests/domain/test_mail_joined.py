"""COM-5: the end reaches whom a merged incident had written to, and whom one touched that was raised after it."""

from datetime import timedelta

import pytest

from domain.company.account import Account
from domain.company.policy import Policy
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.customer_mail import ApproveMail
from domain.procedure.joining import Merge, TakeIn
from domain.procedure.resolution import Resolve
from domain.procedure.roles import TakeRole
from domain.procedure.severity import Declare
from tests.domain.story import Story, changed, policy
from tests.domain.test_communicate import told
from tests.domain.test_mail import mails

OVER = Resolve(by="jonas", summary="Dana rolled it back")
ACME = Account(name="Acme", email="it@acme.example", services=("search",))
CONTOSO = Account(name="Contoso Retail", email="status@contoso.example", services=("checkout",))
TAKEN = TakeIn(by="dana", incident="INC-00000", title="search finds nothing", mailed={"Search": (ACME, CONTOSO)})
SILENT = changed(policy(), mail__reaches_all=False)


def lesser(rules: Policy | None = None) -> Story:
    """A P2, for which nobody is written to."""
    story = Story(rules).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P2", reason="few"))
    return story.acts(Declare(by="mira", severity="P2"), TakeRole(by="ines", role="comms"))


@pytest.mark.sop("COM-5", "DET-7")
def test_whom_a_merged_incident_wrote_to_hears_of_the_end_once_by_the_name_it_knows() -> None:
    story = told().acts(ApproveMail(by="ines")).acts(TAKEN).acts(OVER).passes(minutes=16)
    sent = ("ops@northwind.example", "status@contoso.example", "it@acme.example")
    assert mails(story)[2:] == [(to, "Checkout and Search: solved") for to in sent]
    assert "COM-5/end" in story.keys("missed")


@pytest.mark.sop("COM-5", "DET-7")
def test_where_it_wrote_to_nobody_itself_the_promise_of_the_merged_one_is_kept_all_the_same() -> None:
    story = lesser().acts(TAKEN).acts(OVER).passes(minutes=16)
    assert mails(story) == [(to, "Search: solved") for to in ("status@contoso.example", "it@acme.example")]


@pytest.mark.sop("COM-5", "DET-7")
def test_what_is_taken_in_after_the_end_is_told_as_well_with_what_waits_or_after_it() -> None:
    waits = told().acts(ApproveMail(by="ines")).acts(OVER).acts(TAKEN)
    assert waits.last("mail_drafted").accounts[2:] == ("it@acme.example",)
    left = told().acts(ApproveMail(by="ines")).acts(OVER).acts(ApproveMail(by="ines")).acts(TAKEN)
    left.acts(ApproveMail(by="ines"))
    assert [to for to, subject in mails(left) if subject.endswith("solved")].count("status@contoso.example") == 1
    assert mails(left)[-1] == ("it@acme.example", "Checkout and Search: solved")


@pytest.mark.sop("COM-5", "DET-7")
def test_a_merged_incident_hands_on_whom_it_wrote_to_and_not_who_heard_of_its_end() -> None:
    asks = Merge(by="jonas", into="INC-00000")
    handed = [
        story.acts(asks).done("tell_incident")[0].model_dump()["act"].get("mailed", {})
        for story in (
            told().acts(ApproveMail(by="ines")).acts(TAKEN),
            told(),
            told(SILENT).acts(ApproveMail(by="ines")),
        )
    ]
    assert [[(name, [one["name"] for one in known]) for name, known in one.items()] for one in handed] == [
        [("Search", ["Acme", "Contoso Retail"]), ("Checkout", ["Northwind Traders", "Contoso Retail"])],
        [],
        [],
    ]


@pytest.mark.sop("COM-5", "TRI-6")
def test_accounts_of_what_was_made_a_p1_after_its_end_are_written_to_when_that_is_approved() -> None:
    story = lesser().acts(OVER).passes(minutes=3).acts(Declare(by="mira", severity="P1", reason="everybody"))
    assert story.due("COM-5/end").due_at == story.events("mail_drafted")[-1].at + timedelta(minutes=15)
    assert story.passes(hours=1).done("send_mail") == []
    story.acts(ApproveMail(by="ines"))
    assert {subject for _, subject in mails(story)} == {"Checkout: solved"}


@pytest.mark.sop("COM-5", "TRI-6")
def test_a_policy_without_that_line_writes_to_nobody_after_the_end() -> None:
    story = lesser(SILENT).acts(OVER).acts(Declare(by="mira", severity="P1", reason="all"))
    assert story.events("mail_drafted") == []
