"""Proves what SNS and EventBridge post, reads the alarms in it, and confirms subscriptions.

An envelope of SNS is proved by its signature, after its topic was found on the list: a signature alone says only that
some account of AWS has published it. SNS may retry for an hour, so the window is wider than elsewhere; within it a
recording tells nothing new.

A raw delivery of SNS and an event of EventBridge have no signature. They are believed with a token, where one is
configured: EventBridge sends it as an API key (`X-Api-Key`) or bearer, SNS as the password in the endpoint's address.

Not pure as other doors are: a certificate may have to be fetched, and a subscription answered (`greet`).

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

import base64
import binascii
import re
from datetime import timedelta
from typing import Any

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from domain.alerting.alert import WebhookContent
from domain.value.model import comma_list
from vendors.api import Api
from vendors.cloudwatch import event, message
from vendors.cloudwatch.certificate import Certificates, is_of_sns
from vendors.cloudwatch.envelope import Arn, Envelope, envelope_of, told_in
from vendors.door import (
    DoorClosed,
    Request,
    Unreadable,
    Unverified,
    credentials,
    read_json,
    secrets_of,
    verify_any,
    verify_recent,
)
from vendors.hearing import hearing, together
from vendors.said import pairs, service, text

WINDOW = timedelta(hours=2)
"""The longest retry policy of SNS is one hour, and its queue comes on top."""
SPOKEN = re.compile(r"\bALARM\b")
"""The state in a sentence of one's own, as EventBridge makes it of a template."""


class Settings(BaseSettings):
    """Which topics are heard, by which signatures, and the tokens of what is not signed; all comma-separated."""

    sns_topic_arns: str = ""
    sns_signature_versions: str = "1,2"
    cloudwatch_webhook_token: SecretStr = SecretStr("")


async def verify(request: Request, settings: Settings, certificates: Certificates) -> None:
    """Accept signed messages of a topic on the list, and unsigned ones with a token; nothing is fetched before that.

    `Undecided` is raised when the certificate cannot be had now.
    """
    try:
        for one in told_in(_content(request)):
            envelope = envelope_of(one)
            if envelope is None:
                _verify_token(request, settings)
            else:
                _verify_topic(envelope.TopicArn, settings)
                await _verify_signature(envelope, request, settings, certificates)
    except Unreadable as error:
        raise Unverified(str(error)) from None


@hearing("cloudwatch")
def read(request: Request) -> WebhookContent:
    """Turn each alarm into an alert; confirmations, and whatever else a topic carries, are remarks."""
    told = told_in(_content(request))
    if len(told) == 1:
        return _read(told[0], request)
    return together(told, lambda one: _read(one, request))


def _read(content: Any, request: Request) -> WebhookContent:
    """What one message says, in the envelope of SNS or without one."""
    envelope = envelope_of(content)
    if envelope is None:
        topic = request.headers.get("x-amz-sns-topic-arn", "")
        return _hear(content, Arn.read(topic, "x-amz-sns-topic-arn") if topic else None, "")
    if envelope.Type == "SubscriptionConfirmation":
        return WebhookContent(remark=f"SNS asks to confirm the subscription to {envelope.TopicArn}")
    if envelope.Type == "UnsubscribeConfirmation":
        lost = "its alarms no longer come here. If nobody meant that, subscribe again"
        return WebhookContent(remark=f"The subscription to {envelope.TopicArn} was ended: {lost}")
    return _hear(_parsed(envelope.Message), envelope.topic, envelope.Subject or "")


async def greet(request: Request, http: httpx.AsyncClient) -> str | None:
    """Confirm the subscription that a verified request asks for; answers what was done, None when nothing was.

    To be called only after `verify`. The address is made here, of the topic that was found on the list and of the
    signed token, and never taken from the body. Confirming again is answered as the first time, so it may be repeated.
    The end of a subscription is not answered: the address in it would subscribe again.
    """
    told = told_in(_content(request))
    envelope = envelope_of(told[0]) if len(told) == 1 else None
    if envelope is None or envelope.Type != "SubscriptionConfirmation":
        return None
    wanted = {"Action": "ConfirmSubscription", "TopicArn": envelope.TopicArn, "Token": envelope.Token}
    await Api("cloudwatch", http, f"https://{envelope.topic.sns}").send("GET", "/", params=wanted)
    return f"the subscription to {envelope.TopicArn} is confirmed"


def _content(request: Request) -> Any:
    """The body; what a topic passes on raw may be any text."""
    if "x-amz-sns-rawdelivery" in request.headers:
        return _parsed(request.body.decode(errors="replace"))
    return read_json(request.body)


def _parsed(text: str) -> Any:
    """An alarm is JSON in the message; other messages may be any text."""
    try:
        return read_json(text.encode(errors="replace"))
    except Unreadable:
        return text


def _hear(content: Any, topic: Arn | None, subject: str) -> WebhookContent:
    if isinstance(content, dict) and event.is_event(content):
        return event.read(content)
    if isinstance(content, dict) and message.is_alarm(content):
        return WebhookContent(alerts=(message.read(content, topic).alert(),))
    if subject.startswith("ALARM:"):
        raise Unreadable("Message", repr(content)[:80], "the alarm that the subject speaks of")
    if isinstance(content, str) and content.lstrip()[:1] in ("{", "["):
        raise Unreadable("Message", repr(content)[-80:], "JSON to its end")
    if isinstance(content, str) and SPOKEN.search(content):
        raise Unreadable("Message", repr(content)[:80], "the alarm as AWS says it")
    if isinstance(content, dict) and _is_reworded(content, bare=topic is None):
        raise Unreadable("Message", repr(content)[:80], "the alarm as AWS says it, or one's own with a service")
    return WebhookContent(remark=f"{topic.name if topic else 'AWS'} says {subject or 'something'!r}, which is no alarm")


def _is_reworded(content: dict[str, Any], *, bare: bool) -> bool:
    """Whether somebody's own words tell an alarm, or the end of one; an OK is one where nothing else is around it."""
    words = {text(word).upper() for word in content.values()}
    return "ALARM" in words or ("OK" in words and bare and bool(service(pairs(content))))


def _verify_topic(arn: str, settings: Settings) -> None:
    topics = comma_list(settings.sns_topic_arns)
    if not topics:
        raise DoorClosed("this door is closed: set SNS_TOPIC_ARNS")
    if arn not in topics:
        raise Unverified("the topic is not in SNS_TOPIC_ARNS")


async def _verify_signature(
    envelope: Envelope, request: Request, settings: Settings, certificates: Certificates
) -> None:
    if envelope.SignatureVersion not in comma_list(settings.sns_signature_versions):
        raise Unverified("the signature's version is not in SNS_SIGNATURE_VERSIONS")
    if not is_of_sns(envelope.SigningCertURL, envelope.topic):
        raise Unverified("the certificate is not one of SNS in the topic's region")
    verify_recent(request, envelope.sent_at, WINDOW)
    try:
        signature = base64.b64decode(envelope.Signature, validate=True)
    except (binascii.Error, ValueError):
        raise Unverified("the signature is none") from None
    key = await certificates.key(envelope.SigningCertURL, request.received_at)
    try:
        digest = SHA1() if envelope.SignatureVersion == "1" else SHA256()  # noqa: S303
        key.verify(signature, envelope.signed, PKCS1v15(), digest)
    except InvalidSignature:
        raise Unverified("the signature does not fit the message") from None


def _verify_token(request: Request, settings: Settings) -> None:
    tokens = secrets_of(settings.cloudwatch_webhook_token, "CLOUDWATCH_WEBHOOK_TOKEN")
    verify_any([request.headers.get("x-api-key", ""), credentials(request)], tokens)
    if "x-amz-sns-topic-arn" in request.headers:
        _verify_topic(request.headers["x-amz-sns-topic-arn"], settings)
