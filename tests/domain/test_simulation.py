"""A whole incident played from a file's words: the same rules, no engine, the same end every time."""

from datetime import timedelta

from domain.incident.effects import Failed
from domain.incident.pages import rings_on
from domain.procedure.postmortem_document import joined
from domain.run.retry import RetryWindow
from domain.simulation.scenario import Outage, Scenario
from tests import yaml
from tests.domain.simulated import begin, play
from tests.domain.story import START, catalog, changed, policy

WORDS = """
name: a bad deployment
service: checkout
starts_at: 2025-03-04T03:00:00Z
lasts: 20d
alerts:
  - {after: 0s, key: errors, title: 5xx error rate above 5%, severity: critical, episode: one}
  - {after: 2m, key: latency, title: p99 latency, count: 12}
  - {after: 41m, key: errors, state: resolved, episode: one}
acts:
  - {after: 7m, act: {kind: acknowledge, by: sam, via: slack}}
  - {after: 9m, act: {kind: declare, by: jonas, severity: P1}}
  - {after: 10m, act: {kind: take_role, by: ines, role: comms}}
  - {after: 15m, act: {kind: approve_update, by: ines}}
  - {after: 20m, act: {kind: record_change, by: jonas, change: hotfix, description: patch, bypass: true}}
  - {after: 22m, act: {kind: authorise_change, by: mira, number: 1}}
  - {after: 45m, act: {kind: resolve, by: jonas, summary: rolled back}}
  - {after: 1d, act: {kind: answer_breach, by: mira, breach: false, reason: no personal data}}
  - {after: 1d, act: {kind: add_item, by: mira, title: test the rollback, owner: sam}}
  - {after: 1d, act: {kind: complete_postmortem, by: mira, cause: bad-deploy, title: a bad deployment}}
  - {after: 25h, act: {kind: approve_public_postmortem, by: ines}}
  - {after: 2d, act: {kind: close_item, by: sam, item: item-1}}
  - {after: 3d, act: {kind: close_item, by: jonas, item: change-1}}
outages:
  - {role: tracker, begins: 0s, ends: 2h}
  - {role: room, begins: 9m, ends: 12m, said: ratelimited}
"""


def scenario() -> Scenario:
    return Scenario.model_validate(yaml.safe_load(WORDS))


def test_a_scenario_is_played_to_its_end() -> None:
    incident = play(scenario(), policy(), catalog())
    assert (incident.phase, incident.closed_reason) == ("closed", "followed_up")
    pages = [(name, round((sent.at - START).total_seconds() / 60)) for name, sent in incident.pages.items()]
    assert [at for name, at in pages if not rings_on(name)] == [0, 5]
    assert [at for name, at in pages if rings_on(name)] == [9, 9, 14, 19]
    assert joined(incident) == 14
    assert incident.items["change-1"].ref
    assert "archive" in incident.done


def test_outages_delay_duties_and_lose_none() -> None:
    incident = play(scenario(), policy(), catalog())
    failed = {what.key for _, what in incident.all(Failed)}
    assert {"room", "open_item/change-1"} <= failed
    assert failed <= incident.done.keys() | {key for key in failed if key.startswith(("headline/", "say/", "tell/"))}
    assert incident.failures.keys() <= failed


def test_the_same_scenario_has_the_same_events_every_time() -> None:
    assert play(scenario(), policy(), catalog()).events == play(scenario(), policy(), catalog()).events


def test_a_scenario_is_the_same_after_it_was_written_down() -> None:
    assert Scenario.model_validate_json(scenario().model_dump_json()) == scenario()


def test_a_vendor_that_is_back_before_the_engines_patience_ends_has_only_been_slow() -> None:
    assert said_of_an_outage(timedelta(seconds=20)) == ["done"]
    assert said_of_an_outage(timedelta(minutes=2))[0] == "failed"


def said_of_an_outage(until: timedelta) -> list[str]:
    """What became of Slack's duties while it was away from the second second on."""
    outage = Outage(role="room", begins=timedelta(seconds=2), ends=until)
    alone = scenario().model_copy(update={"outages": (outage,), "acts": (), "alerts": scenario().alerts[:1]})
    under_way = begin(alone, changed(policy(), asks={}), catalog())
    under_way.patience = {"room": RetryWindow(timedelta(seconds=1), timedelta(seconds=15), timedelta(minutes=1))}
    under_way.pass_until(START + timedelta(minutes=2))
    later = [event for event in under_way.incident.events if event.at > START]
    return [event.what.kind for event in later if event.what.kind in ("done", "failed")]
