"""A period under another policy: what every clause, the load on people and the key figures would have been."""

from datetime import timedelta
from functools import cache

import pytest

from domain.company.policy import Policy
from domain.procedure.acknowledgement import Acknowledge
from domain.replay.comparison import Comparison, VerdictCounts, compare
from domain.replay.replay import Replay, replay
from domain.report.kpi import FIGURES, Scope, measure
from domain.report.view import view
from tests.again import again
from tests.domain.past import COUNT, repeated, some
from tests.domain.story import Story, changed, policy
from tests.domain.test_replay import faster


def played(rules: Policy, *stories: Story) -> list[Replay]:
    return [replay(story.incident.events, rules) for story in stories]


@cache
def same() -> Comparison:
    """The first incidents of the synthetic quarter under the policy they had."""
    return compare([repeated(number) for number in range(COUNT)], policy(), Scope())


@again
def answered(minute: int) -> Story:
    """An incident of three in the morning that was acknowledged after so many minutes."""
    return Story().at(minutes=minute).acts(Acknowledge(by="sam")).passes(minutes=1)


def test_under_the_same_policy_a_period_is_the_same() -> None:
    compared = same()
    assert (compared.incidents, compared.changed, compared.unproved) == (COUNT, (), ())
    assert compared.then == compared.replayed
    assert compared.then.pages >= COUNT
    assert all(one.then == one.replayed for one in compared.clauses)
    assert all(one.then == one.replayed for one in compared.figures)


@pytest.mark.parametrize("by", ["then", "replayed"])
def test_the_figures_are_those_of_the_incidents_themselves(by: str) -> None:
    compared = same()
    as_of = max(event.at for one in some(COUNT) for event in one.events)
    expected = measure([view(one, ()) for one in some(COUNT)], policy().targets, Scope(), as_of)
    assert tuple(getattr(one, by) for one in compared.figures) == expected
    assert [one.then.clause for one in compared.figures] == list(FIGURES)


def test_each_clause_is_counted_before_and_after() -> None:
    rules = faster(timedelta(minutes=3))
    compared = compare(played(rules, answered(2), answered(4), answered(7)), rules, Scope())
    found = {one.clause: (one.then, one.replayed) for one in compared.clauses}
    assert found["ACK-1"] == (VerdictCounts(met=2, late=1), VerdictCounts(met=1, late=2))
    assert found["ACK-2"] == (VerdictCounts(met=1), VerdictCounts(met=2))
    assert "KPI-1" not in found


def test_pages_people_woken_reminders_and_misses_are_counted() -> None:
    rules = faster(timedelta(minutes=3))
    compared = compare(played(rules, answered(2), answered(4), answered(7)), rules, Scope())
    assert (compared.then.pages, compared.replayed.pages) == (4, 5)
    assert (compared.then.woken, compared.replayed.woken) == (4, 5)  # three in the morning, and nobody twice
    assert (compared.then.misses, compared.replayed.misses) == (1, 2)
    by_day = compare(played(rules, answered(4)), rules, Scope(), night=(23, 2))
    assert (by_day.then.woken, by_day.replayed.woken) == (0, 0)


def test_the_incidents_that_differ_say_in_what() -> None:
    rules = faster(timedelta(minutes=3))
    compared = compare(played(rules, answered(1), answered(4)), rules, Scope())
    assert [one.says for one in compared.changed] == [
        ("1 page only replayed", "1 miss only replayed", "1 reminder moved"),
    ]


def test_an_incident_that_would_not_have_been_opened_counts_on_one_side_only() -> None:
    rules = changed(policy(), alerts__environments=["live"], alerts__not_production=["prod*"])
    compared = compare(played(rules, answered(2)), rules, Scope())
    assert (compared.then.pages, compared.replayed.pages) == (1, 0)
    assert compared.changed[0].says == ("not opened: environment 'production' is not production",)


def test_a_period_without_incidents_has_nothing_to_show() -> None:
    compared = compare([], policy(), Scope())
    assert (compared.incidents, compared.clauses, compared.figures, compared.changed) == (0, (), (), ())
