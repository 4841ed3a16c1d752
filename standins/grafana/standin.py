"""Plays Grafana: it groups alerts of a rule and posts them signed, or as older versions did."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

from standins.standin import Standin as _Standin
from standins.standin import basic
from vendors.door import Request, signed_hex

NEVER = "0001-01-01T00:00:00Z"
Proof = Literal["signature", "bearer", "basic"]


@dataclass(frozen=True)
class Rule:
    """A rule, and the labels and the panel that it has."""

    uid: str
    name: str
    summary: str = ""
    dashboard: str = ""
    panel: int = 0
    id: int = 31
    """What the dashboards' alerting knew it by."""


@dataclass(frozen=True)
class _Firing:
    """One series that the rule found."""

    rule: Rule
    labels: dict[str, str]
    starts_at: datetime
    ends_at: datetime | None = None
    annotations: tuple[tuple[str, str], ...] = ()


class Standin(_Standin):
    """One organisation with one webhook contact point; `timestamp_header` is what that is configured with."""

    name = "grafana"

    def __init__(
        self,
        secret: str,
        *,
        proof: Proof = "signature",
        timestamp_header: str = "",
        url: str = "https://grafana.acme.example",
        max_alerts: int = 0,
    ) -> None:
        super().__init__([])
        self._secret, self._proof, self._stamp, self._url, self._max = secret, proof, timestamp_header, url, max_alerts
        self._firing: dict[str, _Firing] = {}

    def press_fire(self, at: datetime, rule: Rule, **labels: str) -> Request:
        """A series of the rule fires; the message tells the whole group. Fired again, it keeps its start."""
        return self._fire(at, rule, {"alertname": rule.name, **labels})

    def press_no_data(self, at: datetime, rule: Rule, **labels: str) -> Request:
        """The rule finds no data, which is an alert of its own."""
        return self._fire(at, rule, {"alertname": "DatasourceNoData", "rulename": rule.name, **labels})

    def press_error(self, at: datetime, rule: Rule, error: str, **labels: str) -> Request:
        """The rule's data source fails, which is an alert of its own."""
        return self._fire(at, rule, {"alertname": "DatasourceError", "rulename": rule.name, **labels}, Error=error)

    def press_resolve(self, at: datetime, rule: Rule, reason: str = "", **labels: str) -> Request:
        """A firing series ends, perhaps for a reason that is no recovery; later messages leave it out."""
        key = fingerprint({"alertname": rule.name, **labels})
        if key not in self._firing:
            raise KeyError(f"no alert of {rule.name} with the labels {labels} is firing")
        told = (("grafana_state_reason", reason),) if reason else ()
        self._firing[key] = replace(self._firing[key], ends_at=at, annotations=told)
        message = self._message(rule.name, at)
        del self._firing[key]
        return message

    def press_test(self, at: datetime) -> Request:
        """Somebody presses "Test" at the contact point."""
        labels = {"alertname": "TestAlert", "instance": "Grafana"}
        told = self._told(_Firing(Rule("", "TestAlert", "Notification test"), labels, at))
        return self._send(at, self._body([told | {"generatorURL": "", "ruleUID": ""}], 0))

    def press_panel(self, at: datetime, rule: Rule, state: str, **tags: str) -> Request:
        """A panel's rule changes its state, in a Grafana before version 11."""
        body = {
            "dashboardId": 2,
            "evalMatches": [{"value": 97.0, "metric": rule.name, "tags": tags}] if state == "alerting" else [],
            "message": rule.summary,
            "orgId": 1,
            "panelId": rule.panel,
            "ruleId": rule.id,
            "ruleName": rule.name,
            "ruleUrl": f"{self._url}/d/{rule.dashboard}?tab=alert&viewPanel={rule.panel}&orgId=1",
            "state": state,
            "tags": tags,
            "title": f"[{state}] {rule.name}",
        }
        return self._send(at, body)

    def _fire(self, at: datetime, rule: Rule, labels: dict[str, str], **annotations: str) -> Request:
        fired = _Firing(rule, labels, at, annotations=tuple(annotations.items()))
        self._firing.setdefault(fingerprint(labels), fired)
        return self._message(labels["alertname"], at)

    def _message(self, alertname: str, at: datetime) -> Request:
        group = [one for one in self._firing.values() if one.labels["alertname"] == alertname]
        told = [self._told(one) for one in group][: self._max or None]
        return self._send(at, self._body(told, len(group) - len(told)))

    def _told(self, one: _Firing) -> dict[str, Any]:
        board = f"{self._url}/d/{one.rule.dashboard}?orgId=1" if one.rule.dashboard else ""
        matchers = "".join(f"&matcher={quote(f'{name}={value}', safe='')}" for name, value in one.labels.items())
        return {
            "status": "resolved" if one.ends_at else "firing",
            "labels": one.labels,
            "annotations": {"summary": one.rule.summary, **dict(one.annotations)},
            "startsAt": one.starts_at.isoformat(),
            "endsAt": one.ends_at.isoformat() if one.ends_at else NEVER,
            "generatorURL": f"{self._url}/alerting/grafana/{one.rule.uid}/view?orgId=1",
            "fingerprint": fingerprint(one.labels),
            "silenceURL": f"{self._url}/alerting/silence/new?alertmanager=grafana{matchers}&orgId=1",
            "dashboardURL": board,
            "panelURL": f"{board}&viewPanel={one.rule.panel}" if board and one.rule.panel else "",
            "ruleUID": one.rule.uid,
            "values": None if one.ends_at else {"A": 3.41, "C": 1},
            "valueString": "",
            "orgId": 1,
        }

    def _body(self, told: list[dict[str, Any]], left_out: int) -> dict[str, Any]:
        firing = any(one["status"] == "firing" for one in told)
        name = told[0]["labels"]["alertname"]
        return {
            "receiver": "standfast",
            "status": "firing" if firing else "resolved",
            "alerts": told,
            "groupLabels": {"alertname": name},
            "commonLabels": {"alertname": name},
            "commonAnnotations": {},
            "externalURL": f"{self._url}/",
            "appVersion": "12.3.1",
            "version": "1",
            "groupKey": f'{{}}:{{alertname="{name}"}}',
            "truncatedAlerts": left_out,
            "orgId": 1,
            "title": f"[{'FIRING' if firing else 'RESOLVED'}:{len(told)}] {name}",
            "state": "alerting" if firing else "ok",
            "message": "**Firing** ..." if firing else "**Resolved** ...",
        }

    def _send(self, at: datetime, body: dict[str, Any]) -> Request:
        """Post it as Go writes JSON, with some characters escaped, and prove it."""
        text = json.dumps(body, ensure_ascii=False)
        for character in "&<>":
            text = text.replace(character, f"\\u{ord(character):04x}")
        headers = {"content-type": "application/json", "user-agent": "Grafana", **self._proved(at, text.encode())}
        return Request(headers=headers, body=text.encode(), received_at=at)

    def _proved(self, at: datetime, raw: bytes) -> dict[str, str]:
        if self._proof == "bearer":
            return {"authorization": f"Bearer {self._secret}"}
        if self._proof == "basic":
            return {"authorization": basic("grafana", self._secret)}
        stamp = str(int(at.timestamp()))
        signed = f"{stamp}:".encode() + raw if self._stamp else raw
        stamped = {self._stamp.lower(): stamp} if self._stamp else {}
        return {"x-grafana-alerting-signature": signed_hex(self._secret, signed)} | stamped


def fingerprint(labels: dict[str, str]) -> str:
    """A hash of the labels, 64 bits as Grafana's own."""
    return hashlib.sha256(json.dumps(labels, sort_keys=True).encode()).hexdigest()[:16]
