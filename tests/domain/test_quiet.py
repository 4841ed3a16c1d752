"""DET-4, DET-5, RES-3: what was taken or has ended swallows no new outage, and what is quiet is not forgotten."""

from datetime import timedelta
from typing import Any

import pytest

from domain.alerting.beside import likeness
from domain.company.policy import Policy
from domain.incident.lifecycle import let_go, self_resolved
from domain.incident.severity import outage_began
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import PostFinding
from domain.procedure.public_words import values
from domain.procedure.severity import Declare
from domain.report.scorecard import scorecard
from domain.run.agenda import clocks
from domain.simulation.people import cast
from domain.simulation.simulation import Simulation
from domain.simulation.story import ScenarioFile
from tests.again import again
from tests.domain.story import Story, catalog, changed, minutes, policy

LOW: dict[str, Any] = {"title": "certificate expires in 20 days", "severity": "low", "key": "certificate"}
BAD: dict[str, Any] = {"title": "nobody can pay", "severity": "critical", "key": "payments"}


def told(*lines: dict[str, Any], lasts: str = "2h", rules: Policy | None = None) -> Simulation:
    script = ScenarioFile.model_validate({"name": "quiet", "says": "x", "story": lines, "lasts": lasts})
    return Simulation(cast(script, catalog()), rules or policy(), catalog()).run()


@again
def taken() -> Story:
    """A P4 that somebody has taken."""
    return Story(**LOW).passes(minutes=3).acts(Acknowledge(by="dana"), Declare(by="dana", severity="P4"))


@pytest.mark.sop("DET-4")
def test_what_is_worse_than_a_p4_that_was_taken_rings_again_once() -> None:
    story = taken().passes(hours=10).hears(**BAD)
    assert [what.severity for _, what in story.incident.all(type(story.last("rung_anew")))] == ["P1"]
    assert story.incident.acknowledged_at is None
    story.passes(minutes=6).acts(Acknowledge(by="sam")).hears(title="refunds fail", severity="critical", key="refunds")
    assert len(story.events("rung_anew")) == 1


@pytest.mark.sop("TRI-4", "DET-4", "WAR-1")
def test_a_worse_alert_takes_no_time_from_the_classification_where_nobody_answers_it() -> None:
    story = Story(**LOW).passes(minutes=3).acts(Acknowledge(by="dana")).passes(minutes=2).hears(**BAD)
    assert story.when("severity_declared") == []
    story.passes(minutes=9)
    assert (story.severity(), story.when("severity_declared")) == ("P1", minutes(13))
    assert story.done("open_room")
    assert story.acts(Acknowledge(by="sam")).passes(hours=1).when("severity_declared") == minutes(13)


@pytest.mark.sop("TRI-4")
def test_under_a_policy_of_before_the_classification_begins_with_the_next_acknowledgement() -> None:
    before = changed(policy(), absence__unclassified="anew")
    story = Story(before, **LOW).passes(minutes=3).acts(Acknowledge(by="dana")).passes(minutes=2).hears(**BAD)
    assert story.passes(minutes=30).severity() is None
    assert story.acts(Acknowledge(by="sam")).passes(minutes=11).severity() == "P1"


@pytest.mark.sop("DET-4")
@pytest.mark.parametrize("alert", [LOW | {"key": "another"}, BAD | {"severity": "low"}])
def test_what_is_no_worse_joins_in_silence(alert: dict[str, Any]) -> None:
    assert taken().passes(hours=10).hears(**alert).events("rung_anew") == []


@pytest.mark.sop("DET-4", "SCP-3")
@pytest.mark.parametrize("word", ["info", "low", ""])
def test_a_security_finding_rings_again_whatever_its_sender_calls_it(word: str) -> None:
    story = taken().passes(hours=9).hears(key="host", title="ransomware found on a host", severity=word)
    assert (story.last("rung_anew").severity, story.incident.acknowledged_at) == ("P1", None)
    assert story.passes(seconds=5).paged()[-1] == (9 * 60 + 3, ("dana",))


@pytest.mark.sop("DET-4")
def test_a_p1_that_somebody_fights_does_not_ring_at_each_alert() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1")).hears(**BAD)
    assert story.events("rung_anew") == []


@pytest.mark.sop("DET-4")
@pytest.mark.parametrize(("calm", "rings"), [(50, 0), (70, 1)])
def test_what_fires_after_a_long_quiet_rings_again(calm: int, rings: int) -> None:
    story = taken().hears(**LOW | {"state": "resolved"}).passes(minutes=calm).hears(**LOW | {"episode": "2"})
    assert len(story.events("rung_anew")) == rings


@pytest.mark.sop("DET-5")
def test_a_quiet_incident_is_asked_about_and_then_taken_for_over() -> None:
    story = taken().hears(**LOW | {"state": "resolved"}).passes(hours=23)
    assert story.when("still_quiet") == [timedelta(minutes=3) + timedelta(hours=6) * n for n in (1, 2, 3)]
    assert story.told("quiet for") == {"dana"}
    assert story.passes(hours=2).phase() == "resolved"
    assert story.last("resolved").clause == "DET-5"


@pytest.mark.sop("DET-5")
def test_who_is_still_at_work_is_not_interrupted() -> None:
    story = taken().hears(**LOW | {"state": "resolved"}).passes(hours=23).acts(PostFinding(by="dana", conditions="odd"))
    assert story.passes(hours=23).phase() == "active"
    assert story.passes(hours=2).incident.over


@pytest.mark.sop("DET-5")
def test_a_policy_may_leave_quiet_incidents_open() -> None:
    rules = changed(policy(), alerts__resolved_after=timedelta())
    story = Story(rules, **LOW).acts(Acknowledge(by="dana"), Declare(by="dana", severity="P4"))
    assert story.hears(**LOW | {"state": "resolved"}).passes(days=30).phase() == "active"


ENDED = (
    {"at": "0m", "alert": "nobody can pay"},
    {"at": "1m", "jonas": "declare P1"},
    {"at": "10m", "recovers": "nobody can pay"},
    {"at": "12m", "jonas": "resolve the flag is off"},
)


@pytest.mark.sop("RES-3")
def test_an_alert_about_something_else_leaves_a_resolved_incident_alone() -> None:
    first, second = told(*ENDED, {"at": "30m", "alert": "certificate expires", "severity": "low"}).plays
    assert (first.incident.reopenings, second.incident.opened.title) == ([], "certificate expires")


@pytest.mark.sop("RES-3")
@pytest.mark.parametrize("alert", ["nobody can pay", "pod-7 is down"])
def test_an_alert_like_those_of_a_resolved_incident_reopens_it_whatever_opened_meanwhile(alert: str) -> None:
    lines = (
        {"at": "5m", "alert": "pod-1 is down"},
        {"at": "9m", "recovers": "pod-1 is down"},
        {"at": "30m", "alert": "certificate expires", "severity": "low"},
        {"at": "40m", "alert": alert},
        {"at": "42m", "recovers": "certificate expires"},
    )
    first, second = told(*ENDED, *lines).plays
    assert [at - first.incident.opened_at for at in first.incident.reopenings] == minutes(40)
    assert self_resolved(second.incident)


@pytest.mark.sop("DET-4")
def test_where_the_policy_links_each_new_alert_opens_an_incident_that_is_linked_to_the_open_one() -> None:
    lines = (
        {"at": "0m", "alert": "nobody can pay"},
        {"at": "2m", "alert": "refunds fail"},
        {"at": "4m", "alert": "nobody can pay"},
        {"at": "6m", "recovers": "nobody can pay"},
    )
    first, second = told(*lines, rules=changed(policy(), alerts__join="link"), lasts="8m").plays
    assert (list(first.incident.relations.links), list(second.incident.relations.links)) == (
        [second.incident.id],
        [first.incident.id],
    )
    assert (let_go(first.incident), second.incident.phase) == (True, "alerting")


def test_titles_that_differ_in_numbers_are_alike() -> None:
    assert likeness("pod web-7f9c4 restarts") == likeness("pod web-12ab restarts")
    assert likeness("pod web-1 restarts") != likeness("pod web-1 is evicted")


def _night(rules: Policy | None = None) -> Story:
    """A P4 of the evening that an outage joins at night."""
    story = Story(rules, **LOW).passes(minutes=3).acts(Acknowledge(by="dana"), Declare(by="dana", severity="P4"))
    return story.passes(hours=10).hears(**BAD).passes(minutes=2).acts(Acknowledge(by="dana"))


@pytest.mark.sop("RES-2", "TRI-6", "COM-1")
def test_an_outage_that_joins_a_p4_lasts_since_it_came() -> None:
    story = _night()
    came = story.events("severity_challenged")[-1].at
    story.acts(Declare(by="jonas", severity="P1"))
    due = [one.due_at for one in clocks(story.incident) if one.clause == "RES-2"]
    assert due == [came + timedelta(hours=1)]
    assert values(story.incident)["began"] == f"{came:%d %B %H:%M}"
    assert not story.events("missed", "RES-2")


@pytest.mark.sop("RES-2")
def test_a_policy_that_does_not_say_so_counts_from_the_first_alert() -> None:
    story = _night(changed(policy(), alerts__outage_begins="first_alert")).acts(Declare(by="jonas", severity="P1"))
    assert [one.started_at for one in clocks(story.incident) if one.clause == "RES-2"] == [
        story.incident.opened.fired_at
    ]


@pytest.mark.sop("RES-2", "KPI-2")
def test_what_is_raised_without_a_new_alert_lasts_since_the_first_one() -> None:
    story = Story(**LOW).passes(minutes=3).acts(Acknowledge(by="dana"), Declare(by="dana", severity="P4"))
    story.passes(hours=2).acts(Declare(by="jonas", severity="P1"))
    assert outage_began(story.incident) == story.incident.opened.fired_at
    story.hears(**BAD)
    assert outage_began(story.incident) == story.incident.opened.fired_at


@pytest.mark.sop("RES-2")
def test_only_a_severity_with_a_target_has_one() -> None:
    raised = _night().acts(Declare(by="jonas", severity="P1"))
    assert [one.key for one in clocks(raised.incident) if one.clause == "RES-2"] == ["RES-2/P1"]
    lowered = Story().passes(minutes=2).acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    lowered.at(minutes=90).acts(Declare(by="jonas", severity="P3", reason="few"), Declare(by="mira", severity="P3"))
    assert [(one.key, one.broken) for one in clocks(lowered.incident) if one.clause == "RES-2"] == [("RES-2/P1", True)]
    assert [
        (one.verdict, one.misses) for one in scorecard(lowered.incident, lowered.play.now) if one.clause == "RES-2"
    ] == [("missed", 1)]
