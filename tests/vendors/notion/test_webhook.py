"""What people change in Notion is heard as a remark, and only when it is signed."""

import json
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from standins.notion.standin import Standin
from tests.specs import spec
from tests.vendors.notion.conftest import opening
from vendors.door import DoorClosed, Request, Unreadable, Unverified, signed_hex
from vendors.notion import webhook
from vendors.notion.client import Client, Settings

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
SAMPLES = sorted(path.name for path in spec("notion/samples").glob("webhook.*.json"))
VECTORS = json.loads(spec("notion/samples/signature_vectors.json").read_text())["body"]


def delivery(body: bytes, signature: str = "") -> Request:
    return Request(headers={"x-notion-signature": signature}, body=body, received_at=NOW)


def tokens(setting: str) -> Settings:
    return Settings(notion_webhook_token=SecretStr(setting))


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_a_remark(name: str) -> None:
    sent = json.loads((spec("notion/samples") / name).read_text())["body"]
    heard = webhook.read(delivery(json.dumps(sent).encode()))
    assert (heard.acts, heard.alerts) == ((), ())
    if "verification_token" in sent:
        assert "NOTION_WEBHOOK_TOKEN" in heard.remark
        assert sent["verification_token"] not in heard.remark
    else:
        assert heard.remark == f"Notion sent {sent['type']} of {sent['entity']['type']} {sent['entity']['id']}."


async def test_what_somebody_writes_is_a_remark_and_twice_the_same(
    client: Client, site: Standin, settings: Settings
) -> None:
    page = (await client.open_document(opening(), again=False)).ref
    pressed = site.press_write(page, "By hand.")
    webhook.verify(pressed, settings)
    assert webhook.read(pressed) == webhook.read(pressed)
    assert webhook.read(pressed).remark == f"Notion sent page.content_updated of page {page}."


@pytest.mark.parametrize("vector", VECTORS)
def test_the_documented_signature_opens_the_door(vector: dict[str, str]) -> None:
    request = delivery(vector["raw_body"].encode(), vector["expected"])
    webhook.verify(request, tokens(vector["verification_token"]))
    webhook.verify(request, tokens(f"new, {vector['verification_token']}"))
    with pytest.raises(Unverified):
        webhook.verify(request, tokens(vector["verification_token"] + "x"))


def test_the_first_request_is_let_in_only_where_it_is_awaited(site: Standin) -> None:
    first = site.press_subscribe()
    webhook.verify(first, tokens("awaited"))
    with pytest.raises(Unverified):
        webhook.verify(first, tokens("another"))
    with pytest.raises(DoorClosed):
        webhook.verify(first, tokens(""))


@pytest.mark.parametrize("key", ["awaited", "", "secret_notion"])
def test_where_the_token_is_awaited_nothing_else_is_let_in(key: str) -> None:
    for body in (b'{"type": "page.created"}', b'{"verification_token": ""}', b'{"verification_token": "x"}', b"[]"):
        with pytest.raises(Unverified):
            webhook.verify(delivery(body, f"sha256={signed_hex(key, body)}"), tokens("awaited"))


@pytest.mark.parametrize("secret", ["old-secret", "secret_notion"])
def test_each_configured_token_opens_the_door_to_any_body(settings: Settings, secret: str) -> None:
    for body in (b"{}", b"not JSON"):
        webhook.verify(delivery(body, f"sha256={signed_hex(secret, body)}"), settings)


def test_a_flipped_bit_in_body_or_signature_does_not(settings: Settings) -> None:
    body, signature = b'{"a": 1}', signed_hex("secret_notion", b'{"a": 1}')
    flipped = f"{int(signature[0], 16) ^ 1:x}{signature[1:]}"
    for sent, signed in ((bytes([body[0], body[1] ^ 1]) + body[2:], signature), (body, flipped)):
        with pytest.raises(Unverified):
            webhook.verify(delivery(sent, f"sha256={signed}"), settings)


@pytest.mark.parametrize("signature", ["", "sha256=", signed_hex("secret_notion", b"{}"), "sha256=ключ"])
def test_no_signature_or_one_of_another_form_does_not(settings: Settings, signature: str) -> None:
    with pytest.raises(Unverified):
        webhook.verify(delivery(b"{}", signature), settings)


@pytest.mark.parametrize("configured", ["", " , "])
def test_without_a_token_the_door_is_closed_even_to_an_empty_one(configured: str) -> None:
    with pytest.raises(DoorClosed, match="NOTION_WEBHOOK_TOKEN"):
        webhook.verify(delivery(b"{}", "sha256=" + signed_hex("", b"{}")), tokens(configured))


@pytest.mark.parametrize(
    ("body", "path"), [(b"", "byte 0"), (b"[]", "body"), (b"{}", "type"), (b'{"type": {}}', "type")]
)
def test_what_cannot_be_read_says_where(body: bytes, path: str) -> None:
    with pytest.raises(Unreadable) as unread:
        webhook.read(delivery(body))
    assert unread.value.path == path
