"""ACK: who is paged until somebody acknowledges, and what silence after it leads to."""

from datetime import timedelta

import pytest

from domain.incident.clocks import Missed
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import Note, PostFinding
from domain.procedure.paging import PageEscalated
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.severity import Declare
from domain.simulation.scenario import Outage
from tests.domain.story import START, Story, catalog, changed, minutes, policy

LADDER = [(0, ("dana",)), (5, ("sam",)), (10, ("mira",)), (15, ("priya",)), (20, ("priya",)), (25, ("priya",))]


@pytest.mark.sop("ACK-1")
@pytest.mark.parametrize("via", ["pagerduty", "opsgenie", "slack", "cli"])
def test_an_acknowledgement_stops_the_same_clock_wherever_it_is_made(via: str) -> None:
    story = Story(page="PD-1").passes(minutes=4).acts(Acknowledge(by="dana", via=via)).passes(minutes=20)
    assert story.keys("kept").count("ACK-1") == 1
    assert "ACK-1" not in story.keys("missed")
    assert story.ladder() == LADDER[:1]
    [told] = story.done("acknowledge_pages")
    assert set(told.model_dump()["refs"]) == {story.effects("page")[0].outcome.ref, "PD-1"}
    assert any("Dana Okafor is on it" in words for words in story.said())


@pytest.mark.sop("ACK-1")
def test_the_vendors_own_name_of_a_person_is_understood() -> None:
    story = Story().acts(Acknowledge(by="PDANA01", via="pagerduty"))
    assert story.incident.acknowledged_by == "dana"
    assert story.incident.holders["on_call"] == "dana"


@pytest.mark.sop("ACK-1")
def test_a_vendors_echo_changes_nothing_and_a_second_person_is_told_who_was_first() -> None:
    story = Story().passes(minutes=1).acts(Acknowledge(by="dana"), Acknowledge(by="dana", via="pagerduty"))
    assert (story.refused, story.events("refused")) == ("", [])
    story.acts(Acknowledge(by="sam", via="slack"))
    assert story.refused == "Dana Okafor acknowledged it at 03:01 UTC"


@pytest.mark.sop("ACK-1")
def test_the_reminder_goes_to_who_was_paged_two_minutes_before() -> None:
    story = Story().passes(minutes=4)
    assert story.when("reminded", "ACK-1") == minutes(3)
    assert story.told("ACK-1 Nobody is on it yet: by 03:05 UTC, in 2 min") == {"dana"}


@pytest.mark.sop("ACK-2")
def test_without_an_acknowledgement_level_after_level_is_paged_and_the_last_one_again_and_again() -> None:
    story = Story().passes(minutes=26)
    assert story.paged() == LADDER
    assert story.when("missed", "ACK-1") == minutes(5)
    story.passes(hours=5)
    assert story.paged()[6:] == [(minute, ("priya",)) for minute in (30, 40, 60, 100, 160, 220, 280)]


@pytest.mark.sop("ACK-2")
@pytest.mark.parametrize(("minute", "paged"), [(4, 1), (6, 2), (11, 3), (16, 4), (21, 5)])
def test_nobody_more_is_paged_after_an_acknowledgement(minute: int, paged: int) -> None:
    story = Story().passes(minutes=minute).acts(Acknowledge(by="sam")).passes(minutes=25)
    assert story.ladder() == LADDER[:paged]


@pytest.mark.sop("ACK-2")
def test_an_acknowledgement_made_in_time_but_heard_late_was_in_time() -> None:
    story = Story().passes(minutes=6)
    story.acts(Acknowledge(by="dana", via="pagerduty", at=START + timedelta(minutes=4))).passes(minutes=10)
    assert story.incident.acknowledged_at == START + timedelta(minutes=4)
    assert "ACK-1" in story.keys("kept")
    assert story.ladder() == LADDER[:2]


@pytest.mark.sop("ACK-1")
@pytest.mark.parametrize("heard", [5, 5.05])
def test_an_acknowledgement_at_the_very_deadline_is_in_time(heard: float) -> None:
    story = Story().passes(minutes=heard).acts(Acknowledge(by="dana", at=START + timedelta(minutes=5)))
    assert story.verdict("ACK-1") == "met"


@pytest.mark.sop("ACK-2")
def test_a_page_that_cannot_be_sent_stays_owed_is_missed_and_goes_out_when_the_pager_is_back() -> None:
    story = Story(outages=(Outage(role="pager", ends=timedelta(minutes=8)),)).passes(minutes=7, seconds=30)
    assert story.paged() == []
    assert story.when("missed", "ACK-2/page-1") == minutes(7)
    assert any("By hand: reach Dana Okafor <dana@harbourline.example>" in words for words in story.said())
    story.passes(minutes=5)
    assert {people for _, people in story.paged()} == {("dana",), ("sam",), ("mira",)}


@pytest.mark.sop("ACK-2")
def test_after_a_long_outage_the_last_level_is_paged_once_and_not_for_every_turn_it_missed() -> None:
    story = Story(outages=(Outage(role="pager", ends=timedelta(hours=2)),)).passes(hours=2, minutes=4)
    assert sorted(people for _, people in story.paged()) == [("dana",), ("mira",), ("priya",), ("sam",)]


@pytest.mark.sop("ACK-2", "SOC-1")
def test_a_level_that_was_paged_after_two_hours_of_outage_was_paged_late() -> None:
    story = Story(outages=(Outage(role="pager", ends=timedelta(hours=2)),)).passes(hours=2, minutes=4)
    ends = {
        e.what.key: e.at - START for e in story.events("missed") if isinstance(e.what, Missed) and e.what.stopped_at
    }
    assert {"ACK-2/page-1", "ACK-2/page-2", "ACK-2/page-3"} <= ends.keys()
    assert ends["ACK-2/page-1"] >= timedelta(hours=2)


@pytest.mark.sop("ACK-2")
def test_a_page_that_was_no_longer_needed_is_neither_kept_nor_missed() -> None:
    story = Story().passes(minutes=4).fails("pager").passes(minutes=2).acts(Acknowledge(by="dana")).passes(minutes=30)
    assert "ACK-2/page-1" not in story.keys("kept") + story.keys("missed")
    assert "page/1" not in story.owes()


@pytest.mark.sop("ACK-2")
def test_the_tenth_page_is_a_promise_like_the_others() -> None:
    story = Story().passes(minutes=99).fails("pager").passes(minutes=4)
    assert "ACK-2/page-9" in story.keys("missed")


@pytest.mark.sop("ACK-3")
@pytest.mark.parametrize(
    ("vendor_paged", "ours"),
    [
        (("PDANA01",), ["sam", "mira", "priya", "priya", "priya"]),
        (("dana@harbourline.example", "Sam Lindqvist"), ["mira", "priya", "priya", "priya"]),
        (("PPRIYA6",), ["dana", "sam", "mira", "priya", "priya"]),
        (("somebody else",), ["dana", "sam", "mira", "priya", "priya", "priya"]),
    ],
)
def test_whom_the_source_has_paged_already_is_not_paged_again(vendor_paged: tuple[str, ...], ours: list[str]) -> None:
    story = Story(source="pagerduty", paged=vendor_paged).passes(minutes=26)
    assert [who for _, (who,) in story.paged()] == ours


@pytest.mark.sop("ACK-3")
@pytest.mark.parametrize(("late", "paged"), [(0.2, []), (0.9, []), (1.5, [(6, ("sam",))])])
def test_a_level_waits_a_moment_for_the_escalation_of_a_pager_that_has_paged_by_itself(
    late: float, paged: list[tuple[int, tuple[str, ...]]]
) -> None:
    story = Story(source="pagerduty", paged=("PDANA01",)).passes(minutes=5 + late)
    story.acts(PageEscalated(by="pagerduty", via="pagerduty", people=("PSAM002",))).passes(minutes=2)
    assert story.paged() == paged


@pytest.mark.sop("ACK-3")
def test_an_escalation_by_the_vendor_takes_the_place_of_ours() -> None:
    story = Story(source="pagerduty", paged=("PDANA01",)).passes(minutes=4)
    story.acts(PageEscalated(by="pagerduty", via="pagerduty", people=("PSAM002",))).passes(minutes=8)
    assert story.paged() == [(11, ("mira",))]
    again = story.incident.number
    story.acts(PageEscalated(by="pagerduty", via="pagerduty", people=("PSAM002",)))
    assert story.incident.number == again


@pytest.mark.sop("ACK-3")
@pytest.mark.parametrize(
    ("first", "second", "levels"),
    [(("x",), (), ["secondary", "manager"]), (("x",), ("x",), ["secondary", "manager"]), (("x",), ("y",), ["manager"])],
)
def test_with_schedules_only_each_other_person_the_vendor_paged_covers_one_level(
    first: tuple[str, ...], second: tuple[str, ...], levels: list[str]
) -> None:
    by_schedule = {level: {"schedule": f"S{level}"} for level in ("primary", "secondary", "manager", "last_resort")}
    company = changed(catalog(), teams__payments__levels=by_schedule)
    story = Story(company=company, source="pagerduty", paged=first).hears(key="alert-2", paged=second)
    story.passes(minutes=12)
    assert [duty.model_dump()["level"] for duty in story.done("page")] == levels


@pytest.mark.sop("ACK-3", "RES-3")
def test_a_recurrence_that_the_vendor_pages_for_is_not_paged_twice() -> None:
    story = Story(source="pagerduty", episode="a", paged=("PDANA01",)).acts(Acknowledge(by="dana"))
    story.acts(Declare(by="jonas", severity="P1")).passes(minutes=5)
    story.acts(Resolve(by="jonas", summary="done")).hears(state="resolved", episode="a").passes(minutes=5)
    story.hears(episode="b", paged=("PDANA01",)).passes(minutes=7)
    assert story.ladder() == [(16, ("sam",))]


@pytest.mark.sop("ACK-4")
@pytest.mark.parametrize("fired", [-3, 0])
def test_the_time_to_acknowledge_counts_from_the_firing_at_the_source(fired: int) -> None:
    story = Story(fired=timedelta(minutes=fired)).passes(minutes=2).acts(Acknowledge(by="dana"))
    acknowledged_at = story.incident.acknowledged_at
    assert acknowledged_at is not None
    assert acknowledged_at - story.incident.opened.fired_at == timedelta(minutes=2 - fired)


@pytest.mark.sop("ACK-5")
def test_an_acknowledged_p1_that_goes_silent_is_chased_again_and_again() -> None:
    story = Story().acts(Acknowledge(by="dana")).passes(minutes=29)
    assert story.when("missed", "ACK-5/1") == minutes(20)
    assert story.told("ACK-5 Where are you?") == {"dana", "mira"}


@pytest.mark.sop("ACK-5")
def test_the_acknowledgement_stops_no_later_clock() -> None:
    story = Story().acts(Acknowledge(by="dana"))
    assert story.running() == {"ACK-5/1", "ACK-6", "TRI-4", "GDP-1/asked"}


@pytest.mark.sop("ACK-5")
@pytest.mark.parametrize("word", [Note(by="dana", text="looking"), PostFinding(by="sam", conditions="db is slow")])
def test_any_word_from_a_person_starts_the_silence_anew(word: Note) -> None:
    story = Story().acts(Acknowledge(by="dana")).passes(minutes=15).acts(word).passes(minutes=19)
    assert not any(key.startswith("ACK-5") for key in story.keys("missed"))
    assert story.passes(minutes=2).when("missed", "ACK-5/2") == minutes(35)


def rung_by_silence() -> Story:
    """A P1 that dana acknowledged, said nothing of, and is paged for again."""
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=41)
    assert story.incident.rounds[-1].of_silence
    assert story.incident.acknowledged_at is None
    return story


@pytest.mark.sop("ACK-6")
def test_a_ring_of_silence_ends_with_any_word_of_whoever_was_paged() -> None:
    story = rung_by_silence().acts(PostFinding(by="dana", conditions="the database is slow"))
    assert (story.incident.acknowledged_by, story.incident.holders["on_call"]) == ("dana", "dana")
    woken = story.ladder()
    assert story.passes(minutes=10).ladder() == woken


@pytest.mark.sop("ACK-6")
def test_a_word_of_who_was_never_paged_leaves_it_ringing() -> None:
    story = rung_by_silence()
    woken = len(story.ladder())
    story.acts(Note(by="ines", text="is somebody at it?")).passes(minutes=6)
    assert story.incident.acknowledged_at is None
    assert len(story.ladder()) > woken


@pytest.mark.sop("ACK-6")
def test_a_policy_that_says_nothing_of_it_waits_for_the_acknowledgement() -> None:
    story = Story(changed(policy(), paging__silence_ends="acknowledged"))
    story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=41)
    story.acts(Note(by="dana", text="looking")).passes(minutes=1)
    assert story.incident.rounds[-1].of_silence
    assert story.incident.acknowledged_at is None


@pytest.mark.sop("ACK-5")
def test_a_minor_incident_may_be_silent() -> None:
    story = Story(severity="sev3", service="billing").acts(Acknowledge(by="dana")).passes(hours=5)
    assert story.severity() == "P3"
    assert not any(key.startswith("ACK-5") for key in story.keys("missed"))


@pytest.mark.sop("ACK-5", "RES-1")
def test_words_after_the_resolution_start_no_silence() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).passes(minutes=5)
    story.acts(Resolve(by="jonas", summary="done")).passes(minutes=5).acts(Note(by="dana", text="graphs attached"))
    assert not any(key.startswith("ACK-5") for key in story.running())


@pytest.mark.sop("ACK-2", "RES-3")
def test_a_reopened_incident_that_nobody_ever_acknowledged_rings_again() -> None:
    story = Story().passes(minutes=1).acts(Resolve(by="jonas", summary="noise")).passes(minutes=10)
    story.acts(Reopen(by="jonas", reason="not noise")).passes(minutes=6)
    assert story.paged() == [(0, ("dana",)), (11, ("dana",)), (16, ("sam",))]


@pytest.mark.sop("ACK-5", "RES-3")
def test_the_silence_after_a_second_ringing_is_a_clock_of_its_own() -> None:
    story = Story(episode="a").acts(Acknowledge(by="dana")).passes(minutes=25).acts(Resolve(by="dana", summary="ok"))
    story.passes(minutes=5).hears(episode="b").acts(Acknowledge(by="dana"))
    assert story.due("ACK-5/r2-1").due_at - START == timedelta(minutes=50)
    assert story.passes(minutes=21).when("missed", "ACK-5/r2-1") == minutes(50)
