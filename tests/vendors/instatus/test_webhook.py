"""A status page on Instatus is heard as context, and only with its signature, which carries no time."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from standins.instatus.standin import Standin
from tests.specs import spec
from tests.vendors.instatus.company import settings_of
from tests.vendors.publication import update
from vendors.door import Request, Unreadable, Unverified, signed_hex
from vendors.instatus.client import Client, Settings
from vendors.instatus.webhook import HEADER, read, verify

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
SAMPLES = spec("instatus/samples/webhooks")
VECTOR = json.loads((SAMPLES / "signature-vector.computed.json").read_text())
NAMED = {"component": "API Server", "incident": "Database Connection Issues"}


def delivery(body: bytes, signature: str | None = None) -> Request:
    headers = {} if signature is None else {HEADER: signature}
    return Request(headers=headers, body=body, received_at=NOW)


def believed(request: Request, secret: str) -> bool:
    try:
        verify(request, Settings.model_validate({"instatus_webhook_secret": secret}))
    except Unverified:
        return False
    return True


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("[dz]*.json")), ids=lambda path: path.stem)
def test_every_sample_is_a_remark_and_never_an_alert(path: Path) -> None:
    heard = read(delivery(path.read_bytes()))
    name = NAMED[path.stem.split(".")[1]] if path.stem.startswith("zentik") else "“”"
    assert name in heard.remark
    assert (heard.alerts, heard.acts) == ((), ())
    assert "unsubscribe" not in heard.remark
    assert heard == read(delivery(path.read_bytes()))


def test_a_vendors_incident_is_told_with_its_newest_words() -> None:
    said = (
        "Status page page123: “Database Connection Issues” is investigating (major outage). “We are currently "
        "investigating database connection issues affecting multiple services.” "
        "https://status.example.com/incidents/incident123"
    )
    assert read(delivery((SAMPLES / "zentik.incident.investigating.json").read_bytes())).remark == said


def test_a_component_is_told_with_its_state() -> None:
    said = "Status page page123: “API Server” is now major outage. Some components are degraded"
    assert read(delivery((SAMPLES / "zentik.component.majoroutage.json").read_bytes())).remark == said


def test_html_is_told_as_words() -> None:
    page = Standin()
    pressed = page.press_update(page.press_open("Search"), "MONITORING", "Fixed &amp; <b>watched</b>")
    assert "“Fixed & watched”" in read(pressed).remark


def test_the_vector_is_believed_and_with_another_secret_it_is_not() -> None:
    signed = delivery(VECTOR["raw_body"].encode(), VECTOR["valid_header"])
    assert VECTOR["header_name"] == HEADER
    assert believed(signed, VECTOR["secret"])
    assert not believed(signed, VECTOR["secret"] + "x")


def test_a_body_that_was_laid_out_anew_on_its_way_is_believed_as_it_was_signed() -> None:
    said = {"page": {"id": "p"}, "text": 'Störung behoben ✓ \u2028 "quoted"', "n": [1, True, None]}
    compact = json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()
    for laid_out in (json.dumps(said, indent=2), json.dumps(said)):
        assert believed(delivery(laid_out.encode(), signed_hex("s", compact)), "s")
    assert believed(delivery(b"no json at all", signed_hex("s", b"no json at all")), "s")
    assert not believed(delivery(json.dumps({**said, "n": 2}).encode(), signed_hex("s", compact)), "s")


@pytest.mark.parametrize("body", [b"\xff", b"[" * 100_000, b'"\\ud800"', b""])
def test_a_body_that_cannot_be_written_again_is_turned_away_quietly(body: bytes) -> None:
    assert not believed(delivery(body, "0" * 64), "s")


def test_one_flipped_bit_anywhere_shuts_the_door(page: Standin) -> None:
    signed = page.press_update(page.press_open("Größe"), "RESOLVED", "Fixed.")
    assert believed(signed, page.secret)
    for place in range(len(signed.body)):
        body = bytearray(signed.body)
        body[place] ^= 1
        assert not believed(signed.model_copy(update={"body": bytes(body)}), page.secret)
    for place, digit in enumerate(signed.headers[HEADER]):
        header = signed.headers[HEADER]
        flipped = header[:place] + chr(ord(digit) ^ 1) + header[place + 1 :]
        assert not believed(delivery(signed.body, flipped), page.secret)


@pytest.mark.parametrize("secrets", ["{}, second", "second,{}", "second,,{},"])
def test_while_secrets_change_either_is_believed(page: Standin, secrets: str) -> None:
    assert believed(page.press_component("api", "MAJOROUTAGE"), secrets.format(page.secret))


@pytest.mark.parametrize("signature", [None, "", "sha256=", "ключ"])
def test_a_signature_that_is_none_is_turned_away(signature: str | None) -> None:
    assert not believed(delivery(b"{}", signature), "s")


@pytest.mark.parametrize("configured", ["", " , "])
def test_without_a_secret_the_door_is_shut_even_to_a_signature_with_an_empty_one(configured: str) -> None:
    with pytest.raises(Unverified, match="INSTATUS_WEBHOOK_SECRET"):
        verify(delivery(b"{}", signed_hex("", b"{}")), settings_of(Standin(), instatus_webhook_secret=configured))


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"{", "byte 1"),
        (b"\xff", "byte 0"),
        (b"[]", "body"),
        (b'{"incident": {}}', "page"),
        (b'{"page": {"id": 1}}', "page.id"),
        (b'{"page": {"id": "p"}, "incident": "x"}', "incident"),
    ],
)
def test_what_cannot_be_read_says_where(body: bytes, path: str) -> None:
    with pytest.raises(Unreadable) as unread:
        read(delivery(body))
    assert unread.value.path == path


def test_a_body_about_nothing_is_a_remark() -> None:
    assert "neither" in read(delivery(b'{"page": {"id": "p"}}')).remark


async def test_an_edit_by_hand_of_our_own_page_arrives_twice_and_is_the_same_remark(
    client: Client, page: Standin, settings: Settings
) -> None:
    ref = (await client.publish_update(update(), again=False)).ref
    pressed = page.press_update(ref, "MONITORING", "Better.")
    verify(pressed, settings)
    assert read(pressed) == read(pressed)
    assert "“Checkout is failing” is monitoring (major outage). “Better.”" in read(pressed).remark
    assert page.secret not in repr(settings)
