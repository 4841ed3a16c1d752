"""Proves Sentry's webhooks, and reads the alerts in them: of metrics, of issues, and what became of the issues.

`Sentry-Hook-Signature` is the HMAC-SHA256, in hex, of the raw body with the client secret of the integration; the
timestamp beside it is not signed. Sentry waits a second for the answer, and to an internal integration it never sends
again.

A metric alert opens and closes. An issue alert only ever fires, again and again as its rule says; what closes it is the
issue: resolved is a recovery, archived is calm that nobody has seen.

https://docs.sentry.io/organization/integrations/integration-platform/webhooks/
"""

from datetime import datetime

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from domain.alerting.alert import Alert, State, WebhookContent
from vendors import said
from vendors.door import Request, Unreadable, links, parse, read_json, secrets_of, signed_hex, verify_any
from vendors.hearing import hearing
from vendors.sentry.body import Body, Event, Issue, MetricAlert

ISSUES: dict[str, State] = {"resolved": "resolved", "archived": "merged", "ignored": "merged"}
"""What ends the alert of an issue; an error that is created, assigned or unresolved ends and begins none."""
OUTAGES = ("uptime", "outage", "cron")
"""Issues of which each is something that is down: no rule of Sentry's need say so."""
BEGINS = ("created", "unresolved")


class Settings(BaseSettings):
    """The client secrets Sentry may sign with, comma-separated so that they can be rotated."""

    sentry_webhook_secret: SecretStr = SecretStr("")


def verify(request: Request, settings: Settings) -> None:
    """Accept a signature with any of the secrets; parts of an integration's forms use another header for it."""
    secrets = secrets_of(settings.sentry_webhook_secret, "SENTRY_WEBHOOK_SECRET")
    found = [request.headers.get(name, "") for name in ("sentry-hook-signature", "sentry-app-signature")]
    verify_any(found, [signed_hex(secret, request.body) for secret in secrets])


@hearing("sentry")
def read(request: Request) -> WebhookContent:
    """Turn an alert, or the end of an issue, into ours; everything else is a remark."""
    if not request.body:
        return WebhookContent(remark="Sentry called without a body")
    body = parse(Body, read_json(request.body))
    if body.data.metric_alert:
        return WebhookContent(alerts=(_metric(body, body.data.metric_alert, request.received_at),))
    if body.data.event:
        return WebhookContent(alerts=(_event(body, body.data.event),))
    if body.data.issue:
        return _issue(body, body.data.issue, request.received_at)
    resource = request.headers.get("sentry-hook-resource", "")
    if resource in ("event_alert", "metric_alert") or body.action in ("triggered", "critical", "warning"):
        raise Unreadable("data", "neither a metric alert nor an event", "what Sentry sends of an alert")
    return WebhookContent(remark=f"Sentry says {resource or 'something'} {body.action}, which is no alert")


def _metric(body: Body, told: MetricAlert, received_at: datetime) -> Alert:
    """`critical`, `warning` and `resolved` are one alert's states; the action is its severity too."""
    over = body.action == "resolved"
    began_at = next((at for at in (told.date_detected, told.date_started) if at != said.NEVER), said.NEVER)
    closed_at = told.date_closed if told.date_closed != said.NEVER else received_at
    return Alert(
        source="sentry",
        key=f"metric:{told.id}",
        state="resolved" if over else "firing",
        episode="" if over else body.action,
        title=told.title or body.data.description_title or told.alert_rule.name or "Sentry metric alert",
        description=body.data.description_text,
        service=next(iter(told.projects or told.alert_rule.projects), ""),
        environment=told.alert_rule.environment,
        severity="" if over else body.action,
        labels={"rule": told.alert_rule.name, "query": told.alert_rule.query, "aggregate": told.alert_rule.aggregate},
        links=links(("Sentry", body.data.web_url)),
        fired_at=began_at,
        at=closed_at if over else began_at,
    )


def _event(body: Body, told: Event) -> Alert:
    """An issue alert: the issue is what is correlated, so that its end can be told."""
    if not told.issue_id:
        raise Unreadable("data.event.issue_id", "nothing", "the issue that the event belongs to")
    rule = body.data.triggered_rule
    return Alert(
        source="sentry",
        key=f"issue:{told.issue_id}",
        title=told.title or rule or f"Sentry issue {told.issue_id}",
        description=rule,
        service=said.service(told.tags) or told.project_slug,
        environment=told.environment or said.environment(told.tags),
        severity=said.severity(body.data.settings) or told.level,
        labels=told.tags | {"rule": rule, "culprit": told.culprit, "release": told.release},
        links=links(("Sentry", told.web_url)),
        fired_at=told.at,
        at=told.at,
    )


def _issue(body: Body, told: Issue, received_at: datetime) -> WebhookContent:
    down = told.issueCategory in OUTAGES and body.action in BEGINS
    state: State | None = "firing" if down else ISSUES.get(body.action)
    if state is None or not told.id:
        return WebhookContent(remark=f"Sentry's issue {told.shortId or told.id} is {body.action}, which ends nothing")
    alert = Alert(
        source="sentry",
        key=f"issue:{told.id}",
        state=state,
        title=told.title or f"Sentry issue {told.id}",
        service=told.project_slug,
        severity=told.level,
        links=links(("Sentry", told.permalink)),
        fired_at=received_at if body.action == "unresolved" else told.firstSeen,
        at=received_at,
    )
    return WebhookContent(alerts=(alert,))
