"""ACK-6: when a severity wakes somebody, and what takes an acknowledgement back."""

from datetime import timedelta
from typing import Any

import pytest

from domain.port.pager import Page
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.acknowledgement_lapse import Unacknowledge
from domain.procedure.figures import parts
from domain.procedure.findings import Note
from domain.procedure.page_by_hand import PagePerson
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.severity import Declare
from tests.domain.story import Story, catalog, changed, minutes, policy

WARNING: dict[str, Any] = {"service": "billing", "severity": "warning"}
LOWER = Declare(by="jonas", severity="P4", reason="nobody notices")
NINE = 6 * 60
"""The office opens at nine; stories begin at three."""


@pytest.mark.sop("ACK-6")
def test_a_p3_of_the_night_waits_for_the_office_and_climbs_in_its_hours() -> None:
    story = Story(**WARNING).passes(hours=5)
    assert story.paged() == []
    assert story.passes(hours=1, minutes=6).paged() == [(NINE, ("dana",)), (NINE + 5, ("sam",))]
    assert story.effects("page")[0].duty.model_dump()["urgency"] == "low"
    assert story.verdict("ACK-6") == "met"


@pytest.mark.sop("ACK-6", "TRI-3")
def test_what_names_no_severity_that_is_known_does_not_wait_until_somebody_says_how_bad_it_is() -> None:
    unknown: dict[str, Any] = {**WARNING, "severity": "purple"}
    story = Story(**unknown).passes(minutes=1)
    assert story.incident.likely == "P3"
    assert story.paged() == [(0, ("dana",))]
    assert Story(**unknown).acts(Declare(by="sam", severity="P3")).passes(hours=5).paged() == [(0, ("dana",))]


@pytest.mark.sop("ACK-6")
def test_a_team_has_office_hours_of_its_own() -> None:
    early = {"zone": "Asia/Tokyo", "begins": "13:00", "ends": "18:00"}
    story = Story(company=changed(catalog(), teams__payments__hours=early), **WARNING).passes(hours=2)
    assert story.paged()[0] == (60, ("dana",))


@pytest.mark.sop("ACK-6")
def test_a_p4_wakes_nobody_and_nobody_has_to_acknowledge_it_but_whoever_is_asked_for_is_paged() -> None:
    story = Story(service="billing", severity="info").passes(hours=20)
    assert (story.paged(), story.verdict("ACK-1")) == ([], "not_applicable")
    story.acts(PagePerson(by="jonas", to="sam")).passes(minutes=6)
    assert [who for _, who in story.paged()] == [("sam",), ("sam",)]


@pytest.mark.sop("ACK-6", "TRI-5")
def test_what_gets_worse_at_night_is_paged_then() -> None:
    story = Story(**WARNING).passes(hours=1).acts(Declare(by="jonas", severity="P1"))
    assert story.passes(minutes=1).ladder() == [(60, ("dana",))]
    assert isinstance(page := story.done("page")[0], Page)
    assert page.urgency == "high"


@pytest.mark.sop("ACK-6", "TRI-3")
def test_a_page_that_rings_is_taken_back_when_the_severity_turns_out_to_wake_nobody_at_this_hour() -> None:
    """At the pager it would climb on by itself, through the night."""
    story = Story(service="billing", severity="purple").passes(minutes=2)
    story.acts(Declare(by="jonas", severity="P3")).passes(minutes=30)
    assert story.ladder() == [(0, ("dana",))]
    assert [duty.clause for duty in story.done("resolve_pages")] == ["ACK-6"]
    assert (story.told("nobody is paged before"), story.verdict("ACK-6")) == ({"dana"}, "met")
    assert story.passes(hours=5, minutes=34).ladder() == [
        (0, ("dana",)),
        (NINE, ("dana",)),
        (NINE + 5, ("sam",)),
    ]
    assert len(story.done("resolve_pages")) == 1


@pytest.mark.sop("ACK-6", "TRI-5")
def test_a_page_taken_back_is_sent_anew_when_the_severity_rises_again() -> None:
    story = Story(service="billing", severity="critical").passes(minutes=2).acts(LOWER)
    assert story.passes(minutes=1).done("resolve_pages") == []  # a lower one waits for a second person
    story.acts(Declare(by="mira", severity="P4")).passes(minutes=29).acts(Declare(by="jonas", severity="P1"))
    assert story.passes(minutes=6).ladder() == [(0, ("dana",)), (32, ("dana",)), (37, ("sam",))]
    assert len(story.done("resolve_pages")) == 1


@pytest.mark.sop("ACK-6", "ACK-4")
def test_what_was_taken_or_rings_by_day_is_not_taken_back() -> None:
    taken = Story(service="billing", severity="critical").acts(Acknowledge(by="dana")).passes(minutes=2)
    taken.acts(LOWER).acts(Declare(by="mira", severity="P4"))
    assert taken.passes(minutes=30).done("resolve_pages") == []
    by_day = Story(**WARNING).passes(hours=6, minutes=2).acts(Declare(by="jonas", severity="P3")).passes(minutes=6)
    assert (by_day.ladder(), by_day.done("resolve_pages")) == ([(NINE, ("dana",)), (NINE + 5, ("sam",))], [])


@pytest.mark.sop("ACK-6")
@pytest.mark.parametrize(
    ("act", "first", "then"),
    [
        (Unacknowledge(by="pagerduty", via="pagerduty"), "dana", "sam"),
        (Unacknowledge(by="dana", reason="I cannot"), "sam", "mira"),
    ],
)
def test_an_acknowledgement_that_runs_out_rings_from_the_first_level_and_one_taken_back_at_whoever_is_next(
    act: Unacknowledge, first: str, then: str
) -> None:
    story = Story().passes(minutes=1).acts(Acknowledge(by="dana")).passes(minutes=2).acts(act).passes(minutes=6)
    assert story.ladder() == [(0, ("dana",)), (3, (first,)), (8, (then,))]
    story.acts(Acknowledge(by="sam"))
    assert (story.refused, story.incident.holders["on_call"]) == ("", "sam")


@pytest.mark.sop("ACK-6")
def test_an_acknowledgement_that_runs_out_at_the_pager_while_somebody_is_at_work_is_renewed_there() -> None:
    story = Story(page="PD-1").acts(Acknowledge(by="dana")).passes(minutes=10).acts(Note(by="dana", text="looking"))
    story.acts(Unacknowledge(by="pagerduty", via="pagerduty")).passes(minutes=1)
    assert story.ladder() == [(0, ("dana",))]
    assert len(story.done("acknowledge_pages")) == 2
    assert story.incident.acknowledged_by == "dana"


@pytest.mark.sop("ACK-6")
def test_there_is_nothing_to_take_back_before_an_acknowledgement_or_after_the_end() -> None:
    story = Story().acts(Unacknowledge(by="pagerduty", via="pagerduty"))
    assert (story.refused, story.events("refused")) == ("", [])
    assert story.acts(Unacknowledge(by="dana")).refused
    story.acts(Acknowledge(by="dana"), Resolve(by="dana", summary="over"))
    assert story.acts(Unacknowledge(by="dana")).refused


@pytest.mark.sop("ACK-5", "ACK-6")
def test_a_silence_on_a_p1_rings_again_and_a_word_puts_it_off() -> None:
    silent = Story().acts(Acknowledge(by="dana")).passes(minutes=36)
    assert silent.ladder() == [(0, ("dana",)), (30, ("dana",)), (35, ("sam",))]
    heard = Story().acts(Acknowledge(by="dana")).passes(minutes=20).acts(Note(by="dana", text="hm")).passes(minutes=29)
    assert heard.ladder() == [(0, ("dana",))]
    minor = Story(**WARNING).acts(Acknowledge(by="dana")).passes(hours=3)
    assert minor.ladder() == []


@pytest.mark.sop("ACK-5")
def test_a_second_person_takes_over_from_one_who_went_silent_and_not_before() -> None:
    story = Story().acts(Acknowledge(by="dana")).passes(minutes=10).acts(Acknowledge(by="sam"))
    assert "Dana Okafor acknowledged it" in story.refused
    story.passes(minutes=31).acts(Acknowledge(by="sam"))
    assert story.refused == ""
    assert story.incident.holders["on_call"] == "sam"


@pytest.mark.sop("RES-3", "ACK-1")
def test_a_reopening_by_somebody_else_than_the_engineer_rings() -> None:
    story = Story().acts(Acknowledge(by="dana"), Resolve(by="dana", summary="ok")).passes(minutes=20)
    other = story.acts(Reopen(by="ines", reason="customers call")).passes(minutes=6)
    assert other.ladder()[1:] == [(20, ("dana",)), (25, ("sam",))]
    assert other.when("missed", "ACK-1/r2") == minutes(25)
    own = Story().acts(Acknowledge(by="dana"), Resolve(by="dana", summary="ok")).acts(Reopen(by="dana", reason="no"))
    assert own.passes(minutes=6).ladder() == [(0, ("dana",))]


@pytest.mark.sop("ACK-6", "ACK-1", "ACK-2")
def test_what_waited_over_a_weekend_rings_from_the_first_level_when_it_cannot_wait_any_more() -> None:
    friday: dict[str, Any] = {
        **WARNING,
        "after": timedelta(days=3, hours=13, minutes=58),
    }  # two minutes before the office closes
    sunday = friday["after"] + timedelta(hours=42)
    story = Story(**friday).at(seconds=sunday.total_seconds())
    assert [who for _, who in story.ladder()] == [("dana",)]
    story.hears(key="dead", title="the queue is dead", service="billing").passes(minutes=7)
    first, again = story.ladder()[0][0], sunday // timedelta(minutes=1)
    assert story.ladder() == [(first, ("dana",)), (again, ("dana",)), (again + 5, ("sam",))]
    assert story.keys("missed") == ["ACK-1/r2"]
    assert any("it rings again, P2 now: it had waited for office hours" in words for words in story.said())
    older = Story(changed(policy(), paging__waits_anew=False), **friday).at(seconds=sunday.total_seconds())
    older.hears(key="dead", title="the queue is dead", service="billing").passes(minutes=1)
    assert older.ladder()[1:] == [(again, ("sam",)), (again, ("mira",))]


@pytest.mark.sop("ACK-6", "TRI-5")
def test_what_gets_worse_in_office_hours_climbs_on() -> None:
    story = Story(**WARNING).at(hours=6, minutes=3).acts(Declare(by="jonas", severity="P1")).passes(minutes=3)
    assert story.ladder() == [(NINE, ("dana",)), (NINE + 5, ("sam",))]
    rings = Story(service="billing", severity="purple").passes(minutes=3).acts(Declare(by="jonas", severity="P2"))
    assert rings.passes(minutes=6).ladder() == [(0, ("dana",)), (8, ("sam",))]  # it never waited


@pytest.mark.sop("KPI-1", "ACK-6")
@pytest.mark.parametrize(("left_out", "took"), [(True, 4), (False, NINE + 4)])
def test_the_hours_in_which_a_page_may_wait_are_no_part_of_the_time_to_acknowledge(left_out: bool, took: int) -> None:
    rules = changed(policy(), **{"targets__KPI-1__waits_left_out": left_out})
    story = Story(rules, **WARNING).passes(minutes=NINE + 4).acts(Acknowledge(by="dana"))
    story.acts(Declare(by="jonas", severity="P2"))
    [part] = [one for one in parts(story.incident) if one.figure == "KPI-1"]
    assert (part.spent, part.kept) == (timedelta(minutes=took) // timedelta(microseconds=1), int(left_out))
