"""Under its own policy a past incident is replayed exactly: that is the proof that a replay is right."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as any_of

from config.company import SHIPPED, load
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.replay.difference import difference
from domain.replay.replay import replay
from domain.report.scorecard import scorecard
from domain.simulation.scenario import Outage, Scenario, ScenarioAct, ScenarioAlert
from tests.domain.past import COUNT, caused, recorded, repeated, some
from tests.domain.simulated import play
from tests.domain.story import CRITICAL, START, catalog, policy

COMPANIES = sorted(path.parent for path in SHIPPED.glob("deploy/company/*/policy.yaml"))
TWO_DAYS = timedelta(days=2)
ROLES = ("pager", "room", "status_page", "tracker")
DEEDS: tuple[dict[str, Any], ...] = (
    {"kind": "acknowledge", "by": "dana"},
    {"kind": "acknowledge", "by": "sam"},
    {"kind": "declare", "by": "jonas", "severity": "P1"},
    {"kind": "declare", "by": "jonas", "severity": "P2", "reason": "small"},
    {"kind": "declare", "by": "dana", "severity": "P2", "reason": "small"},
    {"kind": "take_role", "by": "ines", "role": "comms"},
    {"kind": "post_finding", "by": "dana", "conditions": "slow"},
    {"kind": "approve_update", "by": "ines"},
    {"kind": "resolve", "by": "jonas", "summary": "over"},
    {"kind": "reopen", "by": "sam", "reason": "no"},
    {"kind": "answer_breach", "by": "mira", "breach": False, "reason": "no"},
)


AT_ONCE = Scenario(
    name="over at moment zero, while the pager is away",
    service="checkout",
    starts_at=START,
    lasts=timedelta(hours=3),
    alerts=(ScenarioAlert(**{**CRITICAL, "service": "checkout"}),),
    acts=tuple(
        ScenarioAct.model_validate({"after": timedelta(), "act": {"by": "dana", **deed}})
        for deed in ({"kind": "acknowledge"}, {"kind": "resolve", "summary": "over"})
    ),
    outages=(Outage(role="pager", begins=timedelta(), ends=timedelta(minutes=30)),),
)


TAKEN_OVER = AT_ONCE.model_copy(
    update={
        "name": "somebody takes over from an engineer who went silent",
        "acts": tuple(
            ScenarioAct.model_validate({"after": timedelta(minutes=minute), "act": deed})
            for minute, deed in (
                (0, {"kind": "acknowledge", "by": "dana"}),
                (44, {"kind": "answer_breach", "by": "mira", "breach": False, "reason": "no"}),
                (72, {"kind": "acknowledge", "by": "sam"}),
            )
        ),
        "outages": (),
    }
)


def seconds(most: int) -> any_of.SearchStrategy[timedelta]:
    return any_of.integers(0, most).map(lambda count: timedelta(seconds=count))


@any_of.composite
def scenarios(draw: any_of.DrawFn) -> Scenario:
    """Any two hours: what people do whenever, an alert that comes and goes, vendors that are away."""
    begins = draw(seconds(3600))
    away = [Outage(role=role, begins=begins, ends=begins + draw(seconds(1800))) for role in draw(_some(ROLES))]
    turns = [ScenarioAct.model_validate({"after": draw(seconds(7200)), "act": deed}) for deed in draw(_some(DEEDS))]
    calm = ScenarioAlert(**{**CRITICAL, "service": "checkout", "after": draw(seconds(7200)), "state": "resolved"})
    first = ScenarioAlert(**{**CRITICAL, "service": "checkout"})
    return Scenario(
        name=f"any {draw(any_of.integers(0, 999))}",
        service="checkout",
        starts_at=START,
        lasts=timedelta(hours=3),
        alerts=(first, calm) if draw(any_of.booleans()) else (first,),
        acts=tuple(turns),
        outages=tuple(away),
    )


def _some(things: tuple[Any, ...]) -> any_of.SearchStrategy[list[Any]]:
    return any_of.lists(any_of.sampled_from(things), max_size=len(things), unique_by=str)


@settings(max_examples=settings().max_examples // 8)
@given(scenario=scenarios())
@example(scenario=AT_ONCE)
@example(scenario=TAKEN_OVER)
def test_under_its_own_policy_any_incident_has_the_same_pages_reminders_and_misses(scenario: Scenario) -> None:
    happened = play(scenario, policy(), catalog())
    played = replay(happened.events, policy())
    assert caused(played.control) == caused(happened)
    assert caused(happened) or happened.over  # taken, and over before the pager was back: nobody was paged
    assert scorecard(played.control, played.until) == scorecard(happened, played.until)


@pytest.mark.parametrize("number", range(COUNT))
def test_slow_vendors_answer_again_when_they_did_so_that_every_event_is_the_same(number: int) -> None:
    happened, played = some(COUNT)[number], repeated(number)
    assert played.control.events == happened.events
    wakes = policy().severities[played.control.likely].page == "at_once"
    assert caused(played.control) != [] or not wakes  # on a weekend a P3 waits for Monday, and may be over by then


@pytest.mark.parametrize("number", range(COUNT))
def test_a_new_policy_that_says_the_same_changes_nothing(number: int) -> None:
    differs = difference(repeated(number), "the same")
    assert differs.changes == ()
    assert not any(one.differs for one in differs.verdicts)
    assert differs.lines != ()


@pytest.mark.parametrize("history", ["incident", "continued"])
def test_what_a_real_engine_recorded_is_repeated(history: str) -> None:
    differs = difference(replay(recorded(history), policy()), "the same")
    assert differs.control == ()
    assert {"page", "reminder", "miss"} & {line.sort for line in differs.lines}


@pytest.mark.parametrize("company", COMPANIES, ids=lambda company: company.name)
def test_other_companies_incidents_are_repeated_too(company: Path) -> None:
    rules, house = load(company / "policy.yaml", Policy), load(company / "catalog.yaml", Catalog)
    service, team = next((name, house.teams[one.team]) for name, one in house.services.items())
    people = [person for level in team.levels.values() for person in level.people] or list(house.people)
    acts = (
        ScenarioAct.model_validate({"after": "9m", "act": {"kind": "acknowledge", "by": people[0]}}),
        ScenarioAct.model_validate({"after": "3h", "act": {"kind": "resolve", "by": people[0], "summary": "over"}}),
    )
    sound = ScenarioAlert(title="5xx error rate", severity="critical", service=service)
    past = Scenario(name=company.name, service=service, starts_at=START, lasts=TWO_DAYS, alerts=(sound,), acts=acts)
    happened = play(past, rules, house)
    played = replay(happened.events, rules)
    assert caused(played.control) == caused(happened) != []
    assert played.after is not None
    assert caused(played.after) == caused(happened)
