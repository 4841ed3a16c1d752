"""What Linear does not take of an issue is left out and said."""

import json

import pytest

from domain.company.catalog import Catalog
from standins.linear.standin import Standin
from standins.standin import Fault
from tests.vendors.linear.conftest import item
from vendors.linear.client import Client


@pytest.mark.sop("ACT-1")
async def test_an_issue_is_opened_without_the_part_that_is_refused(client: Client, team: Standin) -> None:
    team.refusal = "invalid input"
    team.down = Fault("refuse", status=400, says='"dueDate"')
    opened = await client.open_item(item(), again=False)
    sent = [json.loads(call.body)["variables"]["input"] for call in team.calls if b"issueCreate" in call.body]
    assert [sorted(one) for one in sent[-1:]] == [["description", "id", "teamId", "title"]]
    assert (len(team.issues), "dueDate" in opened.text) == (1, True)


@pytest.mark.sop("ACT-1")
async def test_whose_items_would_be_left_unassigned_is_found_beforehand(client: Client, team: Standin) -> None:
    people = {"ann": {"name": "Ann", "email": "Ann@example.com"}, "bob": {"name": "Bob", "email": "bob@example.com"}}
    teams = {"web": {"name": "Web", "manager": "ann", "levels": {"primary": {"people": ["ann"]}}}}
    services = {"shop": {"title": "Shop", "team": "web"}}
    company = Catalog.model_validate({"people": people, "teams": teams, "services": services})
    [lack] = await client.lacks(company)
    assert (lack.fails, lack.said.endswith("owned by Bob")) == (False, True)
    assert not team.issues
