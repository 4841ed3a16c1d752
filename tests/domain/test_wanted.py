"""COM-3, COM-5, COM-8: whoever let a text go to customers hears that it could not leave, beside those who fight it."""

import pytest

from domain.procedure.customer_mail import ApproveMail
from domain.procedure.public_postmortem import ApprovePublicPostmortem
from domain.procedure.resolution import Resolve
from domain.procedure.status_page import ApproveUpdate
from domain.value.act import Act
from tests.domain.story import Story
from tests.domain.test_communicate import told
from tests.domain.test_public_postmortem import COMPLETE, over


def refused(story: Story, role: str, kind: str, act: Act) -> set[str]:
    """Who was told that a vendor would not take what this act lets go."""
    return story.fails(role, kind, minutes=30).acts(act).passes(minutes=2).told("could not")


@pytest.mark.sop("COM-3", "COM-5")
def test_who_publishes_or_mails_hears_that_it_could_not_leave() -> None:
    assert refused(told(), "status_page", "publish_update", ApproveUpdate(by="ines")) == {"ines", "jonas", "dana"}
    assert refused(told(), "mailer", "send_mail", ApproveMail(by="ines")) == {"ines", "jonas", "dana"}


@pytest.mark.sop("COM-8", "COM-6")
def test_after_the_fight_too_and_what_leaves_by_itself_is_nobodys_press() -> None:
    posted = refused(
        over().acts(COMPLETE).passes(minutes=1),
        *("status_page", "publish_postmortem"),
        ApprovePublicPostmortem(by="ines"),
    )
    assert posted == {"ines", "jonas", "dana"}
    quiet = told().passes(minutes=5).acts(ApproveUpdate(by="ines")).passes(minutes=5)
    quiet.acts(Resolve(by="jonas", summary="A bad deploy")).fails("status_page", "publish_update").passes(minutes=40)
    assert quiet.told("could not") == {"jonas", "dana"}
