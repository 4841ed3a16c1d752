"""Reads the webhooks of Datadog's monitors; template.py has the template to give to Datadog.

Nothing is signed, so a recording could be sent again: it tells a state that is known already, or an older one, and both
are passed over by the source's time.

`$DATE` is the moment of the notification. It is when the alert fired as long as the first notification is the first one
heard; a reminder that is heard first, and a recovery, can only tell their own moment.

https://docs.datadoghq.com/integrations/webhooks/
"""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from domain.alerting.alert import Alert, State, WebhookContent
from domain.company.catalog import Link
from vendors.datadog.notice import Notice
from vendors.door import Request, Unreadable, links, parse, read_lax, secrets_of, verify_bearer
from vendors.hearing import each, hearing

STATES: dict[str, State] = {"no data": "no_data", "re-no data": "no_data"}
"""The set is open: a word that is not here fires."""


class Settings(BaseSettings):
    """The tokens Datadog may come with, comma-separated so that they can be rotated."""

    datadog_webhook_token: SecretStr = SecretStr("")


def verify(request: Request, settings: Settings) -> None:
    """Accept any of the configured bearer tokens."""
    verify_bearer(request, secrets_of(settings.datadog_webhook_token, "DATADOG_WEBHOOK_TOKEN"))


@hearing("datadog")
def read(request: Request) -> WebhookContent:
    """Turn one notification, or each of a list that a relay gathered, into an alert."""
    told = read_lax(request.body)
    if not isinstance(told, list) or not told:
        alert = _alert(told, request.received_at)
        return WebhookContent(alerts=(alert,)) if isinstance(alert, Alert) else WebhookContent(remark=alert)
    remarks: list[str] = []

    def heard(one: Any, path: str) -> Alert | None:
        alert = _alert(one, request.received_at, path)
        remarks.extend([alert] if isinstance(alert, str) else [])
        return alert if isinstance(alert, Alert) else None

    alerts, unread = each(told, heard, "body")
    return WebhookContent(alerts=tuple(alerts), unread=unread, remark="" if alerts else "; ".join(remarks[:1]))


def _alert(told: Any, received_at: datetime, path: str = "body") -> Alert | str:
    """The alert of one notification, or a remark; one that somebody sent to try it out is said to be a test."""
    if not isinstance(told, dict):
        raise Unreadable(path, type(told).__name__, "an object: use Standfast's template")
    notice = parse(Notice, told)
    if not notice.monitor and not notice.name:
        raise Unreadable("monitor_id", "nothing", "the monitor's id or a title: use Standfast's template")
    if notice.is_about_itself:
        return f"a notice about the monitor itself: {notice.name}"
    at = notice.at(received_at)
    return Alert(
        source="datadog",
        key=f"{notice.org}:{notice.monitor or notice.name}:{notice.scope}",
        episode=notice.cycle_key,
        state=_state(notice),
        title=notice.name or f"Datadog monitor {notice.monitor}",
        description="\n".join(part for part in (notice.text.strip("%\n "), notice.summary) if part),
        service=notice.service or notice.label("service"),
        environment=notice.environment,
        severity=notice.severity,
        labels=_labels(notice),
        links=_links(notice),
        fired_at=at,
        at=at,
    )


def _state(notice: Notice) -> State:
    if notice.is_test:
        return "test"
    if notice.incident_status.lower() in ("resolved", "completed"):
        return "resolved"
    if not notice.transition:
        return "resolved" if notice.alert_type == "success" else "firing"
    told = notice.transition.lower()
    return STATES.get(told, "resolved" if "recover" in told else "firing")


def _labels(notice: Notice) -> dict[str, str]:
    more = {
        "monitor": notice.monitor,
        "metric": notice.metric,
        "query": notice.query,
        "host": notice.hostname,
        "transition": notice.transition,
        "alert_type": notice.alert_type,
    }
    return notice.labels | {name: value for name, value in more.items() if value}


def _links(notice: Notice) -> tuple[Link, ...]:
    """The monitor's page has the query, and the button that mutes it."""
    group = f"?group={quote(notice.scope, safe='')}" if notice.scope else ""
    known = notice.site and notice.monitor
    return links(
        ("Datadog event", notice.link),
        ("Datadog monitor", f"{notice.site}/monitors/{notice.monitor}{group}" if known else ""),
        ("Edit or mute the monitor", f"{notice.site}/monitors/{notice.monitor}/edit" if known else ""),
        ("Graph", notice.snapshot),
    )
