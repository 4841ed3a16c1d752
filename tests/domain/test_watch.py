"""What a group of alerts remembers, and what it does with what it hears."""

from datetime import timedelta

import pytest

from domain.alerting.alert import Alert, VendorAct
from domain.alerting.alert_group import AlertGroup
from domain.alerting.digest import AlertDigest
from domain.alerting.hearing import heard_act
from domain.alerting.scope import Suppression
from domain.alerting.sifting import LARGEST
from domain.port.internal import ReportToGroup
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import Note
from tests.domain.group import INCIDENT, Group, alert
from tests.domain.story import START, minutes

WINDOW = Suppression(reason="planned maintenance: new database", until=START + timedelta(hours=1))


@pytest.mark.sop("DET-1", "DET-3")
def test_the_first_firing_opens_an_incident_and_the_next_alerts_join_it() -> None:
    group = Group().hears(alert())
    assert (group.opens, group.watch.incident) == (1, INCIDENT)
    group.hears(alert(key="b"), count=40)
    assert (group.opens, group.told(), group.steps[0].count) == (1, [("b", "firing")], 40)


@pytest.mark.sop("DET-3")
def test_the_same_episode_never_opens_twice() -> None:
    group = Group().hears(alert())
    for minute in range(5):
        group.hears(alert(at=minute))
        assert (group.opens, group.steps) == (1, [])
    group.reports("closed").hears(alert(at=9))
    assert group.opens == 1


@pytest.mark.sop("DET-3")
@pytest.mark.parametrize("row", [1, 3, 5])
def test_rows_that_were_read_before_ask_for_nothing(row: int) -> None:
    group = Group().hears(alert(), row=5).reports("closed")
    before = group.watch
    group.hears(alert(key="new", episode="9"), row=row)
    assert (group.steps, group.watch) == ([], before)


@pytest.mark.sop("DET-3")
def test_a_storm_opens_one_incident_and_is_remembered_within_bounds() -> None:
    alerts = tuple(alert(key=f"k{number}") for number in range(LARGEST + 200))
    group = Group().hears(*alerts, count=10_000)
    assert (group.opens, len(group.steps), len(group.watch.known)) == (1, 1, LARGEST)
    group.hears(alert(key="k0", state="resolved", at=1), alert(key="fresh", at=2))
    assert len(group.watch.known) == LARGEST
    assert "fresh" in group.watch.known


@pytest.mark.sop("DET-3")
def test_each_new_incident_of_a_group_has_a_seed_of_its_own_and_a_second_attempt_the_same() -> None:
    first = AlertGroup(group="g").read(
        AlertDigest(group="g", service="s", environment="e", first_row=1, last_row=1, alerts=(alert(),)), START
    )
    again = AlertGroup(group="g").read(
        AlertDigest(group="g", service="s", environment="e", first_row=1, last_row=2, alerts=(alert(),)), START
    )
    assert first[0].seed == again[0].seed
    group = Group().hears(alert())
    before = group.watch.seed
    assert group.reports("closed").hears(alert(episode="2", at=5), at=5).watch.seed != before


@pytest.mark.sop("DET-3")
def test_news_that_is_older_than_what_is_known_changes_nothing() -> None:
    group = Group().hears(alert(at=5)).hears(alert("resolved", at=3), at=6)
    assert (group.told(), group.watch.known["a"].state) == ([], "firing")


@pytest.mark.sop("DET-5")
def test_a_recovery_is_passed_on_and_one_of_something_never_heard_of_is_not() -> None:
    group = Group().hears(alert("resolved", key="never"))
    assert (group.opens, group.steps) == (0, [])
    group.hears(alert()).hears(alert("resolved", at=2))
    assert group.told() == [("a", "resolved")]


def test_a_test_alert_opens_nothing() -> None:
    assert Group().hears(alert("test")).opens == 0


@pytest.mark.sop("DET-5")
def test_what_flaps_is_not_recovered_until_it_has_been_quiet() -> None:
    group = Group()
    for turn in range(4):
        group.hears(alert(at=turn, episode=str(turn)), at=turn)
        group.hears(alert("resolved", at=turn + 0.5, episode=str(turn)), at=turn + 0.5)
    assert (group.opens, group.told()) == (1, [])
    assert group.watch.next_at() == START + minutes(13.5)[0]
    assert group.watch.waits_for() == "DET-5 quiet after flapping"
    assert group.passes(at=13).told() == []
    assert group.passes(at=13.5).told() == [("a", "resolved")]
    assert group.watch.next_at() is None


@pytest.mark.sop("DET-5")
def test_a_held_recovery_is_forgotten_when_the_alert_fires_again() -> None:
    group = Group()
    for turn in range(4):
        group.hears(alert(at=turn, episode=str(turn)), at=turn)
        group.hears(alert("resolved", at=turn + 0.5, episode=str(turn)), at=turn + 0.5)
    group.hears(alert(at=5, episode="9"), at=5)
    assert group.told() == [("a", "firing")]
    assert group.passes(at=60).told() == []


@pytest.mark.sop("SCP-2")
def test_a_suppressed_firing_opens_nothing_and_is_kept_with_its_reason() -> None:
    why = Suppression(reason="environment 'staging' is not production")
    group = Group().hears(alert(), suppressed=why)
    assert group.opens == 0
    [step] = group.steps
    assert (step.suppressed, [one.key for one in step.alerts]) == (why, ["a"])
    assert group.watch.next_at() is None


@pytest.mark.sop("SCP-2")
def test_what_still_fires_when_its_maintenance_ends_is_heard_after_all() -> None:
    group = Group().hears(alert(), suppressed=WINDOW)
    assert (group.watch.next_at(), group.watch.waits_for()) == (WINDOW.until, "SCP-2 end of a maintenance window")
    assert group.passes(at=59).opens == 0
    assert group.passes(at=60).opens == 1


@pytest.mark.sop("SCP-2")
def test_what_recovered_before_its_maintenance_ended_opens_nothing() -> None:
    group = Group().hears(alert(), suppressed=WINDOW).hears(alert("resolved", at=20), at=20, suppressed=WINDOW)
    assert group.passes(at=61).opens == 0


@pytest.mark.sop("SCP-2")
def test_what_recovered_just_after_a_shortened_maintenance_opens_nothing() -> None:
    group = Group().hears(alert(), suppressed=WINDOW).hears(alert("resolved", at=20), at=20)
    assert group.passes(at=61).opens == 0


@pytest.mark.sop("SCP-2")
def test_what_fires_again_after_a_shortened_maintenance_opens_one_incident_only() -> None:
    group = Group().hears(alert(), suppressed=WINDOW).hears(alert(at=20, episode="2"), at=20)
    assert group.opens == 1
    group.passes(at=61)
    assert (group.opens, group.told()) == (1, [])


@pytest.mark.sop("SCP-2", "DET-5")
def test_a_recovery_during_maintenance_still_reaches_the_open_incident() -> None:
    group = Group().hears(alert()).hears(alert("resolved", at=5), at=5, suppressed=WINDOW)
    assert group.told() == [("a", "resolved")]


@pytest.mark.sop("RES-3")
@pytest.mark.parametrize(("minute", "opens"), [(60, 1), (61, 2)])
def test_a_recurrence_goes_to_the_resolved_incident_inside_its_window_and_opens_another_after(
    minute: int, opens: int
) -> None:
    group = Group().hears(alert()).hears(alert("resolved", at=5)).reports("resolved", until=60)
    group.hears(alert(at=minute, episode="2"), at=minute)
    assert (group.opens, group.told() == [("a", "firing")]) == (opens, opens == 1)


@pytest.mark.sop("RES-3", "DET-4")
def test_a_closed_incident_frees_the_group() -> None:
    group = Group().hears(alert()).hears(alert("resolved", at=5)).reports("closed")
    assert group.watch.incident == ""
    assert group.hears(alert(at=6, episode="2"), at=6).opens == 2


@pytest.mark.sop("RES-3")
def test_a_report_of_another_incident_changes_nothing() -> None:
    group = Group().hears(alert())
    report = {"key": "r", "incident": "INC-99999", "clause": "RES-3", "summary": "x", "group": "g", "at": START}
    heard = ReportToGroup.model_validate({**report, "phase": "closed"})
    assert group.watch.hear_report(heard) == group.watch


@pytest.mark.sop("DET-2", "DET-4")
@pytest.mark.parametrize(("before", "after"), [("", "INC-ZZZZZ"), ("open", INCIDENT), ("resolved", "INC-ZZZZZ")])
def test_a_declared_incident_becomes_the_groups_unless_one_is_open(before: str, after: str) -> None:
    group = Group().hears(alert()) if before else Group()
    if before == "resolved":
        group.reports("resolved", until=60)
    group.watch = group.watch.adopt("INC-ZZZZZ")
    assert group.watch.incident == after
    group.hears(alert(key="b", at=1), at=1)
    assert group.opens == (1 if before else 0)


def test_a_vendors_act_is_passed_on_to_the_incident_it_names() -> None:
    act = Acknowledge(by="PDANA01", via="pagerduty")
    group = Group().hears(alert()).hears(acts=(VendorAct(incident="INC-7777Z", act=act), VendorAct(alert="a", act=act)))
    assert [(step.act, step.incident) for step in group.steps] == [(act, "INC-7777Z"), (act, "")]


def test_the_group_describes_itself_for_the_engines_page() -> None:
    words = Group().hears(alert()).watch.describe()
    assert "incident **INC-00001** (open), 1 so far, read up to row 1" in words
    assert "- a: firing since 04 Mar 03:00" in words
    assert "no open incident" in AlertGroup(group="g").describe()


@pytest.mark.sop("DET-4")
def test_a_group_with_nothing_to_remember_is_idle_and_begun_anew_it_opens_another_incident() -> None:
    group = Group()
    assert group.watch.is_idle
    assert not group.hears(alert()).watch.is_idle
    group.hears(alert("resolved", at=5), at=5).reports("resolved", until=60, at=6)
    assert not group.watch.is_idle
    assert group.reports("closed", at=90).watch.is_idle
    assert not Group().hears(alert(), suppressed=WINDOW).watch.is_idle
    anew = AlertGroup(group=group.watch.group, life=40).read(_digest(alert()), START)[0]
    assert anew.seed != Group().hears(alert()).watch.seed


def _digest(*alerts: Alert) -> AlertDigest:
    words = {"group": "checkout/production", "service": "checkout", "environment": "production"}
    return AlertDigest(first_row=40, last_row=40, alerts=alerts, count=len(alerts), **words)


@pytest.mark.sop("ACK-1", "WAR-6")
def test_an_act_that_is_about_no_open_incident_of_the_group_is_known_to_be_nobodys() -> None:
    act = heard_act(VendorAct(alert="a", act=Note(by="dana", text="the cache")), START)
    group = Group().hears_now(alert(), at=0)
    assert group.watch.unheard((act,), group.row) == ()
    assert group.reports("closed", at=1).watch.unheard((act,), group.row) == (act,)
    assert group.watch.unheard((act,), group.row + 1) == ()
