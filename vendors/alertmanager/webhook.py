"""Reads Alertmanager's webhook, versions 3 and 4.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
"""

import json
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote

from pydantic import BaseModel, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.alerting.alert import Alert, Heard
from domain.company.catalog import Link
from domain.value.model import Moment
from vendors.door import Request, Unreadable, read_json, secrets_of, unreadable, verify_bearer

SERVICE_LABELS = ("service", "app", "application", "app_kubernetes_io_name", "job")
ENVIRONMENT_LABELS = ("env", "environment", "deployment_environment", "stage")
"""Conventions only, best first; what the words mean is the catalog's to say."""


class Settings(BaseSettings):
    """The tokens Alertmanager may come with, comma-separated so that they can be rotated."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    alertmanager_webhook_token: SecretStr = SecretStr("")


class _Told(BaseModel):
    """One alert of a message. Releases add fields, so unknown ones are passed over."""

    status: Literal["firing", "resolved"]
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)
    startsAt: Moment
    endsAt: Moment | None = None
    """The year 1 while the alert fires, so it is never converted to another zone before it is known to be later."""
    generatorURL: str = ""
    fingerprint: str = ""
    """Missing in version 3."""


class _Message(BaseModel):
    """One group of alerts for one receiver; `groupKey` names the message only: it changes when routes are edited."""

    version: Literal["3", "4"]
    alerts: list[_Told]
    status: Any = ""
    groupKey: Any = ""
    externalURL: str = ""
    truncatedAlerts: int = 0

    @property
    def left_out(self) -> int:
        """How many alerts of the group were left out while any of it fires."""
        return 0 if self.status == "resolved" else self.truncatedAlerts


def verify(request: Request, settings: Settings) -> None:
    """Accept any of the configured bearer tokens."""
    verify_bearer(request, secrets_of(settings.alertmanager_webhook_token, "ALERTMANAGER_WEBHOOK_TOKEN"))


def read(request: Request) -> Heard:
    """Turn a group of alerts into ours; alerts that mean "monitoring works" are a remark, because they never page."""
    body = read_json(request.body)
    if not isinstance(body, dict):
        raise Unreadable("body", _kind(body), "Alertmanager's own message, without a custom payload")
    try:
        message = _Message.model_validate(body)
    except ValidationError as error:
        raise unreadable(error) from None
    alerts = [
        _alert(told, message, request.received_at, f"alerts.{place}")
        for place, told in enumerate(message.alerts)
        if not _heartbeat(told)
    ]
    return Heard(alerts=tuple(alerts), remark="" if alerts else _remark(message))


def _alert(told: _Told, message: _Message, received_at: datetime, path: str) -> Alert:
    fired_at = _after_1970(told.startsAt, f"{path}.startsAt")
    ended = told.endsAt.astimezone(UTC) if told.endsAt and told.endsAt.year >= 1970 else received_at
    name = told.labels.get("alertname", "")
    title = ": ".join(part for part in (name, told.annotations.get("summary", "")) if part)
    return Alert(
        source="alertmanager",
        key=told.fingerprint or fingerprint(told.labels),
        episode=fired_at.isoformat(),
        state=told.status,
        title=title or "An alert without a name",
        description=_description(told, message.truncatedAlerts),
        service=_first(told.labels, SERVICE_LABELS),
        environment=_first(told.labels, ENVIRONMENT_LABELS),
        severity=told.labels.get("severity", ""),
        labels=told.labels,
        links=tuple(_links(told, message.externalURL)),
        fired_at=fired_at,
        at=ended if told.status == "resolved" else fired_at,
        restated=True,
        origin=tuple(url for url in (message.externalURL, told.generatorURL.partition("?")[0]) if url),
        batch=f"{message.externalURL} {message.groupKey}",
        left_out=message.left_out,
    )


def _after_1970(moment: datetime, path: str) -> datetime:
    if moment.year < 1970:
        raise Unreadable(path, moment.isoformat(), "the moment when the alert fired")
    return moment.astimezone(UTC)


def _heartbeat(told: _Told) -> bool:
    """Watchdog and its like fire for ever by design, to prove that the way from Prometheus to here is open."""
    return told.labels.get("severity") == "none" or told.labels.get("alertname") in ("Watchdog", "DeadMansSwitch")


def _remark(message: _Message) -> str:
    names = sorted({told.labels.get("alertname", "?") for told in message.alerts})
    return f"a sign of life ({', '.join(names)}), no alert" if names else "a message without alerts"


def _description(told: _Told, left_out: int) -> str:
    """The annotations' words, and that this message does not tell the whole group."""
    words = [told.annotations.get("description", "") or told.annotations.get("message", "")]
    if left_out:
        words.append(f"Alertmanager left {left_out} more alerts of this group out (max_alerts); some may be firing.")
    return "\n".join(word for word in words if word)


def _links(told: _Told, external_url: str) -> list[Link]:
    matchers = ",".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in told.labels.items())
    silence = external_url.rstrip("/") + "/#/silences/new?filter=" + quote(f"{{{matchers}}}", safe="")
    named = (
        ("Prometheus", told.generatorURL),
        ("Runbook", told.annotations.get("runbook_url", "")),
        ("Dashboard", told.annotations.get("dashboard_url", "")),
        ("Silence", silence),
    )
    return [Link(label=label, url=url) for label, url in named if url.startswith(("https://", "http://"))]


def fingerprint(labels: dict[str, str]) -> str:
    """The labels' hash as Prometheus makes it (FNV-1a, 64 bits), for messages that lack it."""
    found = 0xCBF29CE484222325
    for name in sorted(labels):
        for byte in name.encode() + b"\xff" + labels[name].encode() + b"\xff":
            found = (found ^ byte) * 0x100000001B3 % 2**64
    return f"{found:016x}"


def _first(labels: dict[str, str], names: tuple[str, ...]) -> str:
    return next((labels[name] for name in names if labels.get(name)), "")


def _kind(body: Any) -> str:
    return {list: "a list", str: "a text", type(None): "null"}.get(type(body), type(body).__name__)
