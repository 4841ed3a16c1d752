"""What the demo tells of an incident: few lines, and an end in which every promise stands once."""

from demo.score import ending, score
from demo.teller import handed_over, said
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import PostFinding
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.roles import OfferRole, TakeRole
from domain.procedure.severity import Declare
from tests.again import again
from tests.domain.story import Story


@again
def fought() -> Story:
    """A P1 that was answered late, in which customers heard nothing."""
    story = Story().passes(minutes=6).acts(Acknowledge(by="sam"), Declare(by="jonas", severity="P1"))
    story.acts(PostFinding(by="sam", conditions="every order times out")).passes(minutes=30)
    return story.acts(Resolve(by="jonas", summary="switched off"))


def test_every_promise_is_kept_late_or_never_kept_and_only_one_of_them() -> None:
    told = score(fought().incident)
    assert told.late["ACK-1"] == "Somebody is on it, 1 min late"
    assert "COM-1" in told.never
    assert "The room hears" in told.never.values()
    assert "TRI-4" in told.kept
    assert not set(told.kept) & set(told.late)
    assert not (set(told.kept) | set(told.late)) & set(told.never)


def test_the_end_says_what_happened_once_although_it_came_three_times() -> None:
    first, counted, *lines = ending(fought().incident, sent=3, opened=1, pages=2)
    assert first.startswith("[bold]Solved and followed up in 36 min.")
    assert " never kept" in counted
    assert lines[-1] == "  Sent 3 times, happened once: the alert (1 incident, 2 pages to Sam)"
    assert len(lines) <= 3


def test_the_story_tells_what_people_did_and_what_was_late_and_not_each_step_of_the_house() -> None:
    lines = [words for event in fought().incident.events if (words := said(event))]
    assert "sam is on it" in lines
    assert "time is up before anybody answers" in lines
    assert "paged Sam, secondary on-call for Checkout API: nobody has acknowledged" in lines
    opened = fought().incident.events[0].model_copy(update={"by": "pagerduty"})
    assert said(opened).startswith("PagerDuty opened it")
    assert not [line for line in lines if "look for" in line or "kept" in line]


def test_a_role_that_was_offered_is_said_to_be_taken_over_and_no_other() -> None:
    story = fought().acts(Reopen(by="sam", reason="it is back"), OfferRole(by="jonas", role="commander", to="sam"))
    before = list(story.incident.events)
    story.acts(TakeRole(by="sam", role="commander"), TakeRole(by="ines", role="comms"))
    taken = [one for one in story.incident.events[len(before) :] if one.what.kind == "role_taken"]
    assert [handed_over(one, before) for one in taken] == ["sam took over as commander", ""]
