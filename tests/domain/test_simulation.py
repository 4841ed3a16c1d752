"""A whole incident played from a file's words: the same rules, no engine, the same end every time."""

import yaml

from domain.simulation import Scenario, play
from tests.domain.story import START, catalog, policy

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
    assert [round((sent.at - START).total_seconds() / 60) for sent in incident.pages.values()] == [0, 5]
    assert incident.joined == 14
    assert incident.items["change-1"].ref
    assert "archive" in incident.done


def test_outages_delay_duties_and_lose_none() -> None:
    incident = play(scenario(), policy(), catalog())
    failed = {event.what.key for event in incident.events if event.what.kind == "failed"}
    assert {"room", "open_item/change-1"} <= failed
    assert failed <= incident.done.keys() | {key for key in failed if key.startswith(("headline/", "say/"))}
    assert incident.failures.keys() <= failed


def test_the_same_scenario_has_the_same_events_every_time() -> None:
    assert play(scenario(), policy(), catalog()).events == play(scenario(), policy(), catalog()).events


def test_a_scenario_is_the_same_after_it_was_written_down() -> None:
    assert Scenario.model_validate_json(scenario().model_dump_json()) == scenario()
