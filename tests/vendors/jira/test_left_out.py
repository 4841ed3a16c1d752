"""What a project does not take of an issue is left out and said; the ticket is there, once."""

import pytest

from domain.port.duty import VendorError
from standins.jira.standin import Standin
from standins.standin import Fault
from tests.vendors.jira.duty import item
from vendors.jira import webhook
from vendors.jira.client import Client, Settings


@pytest.mark.sop("ACT-1")
@pytest.mark.parametrize(("field", "called"), [("duedate", "due date"), ("labels", "labels"), ("assignee", "assignee")])
async def test_an_issue_is_opened_without_a_field_that_is_not_on_its_screen(
    client: Client, site: Standin, field: str, called: str
) -> None:
    site.off_screen = frozenset({field})
    opened = await client.open_item(item(), again=False)
    assert field not in site.issues[opened.ref]["fields"]
    assert f"Made without {called}" in opened.text
    assert "create screen" in opened.text


async def test_several_fields_are_left_out_together(client: Client, site: Standin) -> None:
    site.off_screen = frozenset({"duedate", "labels", "description"})
    opened = await client.open_item(item(), again=False)
    assert [word for word in ("due date", "labels", "description") if word not in opened.text] == []
    assert len(site.issues) == 1


@pytest.mark.parametrize("lagging", [False, True])
async def test_without_labels_an_issue_whose_answer_was_lost_is_found_by_its_description(
    client: Client, site: Standin, lagging: bool
) -> None:
    site.off_screen, site.lagging = frozenset({"labels"}), lagging
    site.fail(Fault("lose", path="/issue", method="POST", says='standfast-inc-7k3qf-1"}'))
    site.fail(Fault("lose", path="/issue", method="POST", says="pipeline.\\n"))
    with pytest.raises(VendorError, match="504"):
        await client.open_item(item(), again=False)
    found = await client.open_item(item(), again=True)
    assert list(site.issues) == [found.ref]


async def test_an_issue_without_labels_is_known_when_it_is_moved(
    client: Client, site: Standin, settings: Settings
) -> None:
    site.off_screen = frozenset({"labels"})
    opened = await client.open_item(item(), again=False)
    heard = webhook.read(site.press_move(opened.ref, "Done", "ann@example.com", "Done"))
    assert [act.incident for act in heard.acts] == ["INC-7K3QF"]


@pytest.mark.parametrize("types", [("Story", "Bug"), ("Bug", "Task")])
async def test_a_kind_of_issue_that_the_project_has_not_is_replaced(
    site: Standin, settings: Settings, types: tuple[str, ...]
) -> None:
    site.issue_types = types
    asked = Client(settings.model_copy(update={"jira_issue_type": "Incident review"}))
    opened = await asked.open_item(item(), again=False)
    assert site.issues[opened.ref]["fields"]["issuetype"]["id"] == ("10002" if "Task" in types else "10001")
    assert "our issue type" in opened.text


async def test_a_field_that_became_required_is_named_with_what_to_do_and_can_be_given(
    client: Client, site: Standin, settings: Settings
) -> None:
    site.required = ("customfield_10042",)
    with pytest.raises(VendorError, match="customfield_10042 is required") as refused:
        await client.open_item(item(), again=False)
    assert (refused.value.retryable, site.issues) == (False, {})
    assert 'JIRA_FIELDS={"customfield_10042": ...}' in refused.value.do
    given = settings.model_copy(update={"jira_fields": {"customfield_10042": {"value": "Payments"}}})
    opened = await Client(given).open_item(item(), again=True)
    assert site.issues[opened.ref]["fields"]["customfield_10042"] == {"value": "Payments"}


async def test_a_token_with_scopes_calls_another_address_than_people_are_sent_to(
    site: Standin, settings: Settings
) -> None:
    links = "https://acme.atlassian.net"
    asked = Client(settings.model_copy(update={"jira_api_url": settings.jira_url, "jira_url": links}))
    opened = await asked.open_item(item(), again=False)
    assert opened.url == f"{links}/browse/OPS-1"
