"""SCP-3: what was written for customers before a security mark waits until somebody says that they are to be told."""

import pytest

from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.roles import TakeRole
from domain.procedure.security import MarkSecurity, TellCustomers
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate
from tests.domain.story import Story


def declared() -> Story:
    """A P2 whose first update waits for an approval."""
    story = Story(severity="warning").acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P2"))
    return story.acts(TakeRole(by="ines", role="comms")).passes(minutes=1)


@pytest.mark.sop("SCP-3", "COM-3")
def test_what_was_written_before_the_mark_is_published_only_once_somebody_says_that_customers_are_to_be_told() -> None:
    story = declared().acts(MarkSecurity(by="dana", reason="somebody is in"))
    assert "say first whether customers are to be told" in story.acts(ApproveUpdate(by="ines", number=1)).refused
    assert "say first whether customers are to be told" in story.acts(ApproveUpdate(by="ines")).refused
    story.acts(TellCustomers(by="jonas", tell=True, reason="cards are at risk")).passes(seconds=5)
    assert not story.acts(ApproveUpdate(by="ines")).refused
    assert len(story.passes(seconds=5).done("publish_update")) == 1


@pytest.mark.sop("SCP-3", "COM-3")
def test_what_could_not_leave_before_the_mark_does_not_leave_after_it() -> None:
    story = (
        declared().fails("status_page", "publish_update", minutes=10).acts(ApproveUpdate(by="ines")).passes(minutes=1)
    )
    story.acts(MarkSecurity(by="dana", reason="somebody is in")).passes(minutes=20)
    assert not story.done("publish_update")
    assert story.last("update_dropped").because.startswith("the incident is marked as a security incident")
