"""A drill runs the whole procedure and reaches nobody who does not take part."""

from datetime import timedelta
from pathlib import Path

import pytest

from config.company import load
from domain.company.policy import Policy
from domain.drill import PRACTICE, DrillOptions
from domain.incident.incident import Incident
from domain.incident.opening import Opened
from domain.port.any_duty import AnyDuty
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.detection import opened
from domain.procedure.page_by_hand import PagePerson
from domain.procedure.resolution import EndDrill
from domain.report.debrief import debrief
from domain.run import progress as step
from domain.simulation.drill import plan
from domain.simulation.incident import SimulatedIncident, SimulatedVendors
from domain.simulation.scenario import Scenario
from domain.value.incident_id import incident_id
from tests.domain.company import catalog_of, policy_of
from tests.domain.story import START, catalog, policy
from tests.house.source import ROOT

SCENARIO = Scenario.model_validate(
    {
        "name": "nobody answers",
        "service": "checkout",
        "starts_at": START,
        "lasts": "2h",
        "alerts": [
            {"key": "errors", "title": "5xx error rate", "severity": "critical"},
            {"after": "4m", "key": "latency", "title": "p99 latency"},
        ],
        "acts": [
            {"after": "10m", "act": {"kind": "acknowledge", "by": "sam"}},
            {"after": "20m", "act": {"kind": "resolve", "by": "jonas", "summary": "rolled back"}},
        ],
    }
)


def drilled(rehearsal: DrillOptions) -> SimulatedIncident:
    """The drill's incident under way, nothing done yet."""
    made = plan(SCENARIO, rehearsal, "drill/one", START, timedelta(hours=1))
    company, rules = rehearsal.catalog(catalog(), "checkout"), rehearsal.policy(policy())
    first = opened(incident_id("drill"), made.opens, "checkout", company, rules, group=made.group, drill=True)
    return SimulatedIncident(step.open_incident(first, "monitor", START), SimulatedVendors(START), START)


def reached(play: SimulatedIncident) -> set[str]:
    """Everybody whom a duty that is not played names with an address."""
    found = set()
    for effect in play.world.effects:
        people = getattr(effect.duty, "people", ()) or getattr(getattr(effect.duty, "message", None), "to", ())
        found |= {person.id for person in people if person.reachable}
    return found


def test_only_those_who_take_part_can_be_reached_and_every_level_of_the_ladder_is_theirs() -> None:
    play = drilled(DrillOptions(people=("dana", "jonas"), real=frozenset({"pager", "room"})))
    play.pass_until(START + timedelta(minutes=30))
    pages = [effect.duty for effect in play.world.effects if effect.duty.kind == "page"]
    assert len(pages) > 4
    assert {person.id for page in pages for person in page.people} == {"dana", "jonas"}
    assert all(page.title.startswith("DRILL ") and not page.schedule for page in pages)
    assert reached(play) == {"dana", "jonas"}


def test_somebody_who_takes_no_part_is_not_paged_by_hand_either() -> None:
    play = drilled(DrillOptions(people=("dana",), real=frozenset({"pager"})))
    answer = play.act(PagePerson(by="dana", to="priya"))
    assert not answer.accepted
    assert "takes no part" in answer.text
    assert play.act(PagePerson(by="dana", to="dana")).accepted


def test_somebody_whom_the_pager_does_not_know_is_never_paged_through_the_others() -> None:
    company = catalog()
    nameless = company.people["jonas"].model_copy(update={"ids": {"slack": "U04JONAS"}})
    company = company.model_copy(update={"people": {**company.people, "jonas": nameless}})
    rehearsal = DrillOptions(people=("dana", "jonas"), real=frozenset({"pager", "room"}))
    assert rehearsal.unpaged(company, "checkout") == ("jonas",)
    vendors = rehearsal.catalog(company, "checkout").vendors
    assert (vendors["pager"], vendors["room"]) == (PRACTICE, "slack")


def test_real_vendors_play_nothing_but_the_pager_and_the_room() -> None:
    everything = DrillOptions(people=("dana",), real=frozenset({"pager", "room", "status_page", "mailer", "tracker"}))
    vendors = everything.catalog(catalog(), "checkout").vendors
    company = catalog()
    assert {role for role, vendor in vendors.items() if vendor not in (PRACTICE, "none")} == {"pager", "room"}
    assert all((vendor == "none") == (company.vendor(role, "checkout") == "none") for role, vendor in vendors.items())


def test_every_word_that_leaves_the_house_says_that_it_is_a_drill() -> None:
    play = drilled(DrillOptions(people=("dana", "jonas", "ines"), real=frozenset({"pager", "room"})))
    play.act(Acknowledge(by="dana"))
    play.pass_until(START + timedelta(hours=1))
    spoken = [effect.duty for effect in play.world.effects if effect.duty.role in ("pager", "room")]
    assert spoken
    for duty in spoken:
        assert "drill" in words(duty).lower(), duty


def words(duty: AnyDuty) -> str:
    """What people read of a duty; one that says nothing reads as a drill."""
    match duty.kind:
        case "say" | "show_card" | "show_headline":
            return f"{duty.message.title} {duty.message.text}"
        case "page":
            return duty.title
        case "open_room":
            return f"{duty.name}"
        case "set_topic":
            return duty.topic
    return "drill"


def test_a_drill_ends_when_it_is_said_to_and_an_incident_does_not() -> None:
    play = drilled(DrillOptions())
    assert play.act(EndDrill(by="standfast")).accepted
    assert play.incident.phase == "closed"
    real = step.open_incident(_first(play.incident), "monitor", START)
    assert not step.receive(real, EndDrill(by="dana"), START).accepted


def _first(incident: Incident) -> Opened:
    return incident.opened.model_copy(update={"drill": False})


@pytest.mark.parametrize("speed", [1.0, 10.0, 60.0])
def test_a_faster_drill_keeps_the_order_and_the_ratios_of_its_clocks(speed: float) -> None:
    rules, fast = policy(), DrillOptions(speed=speed).policy(policy())
    for clause, rule in rules.clocks.items():
        for severity in rules.severities:
            span = rule.span(severity)
            assert fast.clocks[clause].span(severity) == (span / speed if span else span)
    assert fast.room == rules.room
    assert fast.retry == rules.retry
    made = plan(SCENARIO, DrillOptions(speed=speed), "drill/one", START, timedelta(days=1))
    assert [cue.at - START for cue in made.cues] == [timedelta(minutes=m) / speed for m in (4, 10, 20)]
    assert made.ends_at - START == timedelta(hours=2) / speed


@pytest.mark.parametrize(
    "file", sorted([ROOT / "policy.yaml", *(ROOT / "deploy").glob("**/policy.yaml")]), ids=lambda file: file.parent.name
)
@pytest.mark.parametrize("speed", [1.0, 7.0, 200.0, 3600.0])
def test_every_shipped_policy_can_be_frozen_however_fast_it_runs(file: Path, speed: float) -> None:
    fast = DrillOptions(speed=speed).policy(load(file, Policy))
    assert Policy.model_validate_json(fast.model_dump_json()) == fast


def test_who_takes_part_acts_for_themselves() -> None:
    made = plan(SCENARIO, DrillOptions(people=("sam",)), "drill/one", START, timedelta(hours=1))
    assert [cue.act.by for cue in made.cues if cue.act] == ["jonas"]
    assert made.ends_at == START + timedelta(hours=1)


def test_time_that_runs_faster_knows_no_office_hours() -> None:
    rules = policy_of("tidepool")
    assert DrillOptions(speed=60).policy(rules).hours("PM-1", "P1") is None
    assert DrillOptions().policy(rules).hours("PM-1", "P1") == rules.calendars["office"]


def test_who_is_on_shift_takes_part_like_everybody_else() -> None:
    levels = DrillOptions(people=("mei", "june")).catalog(catalog_of("meridian"), "api").teams["platform"].levels
    assert levels["primary"].on_call(START) == ("mei", "june")


def test_the_report_says_who_was_how_fast_and_which_clauses_held() -> None:
    play = drilled(DrillOptions(people=("dana", "jonas")))
    play.pass_until(START + timedelta(minutes=6))
    play.act(Acknowledge(by="dana"))
    play.act(EndDrill(by="standfast"))
    told = debrief(play.incident, play.now)
    assert told.drill
    assert [(one.step, one.by, one.after) for one in told.steps] == [
        ("acknowledged", "Dana Okafor", timedelta(minutes=6))
    ]
    late = [one for one in told.promises if one.clause == "ACK-1"]
    assert [(one.late, one.who) for one in late] == [(timedelta(minutes=1), "Dana Okafor (on-call engineer)")]
    assert {one.clause: one.verdict for one in told.clauses}["KPI-1"] == "not_applicable"
