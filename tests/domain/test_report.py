"""DET-4: who declares what was opened a moment ago joins it."""

from datetime import timedelta
from typing import Any

import pytest

from domain.incident.alerts import AlertSeen
from domain.procedure.report import JoinReport, reports_until
from domain.procedure.resolution import Resolve
from domain.replay.input import cues
from domain.report.view import view
from domain.simulation.people import cast
from domain.simulation.simulation import Simulation
from domain.simulation.story import ScenarioFile
from tests.domain.story import START, Story, catalog, changed, policy

pytestmark = pytest.mark.sop("DET-4")
REPORTED: dict[str, Any] = {"by": "ines", "source": "cli", "labels": {"kind": "escalation"}, "title": "nobody can pay"}


def report(key: str = "cli/2") -> JoinReport:
    seen = AlertSeen(key=key, state="firing", title="two customers are down", at=START)
    return JoinReport(by="mira", id="two", alert=seen, description="they called")


def opened(*moments: str, **rules: Any) -> list[int]:
    """How many alerts each incident has, of reports at these moments."""
    story = [{"at": at, "report": f"nobody can pay {n}", "by": "ines"} for n, at in enumerate(moments)]
    script = ScenarioFile.model_validate({"name": "twice", "says": "x", "story": story})
    ensemble = Simulation(cast(script, catalog()), changed(policy(), **rules) if rules else policy(), catalog()).run()
    return [len(play.incident.alerts) for play in ensemble.plays]


def test_a_second_report_within_the_time_of_the_policy_joins_and_each_one_keeps_the_door_open() -> None:
    assert opened("0m", "4m", "13m") == [3]
    assert opened("0m", "11m") == [1, 1]
    assert opened("0m", "4m", alerts__same_report=timedelta()) == [1, 1]


def test_a_report_that_joins_is_told_with_its_words_and_read_back() -> None:
    story = Story(**REPORTED).passes(minutes=3).acts(report()).passes(seconds=10)
    assert not story.refused
    assert any("Mira Castellano reports it too: two customers are down: they called" in said for said in story.said())
    [cue] = cues(story.incident.events)
    assert isinstance(cue.act, JoinReport)
    assert cue.act.alert == report().alert


def test_what_no_monitor_ends_is_kept_only_where_it_has_a_name() -> None:
    assert len(Story(**REPORTED).acts(report(key="")).incident.alerts) == 1


def test_a_report_joins_what_alerts_opened_just_before_and_rings_nobody_again() -> None:
    story = Story().passes(seconds=1).acts(report()).passes(seconds=10)
    assert not story.refused
    assert story.ladder() == [(0, ("dana",))]
    assert any("Mira Castellano reports it too: two customers are down" in said for said in story.said())
    assert Story().passes(minutes=11).acts(report()).refused


@pytest.mark.parametrize(
    ("first", "rules"),
    [
        ({**REPORTED, "kind": "drill"}, {}),
        ({"severity": "info"}, {}),  # what wakes nobody must not swallow what somebody says
        ({"title": "intrusion: unauthorised access", "labels": {"security": "true"}}, {}),
        ({}, {"alerts__reports_join": "declared"}),
    ],
)
def test_nothing_joins_what_rings_less_or_in_secret(first: dict[str, Any], rules: dict[str, Any]) -> None:
    story = Story(changed(policy(), **rules), **first)
    assert reports_until(story.incident) is None
    assert "takes no further reports" in story.acts(report()).refused


def test_nothing_joins_what_is_over_or_was_declared_long_ago() -> None:
    assert Story(**REPORTED).passes(minutes=11).acts(report()).refused
    story = Story(**REPORTED)
    assert view(story.incident, ()).reports_until == START + timedelta(minutes=10)
    assert story.acts(Resolve(by="dana", summary="x"), report()).refused
