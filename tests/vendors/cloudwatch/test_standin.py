"""The stand-in says what AWS would say, and a subscription is confirmed once it is proved."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jsonschema
import pytest

from domain.alerting.alert import Alert, WebhookContent
from domain.port.duty import VendorError
from standins.cloudwatch.standin import Standin
from standins.standin import Fault
from tests.specs import spec
from vendors.cloudwatch.certificate import Certificates
from vendors.cloudwatch.webhook import Settings, greet, read, verify
from vendors.door import Request

NOW = datetime(2026, 11, 23, 2, 54, tzinfo=UTC)
LATER = NOW + timedelta(minutes=7)


def schema(name: str) -> Any:
    return json.loads(spec(f"inbound/aws-cloudwatch/{name}.schema.json").read_text())


def client(aws: Standin) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(aws.app))


async def heard(aws: Standin, request: Request) -> WebhookContent:
    """What a message says; it is proved, and reads the same twice."""
    given = {"sns_topic_arns": aws.topic, "cloudwatch_webhook_token": "s3cr3t"}
    await verify(request, Settings.model_validate(given), Certificates(client(aws)))
    assert read(request) == read(request)
    return read(request)


async def test_an_alarm_fires_loses_its_data_and_recovers_as_one_alert() -> None:
    aws = Standin(token="s3cr3t")  # noqa: S106
    alerts = list[Alert]()
    for press in (aws.press_alarm, aws.press_raw, aws.press_event):
        alerts += (await heard(aws, press(NOW, "checkout-5xx"))).alerts
        alerts += (await heard(aws, press(LATER, "checkout-5xx", "INSUFFICIENT_DATA"))).alerts
        alerts += (await heard(aws, press(LATER, "checkout-5xx", "OK"))).alerts
    assert [alert.state for alert in alerts] == ["firing", "no_data", "resolved"] * 3
    assert {alert.key for alert in alerts} == {"arn:aws:cloudwatch:eu-west-1:123456789012:alarm:checkout-5xx"}
    assert [alert.at for alert in alerts[:3]] == [NOW, LATER, LATER]


async def test_what_it_posts_is_valid_by_the_schemas() -> None:
    aws = Standin(token="s3cr3t")  # noqa: S106
    for request in (aws.press_alarm(NOW, "x"), aws.press_subscribe(NOW), aws.press_unsubscribe(NOW)):
        jsonschema.validate(json.loads(request.body), schema("sns-envelope"))
    jsonschema.validate(json.loads(aws.press_raw(NOW, "x").body), schema("cloudwatch-alarm-message"))
    jsonschema.validate(json.loads(aws.press_event(NOW, "x").body), schema("eventbridge-alarm-state-change"))


async def test_somebody_who_tries_the_topic_out_pages_nobody() -> None:
    aws = Standin()
    said = await heard(aws, aws.press_publish(NOW, "Test", "Is anybody there?"))
    assert (said.alerts, said.remark) == ((), "alarms says 'Test', which is no alarm")


async def test_a_subscription_is_confirmed_after_it_was_proved_and_twice_is_once() -> None:
    aws = Standin()
    offer = aws.press_subscribe(NOW)
    assert "asks to confirm" in (await heard(aws, offer)).remark
    assert not aws.confirmed
    for _ in range(2):
        assert await greet(offer, client(aws)) == f"the subscription to {aws.topic} is confirmed"
    assert aws.confirmed


async def test_the_address_in_the_body_is_never_visited() -> None:
    aws = Standin()
    offer = aws.press_subscribe(NOW)
    body = json.loads(offer.body) | {"SubscribeURL": "https://attacker.example/"}
    asked = list[httpx.URL]()

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(200)

    lured = offer.model_copy(update={"body": json.dumps(body).encode()})
    await greet(lured, httpx.AsyncClient(transport=httpx.MockTransport(answer)))
    assert [url.host for url in asked] == ["sns.eu-west-1.amazonaws.com"]
    assert dict(asked[0].params)["TopicArn"] == aws.topic


async def test_the_end_of_a_subscription_is_said_loudly_and_not_answered() -> None:
    aws = Standin()
    ended = aws.press_unsubscribe(NOW)
    assert "its alarms no longer come here" in (await heard(aws, ended)).remark
    calls = len(aws.calls)
    assert await greet(ended, client(aws)) is None
    assert (len(aws.calls), aws.confirmed) == (calls, False)


async def test_an_alarm_and_an_event_ask_for_no_answer() -> None:
    aws = Standin()
    assert await greet(aws.press_alarm(NOW, "x"), client(aws)) is None
    assert await greet(aws.press_event(NOW, "x"), client(aws)) is None
    assert aws.calls == []


async def test_a_confirmation_that_sns_refuses_is_given_up_and_one_it_cannot_take_now_is_not() -> None:
    aws = Standin()
    offer = aws.press_subscribe(NOW)
    aws.fail(Fault(status=503))
    with pytest.raises(VendorError) as away:
        await greet(offer, client(aws))
    aws.tokens.clear()
    with pytest.raises(VendorError) as refused:
        await greet(offer, client(aws))
    assert (away.value.retryable, refused.value.retryable) == (True, False)


async def test_a_suppressed_alarm_is_a_remark() -> None:
    aws = Standin(token="s3cr3t")  # noqa: S106
    event = aws.press_event(NOW, "checkout-5xx", state={"actionsSuppressedBy": "Alarm"})
    assert (await heard(aws, event)).remark == "checkout-5xx is in ALARM, but AWS suppresses its actions (Alarm)"
