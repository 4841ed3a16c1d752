"""DET-7: two incidents that are one, and what turns out to be none."""

from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from domain.alerting.alert_group import AlertGroup
from domain.incident.incident import Incident
from domain.port.status_page import PublishUpdate
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.joining import Merge, TakeIn
from domain.procedure.linking import LinkIncidents, UnlinkIncidents
from domain.procedure.retraction import CloseAs
from domain.procedure.severity import Declare
from domain.report.view import view
from domain.run.read import known_at
from domain.simulation.expectation import Expectation
from domain.simulation.outcome import mistaken
from domain.simulation.people import cast
from domain.simulation.simulation import Simulation
from domain.simulation.story import ScenarioFile
from tests.domain.story import Story, catalog, policy

pytestmark = pytest.mark.sop("DET-7")
TWO = (
    {"at": "0m", "alert": "cards are declined"},
    {"at": "1m10s", "dana": "acknowledge"},
    {"at": "2m20s", "jonas": "declare P1"},
    {"at": "3m30s", "alert": "invoices fail", "service": "billing", "severity": "warning"},
    {"at": "4m40s", "sam": "acknowledge", "incident": 2},
    {"at": "5m50s", "sam": "declare P2", "incident": 2},
    {"at": "7m", "ines": {"draft_update": "investigating", "body": "Invoices fail."}, "incident": 2},
    {"at": "7m20s", "ines": "take_role comms", "incident": 2},
    {"at": "7m40s", "ines": "approve_update", "incident": 2},
)
MERGE = {"at": "9m10s", "jonas": {"merge": 1, "reason": "the same database"}, "incident": 2}


def told(*lines: dict[str, Any], lasts: str = "1h", **more: Any) -> Simulation:
    """A story of these lines, played to its end."""
    script = ScenarioFile.model_validate({"name": "joined", "says": "x", "story": lines, "lasts": lasts, **more})
    return Simulation(cast(script, catalog()), policy(), catalog()).run()


@cache
def merged() -> Simulation:
    """The second is merged into the first; whoever asks only reads it."""
    return told(*TWO, MERGE, lasts="15m")


def incidents(ensemble: Simulation) -> list[Incident]:
    return [play.incident for play in ensemble.plays]


def test_a_merged_incident_closes_its_page_is_taken_back_and_each_says_where_the_other_is() -> None:
    ensemble = merged()
    first, second = incidents(ensemble)
    expected: dict[str, Any] = {
        "phase": "closed",
        "said": [{f"merged into {first.id}: go on in #{first.room_name}": "sam"}],
        "met": ["DET-7"],
        "not_applicable": ["PM-1", "PM-3", "GDP-1", "KPI-1"],
        "of": {
            1: {"phase": "active", "said": [{f"jonas weber merged {second.id} into this": "sam"}], "met": ["DET-7"]}
        },
    }
    assert mistaken(Expectation.model_validate(expected), ensemble) == []
    assert list(second.pages) == ["0", "wake-commander-0", "wake-comms-0"]
    assert "resolve_pages/0-3" in second.done
    assert "invite/sam" in first.done
    assert {alert.title for alert in first.alerts.values()} == {"cards are declined", "invoices fail"}


def test_the_status_page_entry_of_a_merged_incident_is_taken_back_in_the_words_of_the_policy() -> None:
    expected = {"posts": ["investigating", {"resolved": "the same problem as another one on this page"}]}
    assert mistaken(Expectation.model_validate(expected), merged()) == []


def shown(ensemble: Simulation) -> list[tuple[str, dict[str, str]]]:
    """What each public update says, and shows of components, in order."""
    duties = [effect.duty for effect in ensemble.plays[0].world.effects]
    return [(duty.status, dict(duty.components)) for duty in duties if isinstance(duty, PublishUpdate)]


@pytest.mark.sop("COM-3", "COM-7")
def test_what_is_broken_stays_so_on_the_page_where_the_one_that_goes_on_shows_it() -> None:
    first = {"at": "2m30s", "ines": "take_role comms"}, {"at": "2m40s", "ines": "approve_update"}
    over = {"at": "20m", "jonas": "resolve over", "incident": 1}, {"at": "21m", "ines": "approve_update", "incident": 1}
    *_, taken_back, ended = shown(told(*TWO[:3], *first, *TWO[3:], MERGE, *over, lasts="22m"))
    assert taken_back == ("resolved", {})
    assert ended == ("resolved", {"cmpcheckout1": "operational", "cmpbilling1": "operational"})


@pytest.mark.sop("COM-3", "COM-7")
def test_one_that_is_not_on_the_page_yet_shows_what_it_took_in_with_its_first_words() -> None:
    first = (
        {"at": "11m", "ines": "take_role comms", "incident": 1},
        {"at": "12m", "ines": "approve_update", "incident": 1},
    )
    *_, taken_back, then = shown(told(*TWO, MERGE, *first, lasts="15m"))
    assert taken_back == ("resolved", {}), "it is broken until then"
    assert then == ("investigating", {"cmpcheckout1": "major_outage", "cmpbilling1": "partial_outage"})


def test_what_the_merged_one_s_monitors_say_later_reaches_the_other_one() -> None:
    more = (
        {"at": "12m", "alert": "refunds fail", "service": "billing"},
        {"at": "13m", "recovers": "invoices fail"},
        {"at": "14m", "recovers": "refunds fail"},
        {"at": "15m", "recovers": "cards are declined"},
    )
    first, second = incidents(ensemble := told(*TWO, MERGE, *more, lasts="16m"))
    assert (len(ensemble.plays), first.firing, sorted(a.title for a in first.alerts.values())) == (
        2,
        False,
        ["cards are declined", "invoices fail", "refunds fail"],
    )
    assert second.phase == "closed"


def test_when_the_other_one_has_ended_both_groups_open_the_next() -> None:
    later = (
        {"at": "20m", "jonas": "resolve the database is back", "incident": 1},
        {"at": "2h", "alert": "invoices are late", "service": "billing"},
    )
    ensemble = told(*TWO, MERGE, *later, lasts="2h10m")
    assert [one.service.name for one in incidents(ensemble)] == ["checkout", "billing", "billing"]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([{"at": "9m", "jonas": "resolve the flag", "incident": 1}, MERGE], "is resolved, and what was to be merged"),
        ([{"at": "9m", "jonas": {"merge": "INC-00000"}, "incident": 2}], "no such incident"),
    ],
)
def test_an_incident_goes_on_where_the_other_one_does_not_take_it(lines: list[dict[str, Any]], why: str) -> None:
    ensemble = told(*TWO, *lines, lasts="11m")
    assert mistaken(Expectation.model_validate({"phase": "active", "said": [{why: "jonas"}]}), ensemble) == []


def test_of_two_that_are_merged_into_each_other_neither_is_lost() -> None:
    back = {"at": "9m10s", "sam": {"merge": 2}, "incident": 1}
    first, second = incidents(told(*TWO, MERGE, back, lasts="15m"))
    assert [first.phase, second.phase] == ["active", "closed"]


def test_what_is_merged_into_one_that_was_merged_itself_goes_on_where_that_one_does() -> None:
    third = {"at": "9m30s", "alert": "a node is gone", "service": "platform", "severity": "critical"}
    link = {"at": "9m50s", "jonas": {"link": 2, "reason": "looks alike"}, "incident": 3}
    merge = {"at": "10m10s", "jonas": {"merge": 2, "reason": "its node"}, "incident": 3}
    first, second, last = incidents(told(*TWO, MERGE, third, link, merge, lasts="15m"))
    assert (last.phase, last.relations.merged_into) == ("closed", first.id)
    assert set(first.relations.taken_in) == {second.id, last.id}
    [refused] = [event.what for event in last.events if event.what.kind == "relation_refused"]
    assert getattr(refused, "reason", "") == f"it was merged into {first.id}; link to that one"


def test_a_worse_one_that_is_merged_offers_its_severity() -> None:
    lines = (
        {"at": "0m", "alert": "invoices are slow", "service": "billing", "severity": "warning"},
        {"at": "1m", "sam": "declare P3"},
        {"at": "2m", "alert": "cards are declined"},
        {"at": "3m", "jonas": "declare P1"},
        {"at": "4m", "jonas": {"merge": 1}, "incident": 2},
    )
    expected = {"of": {1: {"said": ["it was P1; this is P3"]}}}
    assert mistaken(Expectation.model_validate(expected), told(*lines, lasts="5m")) == []


def test_linked_incidents_show_each_other() -> None:
    ensemble = told(*TWO, {"at": "9m", "sam": {"link": 1, "reason": "perhaps"}, "incident": 2}, lasts="15m")
    first, second = incidents(ensemble)
    assert (first.relations.links, second.relations.links) == (
        {second.id: "invoices fail"},
        {first.id: "cards are declined"},
    )
    expected = {"said": [f"linked to {first.id}"], "of": {1: {"said": [f"linked to {second.id}, invoices fail"]}}}
    assert mistaken(Expectation.model_validate(expected), ensemble) == []


LINK = {"at": "9m", "sam": {"link": 1, "reason": "perhaps"}, "incident": 2}


@pytest.mark.parametrize(("at", "number", "other"), [("9m", 2, 1), ("9m1s", 1, 2), ("20m", 1, 2), ("20m", 2, 1)])
def test_a_link_by_mistake_is_taken_back_on_both_sides_and_may_be_made_again(at: str, number: int, other: int) -> None:
    back = {"at": at, "jonas": {"unlink": other, "reason": "another database"}, "incident": number}
    ensemble = told(*TWO, LINK, back, {"at": "25m", "sam": {"link": 1}, "incident": 2}, lasts="26m")
    later, until = incidents(ensemble), ensemble.scenario.starts_at + timedelta(minutes=24)
    first, second = (known for one in later if (known := known_at(one.events, until)))
    assert (first.relations.links, second.relations.links) == ({}, {})
    assert (first.relations.unlinking, second.relations.unlinking, second.relations.linking) == ({}, {}, {})
    expected = {"said": [f"no longer linked to {first.id}"], "of": {1: {"said": [f"no longer linked to {second.id}"]}}}
    assert mistaken(Expectation.model_validate(expected), ensemble) == []
    assert [set(one.relations.links) for one in later] == [{second.id}, {first.id}]


def test_a_link_to_what_has_ended_since_is_taken_back_where_it_was_made() -> None:
    ends = {"at": "12m", "jonas": {"close_as": "false_alarm", "reason": "a load test"}, "incident": 1}
    undo = {"at": "20m", "sam": {"unlink": 1}, "incident": 2}
    first, second = incidents(told(*TWO, LINK, ends, undo, lasts="21m"))
    assert (set(first.relations.links), second.relations.links) == ({second.id}, {})


@pytest.mark.parametrize("how", ["false_alarm", "duplicate", "not_ours"])
def test_what_is_none_is_closed_and_nothing_is_owed_for_it(how: Any) -> None:
    story = Story().passes(minutes=1).acts(CloseAs(by="dana", how=how, reason="a load test")).passes(days=20)
    assert (story.phase(), story.running(), story.incident.retracted) == ("closed", set(), True)
    assert [getattr(duty, "reason", "") for duty in story.done("resolve_pages")] == [
        f"{story.incident.id} is {how_said(how)}"
    ]
    assert view(story.incident, ()).retracted == how


def test_the_mail_that_waited_for_an_approval_when_it_was_closed_as_none_is_not_owed() -> None:
    story = Story().acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))
    assert story.events("mail_drafted")
    story.acts(CloseAs(by="jonas", how="false_alarm", reason="a load test"))
    assert (story.phase(), story.verdict("COM-5")) == ("closed", "not_applicable")


def how_said(how: str) -> str:
    return {"false_alarm": "a false alarm", "duplicate": "a duplicate", "not_ours": "not ours"}[how]


def test_what_was_a_false_alarm_is_silent_until_it_has_recovered() -> None:
    lines = (
        {"at": "0m", "alert": "cards are declined"},
        {"at": "2m", "dana": {"close_as": "false_alarm", "reason": "a load test"}},
        {"at": "6m", "alert": "cards are declined"},
        {"at": "20m", "recovers": "cards are declined"},
    )
    assert len(told(*lines, lasts="24m").plays) == 1
    assert len(told(*lines, {"at": "25m", "alert": "cards are declined"}, lasts="26m").plays) == 2
    assert len(told(*lines[:2], {"at": "7m", "alert": "nobody can log in"}, lasts="15m").plays) == 2


def test_only_who_may_end_an_incident_may_close_it_as_none() -> None:
    story = Story().acts(Declare(by="jonas", severity="P1")).acts(CloseAs(by="sam", how="not_ours", reason="theirs"))
    assert "only Jonas may" in story.refused
    assert not story.acts(CloseAs(by="jonas", how="not_ours", reason="theirs")).refused


def test_a_breach_checkpoint_is_not_passed_by_closing_an_incident_as_none() -> None:
    story = Story(title="data breach").acts(CloseAs(by="dana", how="false_alarm", reason="a drill of the guard"))
    assert "breach checkpoint" in story.refused
    story.acts(
        AnswerBreach(by="mira", breach=False, reason="a drill"), CloseAs(by="dana", how="false_alarm", reason="x")
    )
    assert story.phase() == "closed"


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (Merge(by="dana", into="checkout"), "expected the id of an incident"),
        (Merge(by="zoe", into="INC-00000"), "nobody is called"),
        (LinkIncidents(by="dana", to="inc-1"), "expected the id of an incident"),
    ],
)
def test_who_names_no_incident_or_is_nobody_is_refused(act: Any, why: str) -> None:
    assert why in Story().acts(act).refused


def test_an_incident_is_not_merged_into_itself_and_not_twice() -> None:
    story = Story()
    assert "itself" in story.acts(Merge(by="dana", into=story.incident.id)).refused
    assert "is not linked to INC-00000" in story.acts(UnlinkIncidents(by="dana", to="INC-00000")).refused
    assert not story.acts(LinkIncidents(by="dana", to="INC-00000")).refused
    assert (
        "closed"
        in story.acts(CloseAs(by="dana", how="not_ours", reason="x"), Merge(by="dana", into="INC-00000")).refused
    )


def test_a_security_incident_is_merged_only_into_one() -> None:
    taken = TakeIn(by="dana", incident="INC-00000", title="x", secret=True)
    assert "keeps its subject" in Story().acts(taken).refused
    assert not Story(title="data breach").acts(taken).refused
    assert "a drill" in Story().acts(taken.model_copy(update={"drill": True, "secret": False})).refused


def test_a_group_hears_at_once_of_the_move_whichever_word_comes_first() -> None:
    watch = AlertGroup(group="a").opened("INC-00001")
    assert watch.moved("INC-00001", "INC-00002").incident == "INC-00002"
    assert watch.moved("INC-00003", "INC-00002").incident == "INC-00001"


def test_what_is_taken_in_never_turns_back_what_is_known() -> None:
    story = Story().acts(Acknowledge(by="dana")).passes(minutes=2).hears(state="resolved")
    old = Story().incident.alerts["alert-1"]
    story.acts(TakeIn(by="dana", incident="INC-00000", title="x", alerts=(old,)))
    assert len(story.events("took_in")) == 1
    assert story.incident.alerts["alert-1"].state == "resolved"
