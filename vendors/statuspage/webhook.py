"""Listens to status pages, ours and other vendors': context for people, never an alert.

Statuspage signs nothing and lets its subscriber give nothing but an address. So the door is opened by an unguessable
token, which the address carries: subscribe with `/webhooks/statuspage?token=<one of STATUSPAGE_WEBHOOK_TOKEN>`. A
proxy that can add a header may send `Authorization: Bearer <token>` instead, which keeps the token out of access logs.
Without a configured token the door is closed. The token proves only that somebody knew the address, which is why
nothing happens but a remark. `meta.unsubscribe` is a live link: it is never read.
"""

from domain.alerting.alert import WebhookContent
from vendors.door import Request, parse, read_json, secrets_of, verify_any
from vendors.said import Part, Text
from vendors.statuspage.client import Settings
from vendors.statuspage.page import Incident


class _Page(Part):
    """Whose page it is."""

    id: str
    status_description: Text = ""


class _Affair(Incident):
    """An incident or a maintenance of that page."""

    name: Text = ""
    impact: Text = ""


class _Component(Part):
    """A part of that vendor's product."""

    name: Text = ""


class _Change(Part):
    """A component's new status."""

    component_id: Text = ""
    old_status: Text = "unknown"
    new_status: Text = "unknown"


class _Body(Part):
    """The two shapes there are: an incident, or a component and its update."""

    page: _Page
    incident: _Affair | None = None
    component: _Component | None = None
    component_update: _Change | None = None


def verify(request: Request, settings: Settings) -> None:
    """Accept a configured token in the address or as bearer."""
    tokens = secrets_of(settings.statuspage_webhook_token, "STATUSPAGE_WEBHOOK_TOKEN")
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    verify_any([request.query.get("token", ""), bearer], tokens)


def read(request: Request) -> WebhookContent:
    """Turn the page's words into a remark."""
    body = parse(_Body, read_json(request.body))
    if body.incident:
        return WebhookContent(remark=_affair(body.page, body.incident))
    if body.component_update:
        return WebhookContent(remark=_change(body.page, body.component, body.component_update))
    return WebhookContent(remark=f"Status page {body.page.id} sent neither an incident nor a component.")


def _affair(page: _Page, affair: _Affair) -> str:
    impact = f" ({affair.impact})" if affair.impact else ""
    text = f" “{affair.newest.words}”" if affair.newest and affair.newest.words else ""
    link = f" {affair.shortlink}" if affair.shortlink else ""
    return f"Status page {page.id}: “{affair.name}” is {affair.status}{impact}.{text}{link}"


def _change(page: _Page, component: _Component | None, change: _Change) -> str:
    name = component.name if component and component.name else change.component_id
    was, now = (status.replace("_", " ") for status in (change.old_status, change.new_status))
    return f"Status page {page.id}: “{name}” went from {was} to {now}. {page.status_description}".rstrip()
