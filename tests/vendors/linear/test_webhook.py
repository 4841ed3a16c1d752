"""What is done on Linear's board is heard once, and only when it is signed and fresh."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from domain.procedure.action_items import CloseItem
from domain.procedure.item_changes import ChangeItem, MoveItem, ReopenItem
from standins.linear.standin import Standin
from tests.specs import spec
from tests.vendors.linear.conftest import NOW, item
from vendors.door import DoorClosed, Request, Unreadable, Unverified, signed_hex
from vendors.linear import webhook
from vendors.linear.client import Client, Settings
from vendors.linear.issue import mark, own_id

SAMPLES = sorted(path.name for path in spec("linear/samples").glob("webhook.*.json"))
STAMP = int(NOW.timestamp() * 1000)
BODY = json.dumps({"action": "create", "webhookTimestamp": STAMP}).encode()


def delivery(body: bytes, signature: str = "", received_at: datetime = NOW) -> Request:
    return Request(
        headers={"linear-signature": signature, "linear-delivery": "d-1"}, body=body, received_at=received_at
    )


def sample(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((spec("linear/samples") / name).read_text())["body"]
    return body


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_of_a_strangers_issue_is_a_remark(name: str) -> None:
    sent = sample(name)
    heard = webhook.read(delivery(json.dumps(sent).encode()))
    assert (heard.acts, heard.alerts) == ((), ())
    if sent["type"] == "Issue":
        number = sent["url"].split("/issue/")[1].split("/")[0]
        assert heard.remark.startswith(f"Linear {number} “{sent['data']['title']}” (not one of our action items): ")
    else:
        assert heard.remark == f"Linear sent Comment create. {sent['url']}"


@pytest.mark.sop("ACT-2")
def test_an_item_given_to_another_and_to_another_day_there_is_theirs_here() -> None:
    sent = sample("webhook.issue_update.state_2026_shape.json")
    sent["data"] |= {"id": own_id("INC-7K3QF", "item-1"), "description": mark("INC-7K3QF", "item-1")}
    sent["data"] |= {"assignee": {"id": "u-2", "name": "Sam", "email": "sam@example.com"}, "dueDate": "2026-12-07"}
    sent["updatedFrom"] = {"assigneeId": "u-1", "dueDate": "2026-12-01"}
    (heard,) = webhook.read(delivery(json.dumps(sent).encode())).acts
    assert isinstance(heard.act, ChangeItem)
    assert (heard.incident, heard.act.item, heard.act.owner) == ("INC-7K3QF", "item-1", "sam@example.com")
    assert heard.act.due_at == datetime(2026, 12, 7, 23, 59, tzinfo=UTC)
    sent["data"] |= {"assignee": None, "dueDate": None}
    assert webhook.read(delivery(json.dumps(sent).encode())).acts == ()


@pytest.mark.sop("ACT-2")
def test_an_item_moved_to_another_team_is_found_at_its_new_address() -> None:
    sent = sample("webhook.issue_update.state_2026_shape.json")
    sent["data"] |= {"id": own_id("INC-7K3QF", "item-1"), "description": mark("INC-7K3QF", "item-1")}
    sent |= {"updatedFrom": {"teamId": "t-1", "stateId": "s-1"}, "url": "https://linear.app/acme/issue/PLAT-7/x"}
    heard, state = webhook.read(delivery(json.dumps(sent).encode())).acts
    assert isinstance(heard.act, MoveItem)
    assert (state.act.kind, state.act.id, heard.act.id) == ("close_item", "d-1", "d-1/team")
    assert (heard.act.item, heard.act.ref, heard.act.url) == ("item-1", own_id("INC-7K3QF", "item-1"), sent["url"])


@pytest.mark.sop("ACT-2")
def test_the_move_to_done_of_the_sample_closes_the_item_its_mark_names() -> None:
    sent = sample("webhook.issue_update.state_2026_shape.json")
    sent["data"] |= {"id": own_id("INC-7K3QF", "item-1"), "description": mark("INC-7K3QF", "item-1")}
    (heard,) = webhook.read(delivery(json.dumps(sent).encode())).acts
    assert heard.incident == "INC-7K3QF"
    assert heard.act == CloseItem(
        id="d-1",
        by="ada@example.com",
        via="linear",
        at=datetime(2026, 7, 22, 10, 16, 53, 22000, tzinfo=UTC),
        item="item-1",
        reason="WEB-44 is Done",
    )


@pytest.mark.sop("ACT-2")
@pytest.mark.parametrize(("state", "meaning"), [("Done", "done"), ("Canceled", "declined")])
async def test_an_item_moved_to_its_end_on_the_board_is_closed_here_and_twice_is_once(
    client: Client, team: Standin, settings: Settings, state: str, meaning: str
) -> None:
    ref = (await client.open_item(item(), again=False)).ref
    pressed = team.press_move(ref, state, "ann@example.com")
    webhook.verify(pressed, settings)
    (first,), (second,) = webhook.read(pressed).acts, webhook.read(pressed).acts
    assert first == second
    assert isinstance(first.act, CloseItem)
    assert (first.incident, first.act.item, first.act.state, first.act.by) == (
        "INC-7K3QF",
        "1",
        meaning,
        "ann@example.com",
    )
    assert first.act.id != ""


async def test_an_item_reopened_there_is_open_here_and_a_deleted_one_is_named(client: Client, team: Standin) -> None:
    ref = (await client.open_item(item(), again=False)).ref
    team.press_move(ref, "Done", "ann@example.com")
    renamed, moved = team.press_rename(ref, "New", "ann@example.com"), team.press_move(ref, "Todo", "ann@example.com")
    (reopened,) = webhook.read(moved).acts
    assert (reopened.incident, reopened.act.kind, reopened.act.by) == ("INC-7K3QF", "reopen_item", "ann@example.com")
    assert isinstance(reopened.act, ReopenItem)
    assert (reopened.act.item, reopened.act.reason.endswith("is Todo")) == ("1", True)
    heard = [webhook.read(one) for one in (renamed, team.press_delete(ref, "ann@example.com"))]
    assert [one.acts for one in heard] == [(), ()]
    said = [one.remark.partition("(action item 1 of INC-7K3QF): ")[2] for one in heard]
    assert said == ["issue update.", "issue remove."]


async def test_a_mark_copied_into_another_issue_closes_nothing(client: Client, team: Standin) -> None:
    ref = (await client.open_item(item(), again=False)).ref
    other = team.press_open("Copied")
    team.issues[other]["description"] = team.issues[ref]["description"]
    heard = webhook.read(team.press_move(other, "Done", "ann@example.com"))
    assert (heard.acts, "not one of our action items" in heard.remark) == ((), True)


def test_the_documented_signature_opens_the_door() -> None:
    for vector in json.loads(spec("linear/samples/signature_vectors.json").read_text())["body"]:
        body = vector["raw_body"].encode()
        sent_at = datetime.fromtimestamp(json.loads(body)["webhookTimestamp"] / 1000, UTC)
        request = delivery(body, vector["expected"], sent_at)
        webhook.verify(request, Settings(linear_webhook_secret=SecretStr(vector["secret"])))
        webhook.verify(request, Settings(linear_webhook_secret=SecretStr(f"new, {vector['secret']}")))
        with pytest.raises(Unverified):
            webhook.verify(request, Settings(linear_webhook_secret=SecretStr(vector["secret"] + "x")))


@pytest.mark.parametrize("secret", ["old-secret", "lin_wh_secret"])
def test_each_configured_secret_opens_the_door(settings: Settings, secret: str) -> None:
    webhook.verify(delivery(BODY, signed_hex(secret, BODY)), settings)


def test_a_flipped_bit_in_body_or_signature_does_not(settings: Settings) -> None:
    signature = signed_hex("lin_wh_secret", BODY)
    flipped = f"{int(signature[0], 16) ^ 1:x}{signature[1:]}"
    for sent, signed in ((bytes([BODY[0], BODY[1] ^ 1]) + BODY[2:], signature), (BODY, flipped)):
        with pytest.raises(Unverified, match="none of the configured"):
            webhook.verify(delivery(sent, signed), settings)


@pytest.mark.parametrize("signature", ["", "sha256=" + signed_hex("lin_wh_secret", BODY), "ключ"])
def test_no_signature_or_one_of_another_form_does_not(settings: Settings, signature: str) -> None:
    with pytest.raises(Unverified):
        webhook.verify(delivery(BODY, signature), settings)


@pytest.mark.parametrize(("seconds", "opens"), [(-61, False), (-60, True), (0, True), (60, True), (61, False)])
def test_only_a_delivery_sent_within_a_minute_opens_the_door(settings: Settings, seconds: int, opens: bool) -> None:
    request = delivery(BODY, signed_hex("lin_wh_secret", BODY), NOW + timedelta(seconds=seconds))
    if opens:
        webhook.verify(request, settings)
    else:
        with pytest.raises(Unverified, match="more than a minute"):
            webhook.verify(request, settings)


@pytest.mark.parametrize("body", [b"{}", b"[]", b"x", b'{"webhookTimestamp": "soon"}', b'{"webhookTimestamp": null}'])
def test_a_signed_body_without_its_moment_does_not_though_a_header_names_one(settings: Settings, body: bytes) -> None:
    request = delivery(body, signed_hex("lin_wh_secret", body))
    stamped = request.model_copy(update={"headers": {**request.headers, "linear-timestamp": str(STAMP)}})
    with pytest.raises(Unverified, match="webhookTimestamp"):
        webhook.verify(stamped, settings)


@pytest.mark.parametrize("configured", ["", " , "])
def test_without_a_secret_the_door_is_closed_even_to_an_empty_one(configured: str) -> None:
    with pytest.raises(DoorClosed, match="LINEAR_WEBHOOK_SECRET"):
        webhook.verify(delivery(BODY, signed_hex("", BODY)), Settings(linear_webhook_secret=SecretStr(configured)))


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"", "byte 0"),
        (b"[]", "body"),
        (b'{"type": "Issue", "createdAt": "2026-11-23T03:00:00Z"}', "action"),
        (b'{"action": "x", "createdAt": "2026-11-23T03:00:00Z"}', "type"),
    ],
)
def test_what_cannot_be_read_says_where(body: bytes, path: str) -> None:
    with pytest.raises(Unreadable) as unread:
        webhook.read(delivery(body))
    assert unread.value.path == path
