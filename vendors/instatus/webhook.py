"""Listens to status pages that run on Instatus, ours and other vendors': context for people, never an alert.

Set up: on the page, Subscribers > Webhook > Add webhook subscriber with the address `/webhooks/instatus`; then open the
subscriber, and put its secret into INSTATUS_WEBHOOK_SECRET (several, comma-separated, while they change or when several
pages are listened to). Without a configured secret the door is closed.

The signature is the HMAC-SHA256 of the body as JavaScript would write it again after reading it
(instatus.com/help/webhooks), so the raw bytes are tried first and that form second. It carries no time: an old request
sent again is believed, which is why nothing happens but a remark. `meta.unsubscribe` is a live link: it is never read.
"""

import html
import json
import re

from pydantic import Field

from domain.alerting.alert import WebhookContent
from vendors.door import Request, Unreadable, parse, read_json, secrets_of, signed_hex, verify_any
from vendors.instatus.client import Settings
from vendors.said import Part, Text

HEADER = "x-instatus-webhook-signature"


class _Page(Part):
    """Whose page it is."""

    id: str
    status_description: Text = ""


class _Update(Part):
    """One text of an incident or a maintenance; the body is HTML."""

    body: Text = ""
    created_at: Text = ""


class _Affair(Part):
    """An incident or a maintenance of that page."""

    name: Text = ""
    status: Text = ""
    impact: Text = ""
    url: Text = ""
    incident_updates: tuple[_Update, ...] = ()
    maintenance_updates: tuple[_Update, ...] = ()

    @property
    def newest(self) -> str:
        """The words of the last update, by its time and then by its place."""
        updates = enumerate((*self.incident_updates, *self.maintenance_updates))
        last = max(updates, key=lambda one: (one[1].created_at or "", one[0]), default=None)
        return _plain(last[1].body or "") if last else ""


class _Component(Part):
    """A part of that vendor's product."""

    name: Text = ""


class _Change(Part):
    """A component's new status; what it was is not said."""

    new_status: Text = "unknown"


class _Body(Part):
    """The three shapes there are: an incident, a maintenance, or a component and its update."""

    page: _Page
    incident: _Affair | None = None
    maintenance: _Affair | None = None
    component: _Component | None = None
    change: _Change | None = Field(None, alias="component_update")


def verify(request: Request, settings: Settings) -> None:
    """Accept the signature of any configured secret, over the raw body or over it written again."""
    secrets = secrets_of(settings.instatus_webhook_secret, "INSTATUS_WEBHOOK_SECRET")
    forms = [request.body, *_written_again(request.body)]
    verify_any([request.headers.get(HEADER, "")], [signed_hex(secret, form) for secret in secrets for form in forms])


def _written_again(body: bytes) -> list[bytes]:
    """The body as JSON.stringify would write it; nothing when it is no JSON."""
    try:
        return [json.dumps(read_json(body), separators=(",", ":"), ensure_ascii=False).encode()]
    except (Unreadable, UnicodeEncodeError, RecursionError):
        return []


def read(request: Request) -> WebhookContent:
    """Turn the page's words into a remark."""
    body = parse(_Body, read_json(request.body))
    if affair := body.incident or body.maintenance:
        return WebhookContent(remark=_affair(body.page, affair))
    if body.component and body.change:
        return WebhookContent(remark=_change(body.page, body.component, body.change))
    return WebhookContent(remark=f"Status page {body.page.id} sent neither an incident, a maintenance nor a component.")


def _affair(page: _Page, affair: _Affair) -> str:
    impact = f" ({_word(affair.impact)})" if affair.impact else ""
    text = f" “{affair.newest}”" if affair.newest else ""
    link = f" {affair.url}" if affair.url else ""
    return f"Status page {page.id}: “{affair.name}” is {_word(affair.status)}{impact}.{text}{link}"


def _change(page: _Page, component: _Component, change: _Change) -> str:
    told = f"Status page {page.id}: “{component.name}” is now {_word(change.new_status)}."
    return f"{told} {page.status_description or ''}".rstrip()


WORDS = {
    "DEGRADEDPERFORMANCE": "degraded performance",
    "PARTIALOUTAGE": "partial outage",
    "MINOROUTAGE": "minor outage",
    "MAJOROUTAGE": "major outage",
    "UNDERMAINTENANCE": "under maintenance",
    "NOTSTARTEDYET": "not started yet",
    "INPROGRESS": "in progress",
}


def _word(status: str) -> str:
    return WORDS.get(status, status.lower())


def _plain(text: str) -> str:
    """HTML as a line of words."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())
