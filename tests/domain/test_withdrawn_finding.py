"""A finding that was given by mistake stays in the record and counts no more (WAR-4, WAR-6)."""

from datetime import timedelta

import pytest

from domain.incident.record import Refused
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import PostFinding, WithdrawFinding, answers
from domain.procedure.postmortem_document import sections
from domain.procedure.resolution import Resolve
from domain.procedure.severity import Declare
from domain.procedure.sitrep import inside
from domain.report.view import view
from domain.value.key import ClockKey
from tests.again import again
from tests.domain.story import START, Story, minutes


@again
def fought() -> Story:
    return Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))


def found(story: Story) -> str:
    """What the card and the headline say was found last."""
    return dict(inside(story.incident)).get("Found last", "")


@pytest.mark.sop("WAR-4", "WAR-6")
def test_a_withdrawn_finding_stays_in_the_record_and_the_one_before_it_is_shown_again() -> None:
    story = fought().at(minutes=5).acts(PostFinding(by="dana", conditions="a lock"))
    story.at(minutes=8).acts(PostFinding(by="dana", conditions="wrong window"))
    story.at(minutes=9).acts(WithdrawFinding(by="dana", reason="another incident"))
    assert story.answer.text.startswith("Dana took back what was found: wrong window; another incident.")
    assert "a lock" in found(story)
    seen = view(story.incident, ())
    assert (seen.found.text if seen.found else "", seen.findings) == ("a lock", {"1": "Dana Okafor: a lock"})
    assert [event.what.model_dump()["conditions"] for event in story.events("finding_posted")] == [
        "a lock",
        "wrong window",
    ]
    (gone,) = story.events("finding_withdrawn")
    assert (gone.by, gone.at - START) == ("dana", timedelta(minutes=9))


@pytest.mark.sop("WAR-4")
def test_the_clock_runs_as_if_it_had_not_been_given() -> None:
    story = fought().at(minutes=5).acts(PostFinding(by="dana", conditions="a lock"))
    story.at(minutes=10).acts(PostFinding(by="dana", conditions="oops"))
    assert story.due("WAR-4/3").due_at - START == timedelta(minutes=25)
    story.acts(WithdrawFinding(by="dana", finding=2))
    assert story.due("WAR-4/3").due_at - START == timedelta(minutes=20)
    story.at(minutes=21)
    assert story.when("missed", "WAR-4/3") == minutes(20)
    story.acts(PostFinding(by="dana", conditions="the pool"))
    assert story.due("WAR-4/4").due_at - START == timedelta(minutes=36)
    assert [key for key in story.keys("kept") if key.startswith("WAR-4")] == ["WAR-4/1", "WAR-4/2"]


@pytest.mark.sop("WAR-4")
def test_what_is_withdrawn_after_the_deadline_it_had_moved_is_missed_at_once() -> None:
    story = fought().at(minutes=14).acts(PostFinding(by="dana", conditions="oops")).at(minutes=18)
    story.acts(WithdrawFinding(by="dana")).passes(seconds=1)
    missed = story.events("missed", "WAR-4")[-1].what.model_dump()
    assert (missed["key"], missed["due_at"] - START) == ("WAR-4/2", timedelta(minutes=15))


@pytest.mark.sop("WAR-4")
def test_a_finding_before_the_last_moves_no_clock_when_it_is_withdrawn() -> None:
    story = fought().at(minutes=5).acts(PostFinding(by="dana", conditions="oops"))
    story.at(minutes=10).acts(PostFinding(by="dana", conditions="a lock"))
    story.acts(WithdrawFinding(by="dana", finding=1))
    assert story.due("WAR-4/3").due_at - START == timedelta(minutes=25)
    assert "a lock" in found(story)


@pytest.mark.sop("WAR-4")
def test_what_is_withdrawn_once_it_is_over_changes_no_verdict() -> None:
    story = fought().at(minutes=14).acts(PostFinding(by="dana", conditions="oops")).at(minutes=20)
    story.acts(Resolve(by="jonas", summary="The pool is larger.")).at(minutes=40)
    before = story.verdict("WAR-4")
    story.acts(WithdrawFinding(by="dana"))
    assert story.answer.accepted
    assert (before, story.verdict("WAR-4")) == ("met", "met")


@pytest.mark.sop("WAR-4", "SOC-1")
def test_only_who_gave_it_or_commands_withdraws_a_finding_and_each_once() -> None:
    story = fought().at(minutes=5).acts(PostFinding(by="dana", conditions="oops"))
    story.acts(WithdrawFinding(by="sam", finding=1))
    assert story.refused == "only Dana Okafor or Jonas Weber may withdraw that finding"
    assert isinstance(story.last("refused"), Refused)
    story.acts(WithdrawFinding(by="sam"))
    assert story.refused == "finding: found none of your own, expected one of 1"
    story.acts(WithdrawFinding(by="jonas"), WithdrawFinding(by="dana", finding=1))
    assert story.answer.text == "Nothing is new in that."
    assert len(story.events("finding_withdrawn")) == 1
    story.acts(WithdrawFinding(by="dana"))
    assert story.refused == "finding: found none of your own, expected one of none: nothing was found"


@pytest.mark.sop("WAR-4")
def test_whoever_finds_something_is_offered_to_take_it_back() -> None:
    story = fought().at(minutes=5).acts(PostFinding(by="dana", conditions="a lock"))
    (undo,) = story.answer.buttons
    assert (undo.label, undo.act, undo.fields, undo.asks) == ("Undo", "withdraw_finding", {"finding": "1"}, False)
    assert not story.acts(WithdrawFinding(by="dana", finding=1)).answer.buttons


@pytest.mark.sop("WAR-4")
def test_a_room_that_was_told_a_finding_is_told_that_it_is_none_and_any_other_room_nothing() -> None:
    aloud = fought().at(minutes=5).acts(PostFinding(by="dana", conditions="oops"), WithdrawFinding(by="dana"))
    assert any("takes back" in say for say in aloud.said())
    marked = fought().at(minutes=5).acts(PostFinding(by="dana", conditions="oops", written="C1/17"))
    marked.acts(WithdrawFinding(by="dana"))
    assert not any("takes back" in say for say in marked.said())


@pytest.mark.sop("PM-4", "WAR-6")
def test_the_account_of_the_post_mortem_leaves_out_what_was_no_finding() -> None:
    story = fought().at(minutes=5).acts(PostFinding(by="dana", conditions="oops"), WithdrawFinding(by="dana"))
    story.acts(PostFinding(by="dana", conditions="a lock"))
    lines = "\n".join(next(one for one in sections(story.incident) if one.heading == "Timeline").lines)
    assert "a lock" in lines
    assert "oops" not in lines


@pytest.mark.sop("WAR-4")
def test_that_there_is_nothing_new_is_told_in_one_press_and_takes_the_place_of_no_finding() -> None:
    story = fought().at(minutes=5).acts(PostFinding(by="dana", conditions="a lock"))
    (tell, nothing) = answers(ClockKey("WAR-4"))
    assert (tell.asks, nothing.asks) == (True, False)
    story.at(minutes=18).acts(PostFinding.model_validate({"by": "dana", **nothing.fields}))
    assert "a lock" in found(story)
    assert any("*Dana* has found nothing new" in words for words in story.said())
    assert "WAR-4" not in story.passes(minutes=14).keys("missed")
    story.acts(PostFinding(by="dana", conditions="Nothing new", actions="flag off"))
    assert "flag off" in found(story), "what is done is news"
