"""What a sender says again: an echo does nothing, an objection is heard, and nothing goes backwards."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.alerting.alert import Alert
from domain.alerting.hearing import heard
from tests.domain.group import Group, alert, listed
from tests.domain.story import START

PEER: dict[str, Any] = {"origin": ("https://am-2.example", "https://prometheus.example/graph")}


def recovered() -> Group:
    """An alert that fired, and recovered after three minutes; nobody had acknowledged, so its incident is closed."""
    group = Group().hears_now(listed()).hears_now(listed("resolved", over=3), at=3)
    return group.reports("closed", at=3)


@pytest.mark.sop("DET-3")
def test_a_peers_echo_that_is_taken_back_does_nothing() -> None:
    group = recovered().hears_now(listed(**PEER), at=3.3).hears_now(listed("resolved", over=3, **PEER), at=3.6)
    assert (group.opens, group.steps, group.watch.doubted) == (1, [], {})
    assert group.passes(at=60).opens == 1


@pytest.mark.sop("DET-3")
@pytest.mark.parametrize("echoes", [(3.2,), (3.2, 4), (3.1, 3.2, 7.9)])
def test_echoes_inside_the_senders_interval_do_nothing_at_once(echoes: tuple[float, ...]) -> None:
    group = recovered()
    for minute in echoes:
        group.hears_now(listed(**PEER), at=minute)
        assert (group.opens, group.steps) == (1, [])


@pytest.mark.sop("DET-3")
def test_what_stands_for_three_intervals_was_no_echo() -> None:
    group = recovered().hears_now(listed(), at=4)
    assert group.watch.waits_for() == "DET-3 an echo of what has recovered, or none"
    assert group.passes(at=18.9).opens == 1
    assert group.passes(at=19).opens == 2
    assert group.watch.next_at() is None


@pytest.mark.sop("DET-3")
@pytest.mark.parametrize("before", [(), (3.5,), (3.5, 4)])
def test_what_is_listed_as_firing_an_interval_after_its_recovery_fires(before: tuple[float, ...]) -> None:
    group = recovered()
    for minute in (*before, 8):
        group.hears_now(listed(), at=minute)
    assert group.opens == 2
    assert group.passes(at=60).opens == 2


@pytest.mark.sop("RES-3")
def test_a_recovery_that_was_none_reopens_inside_the_window_with_a_time_the_incident_takes() -> None:
    group = Group().hears_now(listed()).hears_now(listed("resolved", over=3), at=3).reports("resolved", until=63, at=5)
    group.hears_now(listed(), at=20)
    (again,) = group.steps[0].alerts
    assert (group.opens, again.state, again.at) == (1, "firing", START + timedelta(minutes=20))


@pytest.mark.sop("DET-5")
def test_after_a_recovery_that_was_none_the_old_recovery_is_stale_and_a_new_one_counts() -> None:
    group = recovered().hears_now(listed(), at=9).hears_now(listed("resolved", over=3), at=9.5)
    assert group.told() == []
    assert group.hears_now(listed("resolved", over=10), at=10).told() == [("a", "resolved")]


@pytest.mark.sop("RES-3")
@pytest.mark.parametrize(("minute", "opens"), [(16, 1), (35, 1), (75, 1), (76, 2), (255, 2)])
def test_what_is_still_listed_after_the_resolution_objects_to_it(minute: float, opens: int) -> None:
    group = Group().hears_now(listed()).reports("resolved", until=75, at=15).hears_now(listed(), at=minute)
    assert (group.opens, group.told() == [("a", "firing")]) == (opens, opens == 1)
    assert group.hears_now(listed(), at=minute).opens == opens


@pytest.mark.sop("RES-3")
def test_what_was_heard_before_the_resolution_and_told_after_it_objects_to_nothing() -> None:
    group = Group().hears_now(listed()).reports("resolved", until=75, at=15)
    late = heard(listed(), START + timedelta(minutes=14.9))
    assert group.hears(late, at=15.3, heard_at=late.heard_at).steps == []


@pytest.mark.sop("RES-3")
def test_a_sender_with_times_of_its_own_objects_only_with_a_word_of_after_the_resolution() -> None:
    group = Group().hears_now(alert()).reports("resolved", until=75, at=15)
    assert group.hears_now(alert(at=14), at=20).steps == []
    assert group.hears_now(alert(at=19), at=20).told() == [("a", "firing")]


@pytest.mark.sop("DET-3")
@pytest.mark.parametrize("minute", [0, 1, 30, 600])
def test_an_end_before_its_beginning_opens_nothing(minute: float) -> None:
    group = Group().hears_now(alert("resolved", at=2), at=2).hears_now(alert(at=0), at=2 + minute)
    assert (group.opens, group.steps) == (0, [])
    assert group.passes(at=900).opens == 0
    assert group.hears_now(alert(at=700), at=901).opens == 1


@pytest.mark.sop("DET-3")
def test_an_end_before_its_beginning_opens_nothing_where_the_sender_lists_what_fires() -> None:
    group = Group().hears_now(listed("resolved", over=2), at=2).hears_now(listed(), at=2.5)
    assert (group.passes(at=60).opens, group.steps) == (0, [])


@pytest.mark.sop("DET-3")
def test_a_second_delivery_of_the_beginning_after_the_end_opens_nothing() -> None:
    group = Group().hears_now(alert()).hears_now(alert("resolved", at=3), at=3).reports("closed", at=3)
    for minute in (4, 9, 30, 300):
        assert group.hears_now(alert(), at=minute).opens == 1
    assert group.passes(at=900).opens == 1


@pytest.mark.sop("DET-5")
def test_a_reopening_that_came_before_the_resolution_it_follows_stands() -> None:
    group = Group().hears_now(alert(at=0)).hears_now(alert(at=8, episode="reopened"), at=9)
    assert group.hears_now(alert("resolved", at=6), at=9.2).steps == []
    assert group.watch.known["a"].state == "firing"


@pytest.mark.sop("ACK-4", "DET-5")
@pytest.mark.parametrize("since", [120, 3, 60 * 24 * 400, -60 * 24 * 365 * 56, -60 * 24 * 365 * 30])
def test_a_start_that_cannot_be_counts_as_the_arrival_and_its_recovery_is_believed(since: float) -> None:
    group = Group().hears_now(listed(since=since), at=1)
    (first,) = group.steps[0].alerts
    assert (first.fired_at, first.at) == (START + timedelta(minutes=1), START + timedelta(minutes=1))
    assert "which cannot be: its arrival counts" in first.description
    assert group.hears_now(listed("resolved", since=since, over=4), at=5).told() == [("a", "resolved")]


@pytest.mark.sop("DET-5")
@pytest.mark.parametrize("over", [-600, -1, 0])
def test_a_recovery_by_another_machines_clock_ends_its_episode_whatever_its_time(over: float) -> None:
    group = Group().hears_now(listed(), at=1).hears_now(listed("resolved", over=over), at=5)
    (ended,) = group.steps[0].alerts
    assert ended.state == "resolved"
    assert ended.at >= START


def test_clocks_that_differ_by_seconds_are_no_news() -> None:
    ahead = heard(alert(at=0.5), START)
    assert (ahead.fired_at, ahead.at, ahead.description) == (START, START, "")


@pytest.mark.parametrize("year", [1, 1970, 1999])
def test_no_year_is_too_early_to_be_heard(year: int) -> None:
    moment = datetime(year, 1, 1, tzinfo=UTC)
    said = Alert(source="s", key="k", title="t", fired_at=moment, at=moment)
    assert (heard(said, START).fired_at, heard(heard(said, START), START).at) == (START, START)


@pytest.mark.sop("DET-5")
@pytest.mark.parametrize("together", [True, False])
def test_two_clusters_with_one_fingerprint_are_two_alerts(together: bool) -> None:
    eu, us = cluster("eu"), cluster("us")
    group = Group().hears_now(listed(**eu), listed(**us)) if together else Group().hears_now(listed(**eu))
    if not together:
        group.hears_now(listed(**us), at=1)
    group.hears_now(listed("resolved", over=3, **us), at=3)
    ((key, state),) = group.told()
    assert (key.startswith("a@"), state) == (True, "resolved")
    assert sorted(one.state for one in group.watch.known.values()) == ["firing", "resolved"]
    assert group.hears_now(listed("resolved", over=4, **eu), at=4).told() == [("a", "resolved")]


@pytest.mark.sop("DET-3")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("am-1", "prometheus"), ("am-2", "prometheus")),
        (("am", "prometheus-1"), ("am", "prometheus-2")),
        (("am",), ("am", "prometheus")),
        ((), ("am", "prometheus")),
    ],
)
def test_a_pair_of_one_cluster_is_one_sender(first: tuple[str, ...], second: tuple[str, ...]) -> None:
    group = Group().hears_now(listed(origin=first)).hears_now(listed(origin=second), at=1)
    assert (group.steps, list(group.watch.known)) == ([], ["a"])
    assert group.hears_now(listed("resolved", over=3, origin=second), at=3).told() == [("a", "resolved")]


def cluster(name: str) -> dict[str, Any]:
    return {"origin": (f"https://am.{name}.example", f"https://prometheus.{name}.example/graph")}
