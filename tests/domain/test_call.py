"""ACK-2 by hand: somebody is paged because a person asked, once, and rings on although others are at it."""

from datetime import UTC, datetime, timedelta

import pytest

from config.company import Company, Settings
from domain.alerting.alert import Alert
from domain.incident.incident import Incident
from domain.port.duty import Outcome
from domain.port.pager import AcknowledgePages, Page, ResolvePages
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.detection import opened
from domain.procedure.page_by_hand import PagePerson
from domain.procedure.resolution import Resolve
from domain.procedure.roles import TakeRole
from domain.run import progress as step
from domain.run.agenda import duties
from tests.domain.story import Story, catalog, changed, policy

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


@pytest.fixture
def incident() -> Incident:
    """An incident that Dana acknowledged; her page is known to the pager as acknowledged."""
    company = Company(Settings())
    said = Alert(source="a", key="k", title="5xx", service="checkout", severity="critical", fired_at=START, at=START)
    incident = step.open_incident(opened("INC-7K3QF", (said,), "checkout", company.catalog, company.policy), "a", START)
    perform(incident, Page, "P1")
    step.receive(incident, Acknowledge(by="dana", id="1"), START)
    perform(incident, AcknowledgePages, "P1")
    return incident


def perform(incident: Incident, kind: type, ref: str) -> None:
    """Do every owed duty of a kind."""
    for duty in [one for one in duties(incident, START) if isinstance(one, kind)]:
        step.done(incident, duty, Outcome(ref=ref), START)


def owed(incident: Incident, kind: type) -> list[str]:
    return [one.key for one in duties(incident, START) if isinstance(one, kind)]


@pytest.mark.sop("ACK-2")
@pytest.mark.parametrize("to", ["sam", "Sam Lindqvist", "U02SAM", "secondary"])
def test_a_person_or_a_level_is_paged_once_and_not_acknowledged_for_them(incident: Incident, to: str) -> None:
    act = PagePerson(by="dana", to=to, reason="the database", id="2")
    assert [step.receive(incident, act, START).accepted for _ in range(2)] == [True, True]
    (page,) = [one for one in duties(incident, START) if isinstance(one, Page)]
    assert ([person.id for person in page.people], page.title) == (["sam"], "P1? Checkout API: 5xx: the database")
    perform(incident, Page, "P2")
    assert owed(incident, Page) == []
    assert owed(incident, AcknowledgePages) == []


@pytest.mark.sop("ACK-2", "RES-1")
def test_what_was_asked_for_is_taken_back_with_the_rest_at_the_end(incident: Incident) -> None:
    step.receive(incident, PagePerson(by="dana", to="secondary", id="2"), START)
    perform(incident, Page, "P2")
    step.receive(incident, Resolve(by="jonas", summary="over", id="3"), START + timedelta(minutes=1))
    (back,) = [one for one in duties(incident, START) if isinstance(one, ResolvePages)]
    assert set(back.refs) == {"P1", "P2"}
    assert not step.receive(incident, PagePerson(by="dana", to="sam", id="4"), START).accepted


@pytest.mark.sop("ACK-2", "RES-1")
def test_who_is_asked_for_in_the_moment_of_the_end_is_not_paged_after_it(incident: Incident) -> None:
    """Both were in one task of the workflow."""
    step.receive(incident, PagePerson(by="dana", to="sam", id="2"), START)
    assert [duty for duty in duties(incident, START) if isinstance(duty, Page)]
    step.receive(incident, Resolve(by="dana", summary="over", id="3"), START)
    assert [duty for duty in duties(incident, START) if isinstance(duty, Page)] == []


def test_somebody_nobody_knows_is_refused_with_who_there_is(incident: Incident) -> None:
    answer = step.receive(incident, PagePerson(by="dana", to="the king", id="2"), START)
    levels, teams = "primary, secondary, manager, last_resort", "payments, platform"
    assert answer.text.endswith(f"expected a person of the catalog, one of {levels}, or a team: {teams}")


@pytest.mark.sop("ACK-2", "WAR-7")
@pytest.mark.parametrize(
    ("gone", "to", "said"),
    [
        ({"sam"}, "sam", "Dana had Sam paged; on leave until 03 Mar 03:00 UTC: Sam, so page Mira too."),
        ({"sam", "mira"}, "secondary", "Dana had Sam paged; on leave until 03 Mar 03:00 UTC: Sam, so page Priya too."),
        ({"sam", "mira", "priya"}, "sam", "Dana had Sam paged; on leave until 03 Mar 03:00 UTC: Sam."),
        ({"priya"}, "sam", "Dana had Sam paged."),
    ],
)
def test_whoever_pages_somebody_on_leave_is_told_so_and_who_is_there(gone: set[str], to: str, said: str) -> None:
    leave = [{"starts_at": START - timedelta(days=1), "ends_at": START + timedelta(days=1)}]
    company = changed(catalog(), **{f"people__{name}__away": leave for name in gone})
    story = Story(company=company).acts(Acknowledge(by="dana"))
    answer = step.receive(story.incident, PagePerson(by="dana", to=to), START)
    assert answer.text.startswith(said)
    assert [asked.people for asked in story.incident.asked_pages] == [("sam",)]


@pytest.mark.sop("ACK-2")
def test_a_role_is_paged_by_its_name_its_holder_first(incident: Incident) -> None:
    assert step.receive(incident, PagePerson(by="dana", to="comms", id="2"), START).accepted
    step.receive(incident, TakeRole(by="sam", role="commander", id="3"), START)
    assert step.receive(incident, PagePerson(by="dana", to="commander", id="4"), START).accepted
    assert [asked.people for asked in incident.asked_pages] == [("ines",), ("sam",)]


@pytest.mark.sop("ACK-2")
def test_under_a_policy_of_an_older_release_a_role_is_nobody_who_can_be_paged() -> None:
    story = Story(changed(policy(), paging__by_role=False)).acts(PagePerson(by="dana", to="comms"))
    assert story.refused.startswith("to: found 'comms', expected a person of the catalog")
