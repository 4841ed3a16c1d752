"""COM-8: customers get an account of what happened: drafted, approved as it was read, posted once, and chased."""

from typing import Any

import pytest

from domain.check import lint
from domain.company.policy import Policy
from domain.port.duty import Outcome
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.action_items import AddItem, CloseItem
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.evidence import WaiveClause
from domain.procedure.postmortem import CompletePostmortem
from domain.procedure.public_postmortem import (
    ApprovePublicPostmortem,
    DraftPublicPostmortem,
    PostPublicPostmortem,
    PublicPostmortemDrafted,
)
from domain.procedure.public_postmortem_duties import follow
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.roles import TakeRole
from domain.procedure.security import MarkSecurity
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate
from domain.value.act import Act
from tests.again import again
from tests.domain.story import Story, catalog, changed, policy

ITEM = AddItem(by="mira", title="alert on the pool", owner="sam")
COMPLETE = CompletePostmortem(by="mira", cause="capacity")
CLOSED = CloseItem(by="sam", item="item-1")


@again
def over(rules: Policy | None = None, grade: str = "P1", *then: Act, told: bool = True, **more: Any) -> Story:
    """A resolved incident whose post-mortem lacks nothing any more but to be called complete."""
    story = Story(rules, **more).acts(Acknowledge(by="dana"), Declare(by="jonas", severity=grade, reason="so"))
    story.acts(TakeRole(by="ines", role="comms")).passes(minutes=1)
    story.acts(*([ApproveUpdate(by="ines")] if told else [])).passes(minutes=20)
    story.acts(*then, Resolve(by="jonas", summary="restarted")).passes(minutes=2)
    story.acts(*([ApproveUpdate(by="ines")] if told else [])).passes(hours=7)
    return story.acts(AnswerBreach(by="mira", breach=False, reason="looked"), ITEM)


def drafts(story: Story) -> list[str]:
    return [fact.body for _, fact in story.incident.all(PublicPostmortemDrafted)]


def posts(story: Story) -> list[str]:
    return [duty.model_dump()["body"] for duty in story.done("publish_postmortem")]


@pytest.mark.sop("COM-8")
def test_the_account_is_drafted_when_the_post_mortem_is_complete_and_posted_once_it_is_approved() -> None:
    story = over()
    assert drafts(story) == []
    assert "COM-8" not in story.running()
    story.acts(COMPLETE).passes(minutes=1)
    assert story.told("COM-8 May customers read this account") == {"ines"}
    draft = story.last("public_postmortem_drafted").body
    assert draft.startswith("Checkout API did not work as it should from ")
    assert posts(story) == []
    story.acts(ApprovePublicPostmortem(by="ines", number=1)).passes(minutes=1)
    assert (posts(story), story.verdict("COM-8")) == ([draft], "met")
    assert story.acts(ApprovePublicPostmortem(by="jonas", number=1)).refused
    assert "approved by Ines Duarte already" in story.acts(ApprovePublicPostmortem(by="jonas")).refused
    assert posts(story.passes(days=3)) == [draft]


@pytest.mark.sop("COM-8")
def test_what_people_wrote_for_customers_in_the_document_is_the_draft() -> None:
    story = over().acts(COMPLETE)
    [asked] = story.done("read_document")
    said = asked.model_dump()
    assert (said["ref"], said["heading"]) == (story.incident.learning.document, "For customers")
    anew = over().acts(COMPLETE)
    assert follow(anew.incident, asked, Outcome(text="Too late: a draft is there.")) == ()


@pytest.mark.sop("COM-8")
def test_with_the_notebook_away_or_absent_the_policys_words_are_the_draft() -> None:
    away = over().fails("notebook", days=1).acts(COMPLETE).passes(minutes=20)
    none = over(company=changed(catalog(), vendors__notebook="none")).acts(COMPLETE)
    for story in (away, none):
        assert story.last("public_postmortem_drafted").body.startswith("Checkout API did not work as it should")


@pytest.mark.sop("COM-8")
def test_an_approval_is_of_what_was_read_and_names_nobody() -> None:
    story = over().acts(COMPLETE).passes(minutes=1).acts(DraftPublicPostmortem(by="mira", body="The pool was full."))
    refused = story.acts(ApprovePublicPostmortem(by="ines", number=1)).refused
    assert "The pool was full." in refused
    assert "Jonas Weber" in story.acts(ApprovePublicPostmortem(by="ines", body="Jonas forgot the limit.")).refused
    story.acts(ApprovePublicPostmortem(by="ines", number=2)).passes(minutes=1)
    assert posts(story) == ["The pool was full."]


@pytest.mark.sop("COM-8")
def test_what_somebody_wrote_before_the_completion_is_not_drafted_over() -> None:
    story = over().acts(DraftPublicPostmortem(by="ines", body="The pool was full.")).acts(COMPLETE).passes(minutes=1)
    assert story.last("public_postmortem_drafted").body == "The pool was full."
    assert not story.done("read_document")


@pytest.mark.sop("COM-8")
@pytest.mark.parametrize("of_last_end", [True, False])
def test_an_account_that_customers_have_before_the_completion_is_not_asked_for_again(of_last_end: bool) -> None:
    account = {"of_last_end": of_last_end, "holds_open": True}
    story = over(changed(policy(), updates__account=account))
    story.acts(DraftPublicPostmortem(by="ines", body="The pool was full."), ApprovePublicPostmortem(by="ines"))
    story.passes(minutes=1).acts(COMPLETE, CLOSED).passes(days=9)
    assert posts(story) == ["The pool was full."]
    assert (story.verdict("COM-8"), story.phase()) == (("met", "closed") if of_last_end else ("missed", "resolved"))


@pytest.mark.sop("COM-8", "RES-3")
def test_an_account_that_had_not_left_when_it_came_back_does_not_leave() -> None:
    story = over().acts(COMPLETE).fails("status_page", hours=1).passes(minutes=1)
    story.acts(ApprovePublicPostmortem(by="ines"), Reopen(by="jonas", reason="it is back")).passes(hours=2)
    assert posts(story) == []
    story.acts(Resolve(by="jonas", summary="again")).passes(hours=1)
    assert posts(story) == []
    story.acts(COMPLETE).passes(minutes=1).acts(ApprovePublicPostmortem(by="ines", number=2)).passes(minutes=1)
    assert len(posts(story)) == 1


@pytest.mark.sop("COM-8")
def test_a_page_without_a_place_for_it_is_answered_by_hand_with_the_link() -> None:
    story = over().acts(COMPLETE).fails("status_page", days=2).passes(minutes=1)
    assert story.acts(PostPublicPostmortem(by="ines", url="https://x.example/1")).refused
    story.acts(ApprovePublicPostmortem(by="ines")).passes(minutes=30)
    assert "link" in story.acts(PostPublicPostmortem(by="ines", url="on the page")).refused
    story.acts(PostPublicPostmortem(by="ines", url="https://status.example/7")).passes(days=3)
    assert (posts(story), story.verdict("COM-8")) == ([], "met")


@pytest.mark.sop("COM-8")
def test_it_is_chased_in_office_hours_alone_and_a_waiver_with_a_reason_ends_that() -> None:
    story = over().acts(COMPLETE)
    story.passes(days=4)
    chased = [event.at for event in story.incident.events if event.what.kind == "missed" and event.clause == "COM-8"]
    assert chased
    assert all(at.weekday() < 5 and 9 <= at.hour <= 17 for at in chased)
    story.acts(WaiveClause(by="mira", clause="COM-8", reason="the customer asked for silence")).passes(minutes=1)
    assert "COM-8" not in story.running()


@pytest.mark.sop("COM-8")
@pytest.mark.parametrize("what", ["no page", "P3", "secret", "no line"])
def test_nobody_is_asked_where_customers_were_told_nothing_or_the_policy_has_no_line(what: str) -> None:
    older = policy().model_copy(update={"clocks": {k: v for k, v in policy().clocks.items() if k != "COM-8"}})
    company = changed(catalog(), vendors__status_page="none") if what == "no page" else None
    grade, rules = "P3" if what == "P3" else "P1", older if what == "no line" else None
    alert = {"severity": "warning", "service": "platform"} if what == "P3" else {}
    marked = (MarkSecurity(by="dana", reason="an intruder"),) if what == "secret" else ()
    story = over(rules, grade, *marked, told=what in ("secret", "no line"), company=company, **alert)
    story.acts(COMPLETE).passes(days=2)
    assert drafts(story) == []
    assert "COM-8" not in story.running()
    assert story.verdict("COM-8") == "not_applicable"


@pytest.mark.sop("COM-8")
def test_a_reopening_ends_the_asking_and_the_next_completion_begins_it_anew() -> None:
    story = over().acts(COMPLETE).passes(minutes=1).acts(Reopen(by="jonas", reason="it is back")).passes(minutes=30)
    assert "COM-8" not in story.running()
    assert "active" in story.acts(ApprovePublicPostmortem(by="ines", body="It was over.")).refused
    story.acts(Resolve(by="jonas", summary="again")).passes(minutes=5)
    assert story.acts(ApprovePublicPostmortem(by="ines", number=1)).refused
    story.acts(COMPLETE).passes(minutes=1)
    assert "COM-8/r2" in story.running()
    story.acts(ApprovePublicPostmortem(by="ines", number=2)).passes(minutes=1)
    assert len(posts(story)) == 1


@pytest.mark.sop("COM-8")
def test_an_incident_waits_for_it_where_the_policy_says_so_and_closes_without_it_otherwise() -> None:
    strict = changed(policy(), updates__account={"holds_open": True})
    waits = over(strict).acts(COMPLETE, CLOSED).passes(days=8)
    assert waits.phase() == "resolved"
    waits.acts(ApprovePublicPostmortem(by="ines")).passes(hours=1)
    assert waits.phase() == "closed"
    waived = over(strict).acts(
        COMPLETE, CLOSED, WaiveClause(by="mira", clause="COM-8", reason="they asked for silence")
    )
    assert waived.passes(hours=2).phase() == "closed"
    assert over(policy()).acts(COMPLETE, CLOSED).passes(hours=2).phase() == "closed"
    assert not lint(strict, catalog())
