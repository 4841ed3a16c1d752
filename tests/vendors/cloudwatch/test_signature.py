"""What comes from AWS: who is believed, and that nothing is fetched before that."""

import base64
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from standins.cloudwatch.standin import Standin
from tests.vendors.cloudwatch.amazon import NOW, TOPIC, answering, believed, certificates, nobody, settings
from tests.vendors.delivery import captured, samples, vectors
from vendors.cloudwatch.envelope import Envelope
from vendors.cloudwatch.webhook import read, verify
from vendors.door import DoorClosed, Request

FOLDER, _ = samples("aws-cloudwatch")
VECTORS = vectors("aws-cloudwatch")


@pytest.mark.parametrize("vector", VECTORS, ids=[one["name"] for one in VECTORS])
async def test_a_signature_is_believed_as_the_vector_says(vector: dict[str, Any]) -> None:
    fetched = answering(lambda _: httpx.Response(200, content=vector["certificate_pem"].encode()))
    request = Request(headers={}, body=json.dumps(vector["message"]).encode(), received_at=NOW)
    accepted = await believed(verify(request, settings(vector["message"]["TopicArn"]), fetched))
    assert accepted is (vector["expect"] == "accept")
    if "canonical_string" in vector:
        assert Envelope.model_validate(vector["message"]).signed.decode() == vector["canonical_string"]


@pytest.mark.parametrize("version", ["1", "2"])
async def test_one_flipped_bit_changes_nothing_that_is_read_or_shuts_the_door(version: str) -> None:
    aws = Standin(TOPIC, version=version)
    signed, known = aws.press_alarm(NOW, "checkout-5xx"), certificates(aws)
    await verify(signed, settings(), known)
    passed = 0
    for place in range(len(signed.body)):
        body = bytearray(signed.body)
        body[place] ^= 1
        flipped = signed.model_copy(update={"body": bytes(body)})
        if await believed(verify(flipped, settings(), known)):
            passed += 1
            assert read(flipped) == read(signed)
    assert passed < len(signed.body) / 20


@pytest.mark.parametrize("hours", [-3, 3])
async def test_a_recording_is_turned_away_and_a_late_retry_is_not(hours: int) -> None:
    aws = Standin(TOPIC)
    signed = aws.press_alarm(NOW, "checkout-5xx")
    retried = signed.model_copy(update={"received_at": NOW + timedelta(hours=1, minutes=5)})
    assert await believed(verify(retried, settings(), certificates(aws)))
    old = signed.model_copy(update={"received_at": NOW + timedelta(hours=hours)})
    assert not await believed(verify(old, settings(), answering(nobody)))


async def test_another_topic_is_turned_away_although_aws_signed_it_and_nothing_is_fetched() -> None:
    signed = Standin("arn:aws:sns:eu-west-1:999999999999:alarms").press_alarm(NOW, "x")
    assert not await believed(verify(signed, settings(), answering(nobody)))


@pytest.mark.parametrize("second", [f"{TOPIC},arn:aws:sns:us-east-1:1:b", f"arn:aws:sns:us-east-1:1:b, {TOPIC}"])
async def test_each_topic_of_the_list_is_heard(second: str) -> None:
    aws = Standin(TOPIC)
    assert await believed(verify(aws.press_alarm(NOW, "x"), settings(second), certificates(aws)))


async def test_without_a_topic_the_door_is_closed() -> None:
    for topics in ("", " , "):
        with pytest.raises(DoorClosed, match="SNS_TOPIC_ARNS"):
            await verify(Standin(TOPIC).press_alarm(NOW, "x"), settings(topics), answering(nobody))


async def test_the_older_signature_can_be_ruled_out() -> None:
    aws = Standin(TOPIC, version="1")
    strict = settings(sns_signature_versions="2")
    assert not await believed(verify(aws.press_alarm(NOW, "x"), strict, answering(nobody)))


@pytest.mark.parametrize("name", ["subscription-confirmation", "cloudwatch-alarm"])
async def test_an_emulators_own_address_is_not_fetched(name: str) -> None:
    request = captured(FOLDER / f"captured.localstack.{name}.v2.request.json", NOW + timedelta(minutes=31))
    topic = json.loads(request.body)["TopicArn"]
    assert not await believed(verify(request, settings(topic), answering(nobody)))


TOKENS = {"cloudwatch_webhook_token": "tok-one, tok-two"}


@pytest.mark.parametrize("token", ["tok-one", "tok-two"])
async def test_what_is_not_signed_is_believed_with_a_token_where_one_is_configured(token: str) -> None:
    aws = Standin(TOPIC, token=token)
    for request in (aws.press_raw(NOW, "x"), aws.press_event(NOW, "x")):
        assert await believed(verify(request, settings(**TOKENS), answering(nobody)))
        bearer = request.model_copy(update={"headers": {"authorization": f"Bearer {token}"}})
        assert await believed(verify(bearer, settings(**TOKENS), answering(nobody)))


@pytest.mark.parametrize("token", ["", "tok-onf", "tok-one, tok-two"])
async def test_another_token_or_none_is_turned_away(token: str) -> None:
    aws = Standin(TOPIC, token=token)
    for request in (aws.press_raw(NOW, "x"), aws.press_event(NOW, "x")):
        assert not await believed(verify(request, settings(**TOKENS), answering(nobody)))


async def test_a_raw_delivery_of_another_topic_is_turned_away() -> None:
    other = Standin("arn:aws:sns:eu-west-1:999999999999:alarms", token="tok-one")  # noqa: S106
    assert not await believed(verify(other.press_raw(NOW, "x"), settings(**TOKENS), answering(nobody)))


@pytest.mark.parametrize("name", ["sns.raw-delivery.request.json", "captured.localstack.raw-delivery.request.json"])
async def test_without_a_token_a_raw_delivery_finds_the_door_closed(name: str) -> None:
    with pytest.raises(DoorClosed, match="CLOUDWATCH_WEBHOOK_TOKEN"):
        await verify(captured(FOLDER / name, NOW), settings(), answering(nobody))


async def test_a_token_does_not_stand_for_a_signature() -> None:
    aws = Standin(TOPIC)
    body = json.loads(aws.press_alarm(NOW, "x").body) | {"Signature": base64.b64encode(b"x").decode()}
    forged = Request(headers={"x-api-key": "tok-one"}, body=json.dumps(body).encode(), received_at=NOW)
    assert not await believed(verify(forged, settings(**TOKENS), certificates(aws)))


@pytest.mark.parametrize(
    "changes",
    [
        {"Type": "Other"},
        {"TopicArn": "alarms"},
        {"Timestamp": "yesterday"},
        {"Timestamp": "2026-11-23T02:54:00"},
        {"Signature": "ключ"},
        {"Signature": ""},
        {"SigningCertURL": ""},
    ],
)
async def test_an_odd_envelope_is_turned_away(changes: dict[str, str]) -> None:
    aws = Standin(TOPIC)
    body = json.loads(aws.press_alarm(NOW, "x").body) | changes
    odd = Request(headers={}, body=json.dumps(body).encode(), received_at=NOW)
    topics = settings(f"{TOPIC},alarms")
    assert not await believed(verify(odd, topics, certificates(aws)))


@pytest.mark.parametrize("body", [b"", b"\xff", b"text", b'{"Records": []}', b'{"Records": [1]}'])
async def test_what_is_no_message_of_sns_is_turned_away(body: bytes) -> None:
    assert not await believed(verify(Request(headers={}, body=body, received_at=NOW), settings(), answering(nobody)))


async def test_an_emulators_signature_that_leaves_out_the_subject_is_turned_away() -> None:
    aws, request = Standin(TOPIC), captured(FOLDER / "captured.moto.notification.request.json", NOW)
    body = json.loads(request.body) | {"SigningCertURL": json.loads(aws.press_alarm(NOW, "x").body)["SigningCertURL"]}
    moto = request.model_copy(update={"body": json.dumps(body).encode()})
    assert not await believed(verify(moto, settings(body["TopicArn"]), certificates(aws)))
