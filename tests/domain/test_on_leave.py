"""WAR-7: who is on leave is asked for nothing while somebody else is there, and nobody is asked twice in one breath."""

import pytest

from domain.company.catalog import Catalog
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.changes import RecordChange
from domain.procedure.roles import TakeRole
from domain.procedure.severity import Declare
from tests.domain.story import START, Story, catalog, changed, policy


def without(*names: str) -> Catalog:
    """The company while these people are on leave."""
    leave = [START.date(), START.replace(day=20).date()]
    company: Catalog = changed(catalog(), **{f"people__{name}__away": leave for name in names})
    return company


def fought(company: Catalog, **rules: bool) -> Story:
    story = Story(changed(policy(), **rules) if rules else policy(), company)
    return story.acts(Acknowledge(by="dana"), Declare(by="jonas", severity="P1"))


@pytest.mark.sop("WAR-7", "FIX-2")
def test_who_stands_in_for_a_manager_on_leave_is_reminded_of_what_they_were_asked() -> None:
    asked = RecordChange(by="jonas", change="hotfix", description="the pool by hand", bypass=True)
    story = fought(without("mira", "priya")).acts(asked).passes(minutes=11)
    assert story.told("asks to bypass") == {"sam"}
    assert story.told("Authorise change 1, or not by") == {"sam"}
    assert story.told("Authorise change 1, or not: was due") == {"sam", "jonas"}
    assert story.last("deputy_asked").person == "dana"  # never sam again, who owes it, nor jonas, who asks


@pytest.mark.sop("WAR-7", "COM-1", "COM-3")
def test_the_commander_is_asked_what_customers_read_while_nobody_of_communications_is_there() -> None:
    story = fought(without("ines")).passes(minutes=11)
    assert story.told("May customers read this?") == {"jonas"}
    assert story.told("May this be mailed") == {"jonas"}
    assert story.told("Customers hear of it by") == {"jonas"}
    older = fought(without("ines"), absence__counts_away=True).passes(minutes=11)
    assert older.told("May customers read this?") == {"ines"}


@pytest.mark.sop("WAR-7", "WAR-3")
def test_who_is_at_it_is_asked_to_command_while_whoever_is_listed_is_on_leave() -> None:
    story = Story(company=without("jonas")).acts(Acknowledge(by="dana")).passes(minutes=16)
    assert "commander" not in story.incident.holders
    assert story.told("Fill the role of incident commander") == {"dana", "mira"}


@pytest.mark.sop("WAR-7")
def test_nobody_is_passed_by_where_nobody_else_is_there() -> None:
    everybody = without(*catalog().people)
    story = fought(everybody).acts(TakeRole(by="ines", role="comms")).passes(minutes=11)
    assert story.told("Customers hear of it by") == {"ines"}


@pytest.mark.sop("WAR-7", "COM-1")
def test_who_could_take_a_vacant_role_is_told_of_a_miss_and_not_asked_again_as_a_deputy() -> None:
    story = fought(catalog()).passes(minutes=11)
    assert story.told("Customers were to hear of it") == {"ines", "jonas"}
    assert not story.events("deputy_asked", "COM-1")
    older = fought(catalog(), absence__asked_once=False).passes(minutes=11)
    assert older.last("deputy_asked").person == "ines"
