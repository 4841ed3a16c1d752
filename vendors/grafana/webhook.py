"""Proves Grafana's webhooks, and reads them in each of their two shapes: unified alerting, and the older dashboards'.

Since version 12 a contact point can sign: `X-Grafana-Alerting-Signature` is the HMAC-SHA256, in hex, of the raw body
or, when it is given the name of a timestamp header, of the Unix seconds, a colon and the body. Once
GRAFANA_TIMESTAMP_HEADER says that name, a signature without the timestamp is refused: leaving it out must not help a
recording. A Grafana that does not sign sends the secret itself, as a bearer or, before version 8, as the password of
Basic authentication.

https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
"""

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from domain.alerting.alert import WebhookContent
from vendors.door import (
    Request,
    Unreadable,
    credentials,
    read_json,
    secrets_of,
    signed_hex,
    unix_time,
    verify_any,
    verify_recent,
)
from vendors.grafana import panel, unified
from vendors.hearing import hearing


class Settings(BaseSettings):
    """The secrets Grafana may sign with or send, comma-separated so that they can be rotated; its headers' names."""

    grafana_webhook_secret: SecretStr = SecretStr("")
    grafana_signature_header: str = "X-Grafana-Alerting-Signature"
    grafana_timestamp_header: str = ""


def verify(request: Request, settings: Settings) -> None:
    """Accept a signature with any of the secrets, or one of the secrets itself where nothing is signed."""
    secrets = secrets_of(settings.grafana_webhook_secret, "GRAFANA_WEBHOOK_SECRET")
    signature = request.headers.get(settings.grafana_signature_header.lower())
    if signature is None:
        return verify_any([credentials(request)], secrets)
    prefix = b""
    if settings.grafana_timestamp_header:
        stamp = request.headers.get(settings.grafana_timestamp_header.lower(), "")
        verify_recent(request, unix_time(stamp))
        prefix = f"{stamp}:".encode()
    return verify_any([signature], [signed_hex(secret, prefix + request.body) for secret in secrets])


@hearing("grafana")
def read(request: Request) -> WebhookContent:
    """Turn a group of alerts, or a dashboard's one, into ours."""
    body = read_json(request.body)
    if isinstance(body, dict) and "alerts" in body:
        return unified.read(body, request.received_at)
    if isinstance(body, dict) and "ruleId" in body:
        return panel.read(body, request.received_at)
    raise Unreadable("alerts", "nothing", "Grafana's own message: leave the contact point's custom payload empty")
