"""Plays SNS and EventBridge: signs with a certificate that it serves, and waits for subscriptions to be confirmed."""

import base64
import json
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from starlette.requests import Request as Asked
from starlette.responses import Response
from starlette.routing import Route

from standins.standin import Standin as _Standin
from vendors.cloudwatch.alarm import Value
from vendors.cloudwatch.envelope import Arn, Envelope
from vendors.door import Request

PEM = "/SimpleNotificationService-9c6465fa7f48f5cacd23014631ec1136.pem"
MADE, ENDS = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
AGENT = {"user-agent": "Amazon Simple Notification Service Agent", "content-type": "text/plain; charset=UTF-8"}


class Standin(_Standin):
    """One topic and one bus of an account. Its application stands for the region's SNS, whatever the host."""

    name = "cloudwatch"

    def __init__(
        self, topic: str = "arn:aws:sns:eu-west-1:123456789012:alarms", *, token: str = "", version: str = "2"
    ) -> None:
        super().__init__([Route("/", self._confirm), Route("/{file}", self._certificate)])
        self.topic, self._token, self._version = topic, token, version
        self._arn, self._numbers = Arn.read(topic, "topic"), count(1)
        self._key, self._pem = _signing()
        self.tokens: set[str] = set()
        """Those that subscriptions were offered with."""
        self.confirmed = False

    def press_subscribe(self, at: datetime) -> Request:
        """Somebody subscribes our address to the topic."""
        self.confirmed = False
        return self._offer(at, "SubscriptionConfirmation", "You have chosen to subscribe to the topic.")

    def press_unsubscribe(self, at: datetime) -> Request:
        """Somebody ends the subscription."""
        self.confirmed = False
        return self._offer(at, "UnsubscribeConfirmation", "You have chosen to deactivate the subscription.")

    def press_alarm(self, at: datetime, name: str, value: Value = "ALARM", description: str = "") -> Request:
        """An alarm changes its state, and the topic says so."""
        return self.press_publish(at, f'{value}: "{name}"', json.dumps(self._alarm(at, name, value, description)))

    def press_publish(self, at: datetime, subject: str, message: str) -> Request:
        """Somebody publishes to the topic, perhaps to try it out."""
        return self._sign(at, "Notification", message, Subject=subject)

    def press_raw(self, at: datetime, name: str, value: Value = "ALARM", description: str = "") -> Request:
        """An alarm changes its state, and a subscription with raw delivery is told: no envelope, no signature."""
        raw = {"x-amz-sns-rawdelivery": "true", "x-amz-sns-topic-arn": self.topic}
        body = json.dumps(self._alarm(at, name, value, description)).encode()
        password = base64.b64encode(f"sns:{self._token}".encode()).decode()
        headers = AGENT | raw | {"authorization": f"Basic {password}"}
        return Request(headers=headers, body=body, received_at=at)

    def press_event(self, at: datetime, name: str, value: Value = "ALARM", **more: Any) -> Request:
        """An alarm changes its state, and EventBridge calls its destination with the token as API key."""
        state = {"value": value, "reason": "Threshold Crossed", "timestamp": _written(at)} | more.pop("state", {})
        body = {
            "version": "0",
            "id": f"c4c1c1c9-6542-e61b-6ef0-{next(self._numbers):012d}",
            "detail-type": "CloudWatch Alarm State Change",
            "source": "aws.cloudwatch",
            "account": self._arn.account,
            "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "region": self._arn.region,
            "resources": [self._alarm_arn(name)],
            "detail": {"alarmName": name, "state": state, **more},
        }
        headers = {"content-type": "application/json; charset=utf-8", "x-api-key": self._token}
        return Request(headers=headers, body=json.dumps(body).encode(), received_at=at)

    def _alarm(self, at: datetime, name: str, value: Value, description: str) -> dict[str, Any]:
        return {
            "AlarmName": name,
            "AlarmDescription": description or None,
            "AWSAccountId": self._arn.account,
            "NewStateValue": value,
            "NewStateReason": "Threshold Crossed",
            "StateChangeTime": _written(at),
            "Region": "EU (Ireland)",
            "AlarmArn": self._alarm_arn(name),
            "OldStateValue": "ALARM" if value == "OK" else "OK",
            "Trigger": {"MetricName": "Errors", "Namespace": "Acme", "Dimensions": [], "Threshold": 5.0},
        }

    def _alarm_arn(self, name: str) -> str:
        return f"arn:{self._arn.partition}:cloudwatch:{self._arn.region}:{self._arn.account}:alarm:{name}"

    def _offer(self, at: datetime, kind: str, message: str) -> Request:
        token = f"{next(self._numbers):064x}"
        self.tokens.add(token)
        url = f"https://{self._arn.sns}/?Action=ConfirmSubscription&TopicArn={self.topic}&Token={token}"
        return self._sign(at, kind, message, Token=token, SubscribeURL=url)

    def _sign(self, at: datetime, kind: str, message: str, **more: str) -> Request:
        body = {
            "Type": kind,
            "MessageId": f"9f1b2c3d-0000-4000-8000-{next(self._numbers):012d}",
            "TopicArn": self.topic,
            "Message": message,
            "Timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z",
            "SignatureVersion": self._version,
            "SigningCertURL": f"https://{self._arn.sns}{PEM}",
            **more,
        }
        digest = SHA1() if self._version == "1" else SHA256()  # noqa: S303
        signature = self._key.sign(Envelope.model_validate(body).signed, PKCS1v15(), digest)
        signed = body | {"Signature": base64.b64encode(signature).decode()}
        headers = AGENT | {"x-amz-sns-message-type": kind, "x-amz-sns-topic-arn": self.topic}
        return Request(headers=headers, body=json.dumps(signed, indent=2).encode(), received_at=at)

    async def _certificate(self, request: Asked) -> Response:
        known = request.url.path == PEM
        return Response(self._pem, media_type="binary/octet-stream") if known else Response(status_code=403)

    async def _confirm(self, request: Asked) -> Response:
        asked = request.query_params
        if asked.get("Action") != "ConfirmSubscription" or asked.get("TopicArn") != self.topic:
            return Response("<ErrorResponse><Error><Code>InvalidParameter</Code></Error></ErrorResponse>", 400)
        if asked.get("Token") not in self.tokens:
            return Response("<ErrorResponse><Error><Code>NotFound</Code></Error></ErrorResponse>", 404)
        self.confirmed = True
        return Response("<ConfirmSubscriptionResponse/>", media_type="text/xml")


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}+0000"


@cache
def _signing() -> tuple[rsa.RSAPrivateKey, bytes]:
    """The key of the region with its certificate: SNS signs for every topic with the same."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    dated = made.serial_number(1).not_valid_before(MADE).not_valid_after(ENDS)
    return key, dated.sign(key, SHA256()).public_bytes(Encoding.PEM)
