"""What comes from AWS: who is believed, and what is fetched before that."""

import base64
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.specs import spec
from tests.vendors.delivery import captured, samples, vectors
from vendors.cloudwatch.certificate import KEPT, LARGEST, Certificates, is_of_sns
from vendors.cloudwatch.envelope import Arn, Envelope
from vendors.cloudwatch.standin import Standin
from vendors.cloudwatch.webhook import Settings, read, verify
from vendors.door import Closed, Request, Undecided, Unverified
from vendors.standin import Fault

FOLDER, _ = samples("aws-cloudwatch")
VECTORS = vectors("aws-cloudwatch")
URLS = json.loads(spec("inbound/aws-cloudwatch/samples/signing-cert-urls.json").read_text())
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
NOW = datetime(2026, 11, 23, 2, 54, tzinfo=UTC)
URL = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-{:032x}.pem"


def settings(topics: str = TOPIC, **more: str) -> Settings:
    return Settings.model_validate({"sns_topic_arns": topics, **more})


def certificates(aws: Standin) -> Certificates:
    return Certificates(httpx.AsyncClient(transport=httpx.ASGITransport(aws.app)))


def answering(answer: Callable[[httpx.Request], httpx.Response]) -> Certificates:
    return Certificates(httpx.AsyncClient(transport=httpx.MockTransport(answer)))


def nobody(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"{request.url} was fetched")


async def believed(proof: Awaitable[None]) -> bool:
    try:
        await proof
    except Unverified:
        return False
    return True


@pytest.mark.parametrize("vector", VECTORS, ids=[one["name"] for one in VECTORS])
async def test_a_signature_is_believed_as_the_vector_says(vector: dict[str, Any]) -> None:
    fetched = answering(lambda _: httpx.Response(200, content=vector["certificate_pem"].encode()))
    request = Request(headers={}, body=json.dumps(vector["message"]).encode(), received_at=NOW)
    accepted = await believed(verify(request, settings(vector["message"]["TopicArn"]), fetched))
    assert accepted is (vector["expect"] == "accept")
    if "canonical_string" in vector:
        assert Envelope.model_validate(vector["message"]).signed.decode() == vector["canonical_string"]


@pytest.mark.parametrize("one", URLS["urls"], ids=[one["why"] or one["expect"] for one in URLS["urls"]])
def test_a_certificate_comes_from_sns_of_the_topics_region_and_nowhere_else(one: dict[str, str]) -> None:
    topic = Arn.read(f"arn:aws:sns:{URLS['topic_region']}:123456789012:alarms", "topic")
    assert is_of_sns(one["url"], topic) is (one["expect"] == "accept")
    for region in ("us-gov-west-1", "us-east-1"):
        if f"https://sns.{region}." in one["url"]:
            assert is_of_sns(one["url"], topic.model_copy(update={"region": region}))


def test_in_china_sns_has_a_host_of_its_own() -> None:
    topic = Arn.read("arn:aws-cn:sns:cn-north-1:123456789012:alarms", "topic")
    name = "SimpleNotificationService-9c6465fa7f48f5cacd23014631ec1136.pem"
    assert is_of_sns(f"https://sns.cn-north-1.amazonaws.com.cn/{name}", topic)
    assert not is_of_sns(f"https://sns.cn-north-1.amazonaws.com/{name}", topic)


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
        with pytest.raises(Closed, match="SNS_TOPIC_ARNS"):
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


async def test_a_certificate_is_fetched_once_for_many_messages() -> None:
    aws = Standin(TOPIC)
    known = certificates(aws)
    for minute in range(3):
        await verify(aws.press_alarm(NOW + timedelta(minutes=minute), "x"), settings(), known)
    assert [call.method for call in aws.calls] == ["GET"]


@pytest.mark.parametrize("year", [2025, 2036])
async def test_a_certificate_outside_its_dates_proves_nothing(year: int) -> None:
    aws, at = Standin(TOPIC), datetime(year, 11, 23, tzinfo=UTC)
    assert not await believed(verify(aws.press_alarm(at, "x"), settings(), certificates(aws)))


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_when_the_certificate_cannot_be_had_now_sns_is_to_ask_again(status: int) -> None:
    aws = Standin(TOPIC)
    aws.fail(Fault(status=status))
    known, signed = certificates(aws), aws.press_alarm(NOW, "x")
    with pytest.raises(Undecided, match=str(status)):
        await verify(signed, settings(), known)
    await verify(signed, settings(), known)


async def test_a_certificate_whose_host_cannot_be_reached_is_asked_for_again_too() -> None:
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("slow", request=request)

    with pytest.raises(Undecided, match="ConnectTimeout"):
        await verify(Standin(TOPIC).press_alarm(NOW, "x"), settings(), answering(away))


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(403),
        httpx.Response(302, headers={"location": "https://evil.example/x.pem"}),
        httpx.Response(200, content=b"no certificate"),
        httpx.Response(200, content=b"x" * (LARGEST + 1)),
    ],
    ids=["refused", "redirected", "none", "large"],
)
async def test_what_is_no_certificate_proves_nothing(answer: httpx.Response) -> None:
    assert not await believed(verify(Standin(TOPIC).press_alarm(NOW, "x"), settings(), answering(lambda _: answer)))


async def test_only_so_many_certificates_are_kept() -> None:
    aws, fetched = Standin(TOPIC), list[str]()
    pem = (
        await httpx.AsyncClient(transport=httpx.ASGITransport(aws.app)).get(
            json.loads(aws.press_alarm(NOW, "x").body)["SigningCertURL"]
        )
    ).content

    def answer(request: httpx.Request) -> httpx.Response:
        fetched.append(str(request.url))
        return httpx.Response(200, content=pem)

    known = answering(answer)
    for number in (*range(KEPT + 1), 1, 0):
        await known.key(URL.format(number), NOW)
    assert len(fetched) == KEPT + 2
    assert fetched[-1] == URL.format(0)


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
    with pytest.raises(Closed, match="CLOUDWATCH_WEBHOOK_TOKEN"):
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
