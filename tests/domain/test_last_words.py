"""RES-1, COM-6: whoever resolves it writes what customers read at the end, and that leaves once."""

import pytest

from domain.port.status_page import PublishUpdate
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate
from domain.replay.input import cues
from tests.domain.story import Story, changed, policy
from tests.domain.test_communicate import told

WORDS = "Paying works again since 03:20 UTC."
OVER = Resolve(by="jonas", summary="A bad deploy", customers=WORDS)


def last_words(story: Story) -> list[str]:
    """What the page was given for the end."""
    posts = [duty for duty in story.done("publish_update") if isinstance(duty, PublishUpdate)]
    return [post.body for post in posts if post.status == "resolved"]


@pytest.mark.sop("RES-1", "COM-6")
def test_what_the_commander_writes_for_customers_is_published_once_and_nothing_else_is_asked() -> None:
    story = told().passes(minutes=5).acts(ApproveUpdate(by="ines")).passes(minutes=20).acts(OVER)
    assert last_words(story) == [WORDS]
    story.passes(minutes=40)
    assert last_words(story) == [WORDS], "the neutral words have nothing to say any more"
    assert story.events("update_drafted", "COM-6") == []


@pytest.mark.sop("RES-1", "COM-6")
def test_words_that_the_page_loses_leave_when_it_is_back_and_not_after_a_reopening() -> None:
    away = told().passes(minutes=5).acts(ApproveUpdate(by="ines")).passes(minutes=20)
    away = away.fails("status_page", minutes=30).acts(OVER).passes(minutes=20)
    assert last_words(away) == []
    assert last_words(away.passes(minutes=20)) == [WORDS]
    back = told().passes(minutes=5).acts(ApproveUpdate(by="ines")).passes(minutes=20)
    back = back.fails("status_page", minutes=30).acts(OVER).passes(minutes=10).acts(Reopen(by="sam", reason="again"))
    assert last_words(back.passes(minutes=60)) == []


@pytest.mark.sop("RES-1", "COM-3")
def test_words_of_who_may_not_publish_are_the_draft_that_is_approved() -> None:
    rules = policy()
    apart = changed(rules, may={**rules.may, "approve_update": ("comms",)})
    story = told(apart).passes(minutes=5).acts(ApproveUpdate(by="ines")).passes(minutes=20).acts(OVER)
    assert (story.incident.phase, last_words(story)) == ("resolved", [])
    assert story.told("May customers read this") == {"ines"}
    assert last_words(story.acts(ApproveUpdate(by="ines"))) == [WORDS]
    by_chat = changed(rules, proof={"approve_update": ("slack",)})
    assert last_words(told(by_chat).acts(OVER)) == []


@pytest.mark.sop("RES-1", "COM-6")
@pytest.mark.parametrize(
    ("words", "why"),
    [("Jonas rolled it back.", "customers would read the name of Jonas"), ("See {link}.", "{link} is not filled in")],
)
def test_words_that_customers_may_not_read_end_nothing(words: str, why: str) -> None:
    story = told().passes(minutes=5).acts(OVER.model_copy(update={"customers": words}))
    assert why in story.refused
    assert story.incident.phase == "active"


@pytest.mark.sop("RES-1", "SCP-3")
def test_where_customers_read_nothing_there_are_no_words_for_them() -> None:
    internal = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P3", reason="few are hit"))
    internal.acts(Resolve(by="dana", summary="A bad deploy", customers=WORDS))
    assert "leave their words out" in internal.refused


@pytest.mark.sop("RES-1")
def test_an_end_with_words_for_customers_is_read_back_as_the_one_act_that_it_was() -> None:
    story = told().passes(minutes=5).acts(ApproveUpdate(by="ines")).passes(minutes=20).acts(OVER)
    again = [cue.act for cue in cues(story.incident.events)][-1]
    assert isinstance(again, Resolve)
    assert (again.summary, again.customers) == ("A bad deploy", WORDS)


def test_an_end_without_words_is_written_as_ever() -> None:
    assert "customers" not in Resolve(by="jonas", summary="A bad deploy").model_dump()
