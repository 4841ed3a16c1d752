"""Before the first action item Jira says what it would be made without, and what the project asks for besides."""

import pytest

from domain.company.catalog import Catalog
from standins.jira.standin import Standin
from vendors.jira.client import Client, Settings

TEAM = Catalog.model_validate({"people": {"ann": {"name": "Ann", "email": "ann@example.com"}}})


@pytest.mark.sop("ACT-1")
async def test_a_project_that_takes_everything_lacks_nothing(client: Client, site: Standin) -> None:
    assert await client.lacks(TEAM) == ()
    assert site.issues == {}


@pytest.mark.sop("ACT-1")
async def test_fields_that_are_not_on_the_screen_are_left_out_and_those_it_asks_for_fail(
    client: Client, site: Standin, settings: Settings
) -> None:
    site.off_screen, site.required = frozenset({"duedate", "labels"}), ("customfield_10044",)
    said = {lack.said: lack for lack in await client.lacks(TEAM)}
    assert [lack.fails for lack in said.values()] == [False, False, True]
    assert "without due date" in str(said)
    assert "without labels" in str(said)
    assert 'JIRA_FIELDS={"customfield_10044": ...}' in str([*said.values()][-1].do)
    given = Client(settings.model_copy(update={"jira_fields": {"customfield_10044": {"value": "ops"}}}))
    assert not any(lack.fails for lack in await given.lacks(TEAM))


@pytest.mark.sop("ACT-1")
async def test_another_type_and_an_owner_without_an_account_are_said(client: Client, site: Standin) -> None:
    site.issue_types = ("Bug",)
    strange = Catalog.model_validate({"people": {"zoe": {"name": "Zoe", "email": "zoe@example.com"}}})
    said = [lack.said for lack in await client.lacks(strange)]
    assert ["made as Bug" in one for one in said] == [True, False]
    assert "unassigned that are owned by Zoe" in said[1]
