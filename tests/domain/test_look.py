"""ACK-1, ACK-3: what the pager says when it is asked is what its webhook would have said, and it is asked sparingly."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from domain.incident.lifecycle import self_resolved
from domain.port.any_duty import AnyDuty
from domain.port.duty import Outcome, PageState
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.page_by_hand import PagePerson
from domain.procedure.paging import PageEscalated
from domain.procedure.resolution import Reopen, Resolve
from domain.run import progress as step
from domain.run.agenda import owed
from tests.domain.story import START, Story, changed, policy

OWN: dict[str, Any] = {"source": "pagerduty", "page": "Q1", "paged": ("PDANA01",), "key": "Q1"}
"""An alert that PagerDuty itself pages for."""


def asked(story: Story) -> list[float]:
    """At which minutes the pager was asked."""
    return [(effect.at - START).total_seconds() / 60 for effect in story.effects("read_pages")]


def answers(story: Story, *pages: PageState, twice: bool = True) -> None:
    """The pager says at the next question how pages stand; a second time changes nothing."""
    (duty,) = owed_reads(story)
    for _ in range(1 + twice):
        step.done(story.incident, duty, Outcome(pages=pages), story.play.now)
    story.play.settle()


def owed_reads(story: Story) -> list[AnyDuty]:
    return [duty for duty in owed(story.incident) if duty.kind == "read_pages"]


def taken(ref: str = "page-2", by: str = "PSAM002", **after: float) -> PageState:
    return PageState(ref=ref, state="acknowledged", by=by, at=START + timedelta(**after))


@pytest.mark.sop("ACK-1")
def test_an_acknowledgement_that_no_webhook_told_of_stops_the_clock_at_its_own_time() -> None:
    story = Story().at(minutes=4)
    answers(story, taken(minutes=3, seconds=30))
    (event,) = story.events("acknowledged")
    assert (event.by, event.at - START) == ("sam", timedelta(minutes=3, seconds=30))
    story.at(minutes=30)
    assert story.ladder() == [(0, ("dana",))]
    assert len(story.done("acknowledge_pages")) == 1


@pytest.mark.sop("ACK-1")
@pytest.mark.parametrize("first", ["webhook", "question"])
def test_the_webhook_and_the_answer_of_one_acknowledgement_are_one(first: str) -> None:
    story, said = Story().at(minutes=4), START + timedelta(minutes=3)
    webhook = Acknowledge(id="pagerduty:01", by="PSAM002", via="pagerduty", at=said)
    if first == "webhook":
        (duty,) = owed_reads(story)
        story.acts(webhook)
        step.done(story.incident, duty, Outcome(pages=(taken(minutes=3),)), story.play.now)
    else:
        answers(story, taken(minutes=3))
        story.acts(webhook)
    assert [(event.by, event.at) for event in story.events("acknowledged")] == [("sam", said)]
    assert not story.events("refused")


def test_a_program_that_acknowledged_is_nobody() -> None:
    story = Story().at(minutes=1)
    answers(story, PageState(ref="page-2", state="acknowledged", at=START))
    assert not story.events("acknowledged")


@pytest.mark.sop("ACK-3")
def test_an_escalation_that_no_webhook_told_of_takes_the_place_of_ours() -> None:
    story = Story(**OWN).at(minutes=4)
    answers(story, PageState(ref="Q1", state="ringing", people=("PSAM002",)))
    story.acts(PageEscalated(by="pagerduty", via="pagerduty", people=("PSAM002",)))
    assert len(story.events("paged_by_vendor")) == 1
    assert story.last("paged_by_vendor").people == ("sam",)
    assert ("sam",) not in [who for _, who in story.at(minutes=9).paged()]


@pytest.mark.sop("ACK-3")
def test_people_whom_we_or_the_source_woke_are_no_escalation() -> None:
    story = Story(**OWN).at(minutes=7)
    assert story.paged() == [(6, ("sam",))]
    answers(story, *(PageState(ref=ref, state="ringing", people=("PDANA01", "PSAM002")) for ref in ("Q1", "page-9")))
    assert not story.events("paged_by_vendor")


@pytest.mark.sop("DET-5")
def test_a_recovery_that_no_webhook_told_of_closes_what_nobody_took() -> None:
    story = Story(**OWN).at(minutes=2)
    answers(story, PageState(ref="Q1", state="resolved", at=START + timedelta(minutes=1)))
    assert (story.phase(), self_resolved(story.incident)) == ("resolved", True)


def test_a_merge_ends_no_outage_and_our_own_page_is_no_alert() -> None:
    story = Story(**OWN).at(minutes=2)
    answers(story, PageState(ref="Q1", state="merged"), PageState(ref="page-2", state="resolved"))
    assert story.phase() == "alerting"
    assert [alert.state for alert in story.incident.alerts.values()] == ["merged"]


def test_an_acknowledgement_of_an_earlier_ringing_is_not_news() -> None:
    story = Story().at(minutes=1).acts(Acknowledge(by="dana"), Resolve(by="jonas", summary="rolled back"))
    story.at(minutes=10).hears(episode="again").at(minutes=12)
    answers(story, taken("page-9", minutes=1))
    assert story.incident.acknowledged_at is None
    answers(story, taken("page-9", minutes=11))
    assert story.incident.acknowledged_by == "sam"


def test_the_pager_is_asked_every_minute_at_first_and_then_more_rarely() -> None:
    story = Story().at(hours=3)
    spans = [round(later - before, 6) for before, later in pairwise(asked(story))]
    assert asked(story)[:4] == [1.0, 2.0, 3.0, 4.0]
    assert max(spans[:10]) == 1
    assert max(spans) == 5


@pytest.mark.sop("ACK-3")
def test_the_pager_is_asked_shortly_before_each_level_that_we_climb() -> None:
    story = Story().at(minutes=16)
    for minute, _ in story.paged()[1:]:
        assert any(minute - 0.25 < one < minute for one in asked(story))


def test_nobody_is_asked_about_our_own_pages_once_somebody_took_one() -> None:
    story = Story().at(minutes=2).acts(Acknowledge(by="dana")).at(minutes=11)
    assert asked(story) == [1.0, 2.0]


def test_a_fortnight_of_a_source_that_still_fires_costs_some_seventy_questions() -> None:
    story = Story(changed(policy(), clocks={}), **OWN).acts(Acknowledge(by="dana")).at(days=14)
    assert asked(story)[:3] == [10.0, 20.0, 30.0]
    assert 60 < len(asked(story)) < 80
    before = len(asked(story))
    story.acts(Resolve(by="jonas", summary="rolled back")).at(days=28)
    assert len(asked(story)) == before


def test_a_fortnight_of_a_call_that_nobody_answers_costs_some_ninety_questions() -> None:
    calm = changed(policy(), clocks={}, severities__P1__wake=())
    story = Story(calm).acts(Acknowledge(by="dana"), PagePerson(by="dana", to="sam")).at(days=14)
    assert asked(story)[:3] == [1.0, 2.0, 3.0]
    assert 80 < len(asked(story)) < 100
    story.acts(PagePerson(by="dana", to="priya")).passes(minutes=3)
    assert asked(story)[-1] > 14 * 24 * 60, "a new call is asked about as often as the first one was"


def test_a_pager_that_is_away_is_asked_ever_more_rarely_and_nobody_is_bothered() -> None:
    story = Story().fails("pager", "read_pages").at(minutes=60)
    assert story.effects("read_pages") == []
    assert len(story.events("failed")) < 20
    assert not any("ask the pager" in text for text in story.said())
    assert [minute for minute, _ in story.paged()] == [0, 5, 10, 15, 20, 25, 30, 40, 60]


def test_an_old_policy_asks_nothing() -> None:
    assert asked(Story(changed(policy(), asks__pages_every=None)).at(hours=1)) == []


def test_a_reopened_incident_asks_again() -> None:
    story = Story().at(minutes=1).acts(Acknowledge(by="dana"), Resolve(by="jonas", summary="x")).at(minutes=30)
    before = len(asked(story))
    story.hears(episode="again").at(minutes=32)
    assert len(asked(story)) > before
    assert story.acts(Reopen(by="dana", reason="x")).refused


def test_every_question_names_at_most_twenty_pages() -> None:
    story = Story(changed(policy(), paging__longest="5m")).at(hours=4)
    assert max(len(duty.refs) for duty in story.done("read_pages") if duty.kind == "read_pages") == 20


@pytest.mark.sop("ACK-6")
def test_a_page_that_waits_for_its_hour_is_asked_about_rarely_until_then_and_often_from_then_on() -> None:
    story = Story(service="billing", severity="warning", **{**OWN, "paged": ()}).at(hours=9)
    (rung, *_), minutes = [minute for minute, _ in story.paged()], asked(story)
    assert (story.incident.likely, rung) == ("P3", 6 * 60)
    night, day = [one for one in minutes if one < rung], [one for one in minutes if one >= rung]
    assert night[:3] == [10, 20, 30]
    assert len(night) < 25
    assert rung - 0.25 < night[-1] < rung
    assert day[:4] == [rung + one for one in (1, 2, 3, 4)]


@pytest.mark.sop("ACK-6")
def test_what_wakes_nobody_is_asked_about_ever_more_rarely() -> None:
    days = [len(asked(Story(severity="info", **OWN).at(days=many))) for many in (1, 14)]
    assert days[0] < 40
    assert days[1] < 80


@pytest.mark.sop("ACK-6")
def test_a_policy_of_before_asks_about_what_wakes_nobody_as_of_what_rings() -> None:
    story = Story(changed(policy(), asks__rests=False), severity="info", **OWN).at(hours=3)
    assert asked(story)[:4] == [1, 2, 3, 4]
