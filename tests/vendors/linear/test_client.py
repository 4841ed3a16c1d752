"""An action item is one issue in Linear, whatever happened to the answer, and is followed to its end."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.company.catalog import Person
from domain.port.duty import ItemState, NotDone, VendorError
from standins.linear.standin import Standin
from standins.standin import Fault
from tests.vendors.linear.conftest import item, reading, writing
from vendors.linear.client import Client, Settings
from vendors.linear.issue import item_of, mark, own_id


@pytest.mark.sop("ACT-1")
async def test_an_item_becomes_an_issue_with_owner_due_date_and_labels(client: Client, team: Standin) -> None:
    opened = await client.open_item(item(title="two\n lines"), again=False)
    issue = team.issues[opened.ref]
    assert (issue["dueDate"], issue["assigneeId"]) == ("2026-12-07", team.users["ann@example.com"])
    assert issue["labelIds"] == [team.labels["incident"], team.labels["incident review"]]
    assert (issue["title"], opened.url, opened.text) == ("two lines", issue["url"], "")
    assert "`standfast:INC-7K3QF/1`" in issue["description"]


@pytest.mark.parametrize("email", ["gone@example.com", ""])
async def test_an_owner_linear_cannot_tell_leaves_the_issue_unassigned_and_says_so(
    client: Client, team: Standin, email: str
) -> None:
    opened = await client.open_item(item(owner=Person(id="bob", name="Bob", email=email)), again=False)
    assert "assigneeId" not in team.issues[opened.ref]
    assert opened.text.startswith("Left unassigned: ")
    assert (email or "Bob") in opened.text


async def test_an_item_without_owner_and_labels_is_opened_without_a_word(client: Client, team: Standin) -> None:
    opened = await client.open_item(item(owner=None, labels=()), again=False)
    assert (opened.text, len(team.calls)) == ("", 1)


async def test_a_label_that_may_not_be_made_is_left_out_and_named(client: Client, team: Standin) -> None:
    team.closed_to_labels = True
    opened = await client.open_item(item(), again=False)
    assert opened.text == "Left without label incident review."
    assert team.issues[opened.ref]["labelIds"] == [team.labels["incident"]]


@pytest.mark.parametrize("again", [True, False])
async def test_an_issue_whose_answer_was_lost_is_not_opened_twice(client: Client, team: Standin, again: bool) -> None:
    """Even an attempt that knows of none before it ends with the first issue: the id is refused, and looked up."""
    duty = item(owner=None, labels=())
    team.fail(Fault("lose"))
    with pytest.raises(VendorError, match="504") as lost:
        await client.open_item(duty, again=False)
    found = await client.open_item(duty, again=again)
    assert lost.value.retryable
    assert list(team.issues) == [found.ref]


async def test_an_issue_that_was_called_back_is_looked_for_and_never_opened(client: Client, team: Standin) -> None:
    with pytest.raises(NotDone):
        await client.open_item(item().looked_for(), again=True)
    assert not team.issues
    opened = await client.open_item(item(), again=False)
    assert (await client.open_item(item().looked_for(), again=True)).ref == opened.ref
    assert list(team.issues) == [opened.ref]


async def test_a_label_whose_answer_was_lost_is_not_made_twice(client: Client, team: Standin) -> None:
    team.fail(Fault("hang"), Fault("hang"), Fault("lose"))
    with pytest.raises(VendorError, match="504"):
        await client.open_item(item(), again=False)
    opened = await client.open_item(item(), again=True)
    assert sorted(team.labels) == ["incident", "incident review"]
    assert len(team.issues[opened.ref]["labelIds"]) == 2


async def test_another_item_of_the_same_incident_is_another_issue(client: Client, team: Standin) -> None:
    await client.open_item(item(), again=True)
    await client.open_item(item(item="10"), again=True)
    await client.open_item(item(incident="INC-7K3QG"), again=True)
    assert len(team.issues) == 3


@pytest.mark.sop("ACT-2")
@pytest.mark.parametrize(
    ("state", "meaning"), [("Todo", "open"), ("In Progress", "open"), ("Done", "done"), ("Canceled", "declined")]
)
async def test_an_items_state_is_read_from_the_type_of_its_state(
    client: Client, team: Standin, state: str, meaning: str
) -> None:
    opened = await client.open_item(item(), again=False)
    team.press_move(opened.ref, state, "ann@example.com")
    assert (await client.read_item(reading(opened.ref), again=False)).text == meaning


@pytest.mark.sop("ACT-2")
async def test_another_owner_and_day_are_set_on_the_issue_and_read_from_it(client: Client, team: Standin) -> None:
    opened = await client.open_item(item(owner=None), again=False)
    first = ItemState(due_at=datetime(2026, 12, 7, 23, 59, tzinfo=UTC))
    assert (await client.read_item(reading(opened.ref), again=False)).item == first
    wrote = await client.write_item(writing(opened.ref), again=False)
    there = ItemState(owner="ann@example.com", due_at=datetime(2026, 12, 9, 23, 59, tzinfo=UTC))
    assert (wrote.text, wrote.item) == ("", there)
    assert (await client.read_item(reading(opened.ref), again=False)).item == there


async def test_an_owner_linear_does_not_know_leaves_the_assignee_and_says_so(client: Client, team: Standin) -> None:
    opened = await client.open_item(item(), again=False)
    wrote = await client.write_item(
        writing(opened.ref, Person(id="zoe", name="Zoe", email="zoe@b.example")), again=True
    )
    assert wrote.text == "The assignee stays: zoe@b.example is no active user of Linear."
    assert wrote.item
    assert wrote.item.owner == "ann@example.com"
    with pytest.raises(VendorError, match="not found"):
        await client.write_item(writing("23ea0b3f-98ff-4c2f-a2b5-ec8a2c1aa3f1"), again=False)


async def test_an_issue_in_the_trash_or_gone_is_not_asked_for_again(client: Client, team: Standin) -> None:
    opened = await client.open_item(item(), again=False)
    team.press_delete(opened.ref, "ann@example.com")
    for ref, said in ((opened.ref, "in Linear's trash"), ("23ea0b3f-98ff-4c2f-a2b5-ec8a2c1aa3f1", "not in Linear")):
        with pytest.raises(VendorError, match=said) as refused:
            await client.read_item(reading(ref), again=False)
        assert not refused.value.retryable


@pytest.mark.parametrize("key", ["1", "item-1", "A.b_c", "two words", "é/ß-%`"])
def test_a_mark_reads_backwards_and_only_the_issues_own_id_proves_it(key: str) -> None:
    own = own_id("INC-7K3QF", key)
    text = f"Written by hand: {mark('INC-7K3QF', 'other')}.\n\n{mark('INC-7K3QF', key)}"
    assert (item_of(own, text), UUID(own).version) == (("INC-7K3QF", key), 4)
    assert item_of(own_id("INC-7K3QF", "another"), text) is None


def test_settings_show_no_secret(settings: Settings, team: Standin) -> None:
    assert team.key not in repr(settings)
    assert team.secret not in repr(settings)
