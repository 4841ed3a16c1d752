"""An action item whose end its tracker takes back: as done, and after its incident has closed."""

import pytest

from domain.company.person import Person
from domain.incident.event import Event
from domain.run.agenda import owed
from domain.run.read import read
from records.redaction import Redaction, names
from tests.again import again
from tests.domain.learn.case import Case, completed, days, fought
from tests.domain.learn.test_scorecard import card


@again
def over() -> Case:
    """A P1 that was followed up to its end: its item is done, it is closed, and its room is archived."""
    case = fought()
    assert completed(case).accepted
    case.acts("close_item", "jira", item="item-1")
    case.passes(days(30))
    assert (case.phase, len(case.did("archive_room")), [*owed(case.incident)]) == ("closed", 1, [])
    return case


@pytest.mark.sop("ACT-2", "KPI-5")
def test_what_is_reopened_in_the_tracker_after_the_close_is_followed_up_again_to_its_end() -> None:
    case = over()
    closed_at, done = case.incident.closed_at, len(case.done)
    assert case.acts("reopen_item", "jira", item="item-1", reason="CHK-7 is In Progress").accepted
    assert (case.phase, case.view.closed_at, [one.clause for one in case.view.due]) == ("resolved", None, ["ACT-2"])
    case.carried()
    assert sorted(case.alone("ACT-2 jira reopened 'Limit the pool per tenant'")) == ["dana", "mira"]
    assert card(case)["ACT-2"].overdue
    case.passes(days(2))
    assert "read_item" in {duty.kind for duty in case.done[done:]}
    assert {duty.kind for duty in case.done[done:]} <= {"say", "read_item", "show_headline"}
    case.acts("close_item", "jira", item="item-1")
    assert (case.phase, case.view.closed_at, case.incident.closed_at) == ("closed", closed_at, closed_at)
    case.passes(days(2))
    assert ([*owed(case.incident)], len(case.events("closed"))) == ([], 1)
    assert card(case)["ACT-2"].verdict == "late"


@pytest.mark.sop("ACT-2", "RES-3")
def test_nothing_else_of_a_closed_incident_begins_again_with_its_item() -> None:
    case = over()
    refused = case.acts("reopen_item", "mira", item="item-1", reason="not everywhere")
    assert "reopen ref-open_item/item-1 in the tracker" in refused.text
    case.acts("reopen_item", "jira", item="item-1", reason="CHK-7 is In Progress")
    for kind, fields in (
        ("reopen", {"reason": "it is back"}),
        ("add_item", {"title": "One more", "owner": "dana"}),
        ("waive_items", {"reason": "enough"}),
        ("name_cause", {"cause": "deployment"}),
    ):
        assert "closed" in case.acts(kind, "mira", **fields).text
    assert case.acts("change_item", "mira", item="item-1", owner="sam", reason="dana is busy").accepted
    assert [duty.owner.id for duty in case.did("write_item")] == ["sam"]


@pytest.mark.sop("ACT-2", "WAR-7")
def test_the_item_of_a_leaver_that_is_owed_after_the_close_finds_an_owner() -> None:
    case = over()
    assert "is closed" in case.acts("adopt_catalog", "mira", reason="dana has left", without=("dana",)).text
    case.acts("reopen_item", "jira", item="item-1", reason="CHK-7 is In Progress")
    assert case.acts("adopt_catalog", "mira", reason="dana has left", without=("dana",)).accepted
    assert (case.incident.items["item-1"].owner, case.phase) == ("mira", "resolved")


def erased(case: Case, who: str) -> Case:
    """The same once somebody was erased from its records."""
    redaction = Redaction({who, *names([case.incident.catalog.people[who]])}, f"erased-{who[:2]}")
    left = [Event.model_validate_json(redaction.body(one.model_dump_json())) for one in case.incident.events]
    case.incident = read(left)
    assert who not in case.incident.catalog.people
    return case


@pytest.mark.sop("ACT-2", "WAR-7", "SOC-1")
@pytest.mark.parametrize("how", ["reopened", "declined"])
@pytest.mark.parametrize(("who", "whose"), [(("dana",), "mira"), (("dana", "mira"), "sam")])
def test_what_is_owed_again_by_somebody_who_was_erased_is_the_managers_and_nobody_erased_is_told(
    how: str, who: tuple[str, ...], whose: str
) -> None:
    case = over()
    for one in who:
        erased(case, one)
    done = len(case.done)
    if how == "reopened":
        assert case.acts("reopen_item", "jira", item="item-1", reason="CHK-7 is In Progress").accepted
    else:
        assert case.acts("close_item", "jira", item="item-1", state="declined", reason="CHK-7 is Won't Do").accepted
    case.passes(days(20))
    assert (case.incident.items["item-1"].owner, case.phase) == (whose, "resolved")
    told = {duty.person and duty.person.id for duty in case.done[done:] if duty.kind == "say"}
    assert told == {whose, "priya"}  # who stands in for the manager is asked of what is overdue for days
    assert [duty.owner.id for duty in case.did("write_item")] == [whose]
    assert {duty.kind for duty in case.done[done:]} <= {"say", "read_item", "write_item", "show_headline"}
    case.acts("close_item", "jira", item="item-1")
    assert case.phase == "closed"


@pytest.mark.sop("ACT-2", "WAR-7", "SOC-1")
@pytest.mark.parametrize("manages", [True, False], ids=["another team's manager", "somebody of the company"])
def test_where_nobody_of_the_team_is_left_somebody_else_is_told_and_owes_the_item(manages: bool) -> None:
    case = fought()
    noor = Person.model_validate({"id": "noor", "name": "Noor Haddad", "slack": "U07NOOR"})
    company = case.incident.catalog
    search = {"search": company.teams["platform"].model_copy(update={"name": "Search", "manager": "noor"})}
    changed = {"people": company.people | {"noor": noor}, "teams": company.teams | (search if manages else {})}
    assert case.acts("adopt_catalog", "mira", reason="Noor begins", catalog=company.model_copy(update=changed)).accepted
    assert completed(case).accepted
    case.acts("close_item", "jira", item="item-1")
    case.passes(days(30))
    for one in company.people:
        erased(case, one)
    done = len(case.done)
    assert case.acts("reopen_item", "jira", item="item-1", reason="CHK-7 is In Progress").accepted
    case.passes(days(20))
    assert (case.incident.items["item-1"].owner, case.phase) == ("noor", "resolved")
    told = [duty for duty in case.done[done:] if duty.kind == "say"]
    assert {duty.person and duty.person.id for duty in told} == {"noor"}
    assert any(duty.message.text.endswith("has left, and nobody of Payments is left") for duty in told)
    case.acts("close_item", "jira", item="item-1")
    assert case.phase == "closed"


@pytest.mark.sop("ACT-2", "WAR-7", "SOC-1")
def test_where_nobody_of_the_company_is_left_the_room_hears_that_somebody_has_to_follow_them() -> None:
    case = over()
    for one in tuple(case.incident.catalog.people):
        erased(case, one)
    assert case.acts("reopen_item", "jira", item="item-1", reason="CHK-7 is In Progress").accepted
    (told,) = [one.text for one in case.said("ACT-2") if "reopened" in one.text]
    assert told.endswith("Nobody of the company is left: adopt a catalog that names who follows them")


@pytest.mark.sop("ACT-2")
@pytest.mark.parametrize("case", [over, lambda: _done()], ids=["after the close", "before it"])
def test_what_was_done_and_is_declined_in_the_tracker_is_owed_until_the_manager_says_why(case: object) -> None:
    told: Case = case()  # type: ignore[operator]
    heard = {"item": "item-1", "state": "declined", "reason": "CHK-7 is Won't Do"}
    assert told.acts("close_item", "jira", **heard).accepted
    assert (told.incident.items["item-1"].state, told.phase) == ("open", "resolved")
    assert "mira" in told.alone("ACT-2 CHK-7 is Won't Do. It stays open here until a reason is given.")
    assert told.acts("close_item", "mira", item="item-1", state="declined", reason="the pool is gone").accepted
    assert told.incident.items["item-1"].state == "declined"


def _done() -> Case:
    """A P1 that is still followed up, with an item that is done."""
    case = fought()
    case.acts("add_item", "mira", title="Limit the pool", owner="dana")
    case.acts("close_item", "jira", item="item-1")
    return case


@pytest.mark.sop("ACT-2")
def test_an_incident_that_was_none_is_not_followed_up_again() -> None:
    case = Case()
    case.acts("acknowledge", "dana")
    case.acts("add_item", "dana", title="Mend the monitor", owner="dana")
    case.acts("close_item", "jira", item="item-1")
    assert case.acts("close_as", "dana", how="false_alarm", reason="a test of the monitor").accepted
    assert "its record is final" in case.acts("reopen_item", "jira", item="item-1").text
    assert case.phase == "closed"
