"""Proves Zendesk's webhooks, and reads the escalations in them (DET-2).

`X-Zendesk-Webhook-Signature` is the HMAC-SHA256, in Base64, of the timestamp as it stands in its header and the raw
body, with nothing between them; so the timestamp is held to one exact form.

A trigger is the better way, because its conditions say in Zendesk what an S1 is: template.py has its body. An event
subscription is read too; there a tag marks the S1. A customer's ticket that is solved ends no incident, and a ticket
never becomes more than one: its number is its key, whatever else happens to it.

https://developer.zendesk.com/documentation/webhooks/verifying/
"""

import base64
import hashlib
import hmac
import re
from datetime import datetime

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from domain.alerting.alert import Alert, WebhookContent
from vendors.door import Request, Unreadable, Unverified, links, parse, read_lax, secrets_of, verify_any, verify_recent
from vendors.hearing import hearing
from vendors.said import NEVER, mark, moment
from vendors.zendesk.ticket import ESCALATING, S1_TAGS, Event, Ticket

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)


class Settings(BaseSettings):
    """The secrets Zendesk may sign with, comma-separated so that they can be rotated."""

    zendesk_webhook_secret: SecretStr = SecretStr("")


def verify(request: Request, settings: Settings) -> None:
    """Accept a signature with any of the secrets, of a moment at most five minutes away."""
    secrets = secrets_of(settings.zendesk_webhook_secret, "ZENDESK_WEBHOOK_SECRET")
    stamp = request.headers.get("x-zendesk-webhook-signature-timestamp", "")
    found = request.headers.get("x-zendesk-webhook-signature", "")
    verify_any([found], [signature(secret, stamp, request.body) for secret in secrets])
    if not STAMP.fullmatch(stamp):
        raise Unverified("the timestamp is none")
    try:
        verify_recent(request, datetime.fromisoformat(stamp))
    except ValueError:
        raise Unverified("the timestamp is none") from None


def signature(secret: str, stamp: str, body: bytes) -> str:
    """What Zendesk writes into its header; the secret is used as the text it is shown as."""
    return base64.b64encode(hmac.digest(secret.encode(), stamp.encode() + body, hashlib.sha256)).decode()


@hearing("zendesk")
def read(request: Request) -> WebhookContent:
    """Turn an escalation into an alert; everything else a ticket goes through is a remark."""
    if not request.body:
        return WebhookContent(remark="Zendesk called without a body")
    body = read_lax(request.body)
    if isinstance(body, dict) and "ticket_id" in body:
        return _triggered(parse(Ticket, body), request)
    if isinstance(body, dict) and str(body.get("type", "")).startswith("zen:event-type:"):
        return _subscribed(body, request)
    raise Unreadable("ticket_id", "nothing", "a ticket's event, or a trigger with Standfast's template")


def _triggered(ticket: Ticket, request: Request) -> WebhookContent:
    """Whatever a trigger sends is an S1, by the trigger's own conditions."""
    if ticket.id.startswith("{{") or (not ticket.id and not ticket.title):
        return WebhookContent(remark="somebody tried Zendesk's webhook out: its placeholders are not replaced")
    if ticket.is_over:
        return WebhookContent(remark=_over(ticket))
    account = request.headers.get("x-zendesk-account-id", "")
    return _escalated(ticket, account, _or(moment(ticket.updated_at), request.received_at))


def _subscribed(body: dict[str, object], request: Request) -> WebhookContent:
    if not str(body["type"]).startswith("zen:event-type:ticket."):
        return WebhookContent(remark=f"Zendesk says {body['type']!r}, which is about no ticket")
    event = parse(Event, body)
    ticket = event.detail
    if event.kind in ESCALATING and not ticket.id:
        raise Unreadable("detail.id", "nothing", "the ticket's number")
    if ticket.is_over:
        return WebhookContent(remark=_over(ticket))
    if event.kind in ESCALATING and S1_TAGS & set(ticket.tags):
        return _escalated(ticket, event.account_id, _or(event.time, request.received_at))
    if S1_TAGS & {tag.lower() for tag in event.event.tags_removed}:
        return WebhookContent(
            remark=f"Ticket {ticket.id} is no S1 any more; an incident of it goes on until it is resolved"
        )
    return WebhookContent(remark=f"Zendesk says {event.kind} of ticket {ticket.id}, which is no escalation")


def _over(ticket: Ticket) -> str:
    return f"Ticket {ticket.id} is {ticket.status.lower()}; an incident of it goes on until it is resolved"


def _escalated(ticket: Ticket, account: str, at: datetime) -> WebhookContent:
    labels = {
        "kind": "escalation",
        "ticket": ticket.id,
        "customer": ticket.organization,
        "priority": ticket.priority.lower(),
        "tags": " ".join(ticket.tags),
    }
    alert = Alert(
        source="zendesk",
        key=f"{account}:{ticket.id or mark(ticket.title, ticket.organization)}",
        title=ticket.title or f"Ticket {ticket.id or 'without a number'}",
        service=ticket.tagged("service_", "service:"),
        environment=ticket.tagged("env_", "environment_", "env:"),
        severity="S1",
        labels={name: value for name, value in labels.items() if value},
        ticket=ticket.id,
        links=links(("Ticket", ticket.link)),
        fired_at=at,
        at=at,
    )
    return WebhookContent(alerts=(alert,))


def _or(told: datetime, otherwise: datetime) -> datetime:
    return otherwise if told == NEVER else told
