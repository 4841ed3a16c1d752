"""Zendesk's webhooks: who is believed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from standins.zendesk.standin import Standin
from tests.vendors.delivery import vectors
from vendors.door import DoorClosed, Request, Unverified
from vendors.zendesk.webhook import Settings, read, signature, verify

VECTORS = vectors("zendesk")
NOW = datetime(2026, 11, 23, 2, 58, tzinfo=UTC)


def settings(secret: str) -> Settings:
    return Settings.model_validate({"zendesk_webhook_secret": secret})


def believed(request: Request, secret: str) -> bool:
    try:
        verify(request, settings(secret))
    except Unverified:
        return False
    return True


@pytest.mark.parametrize("vector", VECTORS, ids=[one["name"] for one in VECTORS])
def test_a_signature_is_believed_as_the_vector_says(vector: dict[str, Any]) -> None:
    headers = {name.lower(): value for name, value in vector["headers"].items()}
    at = datetime.fromisoformat(vector["now"])
    request = Request(headers=headers, body=vector["body"].encode(), received_at=at)
    assert believed(request, vector["secret"]) is not vector["expect"].startswith("reject")


def test_one_flipped_bit_anywhere_shuts_the_door() -> None:
    signed = Standin("s3cr3t").press_escalate(NOW, "5158", "Checkout is down")
    assert believed(signed, "s3cr3t")
    for place in range(len(signed.body)):
        body = bytearray(signed.body)
        body[place] ^= 1
        assert not believed(signed.model_copy(update={"body": bytes(body)}), "s3cr3t")


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_recording_is_turned_away(minutes: int) -> None:
    signed = Standin("s3cr3t").press_escalate(NOW, "5158")
    later = signed.model_copy(update={"received_at": NOW + timedelta(minutes=minutes)})
    assert not believed(later, "s3cr3t")


def test_a_body_that_begins_inside_the_timestamp_is_turned_away() -> None:
    stamp, body = "2026-11-23T02:58:00Z", b'{"ticket_id":"1"}'
    proof = signature("s3cr3t", stamp, body)
    for moved in (stamp[:-1], stamp + "{", ""):
        rest = (stamp.encode() + body)[len(moved) :]
        names = {"x-zendesk-webhook-signature": proof, "x-zendesk-webhook-signature-timestamp": moved}
        assert not believed(Request(headers=names, body=rest, received_at=NOW), "s3cr3t")


@pytest.mark.parametrize("stamp", ["2026-13-23T02:58:00Z", "2026-11-23 02:58:00", "1795402680", "²", ""])
def test_a_timestamp_that_is_none_is_turned_away_although_it_is_signed(stamp: str) -> None:
    proof = {"x-zendesk-webhook-signature": signature("s3cr3t", stamp, b"{}")}
    names = proof | {"x-zendesk-webhook-signature-timestamp": stamp}
    assert not believed(Request(headers=names, body=b"{}", received_at=NOW), "s3cr3t")


@pytest.mark.parametrize("secrets", ["s3cr3t,second", "second, s3cr3t"])
def test_while_secrets_change_either_is_believed(secrets: str) -> None:
    for secret in ("s3cr3t", "second"):
        assert believed(Standin(secret).press_escalate(NOW, "5158"), secrets)
    assert not believed(Standin("third").press_escalate(NOW, "5158"), secrets)


@pytest.mark.parametrize("secret", ["", " , "])
def test_without_a_secret_the_door_is_closed_even_to_a_signature_with_an_empty_one(secret: str) -> None:
    with pytest.raises(DoorClosed, match="ZENDESK_WEBHOOK_SECRET"):
        verify(Standin("").press_escalate(NOW, "5158"), settings(secret))


def test_a_request_without_a_signature_is_turned_away() -> None:
    assert not believed(Request(headers={}, body=b"{}", received_at=NOW), "s3cr3t")


def test_a_webhook_without_a_body_is_signed_well_and_a_remark() -> None:
    assert read(Request(headers={}, body=b"", received_at=NOW)).remark == "Zendesk called without a body"
