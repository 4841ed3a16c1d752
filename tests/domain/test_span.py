"""COM-6: what customers read of how long it lasted is one span, whichever text says it."""

import pytest

from domain.procedure.customer_mail import ApproveMail
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.status_page import ApproveUpdate
from tests.domain.test_communicate import told

OVER = Resolve(by="jonas", summary="Dana rolled it back")


@pytest.mark.sop("COM-6", "COM-5", "RES-3")
def test_every_text_of_the_end_says_the_same_span_and_a_recovery_before_a_reopening_ends_nothing() -> None:
    story = told().acts(ApproveUpdate(by="ines"), ApproveMail(by="ines")).at(minutes=12).hears(state="resolved")
    story.at(minutes=20).acts(OVER)
    ends = [story.last(kind).body for kind in ("update_drafted", "mail_drafted")]
    assert [text.count("It lasted from 04 March 03:00 to 03:12 UTC.") for text in ends] == [1, 1]
    story.at(minutes=30).acts(Reopen(by="jonas", reason="customers call")).at(minutes=50).acts(OVER)
    ends = [story.last(kind).body for kind in ("update_drafted", "mail_drafted")]
    assert [text.count("It lasted from 04 March 03:00 to 03:50 UTC.") for text in ends] == [1, 1]
