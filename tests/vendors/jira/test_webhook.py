"""What is done on Jira's board is heard once, and only when it is signed."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from domain.procedure.action_items import CloseItem
from domain.procedure.item_changes import ChangeItem, MoveItem, ReopenItem
from standins.jira.standin import Standin
from tests.specs import spec
from tests.vendors.jira.duty import item
from vendors.door import Request, Unreadable, Unverified, signed_hex
from vendors.jira import webhook
from vendors.jira.client import Client, Settings

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)


def delivery(body: bytes, **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(headers=named, body=body, received_at=NOW)


def test_every_sample_of_a_strangers_issue_is_a_remark() -> None:
    samples = sorted(spec("jira/samples").glob("webhook.*.json"))
    assert len(samples) == 8
    for sample in samples:
        sent = json.loads(sample.read_text())["body"]
        heard = webhook.read(delivery(json.dumps(sent).encode()))
        assert heard.remark.startswith(f"Jira {sent['issue']['key']} ")
        assert "not one of our action items" in heard.remark
        assert heard.acts == ()


@pytest.mark.sop("ACT-2")
def test_a_captured_move_to_done_closes_the_item_its_label_names() -> None:
    sent = json.loads(spec("jira/samples/webhook.issue_updated.resolved.json").read_text())["body"]
    sent["issue"]["fields"]["labels"].append("standfast-inc-7k3qf-item-1")
    body = json.dumps(sent).encode()
    (heard,) = webhook.read(delivery(body, x_atlassian_webhook_identifier="w-1")).acts
    assert heard.incident == "INC-7K3QF"
    assert heard.act == CloseItem(
        id="w-1",
        by="test.user@example.com",
        via="jira",
        at=datetime.fromtimestamp(1550286940.507, UTC),
        item="item-1",
        reason="TES-41 is Done (Done)",
    )


@pytest.mark.sop("ACT-2")
@pytest.mark.parametrize("said", [{"user": None, "timestamp": None}, {"user": {"displayName": None}, "timestamp": "t"}])
def test_an_item_is_closed_whoever_moved_it_and_whatever_is_null_beside_it(said: dict[str, Any]) -> None:
    sent = json.loads(spec("jira/samples/webhook.issue_updated.resolved.json").read_text())["body"]
    fields = sent["issue"]["fields"]
    fields["labels"] = ["standfast-inc-7k3qf-item-1", None]
    fields |= {"summary": None, "assignee": {"displayName": 7}}
    fields["status"]["statusCategory"] = None
    (heard,) = webhook.read(delivery(json.dumps(sent | said).encode(), x_atlassian_webhook_identifier="w-1")).acts
    assert (heard.act.kind, heard.act.by, heard.act.at) == ("close_item", "jira", NOW)


@pytest.mark.sop("ACT-2")
async def test_an_item_moved_to_done_on_the_board_is_closed_here_and_twice_is_once(
    client: Client, site: Standin, settings: Settings
) -> None:
    key = (await client.open_item(item(), again=False)).ref
    pressed = site.press_move(key, "Done", "ann@example.com", "Won't Do")
    webhook.verify(pressed, settings)
    (first,), (second,) = webhook.read(pressed).acts, webhook.read(pressed).acts
    assert first == second
    assert isinstance(first.act, CloseItem)
    assert (first.incident, first.act.item, first.act.state, first.act.by) == (
        "INC-7K3QF",
        "1",
        "declined",
        "ann@example.com",
    )
    assert first.act.id != ""


@pytest.mark.sop("ACT-2")
async def test_an_item_given_to_another_and_to_another_day_there_is_theirs_here(client: Client, site: Standin) -> None:
    key = (await client.open_item(item(), again=False)).ref
    (heard,) = webhook.read(site.press_give(key, "sam@example.com", "2026-12-07", "ann@example.com")).acts
    assert isinstance(heard.act, ChangeItem)
    assert (heard.incident, heard.act.item, heard.act.owner) == ("INC-7K3QF", "1", "sam@example.com")
    assert (heard.act.due_at, heard.act.by) == (datetime(2026, 12, 7, 23, 59, tzinfo=UTC), "ann@example.com")
    nobody = site.press_give(key, "", "", "ann@example.com")
    assert webhook.read(nobody).acts == ()


@pytest.mark.sop("ACT-2")
async def test_an_item_moved_into_another_project_has_its_new_name_and_state(client: Client, site: Standin) -> None:
    key = (await client.open_item(item(), again=False)).ref
    heard, state = webhook.read(site.press_carry(key, "PLAT", "ann@example.com")).acts
    assert isinstance(heard.act, MoveItem)
    assert (state.act.kind, state.act.id == heard.act.id) == ("reopen_item", False)
    assert (heard.incident, heard.act.item, heard.act.ref) == ("INC-7K3QF", "1", "PLAT-1")
    assert heard.act.url == "https://jira.example/browse/PLAT-1"


async def test_an_item_reopened_there_is_open_here_and_a_deleted_one_is_named(client: Client, site: Standin) -> None:
    key = (await client.open_item(item(), again=False)).ref
    site.press_move(key, "Done", "ann@example.com")
    reopened = webhook.read(site.press_move(key, "In Progress", "ann@example.com"))
    deleted = webhook.read(site.press_delete(key, "ann@example.com"))
    (heard,) = reopened.acts
    assert (heard.incident, heard.act.kind, heard.act.by) == ("INC-7K3QF", "reopen_item", "ann@example.com")
    assert isinstance(heard.act, ReopenItem)
    assert (heard.act.item, heard.act.reason) == ("1", f"{key} is In Progress")
    assert deleted.acts == ()
    assert "(action item 1 of INC-7K3QF): issue deleted." in deleted.remark


def test_the_documented_signatures_open_the_door() -> None:
    vectors = json.loads(spec("jira/samples/signature_vectors.json").read_text())["body"]
    for vector in vectors:
        request = delivery(vector["raw_body"].encode(), x_hub_signature=vector["expected"])
        webhook.verify(request, Settings(jira_webhook_secret=SecretStr(vector["secret"])))
        webhook.verify(request, Settings(jira_webhook_secret=SecretStr(f"new, {vector['secret']}")))
        with pytest.raises(Unverified):
            webhook.verify(request, Settings(jira_webhook_secret=SecretStr(vector["secret"] + "x")))


@pytest.mark.parametrize("secret", ["old-secret", "jira-secret"])
def test_each_configured_secret_opens_the_door(settings: Settings, secret: str) -> None:
    webhook.verify(delivery(b"{}", x_hub_signature="sha256=" + signed_hex(secret, b"{}")), settings)


def test_a_flipped_bit_in_body_or_signature_does_not(settings: Settings) -> None:
    body, signature = b'{"a": 1}', signed_hex("jira-secret", b'{"a": 1}')
    flipped = f"{int(signature[0], 16) ^ 1:x}{signature[1:]}"
    for sent, signed in ((bytes([body[0], body[1] ^ 1]) + body[2:], signature), (body, flipped)):
        with pytest.raises(Unverified):
            webhook.verify(delivery(sent, x_hub_signature=f"sha256={signed}"), settings)


@pytest.mark.parametrize("signature", ["", "sha256=", "sha1=x", signed_hex("jira-secret", b"{}"), "sha256=ключ"])
def test_no_signature_or_one_of_another_method_does_not(settings: Settings, signature: str) -> None:
    with pytest.raises(Unverified):
        webhook.verify(delivery(b"{}", x_hub_signature=signature), settings)


@pytest.mark.parametrize("configured", ["", " , "])
def test_without_a_secret_the_door_is_closed_even_to_an_empty_one(configured: str) -> None:
    request = delivery(b"{}", x_hub_signature="sha256=" + signed_hex("", b"{}"))
    with pytest.raises(Unverified, match="JIRA_WEBHOOK_SECRET"):
        webhook.verify(request, Settings(jira_webhook_secret=SecretStr(configured)))


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"", "byte 0"),
        (b"[]", "body"),
        (b'{"timestamp": 1}', "webhookEvent"),
        (b'{"webhookEvent": "x", "issue": {}}', "issue.key"),
    ],
)
def test_what_cannot_be_read_says_where(body: bytes, path: str) -> None:
    with pytest.raises(Unreadable) as unread:
        webhook.read(delivery(body))
    assert unread.value.path == path


def test_an_event_without_an_issue_is_a_remark() -> None:
    heard = webhook.read(delivery(b'{"webhookEvent": "project_created", "timestamp": 1}'))
    assert heard.remark == "Jira sent project_created."
