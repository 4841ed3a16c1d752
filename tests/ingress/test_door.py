"""What the door has read of a request, the relay need not read again."""

from datetime import timedelta

from domain.alerting.alert import WebhookContent
from ingress.webhook.door import ReadOnce
from tests.ingress.setting import START
from vendors.door import SMALL, Request


def request(number: int = 0, body: bytes = b"{}") -> Request:
    return Request(headers={}, body=body, received_at=START + timedelta(seconds=number))


def test_a_request_is_read_once_by_the_door_and_the_relay_and_again_by_whoever_comes_then() -> None:
    read: list[Request] = []
    once = ReadOnce(lambda request: read.append(request) or WebhookContent(remark=str(len(read))))  # type: ignore[func-returns-value]
    assert [once(request()).remark for _ in range(3)] == ["1", "1", "2"]
    assert once(request(1)).remark == "3"


def test_what_is_large_or_long_ago_is_read_again() -> None:
    read: list[Request] = []
    once = ReadOnce(lambda request: read.append(request) or WebhookContent())  # type: ignore[func-returns-value]
    for _ in range(2):
        once(request(body=b"x" * (SMALL + 1)))
    assert len(read) == 2
    for number in range(ReadOnce.most + 1):
        once(request(number))
    before = len(read)
    once(request(0))
    assert len(read) == before + 1
