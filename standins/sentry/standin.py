"""Plays Sentry: a project whose errors are counted, with one metric alert and one rule for issues."""

import json
from datetime import UTC, datetime
from itertools import count
from typing import Any

from standins.standin import Standin as _Standin
from vendors.door import Request, signed_hex


class Standin(_Standin):
    """One organization with an internal integration, which signs with its client secret."""

    name = "sentry"

    def __init__(self, secret: str, *, project: str = "checkout", environment: str = "production") -> None:
        super().__init__([])
        self._secret, self._project, self._environment = secret, project, environment
        self._numbers = count(1)

    def press_metric(self, at: datetime, action: str = "critical", number: int = 404, **changes: Any) -> Request:
        """The metric's alert comes into this state: critical, warning or resolved."""
        alert = {
            "id": str(number),
            "title": "Error rate",
            "projects": [self._project],
            "alert_rule": {"name": "Error rate", "environment": self._environment, "projects": [self._project]},
            "date_started": _written(at),
            "date_detected": _written(at),
            "date_closed": _written(at) if action == "resolved" else None,
        }
        data = {"metric_alert": alert | changes, "description_title": f"{action.title()}: Error rate"}
        return self._send(at, "metric_alert", action, data)

    def press_event(self, at: datetime, issue: str = "11175", level: str = "error", severity: str = "") -> Request:
        """An issue's event fits a rule; `severity` is what people have chosen at the rule."""
        place = f"https://sentry.io/api/0/projects/acme/{self._project}/events/e4874d66/"
        event = {
            "issue_id": issue,
            "title": "TimeoutError: payment gateway",
            "level": level,
            "project": 4501,
            "environment": self._environment,
            "tags": [["environment", self._environment], ["level", level]],
            "url": place,
            "web_url": f"https://sentry.io/organizations/acme/issues/{issue}/",
            "datetime": _written(at),
        }
        settings = [{"name": "severity", "value": severity}] if severity else []
        data = {"event": event, "triggered_rule": "Many errors", "issue_alert": {"settings": settings}}
        return self._send(at, "event_alert", "triggered", data)

    def press_issue(self, at: datetime, action: str = "resolved", issue: str = "11175") -> Request:
        """Somebody does something to the issue."""
        told = {"id": issue, "shortId": "CHECKOUT-1A", "title": "TimeoutError", "project": {"slug": self._project}}
        return self._send(at, "issue", action, {"issue": told})

    def press_install(self, at: datetime) -> Request:
        """Somebody installs the integration."""
        return self._send(at, "installation", "created", {"installation": {"status": "installed"}})

    def _send(self, at: datetime, resource: str, action: str, data: dict[str, Any]) -> Request:
        body = {"action": action, "installation": {"uuid": "a8e5d37a"}, "data": data, "actor": {"type": "application"}}
        raw = json.dumps(body).encode()
        headers = {
            "content-type": "application/json",
            "request-id": f"{next(self._numbers):032x}",
            "sentry-hook-resource": resource,
            "sentry-hook-timestamp": str(int(at.timestamp())),
            "sentry-hook-signature": signed_hex(self._secret, raw),
        }
        return Request(headers=headers, body=raw, received_at=at)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
