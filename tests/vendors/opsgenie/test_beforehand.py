"""Before the first page Opsgenie says which schedules it lacks, and in which hours nobody is on call."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.company.catalog import Catalog
from tests.vendors.opsgenie.company import SAM_ID, client, standin
from tests.vendors.opsgenie.test_contract import Talk, description


def company(schedule: str, user: str = "dana@acme.example", team: str = "payments") -> Catalog:
    said = {
        "vendors": {"pager": "opsgenie"},
        "people": {"dana": {"name": "Dana", "opsgenie": user}},
        "teams": {"payments": {"name": "Payments", "manager": "dana", "levels": {"primary": {"schedule": schedule}}}},
        "services": {"checkout": {"title": "Checkout", "team": "payments", "opsgenie": team}},
    }
    return Catalog.model_validate(said)


@pytest.mark.sop("ACK-2")
async def test_the_hours_in_which_a_schedule_has_nobody_are_found_before_they_come() -> None:
    vendor = standin()
    assert await client(vendor).lacks(company("payments_schedule")) == ()
    begins = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    ends = begins + timedelta(hours=1)
    vendor.account.holes["payments_schedule"] = begins, ends
    [lack] = await client(vendor).lacks(company("payments_schedule"))
    span = f"between {begins:%a %d %b %H:%M} and {ends:%a %d %b %H:%M} UTC"
    assert lack.said.startswith(f"nobody is on call in payments_schedule {span}")
    assert (lack.fails, vendor.alerts) == (False, [])
    assert "nobody is on call in empty_schedule" in (await client(vendor).lacks(company("empty_schedule")))[0].said


@pytest.mark.sop("ACK-2")
async def test_a_schedule_that_opsgenie_lacks_is_a_fault() -> None:
    [lack] = await client(standin()).lacks(company("gone"))
    assert (lack.fails, "which Opsgenie does not have: gone" in lack.said) == (True, True)


@pytest.mark.sop("ACK-2")
async def test_people_and_teams_that_opsgenie_lacks_are_found() -> None:
    people, team = await client(standin()).lacks(company("payments_schedule", "left@acme.example", "gone"))
    assert (people.fails, people.said.endswith("no such user: Dana")) == (True, True)
    assert (team.fails, team.said.endswith("no such team: checkout")) == (False, True)
    ident = standin().account.teams[0].id
    assert await client(standin()).lacks(company("payments_schedule", SAM_ID, ident)) == ()


async def test_the_question_and_its_answer_are_as_opsgenie_describes_them() -> None:
    talk = Talk(standin())
    await talk.client.lacks(company("payments_schedule"))
    assert [one.status for one in talk.exchanges] == [200, 200, 200]
    complaints = [one for one in description().complaints(talk.exchanges) if "GET /v2/teams/" not in one]
    assert complaints == [], "the document leaves out the Team API"
