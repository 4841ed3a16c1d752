"""More alerts than are told one by one: nothing concludes that all have recovered while any that was heard fires."""

from datetime import timedelta

import pytest

from domain.alerting.alert import Alert
from domain.alerting.alert_group import UNSEEN, AlertGroup
from domain.alerting.digest import AlertDigest
from domain.alerting.scope import Suppression
from domain.alerting.sifting import LARGEST
from domain.alerting.unseen import mark, packed
from domain.incident.alerts import Recovered
from domain.incident.lifecycle import self_resolved
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.resolution import Resolve
from domain.procedure.severity import Declare
from tests.domain.group import Group, alert
from tests.domain.story import START, Story


def named(*numbers: int | range) -> tuple[str, ...]:
    """The keys of these numbers."""
    return tuple(f"k{one}" for some in numbers for one in (some if isinstance(some, range) else (some,)))


def marks(*numbers: int | range) -> str:
    """What stands in a digest for keys that are left out."""
    return packed(map(mark, named(*numbers)))


def some(state: str, numbers: range, at: float = 0) -> tuple[Alert, ...]:
    return tuple(alert(state, at=at, key=key) for key in named(numbers))


def storm() -> Group:
    """Seventy alerts at once, of which fifty are told one by one."""
    return Group().hears_now(*some("firing", range(50)), left_firing=marks(range(50, 70)), count=70, more=20)


@pytest.mark.sop("DET-4")
def test_what_is_not_told_one_by_one_is_told_as_a_number_with_the_opening() -> None:
    group = storm()
    assert [(len(step.alerts), step.opens, step.unseen) for step in group.steps] == [(50, True, None), (0, False, 20)]


@pytest.mark.sop("DET-5")
def test_fifty_recover_and_twenty_are_not_forgotten() -> None:
    group = storm().hears_now(*some("resolved", range(50), at=2), at=2)
    assert (len(group.told()), group.unseen) == (50, [20])


@pytest.mark.sop("DET-5")
@pytest.mark.parametrize("pieces", [(70,), (60, 70), (51, 52, 69, 70)])
def test_when_all_of_them_have_recovered_the_incident_hears_that_nothing_unseen_fires(pieces: tuple[int, ...]) -> None:
    group, done = storm().hears_now(*some("resolved", range(50), at=2), at=2), 50
    for minute, until in enumerate(pieces, 3):
        group.hears_now(at=minute, left_over=marks(range(done, until)), count=until - done)
        assert group.unseen == ([0] if until == 70 else [])
        done = until


@pytest.mark.sop("DET-5")
def test_a_recovery_told_one_by_one_takes_its_alert_out_of_the_count() -> None:
    group = storm().hears_now(*some("resolved", range(50, 70), at=2), at=2)
    assert (group.told(), group.unseen) == ([], [0])


@pytest.mark.sop("DET-5")
def test_a_recovery_told_by_its_mark_reaches_the_incident_of_an_alert_that_was_told_whole() -> None:
    group = storm().hears_now(at=2, left_over=marks(range(70)), count=70)
    assert (sorted(key for key, _ in group.told()), group.unseen) == (sorted(named(range(50))), [0])
    assert {step.alerts[0].title for step in group.steps} == {""}


@pytest.mark.sop("DET-4")
def test_what_was_counted_and_is_told_later_is_counted_no_longer() -> None:
    group = storm().hears_now(*some("firing", range(50, 70), at=1), at=1)
    assert (len(group.told()), group.unseen) == (20, [0])


@pytest.mark.sop("DET-3")
def test_the_same_digest_in_a_longer_one_after_a_crash_counts_once() -> None:
    group = storm().hears_now(*some("firing", range(50)), left_firing=marks(range(50, 71)), at=0.1, count=71)
    assert group.watch.unseen_count == 21
    assert group.opens == 1


@pytest.mark.sop("DET-5")
def test_more_than_are_followed_one_by_one_are_counted_and_right_at_the_end() -> None:
    group = Group()
    for start in range(0, 2000, 50):
        group.hears_now(*some("firing", range(start, start + 50)))
    assert (group.opens, len(group.watch.known), group.watch.unseen_count) == (1, LARGEST, 2000 - LARGEST)
    for start in range(0, 1950, 50):
        group.hears_now(*some("resolved", range(start, start + 50), at=2), at=2)
    assert group.watch.unseen_count == 50
    group.hears_now(*some("resolved", range(1950, 2000), at=3), at=3)
    assert group.unseen == [0]
    assert all(known.calm for known in group.watch.known.values())


@pytest.mark.sop("DET-4")
def test_an_alert_of_a_severity_not_heard_yet_is_followed_however_many_there_are() -> None:
    group = Group()
    for start in range(0, 1000, 50):
        group.hears_now(*some("firing", range(start, start + 50)))
    group.hears_now(alert(key="worse").model_copy(update={"severity": "critical"}))
    assert group.told() == [("worse", "firing")]


def test_past_its_bound_nothing_is_concluded_until_the_incident_has_ended() -> None:
    group = Group().hears_now(alert(), left_firing=marks(range(UNSEEN + 1)), count=UNSEEN + 2)
    group.hears_now(at=1, left_over=marks(range(UNSEEN + 1)))
    assert (group.watch.unseen_count, group.watch.beyond) == (1, True)
    assert group.reports("closed").watch.unseen_count == 0


@pytest.mark.sop("RES-3")
def test_what_was_counted_for_an_incident_that_is_closed_counts_for_no_other() -> None:
    group = storm().reports("closed", at=5).hears_now(alert(key="next", at=6), at=6)
    assert (group.opens, group.watch.unseen_count, len(group.steps)) == (2, 0, 1)


@pytest.mark.sop("SCP-2", "DET-5")
def test_a_storm_in_a_maintenance_window_is_whole_when_the_window_ends() -> None:
    window = Suppression(reason="planned maintenance: disks", until=START + timedelta(hours=1))
    group = Group()
    for start in range(0, 600, 50):
        group.hears_now(*some("firing", range(start, start + 50)), left_firing=marks(900), suppressed=window)
    assert (group.opens, len(group.watch.waiting)) == (0, LARGEST)
    group.passes(at=60)
    assert (group.opens, group.unseen) == (1, [101])
    group.hears_now(at=61, left_over=marks(range(600)))
    assert group.unseen == [1]


@pytest.mark.sop("DET-5")
def test_the_incident_closes_by_itself_only_when_nothing_unseen_fires() -> None:
    story = Story(key="k0")
    story.play.hear((), 20, 20)
    story.play.hear(some("resolved", range(1), at=2), 1, 20)
    assert (story.phase(), story.incident.firing, story.incident.moments(Recovered)) == ("alerting", True, [])
    story.play.hear((), 1, 0)
    assert (story.phase(), self_resolved(story.incident)) == ("resolved", True)


@pytest.mark.sop("DET-5")
def test_a_recovery_in_brief_leaves_what_the_incident_knows_of_its_alert() -> None:
    story = Story(key="k0", title="5xx above 5 %")
    story.play.hear((alert("resolved", at=2, key="k0").model_copy(update={"title": "", "source": ""}),), 1)
    seen = story.incident.alerts["k0"]
    assert (seen.state, seen.title, seen.source) == ("resolved", "5xx above 5 %", "monitor")


@pytest.mark.sop("RES-3")
def test_what_is_said_to_fire_after_the_resolution_reopens_and_what_was_said_before_does_not() -> None:
    story = Story(key="k0").acts(Acknowledge(by="dana"), Declare(by="dana", severity="P1"))
    story.at(minutes=15).acts(Resolve(by="dana", summary="rolled back"))
    again = story.incident.alerts["k0"].episode
    story.play.hear((alert(at=14, key="k0", episode=again),), 1)
    assert story.phase() == "resolved"
    story.at(minutes=20).play.hear((alert(at=20, key="k0", episode=again),), 1)
    assert (story.phase(), len(story.incident.reopenings)) == ("active", 1)


@pytest.mark.sop("SOC-1")
def test_without_a_storm_everything_is_written_down_as_before() -> None:
    story = Story().hears(key="k1")
    (joined,) = (event for event in story.incident.events if event.what.kind == "alerts_joined")
    assert set(joined.model_dump()["what"]) == {"kind", "clause", "alerts", "count"}
    assert set(AlertDigest(group="g", service="s", environment="e", first_row=1, last_row=1).model_dump()) == {
        *("group", "service", "environment", "first_row", "last_row"),
        *("alerts", "more", "count", "acts", "suppressed", "rule"),
    }
    assert set(AlertGroup(group="g").model_dump()) == {
        *("group", "service", "environment", "last_row", "rule", "incident", "phase", "reopen_until"),
        *("count", "seed", "known", "recoveries", "waiting"),
    }
