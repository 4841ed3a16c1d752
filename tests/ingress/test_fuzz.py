"""Whatever anybody posts to any door, with or without its secret: an answer below 500, soon, and nothing that grows."""

import json
import random
import tracemalloc
from pathlib import Path
from typing import Any

import httpx
import pytest

from ingress.webhook.app import app
from ingress.webhook.door import Door, door_of
from ingress.webhook.inbox import Inbox
from standins.cloudwatch.standin import Standin as CloudWatch
from tests.ingress.setting import START, Clock
from tests.vendors.mutation import ODD, garbage, mutated, mutations
from tests.vendors.sender import PROVED_BY, SENDERS, secret
from vendors.cloudwatch.certificate import Certificates
from vendors.cloudwatch.webhook import Settings as SnsSettings
from vendors.directory import DIRECTORY
from vendors.door import Request

HEADERS = (
    *("content-type", "authorization", "x-api-key", "x-amz-sns-topic-arn", "x-amz-sns-rawdelivery", "x-github-event"),
    *("x-zendesk-webhook-signature-timestamp", "x-standfast-timestamp", "sentry-hook-resource", "content-encoding"),
    *("x-pagerduty-signature", "x-hub-signature", "x-standfast-cut"),
)
VALUES = (
    *("", "Bearer ", "Basic !!!", "Basic w6k=", "\xff\xfe", "9" * 40, "2026-99-99T00:00:00Z", "0001-01-01T00:00:00Z"),
    *("application/x-www-form-urlencoded", "application/json", "arn:aws:sns:x", "v1=" + "0" * 64, "gzip"),
)


def believing(request: Request) -> None:
    """Whoever it is."""


def doors() -> dict[str, Door]:
    """Every door twice: as it is, and as its sender finds it whose proof is good, whatever the body."""
    found = {}
    for name, setting in PROVED_BY.items():
        if name in DIRECTORY and DIRECTORY[name].hears:
            webhook: Any = DIRECTORY[name].part("webhook")
            found[name] = door_of(webhook, webhook.Settings.model_validate({setting.lower(): secret(name)}))
            found[f"open-{name}"] = Door(believing, webhook.read, tells_unreadable=True)
    sns: Any = DIRECTORY["cloudwatch"].part("webhook")
    topic = CloudWatch()
    settings = SnsSettings.model_validate({"sns_topic_arns": topic.topic, "cloudwatch_webhook_token": "k"})
    http = httpx.AsyncClient(transport=httpx.ASGITransport(topic.app))

    async def verify(request: Request) -> None:
        await sns.verify(request, settings, Certificates(http))

    found["cloudwatch"] = Door(verify, sns.read)
    found["open-cloudwatch"] = Door(believing, sns.read, tells_unreadable=True)
    return found


def seeds() -> dict[str, Request]:
    """One real request of everybody."""
    found = {name: make() for name, make in SENDERS.items() if name in DIRECTORY and DIRECTORY[name].hears}
    return found | {"cloudwatch": CloudWatch().press_alarm(START, "Errors")}


async def thrown_at(http: httpx.AsyncClient, chance: random.Random, times: int) -> set[int]:
    """Garbage and odd values at every door; the statuses it was answered."""
    statuses = set()
    known = seeds()
    for name in sorted(known):
        request = known[name]
        bodies = [garbage(chance, request.body) for _ in range(times)]
        try:
            odd = list(mutations(json.loads(request.body)))
            content = json.loads(request.body)
            bodies += [json.dumps(mutated(content, *one)).encode() for one in chance.sample(odd, min(times, len(odd)))]
        except ValueError:
            pass
        for body in (*bodies, b"[" * 100_000, b'{"a":' * 50_000, b"\x1f\x8b\x08", b"", request.body):
            headers = dict(request.headers) if chance.random() < 0.7 else {}
            headers |= {chance.choice(HEADERS): chance.choice(VALUES) for _ in range(chance.randint(0, 3))}
            sent = [(key.encode(), value.encode("latin-1", "replace")) for key, value in headers.items()]
            for door in (name, f"open-{name}"):
                answer = await http.post(f"/webhooks/{door}", content=body, headers=sent, params=request.query)
                assert answer.status_code < 500, (door, body[:300], headers)
                statuses.add(answer.status_code)
    return statuses


async def play(tmp_path: Path, seed: int, times: int) -> set[int]:
    clock = Clock()
    inbox = Inbox(str(tmp_path / "inbox.db"), now=clock)
    application = app(inbox, doors(), now=clock)
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://a") as http:
            return await thrown_at(http, random.Random(seed), times)  # noqa: S311, the same every time
    finally:
        await inbox.close()


async def test_no_door_falls_over(tmp_path: Path) -> None:
    assert len(ODD) > 10
    assert {202, 401, 400} <= await play(tmp_path, 1, 6)


@pytest.mark.slow
async def test_no_door_falls_over_or_grows_however_long_it_goes_on(tmp_path: Path) -> None:
    tracemalloc.start()
    sizes = []
    for seed in range(2, 5):
        (tmp_path / str(seed)).mkdir()
        await play(tmp_path / str(seed), seed, 12)
        sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert sizes[-1] - sizes[1] < 8 * 1024 * 1024
