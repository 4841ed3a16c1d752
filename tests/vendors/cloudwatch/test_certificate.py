"""The certificates SNS signs with: from where they are fetched, how often, and what proves nothing."""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from standins.cloudwatch.standin import Standin
from standins.standin import Fault
from tests.specs import spec
from tests.vendors.cloudwatch.amazon import NOW, TOPIC, answering, believed, certificates, settings
from vendors.cloudwatch.certificate import KEPT, LARGEST, is_of_sns
from vendors.cloudwatch.envelope import Arn
from vendors.cloudwatch.webhook import verify
from vendors.door import Undecided

URLS = json.loads(spec("inbound/aws-cloudwatch/samples/signing-cert-urls.json").read_text())
URL = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-{:032x}.pem"


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
