"""PagerDuty's webhooks: who is believed."""

import json
from typing import Any

import pytest

from tests.specs import spec
from tests.vendors.pagerduty import company
from tests.vendors.pagerduty.company import FIRED_AT, SECRET, settings, standin
from vendors import door
from vendors.pagerduty.webhook import verify

VECTOR_FILE = spec("inbound/pagerduty/samples/signature-vectors.json")
VECTORS: list[dict[str, Any]] = json.loads(VECTOR_FILE.read_text())["vectors"]
OFFICIAL = spec("pagerduty/samples/webhooks-v3/signature-vector.go-pagerduty.json")


def request(body: bytes, signature: str = "") -> door.Request:
    return door.Request(headers={"x-pagerduty-signature": signature}, body=body, received_at=FIRED_AT)


def believed(signed: door.Request, secrets: str) -> bool:
    try:
        verify(signed, settings(pagerduty_webhook_secrets=secrets))
    except door.Unverified:
        return False
    return True


@pytest.mark.parametrize("vector", VECTORS, ids=[one["name"] for one in VECTORS])
def test_a_signature_is_believed_as_the_vector_says(vector: dict[str, Any]) -> None:
    signed = request(vector["body"].encode(), vector["headers"]["X-PagerDuty-Signature"])
    assert believed(signed, vector["secret"]) is (vector["expect"] == "accept")


def test_the_vendors_own_vector_is_believed_and_its_wrong_one_is_not() -> None:
    vector = json.loads(OFFICIAL.read_text())
    for header, expected in ((vector["valid_header"], True), (vector["invalid_header"], False)):
        assert believed(request(vector["raw_body"].encode(), header), vector["secret"]) is expected


def test_one_flipped_bit_anywhere_shuts_the_door() -> None:
    signed = standin().press_trigger("PCHECKOUT", "Disk full")
    assert believed(signed, SECRET)
    for place in range(len(signed.body)):
        body = bytearray(signed.body)
        body[place] ^= 1
        assert not believed(signed.model_copy(update={"body": bytes(body)}), SECRET)


@pytest.mark.parametrize("secrets", [f"{SECRET},secret-two", f"secret-two, {SECRET}", f"secret-two,,{SECRET},"])
def test_while_secrets_change_either_is_believed(secrets: str) -> None:
    signed = standin().press_trigger("PCHECKOUT", "Disk full")
    assert len(settings(pagerduty_webhook_secrets=secrets).pagerduty_webhook_secrets) == 2
    assert believed(signed, secrets)


@pytest.mark.parametrize("secrets", ["", ",", " , "])
def test_without_a_secret_the_door_is_shut_even_to_a_signature_with_an_empty_one(secrets: str) -> None:
    body = b'{"event":{}}'
    with pytest.raises(door.DoorClosed, match="set PAGERDUTY_WEBHOOK_SECRETS"):
        verify(request(body, f"v1={door.signed_hex('', body)}"), settings(pagerduty_webhook_secrets=secrets))


@pytest.mark.parametrize("signature", ["", "v1=", "v1=\u00fcmlaut", ",,,", "v1"])
def test_a_signature_that_is_none_is_turned_away(signature: str) -> None:
    with pytest.raises(door.Unverified):
        verify(request(b"{}", signature), settings())


def test_a_request_without_a_signature_header_is_turned_away() -> None:
    with pytest.raises(door.Unverified):
        verify(door.Request(headers={}, body=b"{}", received_at=FIRED_AT), settings())


def test_secrets_are_not_shown() -> None:
    assert SECRET not in repr(settings())
    assert company.TOKEN not in repr(settings())
    assert company.ROUTING_KEY not in repr(settings())
