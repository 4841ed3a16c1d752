"""What Linear does not take of an issue is left out and said."""

import json

import pytest

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
