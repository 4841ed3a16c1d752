"""Deliveries of senders: their samples and captured requests as our door sees them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.alerting.alert import UnreadPart, WebhookContent
from tests.specs import spec
from vendors.door import Request
from vendors.hearing import is_alarm

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


def delivery(body: bytes | str, at: datetime = NOW, **headers: str) -> Request:
    """A request with this body; underscores in the names of headers stand for hyphens."""
    raw = body.encode() if isinstance(body, str) else body
    return Request(headers={name.replace("_", "-"): value for name, value in headers.items()}, body=raw, received_at=at)


def captured(path: Path, at: datetime = NOW) -> Request:
    """A sample that is either a body or a whole request."""
    if not path.name.endswith(".request.json"):
        return Request(headers={}, body=path.read_bytes(), received_at=at)
    wire = json.loads(path.read_text())
    headers = {name.lower(): value for name, value in wire["headers"]}
    return Request(headers=headers, body=wire["body"].encode(), received_at=at)


def samples(sender: str) -> tuple[Path, dict[str, Any]]:
    """A sender's folder of samples, and what a reader must find in them."""
    folder = spec(f"inbound/{sender}/samples")
    facts: dict[str, Any] = json.loads((folder / "facts.json").read_text())
    return folder, facts


def vectors(sender: str) -> list[dict[str, Any]]:
    """A sender's signature vectors."""
    found: list[dict[str, Any]] = json.loads(spec(f"inbound/{sender}/samples/signature-vectors.json").read_text())[
        "vectors"
    ]
    return found


def unread(heard: WebhookContent) -> UnreadPart:
    """What could not be read, which must ring as an alert of its own beside what could."""
    assert [is_alarm(alert) for alert in heard.alerts][-1:] == [True], heard
    alarm = heard.alerts[-1]
    assert (alarm.state, alarm.severity, alarm.service, alarm.environment) == ("firing", "critical", "", "")
    return heard.unread[0]
