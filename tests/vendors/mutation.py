"""Bodies as senders break them: values of another type, too long, cut in half or from another age; and garbage."""

import json
import random
from collections.abc import Iterator
from typing import Any

from domain.alerting.alert import Alert, WebhookContent
from standins.alertmanager.standin import Standin as Alertmanager
from standins.cloudwatch.standin import Standin as CloudWatch
from standins.datadog.standin import Monitor
from standins.generic.standin import Standin as Generic
from standins.grafana.standin import Rule
from standins.grafana.standin import Standin as Grafana
from standins.sentry.standin import Standin as Sentry
from standins.zendesk.standin import Standin as Zendesk
from tests.vendors.delivery import NOW
from tests.vendors.sender import CAST, KEY, secret
from vendors.directory import DIRECTORY
from vendors.door import Request
from vendors.hearing import is_alarm

ODD: tuple[Any, ...] = (
    *(None, [], {}, [None], {"a": [1]}, 0, -7, 1.5, 10**30, True, "", " "),
    *("x" * 100_000, "cut \ud83d", "\x00\x1b[2J", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"),
)
"""What a value may become."""
OPEN = {"opsgenie": "action", "datadog": "alert_type", "zendesk": "detail.tags"}
"""Where any word is a meaning of its own, and its absence too."""


def firing() -> dict[str, Request]:
    """One firing alert of every monitor and pager."""
    labels = {"service": "checkout", "severity": "critical", "env": "prod"}
    return {
        "pagerduty": CAST.pagerduty().press_trigger("PSVCCHK", "Checkout 5xx", priority="P1"),
        "opsgenie": CAST.opsgenie().press_create("Checkout 5xx", priority="P1", entity="checkout"),
        "alertmanager": Alertmanager(secret("alertmanager")).press_fire(NOW, alertname="Errors", **labels),
        "datadog": CAST.datadog().press_trigger(NOW, Monitor(1, "Errors", "P1", ("service:checkout",))),
        "grafana": Grafana(KEY).press_fire(NOW, Rule("r1", "Errors"), **labels),
        "cloudwatch": CloudWatch().press_alarm(NOW, "Errors", description="sev=1 service=checkout"),
        "sentry": Sentry(KEY).press_metric(NOW),
        "zendesk": Zendesk(KEY).press_escalate(NOW, "7", "Cannot pay", "service_checkout"),
        "generic": Generic(secret("generic")).press_fire(NOW, "disk", "Disk full", service="checkout"),
    }


def mutations(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[str, Any]]:
    """The content with every one of its values, leaf or branch, made into every odd one, and where that was."""
    if path:
        yield from ((".".join(map(str, path)), odd) for odd in ODD)
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for name, value in inner:
        yield from mutations(value, (*path, name))


def mutated(content: Any, path: str, odd: Any) -> Any:
    """A copy of the content with one value made into another."""
    copy = json.loads(json.dumps(content))
    *above, last = path.split(".")
    place = copy
    for step in above:
        place = place[int(step) if isinstance(place, list) else step]
    place[int(last) if isinstance(place, list) else last] = odd
    return copy


def broken(request: Request, content: Any) -> Request:
    """The request with another content."""
    return request.model_copy(update={"body": json.dumps(content).encode()})


def garbage(chance: random.Random, body: bytes) -> bytes:
    """The body with some of its bytes changed, taken out or put in."""
    raw = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(raw))
        match chance.randrange(4):
            case 0:
                raw[at] = chance.randrange(256)
            case 1:
                del raw[at : at + chance.randint(1, 20)]
            case 2:
                raw[at:at] = bytes(chance.choices(b'{}[]",:\\u0d8\x00\xff', k=chance.randint(1, 9)))
            case _:
                raw = raw[: at + 1]
        raw = raw or bytearray(b"{")
    return bytes(raw)


def heard(name: str, request: Request) -> WebhookContent:
    """What is heard, which every database and every engine must be able to carry."""
    found: WebhookContent = DIRECTORY[name].part("webhook").read(request)
    assert len(found.model_dump_json()) < 100_000
    for alert in found.alerts:
        check(alert, request)
    return found


def check(alert: Alert, request: Request) -> None:
    """An alert that can be told, shown and measured."""
    assert alert.key
    assert alert.title
    assert alert.fired_at.year >= 2000
    assert max(alert.fired_at, alert.at) <= request.received_at
    assert "\x1b" not in alert.model_dump_json() + alert.title
    assert len(alert.title) <= 250
    assert alert.severity == "critical" or not is_alarm(alert)
