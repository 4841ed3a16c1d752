"""What the tests of AWS's door share: the topic that is heard, and who answers for its certificates."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import httpx

from standins.cloudwatch.standin import Standin
from vendors.cloudwatch.certificate import Certificates
from vendors.cloudwatch.webhook import Settings
from vendors.door import Unverified

TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
NOW = datetime(2026, 11, 23, 2, 54, tzinfo=UTC)


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
