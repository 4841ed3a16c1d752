"""A monitor's heartbeat: while it comes it opens nothing, and its silence is an alert of the service it is of."""

from datetime import timedelta

import pytest

from domain.alerting.alert import Alert, WebhookContent
from domain.alerting.heartbeat import promised, with_heartbeats
from domain.alerting.scope import Suppression
from domain.check import lint
from domain.company.alert_rule import AlertRule, Heartbeat
from tests.domain.group import Group, alert
from tests.domain.story import START, catalog, policy

RULE = AlertRule(
    heartbeats=(Heartbeat(name="Watchdog", door="monitor", silent_for=timedelta(minutes=10), service="checkout"),)
)
WINDOW = Suppression(reason="planned maintenance: new nodes", until=START + timedelta(hours=1))
STAGING = Suppression(reason="environment 'staging' is not production")


def watchdog(state: str = "firing", at: float = 0, name: str = "Watchdog") -> Alert:
    return promised(said(name, state, at), RULE)


def said(name: str, state: str = "firing", at: float = 0) -> Alert:
    """As its monitor says it, which promises nothing."""
    told = alert(state, at=at, key="w")
    return told.model_copy(update={"labels": {"alertname": name}, "restated": True})


def beating(minutes: int) -> Group:
    """A group that has heard a heartbeat in each of so many minutes."""
    group = Group()
    for minute in range(minutes):
        group.hears_now(watchdog(), at=minute)
        assert (group.opens, group.steps) == (0, [])
    return group


@pytest.mark.sop("DET-1")
def test_while_it_comes_it_opens_nothing_and_its_silence_opens_one_incident() -> None:
    group = beating(30)
    assert group.watch.next_at() == START + timedelta(minutes=39)
    group.passes(38.9)
    assert group.opens == 0
    [fired] = group.passes(39).steps[0].alerts
    assert (group.opens, fired.state, fired.severity) == (1, "firing", "critical")
    assert fired.title == "Watchdog of monitor is silent"
    assert (fired.fired_at, fired.alive_for) == (START + timedelta(minutes=39), None)
    assert group.passes(300).steps == []


@pytest.mark.sop("DET-1", "DET-5")
def test_when_it_is_heard_again_it_has_recovered_and_is_waited_for_anew() -> None:
    group = beating(1).passes(10)
    assert group.opens == 1
    assert group.hears_now(watchdog(), at=12).told() == [("heartbeat/w", "resolved")]
    assert group.hears_now(watchdog(), at=13).steps == []
    group.reports("closed").passes(23)
    assert group.opens == 2


@pytest.mark.sop("DET-1")
def test_what_rings_late_because_we_were_away_hears_what_waits_first() -> None:
    group = beating(1).passes(45)
    assert (group.opens, group.watch.next_at()) == (0, START + timedelta(minutes=46))
    group.hears_now(watchdog(), at=45.5).passes(46)
    assert group.opens == 0
    assert group.passes(55.5).opens == 1


@pytest.mark.sop("SCP-2")
def test_in_planned_maintenance_its_silence_counts_from_the_end_and_where_nothing_opens_it_is_none() -> None:
    group = Group().hears_now(watchdog(), suppressed=WINDOW)
    assert (group.steps, group.watch.next_at()) == ([], START + timedelta(minutes=70))
    assert Group().hears_now(watchdog(), suppressed=STAGING).watch.is_idle


@pytest.mark.sop("DET-1")
def test_other_alerts_of_the_group_are_heard_beside_it_and_a_group_that_waits_for_it_never_ends() -> None:
    group = Group().hears_now(watchdog(), alert())
    assert [one.key for one in group.steps[0].alerts] == ["a"]
    group.reports("closed").hears_now(alert("resolved", at=1), at=1)
    assert not beating(1).watch.is_idle


def test_a_heartbeat_is_waited_for_on_behalf_of_a_service_that_there_is() -> None:
    rules = policy().model_copy(update={"alerts": RULE.model_copy(update={"default_service": "checkout"})})
    assert not [one for one in lint(rules, catalog()) if "heartbeats" in str(one)]
    wrong = RULE.heartbeats[0].model_copy(update={"service": "nowhere"})
    rules = policy().model_copy(update={"alerts": RULE.model_copy(update={"heartbeats": (wrong,)})})
    [said] = [str(one) for one in lint(rules, catalog()) if "heartbeats" in str(one)]
    assert said.startswith("alerts.heartbeats.0.service: found 'nowhere', expected one of ")


@pytest.mark.sop("DET-1")
def test_only_what_the_policy_names_is_a_heartbeat() -> None:
    assert watchdog(name="Errors").alive_for is None
    assert watchdog("resolved").alive_for is None
    heard = WebhookContent(heartbeats=(said("Alive"), said("Watchdog")), alerts=(alert(),))
    assert [one.key for one in with_heartbeats(heard, RULE).alerts] == ["a", "heartbeat/w"]
    assert with_heartbeats(heard, AlertRule()).alerts == (alert(),)
