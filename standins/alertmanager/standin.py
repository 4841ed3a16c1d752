"""Plays Alertmanager: it groups alerts, forgets what it has said to be resolved, and posts with its token."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from standins.standin import Standin as _Standin
from vendors.alertmanager.webhook import fingerprint
from vendors.door import Request

NEVER = "0001-01-01T00:00:00Z"


@dataclass(frozen=True)
class _Firing:
    """An alert that Prometheus has sent."""

    labels: dict[str, str]
    summary: str
    starts_at: datetime
    ends_at: datetime | None = None


class Standin(_Standin):
    """One Alertmanager with one route that groups by `alertname`; `max_alerts` truncates, 0 tells all."""

    name = "alertmanager"

    def __init__(
        self,
        token: str,
        *,
        url: str = "http://alertmanager.example:9093",
        max_alerts: int = 0,
        receiver: str = "standfast",
    ) -> None:
        super().__init__([])
        self._token, self._url, self._max, self._receiver = token, url, max_alerts, receiver
        self._firing: dict[str, _Firing] = {}

    def press_fire(self, at: datetime, summary: str = "", **labels: str) -> Request:
        """An alert fires; the message tells its whole group. Fired again, it keeps its start."""
        fired = self._firing.setdefault(fingerprint(labels), _Firing(labels, summary, at))
        return self._message(fired.labels["alertname"], at)

    def press_resolve(self, at: datetime, **labels: str) -> Request:
        """A firing alert ends; the message tells its whole group, later ones leave the ended alert out."""
        key = fingerprint(labels)
        if key not in self._firing:
            raise KeyError(f"no alert with the labels {labels} is firing")
        self._firing[key] = replace(self._firing[key], ends_at=at)
        message = self._message(labels["alertname"], at)
        del self._firing[key]
        return message

    def press_repeat(self, at: datetime, alertname: str) -> Request:
        """`repeat_interval` has passed: the group is told again, unchanged."""
        return self._message(alertname, at)

    def _message(self, alertname: str, at: datetime) -> Request:
        group = {key: one for key, one in self._firing.items() if one.labels["alertname"] == alertname}
        told = [_told(key, one) for key, one in group.items()][: self._max or None]
        body = {
            "receiver": self._receiver,
            "status": "firing" if any(one["status"] == "firing" for one in told) else "resolved",
            "alerts": told,
            "groupLabels": {"alertname": alertname},
            "commonLabels": _shared([one.labels for one in group.values()]),
            "commonAnnotations": {},
            "externalURL": self._url,
            "version": "4",
            "groupKey": f'{{}}:{{alertname="{alertname}"}}',
            "truncatedAlerts": len(group) - len(told),
        }
        headers = {
            "user-agent": "Alertmanager/0.25.0",
            "content-type": "application/json",
            "authorization": f"Bearer {self._token}",
        }
        return Request(headers=headers, body=json.dumps(body).encode() + b"\n", received_at=at)


def _told(key: str, one: _Firing) -> dict[str, Any]:
    return {
        "status": "resolved" if one.ends_at else "firing",
        "labels": one.labels,
        "annotations": {"summary": one.summary} if one.summary else {},
        "startsAt": one.starts_at.isoformat(),
        "endsAt": one.ends_at.isoformat() if one.ends_at else NEVER,
        "generatorURL": "",
        "fingerprint": key,
    }


def _shared(labels: list[dict[str, str]]) -> dict[str, str]:
    return {name: value for name, value in labels[0].items() if all(one.get(name) == value for one in labels)}
