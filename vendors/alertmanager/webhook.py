"""Reads Alertmanager's webhook, versions 3 and 4.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
"""

import json
from datetime import datetime
from typing import Any
from urllib.parse import quote

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from domain.alerting.alert import Alert, State, WebhookContent
from domain.company.catalog import Link
from vendors import said
from vendors.door import Request, Unreadable, links, parse, read_json, secrets_of, verify_bearer
from vendors.grouped import LONGEST_NAME, Grouped, GroupedAlert
from vendors.hearing import each, hearing

RUNBOOK = ("runbook_url", "runbook", "runbook_link", "playbook_url", "playbook")
DASHBOARD = ("dashboard_url", "dashboard", "dashboard_link", "grafana_url")
"""What rules call the places to look, best first."""


class Settings(BaseSettings):
    """The tokens Alertmanager may come with, comma-separated so that they can be rotated."""

    alertmanager_webhook_token: SecretStr = SecretStr("")


def verify(request: Request, settings: Settings) -> None:
    """Accept any of the configured bearer tokens."""
    verify_bearer(request, secrets_of(settings.alertmanager_webhook_token, "ALERTMANAGER_WEBHOOK_TOKEN"))


@hearing("alertmanager")
def read(request: Request) -> WebhookContent:
    """Turn a group of alerts into ours; those that mean "monitoring works" are heartbeats, which never page.

    A list without a message around it is what Prometheus posts itself; an alert of it is over once its end is past.
    """
    body = read_json(request.body)
    if isinstance(body, list) and any("labels" in one for one in said.objects(body)):
        body = {"alerts": body}
    if not isinstance(body, dict):
        raise Unreadable("body", _kind(body), "Alertmanager's own message, without a custom payload")
    if "orgId" in body:
        raise Unreadable("orgId", "a message of Grafana", "Alertmanager's own message")
    message = parse(Grouped, body)
    if message.status == "firing" and not message.alerts:
        raise Unreadable("alerts", "none", "the alerts of a group that fires")
    beats: list[Alert] = []

    def heard(told: Any, path: str) -> Alert | None:
        if _is_silenced(told):
            return None
        one = parse(GroupedAlert, told, path)
        one = one.model_copy(update={"labels": message.commonLabels | one.labels})
        if not _heartbeat(one):
            return _alert(one, message, request.received_at)
        beats.append(_alert(one, message, request.received_at))
        return None

    alerts, unread = each(message.alerts, heard, "alerts")
    remark = "" if alerts else _remark({one.labels.get("alertname", "?") for one in beats})
    return WebhookContent(alerts=tuple(alerts), heartbeats=tuple(beats), unread=unread, remark=remark)


def _alert(told: GroupedAlert, message: Grouped, received_at: datetime) -> Alert:
    word = (told.status or message.status).lower()
    over = word == "resolved" or (not word and told.endsAt.year >= 1970 and told.endsAt <= received_at)
    state: State = "resolved" if over else "firing"
    name = told.labels.get("alertname", "")
    title = ": ".join(part for part in (name, told.annotations.get("summary", "")) if part)
    ended_at = told.endsAt if told.endsAt.year >= 1970 else received_at
    return Alert(
        source="alertmanager",
        key=told.fingerprint or fingerprint(told.labels),
        episode=told.startsAt.isoformat(),
        state=state,
        title=title or "An alert without a name",
        description=_description(told, message.truncatedAlerts),
        service=said.service(told.labels),
        environment=said.environment(told.labels),
        severity=said.severity(told.labels),
        labels=told.labels,
        links=_links(told, message.externalURL),
        fired_at=told.startsAt,
        at=ended_at if state == "resolved" else told.startsAt,
        restated=True,
        origin=tuple(url[:LONGEST_NAME] for url in (message.externalURL, told.generatorURL.partition("?")[0]) if url),
        batch=f"{message.externalURL} {message.groupKey}"[:LONGEST_NAME],
        left_out=message.left_out,
    )


def _is_silenced(told: Any) -> bool:
    """Whether this is of Alertmanager's own list, where `status` is an object, and nobody is to hear of it."""
    status = told.get("status") if isinstance(told, dict) else None
    return isinstance(status, dict) and status.get("state") == "suppressed"


def _heartbeat(told: GroupedAlert) -> bool:
    """Watchdog and its like fire for ever by design, to prove that the way from Prometheus to here is open."""
    return told.labels.get("severity") == "none" or told.labels.get("alertname") in ("Watchdog", "DeadMansSwitch")


def _remark(names: set[str]) -> str:
    return f"a sign of life ({', '.join(sorted(names))}), no alert" if names else "a message without alerts"


def _description(told: GroupedAlert, left_out: int) -> str:
    """The annotations' words, and that this message does not tell the whole group."""
    words = [told.annotations.get("description", "") or told.annotations.get("message", "")]
    if left_out:
        words.append(f"Alertmanager left {left_out} more alerts of this group out (max_alerts); some may be firing.")
    return "\n".join(word for word in words if word)


def _links(told: GroupedAlert, external_url: str) -> tuple[Link, ...]:
    matchers = ",".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in told.labels.items())
    silence = external_url.rstrip("/") + "/#/silences/new?filter=" + quote(f"{{{matchers}}}", safe="")
    words = {**told.labels, **told.annotations}
    return links(
        ("Prometheus", told.generatorURL),
        ("Runbook", said.first(words, RUNBOOK)),
        ("Dashboard", said.first(words, DASHBOARD)),
        ("Silence", silence),
    )


def fingerprint(labels: dict[str, str]) -> str:
    """The labels' hash as Prometheus makes it (FNV-1a, 64 bits), for messages that lack it."""
    found = 0xCBF29CE484222325
    for name in sorted(labels):
        for byte in name.encode() + b"\xff" + labels[name].encode() + b"\xff":
            found = (found ^ byte) * 0x100000001B3 % 2**64
    return f"{found:016x}"


def _kind(body: Any) -> str:
    return {list: "a list", str: "a text", type(None): "null"}.get(type(body), type(body).__name__)
