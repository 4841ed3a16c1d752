"""What is said of a promise that is overdue is true, and in a person's words: who did their part is not asked again."""

import pytest

from domain.incident.clocks import Missed
from domain.incident.entry import STANDFAST
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate
from domain.report.due import due
from domain.rule.clause import Promise, always, asks_deputy
from domain.value.line import AsTheyAre
from tests.domain.story import Story
from tests.domain.test_communicate import told
from tests.domain.test_saying import said

OVER = Resolve(by="jonas", summary="it was restarted")


def texts(story: Story) -> list[str]:
    return [say.message.text for _, say in said(story)]


@pytest.mark.sop("COM-1", "RES-1")
def test_what_was_never_done_when_it_ended_is_not_said_to_be_done() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).at(minutes=40).acts(OVER)
    story.passes(minutes=2)
    assert "Never kept, 30 min over at the end: publish the first status page update." in texts(story)
    assert not [text for text in texts(story) if "told customers for the first time" in text]


@pytest.mark.sop("COM-1")
def test_what_was_done_late_still_says_so() -> None:
    story = told().at(minutes=15).acts(ApproveUpdate(by="ines")).passes(minutes=1)
    assert "*Ines told customers for the first time* at 03:15 UTC, 5 min late." in texts(story)


@pytest.mark.sop("COM-4", "COM-1")
def test_who_approved_the_words_is_told_that_the_page_does_not_take_them() -> None:
    story = told().acts(ApproveUpdate(by="ines")).passes(minutes=1)
    held = told().fails("status_page", "publish_update", hours=2).acts(ApproveUpdate(by="ines")).passes(minutes=30)
    asked = [text for text in texts(held) if text.startswith("Customers were to hear")]
    assert asked
    assert all("post them there by hand" in text and "one press" not in text for text in asked)
    assert not [text for text in texts(story) if "by hand" in text]


@pytest.mark.sop("WAR-7", "GDP-1")
def test_a_question_that_waits_is_asked_as_a_question() -> None:
    one = Promise("answer: are customers to be told now?", counted_from="", asked_by=always(""))
    story = told()
    assert one.asks_before(one.what, "09:13 UTC", "4 min") == (
        "Are customers to be told now? It is to be answered by 09:13 UTC, in 4 min."
    )
    assert one.asks_after(one.what, "09:13 UTC", story.incident) == (
        "Are customers to be told now? It was to be answered by 09:13 UTC."
    )
    assert asks_deputy(one.what) == "Are customers to be told now? Nobody has answered, and you may, as deputy."
    other = Promise("post {findings}", counted_from="", asked_by=always(""))
    assert other.asks_after(other.what, "09:13 UTC", story.incident) == "Post (findings): was due by 09:13 UTC."


@pytest.mark.sop("RES-3", "GDP-1")
def test_after_a_late_reopening_what_is_overdue_says_how_often_that_was_said() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).acts(OVER).passes(days=3)
    story.acts(Reopen(by="jonas", reason="it fails again")).passes(hours=9)
    chases = [fact for _, fact in story.incident.all(Missed) if fact.key == "GDP-1" and not fact.kept_late]
    words = [fact.line(AsTheyAre()).words.partition(":")[0] for fact in chases]
    assert words == ["overdue", *(f"still overdue, said {number} times" for number in range(2, len(chases) + 1))]
    assert chases[-1].times > len(chases)


@pytest.mark.sop("ACK-1", "ACK-2", "RES-2")
def test_what_can_still_be_done_stands_before_a_target_that_passed() -> None:
    unheard = Story().passes(minutes=7)
    [answers] = [one for one in due(unheard.incident) if one.clause == "ACK-1"]
    assert answers.order == (False, answers.due_at)
    hours = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(hours=2)
    owed = sorted((one for one in due(hours.incident) if one.owner != STANDFAST), key=lambda one: one.order)
    assert owed[-1].clause == "RES-2"
    assert owed[-1].due_at < hours.play.now
