"""COM-5: the e-mail is not called sent before it reached everybody, by itself or by a person."""

import pytest

from domain.company.policy import Policy
from domain.port.chat import Say
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.customer_mail import ApproveMail
from domain.procedure.evidence import WaiveClause
from domain.procedure.mail_reached import TellAccount
from domain.procedure.resolution import Resolve
from domain.procedure.severity import Declare
from domain.report.scorecard import Verdict, scorecard
from domain.simulation.scenario import Outage
from tests.again import again
from tests.domain.story import Story, catalog, changed, policy
from tests.domain.wording import worded

OPS, OLD, CONTOSO = "ops@northwind.example", "old@northwind.example", "status@contoso.example"
ACCOUNTS = [
    {"name": "Northwind Traders", "email": OPS, "contacts": [f"Ada <{OLD}>"], "services": ["checkout"]},
    {"name": "Contoso Retail", "email": CONTOSO, "services": ["checkout"]},
]
PHONED = "on the telephone"


@again
def mailed(*refused: str, rules: Policy | None = None) -> Story:
    """A P1 whose e-mail was approved; these addresses are refused for good."""
    story = Story(rules, changed(catalog(), accounts=ACCOUNTS))
    for address in refused:
        gone = {"role": "mailer", "person": address, "retryable": False, "said": "550 no such user"}
        story.play.world.outages.append(Outage.model_validate(gone))
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"), ApproveMail(by="ines"))
    return story.passes(minutes=1)


def com_5(story: Story) -> Verdict:
    return next(one for one in scorecard(story.incident, story.play.now) if one.clause == "COM-5")


def letters(story: Story) -> list[str]:
    return [duty.model_dump()["account"]["email"] for duty in story.done("send_mail")]


@pytest.mark.sop("COM-5")
def test_an_address_that_refuses_keeps_the_clause_open_and_is_named_and_who_tells_them_ends_that() -> None:
    assert com_5(mailed()).verdict == "met"
    story = mailed(OLD)
    assert (com_5(story).verdict, com_5(story).why) == ("open", f"the e-mail did not reach Northwind Traders ({OLD})")
    [said] = [say for say in story.done("say") if isinstance(say, Say) and f"write to {OLD}" in worded(say)]
    assert [(one.label, one.fields["account"]) for one in said.message.buttons] == [("I told them", OLD)]
    story.acts(TellAccount(by="ines", how=PHONED, account=OLD)).passes(hours=3)
    assert (com_5(story).verdict, letters(story)) == ("met", [OPS, CONTOSO])
    assert "reached" in story.acts(TellAccount(by="jonas", how=PHONED, account=OLD)).refused
    tries = [event for event in story.incident.events if event.what.kind == "failed"]
    assert len(tries) == 1, "nobody writes to them again"


@pytest.mark.sop("COM-5", "RES-3")
def test_who_was_told_of_the_trouble_another_way_is_told_of_the_end_too() -> None:
    story = mailed(CONTOSO).acts(TellAccount(by="ines", how=PHONED))
    story.acts(Resolve(by="jonas", summary="restarted"), ApproveMail(by="ines")).passes(minutes=1)
    assert (com_5(story).verdict, CONTOSO in com_5(story).why) == ("open", True)
    assert com_5(story.acts(TellAccount(by="ines", how=PHONED))).verdict == "met"


@pytest.mark.sop("COM-5")
def test_with_several_left_it_is_to_be_said_which_in_the_words_or_beside_them() -> None:
    story = mailed(OLD, CONTOSO)
    refused = story.acts(TellAccount(by="ines", how="x")).refused
    assert f"Northwind Traders ({OLD}), Contoso Retail ({CONTOSO})" in refused
    assert "say which" in story.acts(TellAccount(by="ines", how="x", account="nobody@x.example")).refused
    story.acts(TellAccount(by="ines", how="called Contoso Retail"))
    assert com_5(story).why == f"the e-mail did not reach Northwind Traders ({OLD})"


@pytest.mark.sop("COM-5", "SOC-1")
def test_closed_without_anybody_having_told_them_it_is_missed_and_a_waiver_with_a_reason_is_said() -> None:
    story = mailed(CONTOSO, rules=changed(policy(), updates__account={}))
    story.acts(Resolve(by="jonas", summary="restarted")).passes(minutes=1).acts(ApproveMail(by="ines")).learns()
    story.passes(days=3)
    assert (story.phase(), com_5(story).verdict) == ("closed", "missed")
    assert com_5(story).said == f"The e-mail did not reach Contoso Retail ({CONTOSO})"
    assert "closed" in story.acts(TellAccount(by="ines", how=PHONED)).refused
    waived = mailed(CONTOSO).acts(WaiveClause(by="mira", clause="COM-5", reason="they have left us"))
    assert (com_5(waived).verdict, com_5(waived).waiver) == ("waived", "they have left us")
