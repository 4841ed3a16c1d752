"""WAR-8: tasks are assigned, taken, done or blocked, chased, and nothing of them is forgotten at the end."""

from datetime import timedelta

import pytest

from domain.port.chat import ShowCard
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.adoption import AdoptCatalog
from domain.procedure.changes import AuthoriseChange, RecordChange
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.retraction import CloseAs
from domain.procedure.severity import Declare
from domain.procedure.tasks import AssignTask, BlockTask, DropTask, FinishTask, KeepTask, TakeTask
from domain.rule.names import Blameless, InRoom
from tests.again import again
from tests.domain.story import START, Story, catalog, changed, minutes, policy

CALL = AssignTask(by="jonas", title="call the card processor", to="ines")


@again
def fought() -> Story:
    return Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))


@pytest.mark.sop("WAR-8")
def test_a_task_stands_on_the_card_and_among_what_is_due_and_its_holder_is_chased() -> None:
    story = fought().acts(CALL)
    assert (story.due("WAR-8/task-1").owner, "WAR-8/task-1" in story.running()) == ("ines", True)
    story.passes(minutes=15)
    card = [duty for duty in story.done("show_card") if isinstance(duty, ShowCard)][-1].message
    assert ("Tasks", "0 of 1 ended; 1. call the card processor (Ines)") in card.facts
    assert story.when("missed", "WAR-8/task-1") == minutes(15)
    assert story.told("WAR-8 Do task 1: was due") == {"ines", "jonas"}


@pytest.mark.sop("WAR-8", "PM-4")
@pytest.mark.parametrize(
    ("names", "to", "who"),
    [(InRoom, "ines", "Ines Duarte"), (InRoom, "", "the incident commander"), (Blameless, "ines", "a responder")],
)
def test_who_missed_it_is_said_with_an_article_for_a_role_alone(names: type[InRoom], to: str, who: str) -> None:
    story = fought().acts(AssignTask(by="jonas", title="call the card processor", to=to)).passes(minutes=16)
    assert story.last("missed").line(names(story.incident)).words.startswith(f"overdue: {who}, due")


@pytest.mark.sop("WAR-8")
def test_whoever_has_a_task_is_brought_into_the_room() -> None:
    story = fought().acts(AssignTask(by="jonas", title="read the slow queries", to="priya"))
    assert "invite/priya" in [duty.key for duty in story.done("invite")]


@pytest.mark.sop("WAR-8")
def test_it_is_done_in_time_by_anybodys_word() -> None:
    story = fought().acts(CALL).passes(minutes=5).acts(FinishTask(by="sam", task=1, result="they know"))
    assert "WAR-8/task-1" in story.keys("kept")
    assert story.acts(FinishTask(by="sam", task=1)).refused == "task 1 is done already"
    assert "expected one of none" in story.acts(TakeTask(by="sam", task=7)).refused


@pytest.mark.sop("WAR-8")
def test_one_that_is_blocked_is_chased_no_more_and_told_to_the_commander() -> None:
    story = fought().acts(CALL).passes(minutes=2).acts(BlockTask(by="ines", task=1, reason="nobody picks up"))
    assert ("WAR-8/task-1" in story.running(), story.told("task 1 is blocked")) == (False, {"jonas"})
    story.passes(minutes=30).acts(TakeTask(by="sam", task=1))
    assert not story.keys("missed").count("WAR-8/task-1")
    assert (story.due("WAR-8/task-1/s2").owner, story.incident.work.tasks[1].state) == ("sam", "open")


@pytest.mark.sop("WAR-8")
@pytest.mark.parametrize("to", ["ines", ""])
def test_whoever_takes_a_task_that_was_missed_has_the_whole_time_for_it(to: str) -> None:
    story = fought().acts(AssignTask(by="jonas", title="call the card processor", to=to)).passes(minutes=40)
    story.acts(TakeTask(by="sam", task=1))
    due = story.due("WAR-8/task-1/s2")
    assert (due.owner, due.due_at - story.play.now, "WAR-8/task-1" in story.running()) == ("sam", minutes(15)[0], False)
    story.passes(minutes=5).acts(FinishTask(by="sam", task=1))
    assert ("WAR-8/task-1/s2" in story.keys("kept"), "WAR-8/task-1/s2" in story.keys("missed")) == (True, False)


@pytest.mark.sop("WAR-8")
def test_one_for_nobody_waits_for_whoever_takes_it() -> None:
    story = fought().acts(AssignTask(by="jonas", title="look at the queue"))
    assert story.due("WAR-8/task-1").owner == "commander"
    assert story.acts(TakeTask(by="dana", task=1)).due("WAR-8/task-1/s2").owner == "dana"
    assert "expected one of" in story.acts(AssignTask(by="jonas", title="x", to="nobody")).refused


@pytest.mark.sop("WAR-8", "WAR-7")
def test_the_task_of_somebody_who_has_left_is_the_commanders() -> None:
    story = fought().acts(CALL, AdoptCatalog(by="mira", reason="a goodbye", without=("ines",)))
    assert story.due("WAR-8/task-1").owner == "commander"


@pytest.mark.sop("WAR-8", "DET-7")
def test_what_is_none_ends_with_no_task_open() -> None:
    none = CloseAs(by="jonas", how="false_alarm", reason="a load test")
    story = fought().acts(CALL, none)
    assert story.refused.endswith("call the card processor; finish or drop it first (WAR-8)")
    assert not story.acts(DropTask(by="jonas", task=1, reason="a load test"), none).refused


@pytest.mark.sop("WAR-8", "RES-1", "ACT-1")
def test_what_is_open_at_the_end_is_asked_about_and_becomes_an_action_item_by_itself() -> None:
    story = fought().acts(CALL, Resolve(by="jonas", summary="a lock")).passes(seconds=1)
    assert any("call the card processor is still open" in words for words in story.said())
    story.passes(minutes=15)
    item = story.incident.items["task-1"]
    assert (item.title, item.owner, story.incident.work.left) == ("call the card processor", "ines", [])
    assert [duty.key for duty in story.done("open_item")] == ["open_item/task-1"]


@pytest.mark.sop("WAR-8")
def test_or_somebody_says_what_becomes_of_it() -> None:
    other = AssignTask(by="jonas", title="mute the alarm", to="dana")
    story = fought().acts(CALL, other, Resolve(by="jonas", summary="a lock")).passes(minutes=1)
    story.acts(KeepTask(by="jonas", task=1), DropTask(by="jonas", task=2, reason="it is quiet"))
    assert (list(story.incident.items), "WAR-8/left-2" in story.keys("kept")) == (["task-1"], True)
    assert not [key for key in story.running() if key.startswith("WAR-8")]


@pytest.mark.sop("WAR-8", "RES-3")
def test_a_reopening_takes_the_question_back_and_the_next_end_asks_again() -> None:
    story = fought().acts(CALL, Resolve(by="jonas", summary="a lock"), Reopen(by="jonas", reason="again"))
    assert "WAR-8/left-1" not in story.running()
    story.acts(Resolve(by="jonas", summary="two locks")).passes(seconds=1)
    assert len(story.events("tasks_left")) == 2


@pytest.mark.sop("WAR-8", "SCP-3", "ACT-1")
@pytest.mark.parametrize("by_a_person", [False, True])
def test_what_is_left_of_a_secret_one_reaches_the_tracker_without_its_words(by_a_person: bool) -> None:
    story = Story(title="intrusion").acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"), CALL)
    story.acts(BlockTask(by="ines", task=1, reason="their line is tapped"), Resolve(by="jonas", summary="keys changed"))
    story = story.acts(KeepTask(by="jonas", task=1)) if by_a_person else story.passes(minutes=16)
    opened = story.passes(seconds=1).done("open_item")[0].model_dump()
    assert (opened["title"], opened["body"]) == (f"Task 1 of {story.incident.id}", "See the incident.")


LEAVE = [{"starts_at": START - timedelta(days=1), "ends_at": START + timedelta(days=9)}]


@pytest.mark.sop("WAR-8", "ACT-1", "WAR-7")
@pytest.mark.parametrize(
    ("away", "rule", "owner"),
    [
        (("ines",), True, "mira"),
        (("ines", "mira"), True, "priya"),
        (("ines",), False, "ines"),
        (("dana", "sam", "mira", "jonas", "ines", "priya"), True, "ines"),
    ],
)
def test_what_somebody_on_leave_leaves_is_an_action_item_of_who_is_there(
    away: tuple[str, ...], rule: bool, owner: str
) -> None:
    company = changed(catalog(), **{f"people__{name}__away": LEAVE for name in away})
    story = Story(changed(policy(), absence__items_there=rule), company).acts(Acknowledge(by="dana"))
    story.acts(Declare(by="jonas", severity="P1"), CALL, Resolve(by="jonas", summary="a lock")).passes(minutes=16)
    assert story.incident.items["task-1"].owner == owner
    assert any("Ines Duarte, whose it would be, is not there" in words for words in story.said()) is (owner != "ines")


@pytest.mark.sop("FIX-2", "ACT-1", "WAR-7")
@pytest.mark.parametrize("granted", [True, False])
def test_a_bypass_of_somebody_on_leave_is_brought_back_by_who_is_there(granted: bool) -> None:
    leave = [{"starts_at": START + timedelta(minutes=5), "ends_at": START + timedelta(days=9)}]
    story = Story(company=changed(catalog(), people__jonas__away=leave)).acts(Acknowledge(by="dana"))
    story.acts(Declare(by="jonas", severity="P1")).acts(
        RecordChange(by="jonas", change="hotfix", description="the pool by hand", bypass=True)
    )
    story.passes(minutes=8).acts(AuthoriseChange(by="mira", number=1, granted=granted, reason="only now"))
    assert story.incident.items["change-1"].owner == "mira"
