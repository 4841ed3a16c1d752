"""Listens to Jira: what becomes of an item there, its owner and its day are told here; the rest is a remark.

The admin webhook must have a secret, one of JIRA_WEBHOOK_SECRET (several, comma-separated, while one is replaced).
Deliveries repeat and come in any order; `X-Atlassian-Webhook-Identifier` stays the same and becomes the act's id.
"""

from collections.abc import Iterator

from pydantic import Field

from domain.alerting.alert import VendorAct, WebhookContent
from vendors.door import Request, parse, read_json, secrets_of, signed_hex, verify_any
from vendors.item import ItemNews, item_remark
from vendors.jira.client import Settings
from vendors.jira.issue import Issue, item_of
from vendors.said import NEVER, Part, Text, When


class _User(Part):
    """Who did it; the address may be hidden."""

    email: Text = Field("", alias="emailAddress")
    name: Text = Field("", alias="displayName")
    account: Text = Field("", alias="accountId")


class _Item(Part):
    """One changed field; `field` comes in either case."""

    field: str


class _Changelog(Part):
    """What changed; it may be empty."""

    items: tuple[_Item, ...] = ()


class _Body(Part):
    """One event."""

    event: str = Field(alias="webhookEvent")
    timestamp: When = NEVER
    user: _User = _User()
    issue: Issue | None = None
    changelog: _Changelog = _Changelog()


def verify(request: Request, settings: Settings) -> None:
    """Accept `X-Hub-Signature: sha256=<hex>` over the raw body with any of the secrets; no other method."""
    secrets = secrets_of(settings.jira_webhook_secret, "JIRA_WEBHOOK_SECRET")
    expected = [f"sha256={signed_hex(secret, request.body)}" for secret in secrets]
    verify_any([request.headers.get("x-hub-signature", "")], expected)


def read(request: Request) -> WebhookContent:
    """Turn Jira's words into the act they mean, or into a remark."""
    body = parse(_Body, read_json(request.body))
    if body.issue is None:
        return WebhookContent(remark=f"Jira sent {body.event}.")
    ours = item_of(body.issue.fields.marks)
    changed = {item.field.lower() for item in body.changelog.items}
    acts = tuple(_acts(_news(request, body, body.issue, *ours), body.issue, changed)) if ours else ()
    status = f"went to {body.issue.fields.status.name}" if "status" in changed else ""
    what = status or body.event.removeprefix("jira:").replace("_", " ")
    remark = item_remark(f"Jira {body.issue.key}", body.issue.fields.summary, ours, what)
    return WebhookContent(acts=acts, remark="" if acts else remark)


def _news(request: Request, body: _Body, issue: Issue, incident: str, item: str) -> ItemNews:
    return ItemNews(
        incident=incident,
        item=item,
        tracker="Jira",
        named=issue.key,
        delivery=request.headers.get("x-atlassian-webhook-identifier", ""),
        by=body.user.email or body.user.name or body.user.account or "jira",
        at=min(body.timestamp, request.received_at) if body.timestamp != NEVER else request.received_at,
    )


def _acts(news: ItemNews, issue: Issue, changed: set[str]) -> Iterator[VendorAct]:
    """What it says of our item: where it is now, and what became of it; a move into another project changes both."""
    shown = issue.fields
    if "key" in changed:
        yield news.moved("key", issue.key, issue.url)
    if "status" in changed:
        resolution = f" ({shown.resolution})" if shown.resolution and shown.state != "open" else ""
        yield news.stands(shown.state, shown.status.name + resolution)
        return
    owner = shown.item.owner if "assignee" in changed else None
    if act := news.changed(owner, shown.item.due_at if "duedate" in changed else None):
        yield act
