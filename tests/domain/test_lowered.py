"""What was missed stays missed: no lower severity, no reopening, no late refusal makes a broken promise disappear."""

from typing import Any

import pytest

from domain.company.policy import Policy
from domain.incident.clocks import Missed
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.action_items import AddItem, CloseItem
from domain.procedure.findings import Note
from domain.procedure.postmortem_document import sections
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.roles import OfferRole, TakeRole
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate
from domain.report.scorecard import Verdict, scorecard
from domain.run.agenda import clocks
from tests.again import again
from tests.domain.story import Story, policy


def verdict(story: Story, clause: str) -> Verdict:
    return next(one for one in scorecard(story.incident, story.play.now) if one.clause == clause)


def lowered(story: Story, severity: str) -> Story:
    """Two people agree that it is not so bad."""
    return story.acts(
        Declare(by="jonas", severity=severity, reason="few are hit"),
        Declare(by="mira", severity=severity, reason="few are hit"),
    )


def with_clock(clause: str, line: dict[str, Any]) -> Policy:
    """The shipped policy with another line for one clause."""
    said = policy().model_dump()
    return Policy.model_validate({**said, "clocks": {**said["clocks"], clause: line}})


@again
def fought() -> Story:
    return Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))


@pytest.mark.parametrize(
    ("minutes", "clause", "word"),
    [
        (9, "COM-1", "not_applicable"),
        (11, "COM-1", "missed"),
        (14, "WAR-4", "not_applicable"),
        (16, "WAR-4", "missed"),
        (19, "ACK-5", "met"),  # who asks for a lower severity was heard from
        (21, "ACK-5", "late"),
        (59, "RES-2", "not_applicable"),
        (61, "RES-2", "missed"),
    ],
)
@pytest.mark.sop("TRI-4", "SOC-1")
def test_a_promise_of_a_severity_that_is_lowered_was_missed_or_does_not_apply(
    minutes: int, clause: str, word: str
) -> None:
    story = lowered(fought().passes(minutes=minutes), "P3").passes(minutes=1)
    assert story.severity() == "P3"
    assert clause not in {one.clause for one in clocks(story.incident) if one.running}
    assert verdict(story, clause).verdict == word


def promises(story: Story) -> tuple[str, ...]:
    """What the post-mortem says of the promises."""
    return next(one.lines for one in sections(story.incident) if one.heading.startswith("Promises"))


def test_the_miss_is_an_event_that_says_that_the_promise_was_never_kept() -> None:
    story = lowered(fought().passes(minutes=11), "P3")
    missed = [event.what for event in story.events("missed", "COM-1") if isinstance(event.what, Missed)]
    assert [(one.stopped_at, one.broken) for one in missed] == [(None, False), (story.play.now, True)]
    story.acts(Resolve(by="jonas", summary="x"))
    assert "| publish the first status page update (COM-1) | never kept | to be written above |" in promises(story)


def test_a_deadline_that_passed_is_not_moved_by_a_severity_that_has_more_time() -> None:
    slow = {"within": {"P1": "10m", "P2": "30m"}, "owner": "comms", "every": "5m"}
    story = Story(with_clock("COM-1", slow))
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=11)
    lowered(story, "P2").passes(minutes=4).acts(ApproveUpdate(by="jonas"))
    assert verdict(story, "COM-1").spoken == "5 min late"


def test_a_target_missed_at_a_lower_severity_is_not_forgotten_when_it_is_raised() -> None:
    story = lowered(Story().acts(Acknowledge(by="dana")), "P2").passes(hours=5)
    story.acts(Declare(by="jonas", severity="P1"), Resolve(by="jonas", summary="x"))
    assert verdict(story, "RES-2").verdict == "missed"


def test_a_severity_that_comes_back_has_a_clock_of_its_own() -> None:
    story = lowered(fought().passes(minutes=5), "P2").acts(Declare(by="jonas", severity="P1"))
    assert {key for key in story.running() if key.startswith("RES-2")} == {"RES-2/P1/s2"}


def test_an_update_that_was_published_before_the_severity_fell_was_kept() -> None:
    story = fought().passes(minutes=5).acts(ApproveUpdate(by="jonas"))
    assert verdict(lowered(story.passes(minutes=1), "P3"), "COM-1").verdict == "met"


def test_a_post_mortem_that_was_overdue_at_a_reopening_was_missed() -> None:
    story = fought().acts(Resolve(by="jonas", summary="x")).passes(hours=49).acts(Reopen(by="jonas", reason="again"))
    assert verdict(story, "PM-1").verdict == "missed"
    in_time = fought().acts(Resolve(by="jonas", summary="x")).passes(hours=9).acts(Reopen(by="jonas", reason="again"))
    assert verdict(in_time, "PM-1").verdict == "not_applicable"


@pytest.mark.parametrize(("days", "word"), [(13, "not_applicable"), (15, "missed")])
def test_an_item_that_is_declined_when_it_is_overdue_was_missed(days: int, word: str) -> None:
    story = fought().acts(Resolve(by="jonas", summary="x"), AddItem(by="mira", title="x", owner="sam"))
    story.passes(days=days).acts(CloseItem(by="mira", item="item-1", state="declined", reason="obsolete"))
    assert verdict(story, "ACT-2").verdict == word


def test_what_the_matrix_had_to_declare_was_missed_by_people() -> None:
    story = Story().acts(Acknowledge(by="dana")).passes(minutes=11)
    assert story.severity() == "P1"
    assert verdict(story, "TRI-4").verdict == "missed"


def test_a_handed_over_manager_is_brought_in_again_and_the_first_promise_is_remembered() -> None:
    story = fought().acts(Note(by="mira", text="here")).passes(minutes=1)
    assert verdict(story, "WAR-5").verdict == "met"
    story.acts(OfferRole(by="mira", role="manager", to="priya"), TakeRole(by="priya", role="manager")).passes(minutes=1)
    assert {"invite/mira", "invite/priya"} <= {duty.key for duty in story.done("invite")}
    assert verdict(story, "WAR-5").count == 2


def follow_up_of(*severities: str) -> Policy:
    """The shipped policy, in which only these have a post-mortem and are asked about personal data."""
    said = policy().model_dump()
    for name, rule in said["severities"].items():
        rule["post_mortem"] = rule["breach_check"] = name in severities
    return Policy.model_validate(said)


@pytest.mark.parametrize(
    ("days", "words"), [(0, ("not_applicable", "not_applicable")), (20, ("missed", "missed"))], ids=["in time", "late"]
)
@pytest.mark.parametrize(("asking", "last"), [(("P1",), "P3"), (("P1", "P2"), "P4")])
@pytest.mark.sop("PM-1", "GDP-1", "TRI-6")
def test_a_follow_up_of_a_proposed_severity_ends_when_the_first_declared_has_none_and_never_vanishes(
    asking: tuple[str, ...], last: str, days: int, words: tuple[str, str]
) -> None:
    story = Story(follow_up_of(*asking)).acts(Acknowledge(by="dana"), Resolve(by="jonas", summary="x"))
    story.passes(days=days, minutes=5)
    before = {one.key for one in clocks(story.incident) if one.clause in ("PM-1", "GDP-1")}
    lowered(story, last)
    after = [one for one in clocks(story.incident) if one.clause in ("PM-1", "GDP-1")]
    assert story.severity() == last
    assert ({one.key for one in after}, any(one.running for one in after)) == (before, False)
    assert (verdict(story, "PM-1").verdict, verdict(story, "GDP-1").verdict) == words


@pytest.mark.sop("PM-1")
def test_a_severer_one_that_asks_for_nothing_ends_the_follow_up_too() -> None:
    story = lowered(Story(follow_up_of("P2")).acts(Acknowledge(by="dana")), "P2")
    story.acts(Resolve(by="jonas", summary="x")).passes(days=20)
    story.acts(Declare(by="jonas", severity="P1", reason="it was worse"))
    assert story.severity() == "P1"
    assert [one.broken for one in clocks(story.incident) if one.clause == "PM-1"] == [True]
