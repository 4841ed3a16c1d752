"""Grafana's webhooks: who is believed."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from standins.grafana.standin import Proof, Rule, Standin
from tests.vendors.delivery import NOW, delivery, unread, vectors
from vendors.door import DoorClosed, Request, Unverified
from vendors.grafana.webhook import Settings, read, verify

VECTORS = vectors("grafana")
RULE = Rule("aeq1b7x0s2ww1a", "CheckoutLatencyP99", "p99 > 2 s & rising")
STAMP = "X-Grafana-Alerting-Timestamp"


def settings(secret: str, header: str | None = None, stamp: str | None = None) -> Settings:
    named = {"grafana_signature_header": header, "grafana_timestamp_header": stamp}
    given = {name: value for name, value in named.items() if value}
    return Settings.model_validate({"grafana_webhook_secret": secret, **given})


def believed(request: Request, configured: Settings) -> bool:
    try:
        verify(request, configured)
    except Unverified:
        return False
    return True


@pytest.mark.parametrize("vector", VECTORS, ids=[one["name"] for one in VECTORS])
def test_a_signature_is_believed_as_the_vector_says(vector: dict[str, Any]) -> None:
    at = datetime.fromtimestamp(vector["now"], UTC) if "now" in vector else NOW
    headers = {name.lower(): value for name, value in vector["headers"].items()}
    request = Request(headers=headers, body=vector["body"].encode(), received_at=at)
    config = vector["config"]
    accepted = believed(request, settings(vector["secret"], config["header"], config["timestampHeader"]))
    assert accepted is vector["expect"].startswith("accept")


def test_an_empty_body_is_signed_well_and_unreadable() -> None:
    assert unread(read(delivery(b"")))


@pytest.mark.parametrize("stamp", ["", STAMP])
def test_one_flipped_bit_anywhere_shuts_the_door(stamp: str) -> None:
    signed = Standin("s3cr3t", timestamp_header=stamp).press_fire(NOW, RULE, service="checkout")
    assert believed(signed, settings("s3cr3t", stamp=stamp))
    for place in range(len(signed.body)):
        body = bytearray(signed.body)
        body[place] ^= 1
        assert not believed(signed.model_copy(update={"body": bytes(body)}), settings("s3cr3t", stamp=stamp))


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_recording_is_turned_away_once_a_timestamp_is_asked_for(minutes: int) -> None:
    signed = Standin("s3cr3t", timestamp_header=STAMP).press_fire(NOW, RULE)
    later = signed.model_copy(update={"received_at": NOW + timedelta(minutes=minutes)})
    assert not believed(later, settings("s3cr3t", stamp=STAMP))


@pytest.mark.parametrize("stamp", ["", "now", "-1", "9" * 12, "²"])
def test_a_timestamp_that_is_none_is_turned_away(stamp: str) -> None:
    signed = Standin("s3cr3t", timestamp_header=STAMP).press_fire(NOW, RULE)
    odd = signed.model_copy(update={"headers": signed.headers | {STAMP.lower(): stamp}})
    assert not believed(odd, settings("s3cr3t", stamp=STAMP))


@pytest.mark.parametrize("secrets", ["s3cr3t,second", "second, s3cr3t"])
@pytest.mark.parametrize("proof", ["signature", "bearer", "basic"])
def test_while_secrets_change_either_is_believed(secrets: str, proof: Proof) -> None:
    for secret in ("s3cr3t", "second"):
        assert believed(Standin(secret, proof=proof).press_fire(NOW, RULE), settings(secrets))
    assert not believed(Standin("third", proof=proof).press_fire(NOW, RULE), settings(secrets))


@pytest.mark.parametrize("secret", ["", ","])
@pytest.mark.parametrize("proof", ["signature", "bearer", "basic"])
def test_without_a_secret_the_door_is_closed_even_to_one_who_sends_none(secret: str, proof: Proof) -> None:
    with pytest.raises(DoorClosed, match="GRAFANA_WEBHOOK_SECRET"):
        verify(Standin("", proof=proof).press_fire(NOW, RULE), settings(secret))


def test_a_wrong_signature_is_not_mended_by_a_bearer() -> None:
    signed = Standin("s3cr3t").press_fire(NOW, RULE)
    wrong = {"x-grafana-alerting-signature": "0" * 64, "authorization": "Bearer s3cr3t"}
    assert not believed(signed.model_copy(update={"headers": wrong}), settings("s3cr3t"))


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer \xff", "s3cr3t", "Basic s3cr3t", "Basic " + base64.b64encode(b"\xff").decode()]
)
def test_a_header_that_proves_nothing_is_turned_away(header: str) -> None:
    assert not believed(delivery("{}", authorization=header), settings("s3cr3t"))
    assert not believed(delivery("{}"), settings("s3cr3t"))
