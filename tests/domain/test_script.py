"""Scenario files: people's words become acts, whoever a company calls by them, and what does not fit is told."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from config.company import InvalidFile
from config.scenario import cast_for, read
from domain.company.catalog import Catalog
from domain.incident.effects import Failed
from domain.incident.lifecycle import self_resolved
from domain.procedure.changes import RecordChange
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.postmortem import CompletePostmortem
from domain.procedure.resolution import Resolve
from domain.procedure.roles import OfferRole
from domain.procedure.severity import Declare
from domain.simulation.expectation import Expectation
from domain.simulation.outcome import mistaken
from domain.simulation.people import cast, strangers
from domain.simulation.phrase import ACTS, about_of
from domain.simulation.scenario import Scenario
from domain.simulation.simulation import Simulation
from domain.simulation.story import START, ScenarioFile
from domain.value.act import Act
from tests import yaml
from tests.domain.story import catalog, changed, policy


def script(*lines: str, **more: Any) -> ScenarioFile:
    """A script of these lines, after an alert."""
    story = [{"at": "0s", "alert": "5xx error rate"}, *(yaml.safe_load(line) for line in lines)]
    return ScenarioFile.model_validate({"name": "test", "says": "something", "story": story, **more})


def acted(line: str) -> Any:
    """The act that a line becomes."""
    [turn] = cast(script(line), catalog()).acts
    return turn.act


def played(scenario: Scenario) -> Simulation:
    return Simulation(scenario, policy(), catalog()).run()


ONE = {"id": "line-1"}


@pytest.mark.parametrize(
    ("line", "act"),
    [
        ("{at: 1m, jonas: declare P1}", Declare(**ONE, by="jonas", severity="P1")),
        ("{at: 1m, Jonas Weber: {declare: P2, reason: us}}", Declare(**ONE, by="jonas", severity="P2", reason="us")),
        ("{at: 1m, commander: 'resolve it was: the flag'}", Resolve(**ONE, by="jonas", summary="it was: the flag")),
        ("{at: 1m, manager: complete postmortem capacity}", CompletePostmortem(**ONE, by="mira", cause="capacity")),
        ("{at: 1m, primary: {offer_role: lead, to: secondary}}", OfferRole(**ONE, by="dana", role="lead", to="sam")),
        (
            "{at: 1m, commander: {record_change: hotfix, description: flag off, bypass: true}}",
            RecordChange(**ONE, by="jonas", change="hotfix", description="flag off", bypass=True),
        ),
        (
            "{at: 2h, manager: {answer_breach: true, reason: seen, aware_at: 1h}}",
            AnswerBreach(**ONE, by="mira", breach=True, reason="seen", aware_at=START + timedelta(hours=1)),
        ),
    ],
)
def test_a_line_in_peoples_words_is_an_act(line: str, act: Any) -> None:
    assert acted(line) == act


def test_every_act_with_fields_has_a_field_that_its_word_is_about() -> None:
    with_fields = {name for name, model in ACTS.items() if set(model.model_fields) - set(Act.model_fields)}
    assert {name for name in ACTS if about_of(name)} == with_fields
    assert all(about_of(name) in ACTS[name].model_fields for name in with_fields)


def test_moments_move_with_the_start() -> None:
    later = START + timedelta(days=1)
    [turn] = cast(script("{at: 2h, manager: {snooze: WAR-4, until: 3h, reason: lunch}}"), catalog(), later).acts
    assert turn.act == turn.act.model_copy(update={"until": later + timedelta(hours=3)})


def test_an_alert_that_fires_several_times_is_one_alert_in_several_episodes() -> None:
    sounds = cast(
        ScenarioFile.model_validate(
            {
                "says": "x",
                "story": [{"at": "1m", "alert": "slow", "times": 2, "every": "2m", "lasts": "30s"}],
            }
        ),
        catalog(),
    ).alerts
    told = [(sound.after.total_seconds(), sound.key, sound.state, sound.episode) for sound in sounds]
    assert told == [
        (60, "slow", "firing", "1"),
        (90, "slow", "resolved", "1"),
        (180, "slow", "firing", "2"),
        (210, "slow", "resolved", "2"),
    ]


def test_alerts_that_are_counted_are_several_and_recover_together() -> None:
    recoveries = ("{at: 2m, recovers: 'pod {n}'}", "{at: 3m, recovers: 5xx error rate}")
    scenario = cast(script("{at: 1m, alert: 'pod {n}', times: 3}", *recoveries), catalog())
    assert [sound.key for sound in scenario.alerts] == [
        "5xx error rate",
        *["pod 1", "pod 2", "pod 3"] * 2,
        "5xx error rate",
    ]
    assert [self_resolved(play.incident) for play in played(scenario).plays] == [True]


def test_the_people_are_those_who_hold_the_level_and_the_service_is_one_of_the_tier() -> None:
    data = yaml.safe_load("{at: 1m, last_resort: acknowledge}")
    tier2 = ScenarioFile.model_validate({"says": "x", "tier": 2, "story": [{"at": "0s", "alert": "y"}, data]})
    scenario = cast(tier2, catalog())
    assert (scenario.service, scenario.acts[0].act.by) == ("billing", "priya")


def test_a_company_without_commanders_is_commanded_by_its_manager() -> None:
    company = changed(catalog(), teams__payments__commanders=())
    [turn] = cast(script("{at: 1m, commander: declare P1}"), company).acts
    assert turn.act.by == "mira"


def test_an_act_before_there_is_an_incident_reaches_nobody() -> None:
    ensemble = played(cast(script("{at: 1m, dana: acknowledge}", maintenance=[{"ends": "1h"}]), catalog()))
    assert ([one.reason for one in ensemble.refused], ensemble.plays) == (
        ["there is no incident that could take it"],
        [],
    )
    assert [one.reason for one in ensemble.suppressed] == ["planned maintenance: planned work"]


def test_what_a_monitor_says_after_the_close_opens_the_next_incident_and_the_ended_one_takes_no_act() -> None:
    lines = ["{at: 1m, recovers: 5xx error rate}", "{at: 2m, mira: {answer_breach: false, reason: none was touched}}"]
    lines += ["{at: 5m, alert: 5xx error rate}", "{at: 6m, dana: acknowledge}"]
    ensemble = played(cast(script(*lines, "{at: 7m, incident: 1, dana: note too late}"), catalog()))
    assert [play.incident.phase for play in ensemble.plays] == ["closed", "active"]
    assert [(one.act.kind, one.reason) for one in ensemble.refused] == [
        ("note", "there is no incident that could take it")
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{at: 1m, dana: acknowlege}", "story.1: found \"{'kind': 'acknowlege', 'by': 'dana'}\""),
        ("{at: 1m, mira: {authorise_change: false, number: 1}}", "story.1.number: found '[False, 1]'"),
        ("{at: 1m, dana: {declare: high}}", "story.1.severity: found 'high'"),
        ("{at: 1m, dana: acknowledge, sam: acknowledge}", "dana, sam in one line, expected one person and their act"),
        ("{at: 1m}", "nobody in one line, expected one person and their act"),
        ("{at: soon, dana: acknowledge}", "story.1.at: found 'soon'"),
        ("{at: 1m, alert: slow, colour: red}", "story.1.colour: found 'red'"),
        ("{at: 1m, away: fax}", "story.1.away: found 'fax'"),
    ],
)
def test_a_line_that_does_not_fit_is_told_with_its_place_and_what_stands_there(
    tmp_path: Path, line: str, said: str
) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(f"says: bad\nstory:\n  - {{at: 0s, alert: x}}\n  - {line}\n")
    with pytest.raises(InvalidFile) as refused:
        read(file)
    assert any(said in finding for finding in refused.value.findings), refused.value.findings


def test_a_story_without_an_alert_is_none(tmp_path: Path) -> None:
    file = tmp_path / "calm.yaml"
    file.write_text("says: calm\nstory: [{at: 1m, dana: acknowledge}]\n")
    with pytest.raises(InvalidFile, match="found no line with `alert` or `report`"):
        read(file)


@pytest.mark.parametrize(
    ("more", "company", "said"),
    [
        ({"service": "shop"}, None, "service: found 'shop', expected one of checkout, billing, platform"),
        ({}, "empty", "expected a service in the catalog"),
    ],
)
def test_a_company_that_lacks_what_a_scenario_names_is_told(
    more: dict[str, Any], company: str | None, said: str
) -> None:
    with pytest.raises(InvalidFile, match=said):
        cast_for(script(**more), Catalog() if company else catalog(), Path("x.yaml"))


def test_somebody_whom_the_catalog_does_not_know_plays_a_part_under_their_own_word() -> None:
    scenario = cast(script("{at: 1m, Zoe K.: acknowledge}", "{at: 2m, sam: note hm}"), catalog())
    assert (scenario.acts[0].act.by, strangers(scenario, catalog())) == ("Zoe K.", ("Zoe K.",))


def test_a_scenario_is_played_in_a_company_and_under_a_policy_of_its_own_lines() -> None:
    company = {"teams": {"payments": {"levels": {"primary": {"people": ["sam"]}}}}}
    more = {"catalog": company, "policy": {"alerts": {"recovery": "resolve"}}, "lasts": "9m"}
    scenario = cast(script("{at: 1m, primary: acknowledge}", **more), catalog())
    ensemble = played(scenario)
    assert scenario.acts[0].act.by == "sam"
    assert (ensemble.policy.alerts.recovery, ensemble.policy.name) == ("resolve", policy().name)
    assert mistaken(Expectation(paged=("primary",), woken=("sam",)), ensemble) == []


def test_lines_that_do_not_fit_the_company_are_told() -> None:
    company = {"services": {"checkout": {"team": "vault"}}}
    with pytest.raises(InvalidFile, match=r"services\.checkout\.team: found 'vault', expected one of"):
        cast_for(script(catalog=company), catalog(), Path("x.yaml"))


def test_an_alert_that_is_repeated_before_it_recovers_is_the_same_episode() -> None:
    repeats = (
        "{at: 5m, alert: 5xx error rate}",
        "{at: 9m, recovers: 5xx error rate}",
        "{at: 9h, alert: 5xx error rate}",
    )
    told = [(one.episode, one.fired) for one in cast(script(*repeats), catalog()).alerts]
    assert told == [("1", timedelta()), ("1", timedelta()), ("1", None), ("2", timedelta(hours=9))]


def test_a_vendor_that_knows_one_person_no_more_fails_only_what_concerns_them() -> None:
    gone = "{at: 0s, away: pager, only: page, person: primary, refuses: true, said: no such user}"
    ensemble = played(cast(script(gone), catalog()))
    assert {what.said for _, what in ensemble.plays[0].incident.all(Failed)} == {"no such user"}
    assert mistaken(Expectation(woken=("secondary", "priya")), ensemble) == []
    [found] = mistaken(Expectation(woken=("primary", "sam")), ensemble)
    assert (found.path, found.expected) == ("expect.woken", "dana among them")


LIFE = (
    "{at: 1m, dana: acknowledge}",
    "{at: 2m, jonas: declare P1}",
    "{at: 3m, ines: take_role comms}",
    "{at: 4m, ines: approve_update}",
    "{at: 5m, ines: approve_mail}",
    "{at: 20m, recovers: 5xx error rate}",
    "{at: 24m, jonas: resolve the flag is off}",
    "{at: 25m, ines: {approve_update: It was a flag and the flag is off.}}",
)


@pytest.mark.parametrize(
    ("expects", "found"),
    [
        ({"holders": {"commander": "jonas", "comms": "comms", "manager": "manager"}}, []),
        ({"holders": {"comms": None, "commander": "primary"}}, ["expect.holders.comms", "expect.holders.commander"]),
        ({"said": ["jonas declared", {"Every alert is green since": "commander"}]}, []),
        ({"said": ["the moon", {"Every alert is green since": "ines"}]}, ["expect.said", "expect.said"]),
        ({"unsaid": ["the moon", "Every alert is green since"]}, ["expect.unsaid"]),
        ({"posts": ["investigating", {"resolved": "the flag is off"}]}, []),
        ({"posts": ["investigating"]}, ["expect.posts"]),
        ({"posts": [{"investigating": "the moon"}, "resolved"]}, ["expect.posts"]),
        ({"mails": [{"to": "Northwind"}, {"to": "contoso.example", "subject": "checkout"}, "solved", "solved"]}, []),
        ({"mails": ["the moon", {"to": "Contoso"}]}, ["expect.mails"]),
        ({"mails": []}, ["expect.mails"]),
        ({"components": {"cmpcheckout1": "operational"}}, []),
        ({"components": {"cmpcheckout1": "major_outage"}}, ["expect.components.cmpcheckout1"]),
        ({"met": {"ACK-1": 1}, "of": {1: {"phase": "resolved"}}}, []),
        ({"met": ["COM-1", {"ACK-1": 2}]}, ["expect.met"]),
        ({"of": {1: {"phase": "active"}, 2: {"severity": "P1"}}}, ["expect.of.1.phase", "expect.of.2.severity"]),
    ],
)
def test_what_comes_of_a_scenario_is_held_against_its_expectations(expects: dict[str, Any], found: list[str]) -> None:
    ensemble = played(cast(script(*LIFE), catalog()))
    assert [one.path for one in mistaken(Expectation.model_validate(expects), ensemble)] == found


def test_the_archive_of_a_play_knows_its_earlier_incidents() -> None:
    cause = "jonas: name_cause deployment"
    later = ["alert: 5xx error rate", "jonas: declare P1", "jonas: resolve the flag again", cause]
    again = [f"{{at: 3h{minute}m, {line}}}" for minute, line in enumerate(later)]
    ensemble = played(cast(script(*LIFE, f"{{at: 25m, {cause}}}", *again), catalog()))
    first, second = [play.incident for play in ensemble.plays]
    assert [one.incident for one in second.opened.repeats] == [first.id]
    assert [one.incident for one in second.learning.repeats] == [first.id]


@pytest.mark.sop("DET-1")
def test_what_is_heard_a_day_late_is_no_news_unless_it_has_recovered_or_the_policy_says_so() -> None:
    line = {"at": "0m", "alert": "5xx above 5 %", "late": "25h"}
    script = ScenarioFile.model_validate({"name": "old", "says": "x", "story": [line]})
    heard = Simulation(cast(script, catalog()), policy(), catalog()).run()
    assert (heard.plays, [one.reason for one in heard.suppressed]) == (
        [],
        ["from more than 1 day ago: too old to be news"],
    )
    longer = Simulation(cast(script, catalog()), changed(policy(), alerts__oldest="2d"), catalog()).run()
    assert (len(longer.plays), longer.suppressed) == (1, [])
    story = [line | {"late": "0m"}, line | {"at": "30h", "late": "0m"}]  # its sender repeats it: that is news
    repeated = ScenarioFile.model_validate({"name": "old", "says": "x", "story": story})
    assert Simulation(cast(repeated, catalog()), policy(), catalog()).run().suppressed == []


def test_a_word_that_yaml_takes_for_a_truth_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "words.yaml"
    file.write_text("says: x\nstory:\n  - {at: 0m, alert: x}\n  - {at: 1m, dana: {assign_task: x, on: dana}}\n")
    with pytest.raises(InvalidFile, match=r"story\.1\.dana: found the key on, yes or true without quotes"):
        read(file)
