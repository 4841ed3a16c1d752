"""PM-3: a post-mortem is complete once it was read back; what is empty is named, and holds nothing up for ever."""

from typing import Any

import pytest

from domain.company.policy import Policy
from domain.port.duty import Outcome
from domain.port.notebook import ReviewDocument
from domain.port.outline import Standing, unwritten
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.action_items import AddItem
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.headline import headline
from domain.procedure.postmortem import CompletePostmortem
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.severity import Declare
from tests.domain.story import Story, changed, policy

COMPLETE = CompletePostmortem(by="mira", cause="capacity")
TITLES = ("intrusion", "5xx error rate above 5%")


class Paper:
    """A document in which these sections are empty, until somebody writes in them."""

    def __init__(self, *empty: str) -> None:
        self.empty = empty

    def __call__(self, duty: Any) -> Outcome | None:
        return Outcome(unwritten=self.empty) if isinstance(duty, ReviewDocument) else None


def over(paper: Paper, rules: Policy | None = None, title: str = "5xx error rate above 5%") -> Story:
    """A P1 of which everything but the document is done."""
    story = Story(rules, title=title).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    story.passes(minutes=20).acts(Resolve(by="jonas", summary="over")).passes(minutes=20)
    ask = story.play.world._outcome

    def answered(duty: Any, now: Any) -> Outcome:
        return paper(duty) or ask(duty, now)

    story.play.world._outcome = answered  # type: ignore[method-assign]
    breach = AnswerBreach(by="mira", breach=False, reason="none was touched")
    return story.acts(breach, AddItem(by="mira", title="an alert", owner="sam"))


def told(story: Story, words: str) -> set[str]:
    return {say.person.id for say in story.done("say") if words in say.message.text and say.person}  # type: ignore[union-attr]


@pytest.mark.sop("PM-3")
def test_it_is_complete_when_every_section_has_a_word() -> None:
    story = over(Paper()).acts(COMPLETE)
    assert "read back first" in story.answer.text
    assert story.last("postmortem_completed").person == "mira"
    assert "PM-1" not in story.running()


@pytest.mark.sop("PM-3")
def test_empty_sections_are_named_to_who_called_it_complete_until_somebody_writes() -> None:
    paper = Paper("Summary", "Lessons")
    story = over(paper).acts(COMPLETE)
    assert not story.events("postmortem_completed")
    story.passes(days=1)
    assert told(story, "Nobody has written in “Summary”, “Lessons”: the post-mortem is not complete yet.") == {"mira"}
    assert "(nobody has written in “Summary”, “Lessons” yet)" in dict(headline(story.incident).facts)["Still owed"]
    paper.empty = ()
    story.acts(CompletePostmortem(by="mira"))
    assert len(story.done("review_document")) == 2
    assert story.events("postmortem_completed")


@pytest.mark.sop("PM-3")
def test_what_stays_empty_stays_so_for_a_reason_on_record() -> None:
    story = over(Paper("Lessons")).acts(COMPLETE, CompletePostmortem(by="mira", despite="there were none"))
    done = story.events("postmortem_completed")[0]
    assert (done.by, done.what.model_dump()["despite"]) == ("mira", "there were none")


@pytest.mark.sop("PM-3")
def test_a_reason_alone_completes_nothing_that_was_not_read() -> None:
    story = over(Paper("Lessons")).acts(COMPLETE.model_copy(update={"despite": "no time"}))
    assert not story.events("postmortem_completed")


@pytest.mark.sop("PM-3")
@pytest.mark.parametrize("retryable", [True, False])
def test_a_document_that_cannot_be_read_is_said_and_holds_nothing_up_for_ever(retryable: bool) -> None:
    story = over(Paper()).fails("notebook", retryable=retryable).acts(COMPLETE).passes(minutes=10)
    assert not story.events("postmortem_completed")
    story.passes(minutes=10)
    assert story.last("postmortem_completed").unread
    assert "review_document/1" not in story.owes()


@pytest.mark.sop("PM-3")
def test_a_reopening_ends_what_waits_to_be_read() -> None:
    story = over(Paper()).fails("notebook").acts(COMPLETE, Reopen(by="jonas", reason="again")).passes(hours=1)
    assert not story.events("postmortem_completed")


@pytest.mark.sop("PM-3")
def test_a_policy_that_says_nothing_of_it_reads_nothing() -> None:
    old = changed(policy(), learn__reads_back=False)
    assert "reads_back" not in old.model_dump()["learn"]
    story = over(Paper("Lessons"), old).acts(COMPLETE)
    assert not story.done("review_document")
    assert story.events("postmortem_completed")[0].by == "mira"


@pytest.mark.sop("SCP-3", "PM-3")
def test_nobody_has_to_write_what_a_security_incident_keeps_out_of_its_document() -> None:
    [secret], [plain] = (over(Paper(), title=title).acts(COMPLETE).done("review_document") for title in TITLES)
    assert isinstance(secret, ReviewDocument)
    assert isinstance(plain, ReviewDocument)
    assert {"Impact", "Timeline", "Root cause"} <= {*plain.generated}
    assert {*secret.generated} == {"Account", *plain.generated}


def parts(*lines: str) -> list[Standing]:
    """A document as lines: `# Heading`, or words."""
    cut = [line.partition(" ") for line in lines]
    return [Standing(level=len(a), text=c) if a.strip("#") == "" else Standing(text=a + b + c) for a, b, c in cut]


@pytest.mark.sop("PM-3")
@pytest.mark.parametrize(
    ("document", "empty"),
    [
        (("# Summary", "It failed.", "# Lessons"), ("Lessons",)),
        (("# Why", "## First", "It failed.", "## Second"), ("Second",)),
        (("# Timeline", "# Lessons", "Alert earlier."), ()),
        (("# Details", "## Timeline", "# Lessons", "Alert earlier."), ()),
        (("# Timeline",), ("",)),
        ((), ("",)),
        (("All of it in one piece.",), ()),
    ],
)
def test_which_sections_of_people_are_empty(document: tuple[str, ...], empty: tuple[str, ...]) -> None:
    assert unwritten(parts(*document), ["Timeline", "Impact"]) == empty
