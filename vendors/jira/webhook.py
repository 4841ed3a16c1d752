"""Listens to Jira: what becomes of an item there, its owner and its day are told here; the rest is a remark.

The admin webhook must have a secret, one of JIRA_WEBHOOK_SECRET (several, comma-separated, while one is replaced).
Deliveries repeat and come in any order; `X-Atlassian-Webhook-Identifier` stays the same and becomes the act's id.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import Field, ValidationError

from domain.alerting.alert import VendorAct, WebhookContent
from domain.procedure.action_items import CloseItem
from domain.procedure.item_changes import ChangeItem, MoveItem, ReopenItem
from vendors.door import Request, read_json, secrets_of, signed_hex, unreadable, verify_any
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
    try:
        body = _Body.model_validate(read_json(request.body))
    except ValidationError as error:
        raise unreadable(error) from None
    if body.issue is None:
        return WebhookContent(remark=f"Jira sent {body.event}.")
    ours = item_of(body.issue.fields.marks)
    changed = {item.field.lower() for item in body.changelog.items}
    acts = tuple(_acts(request, body, body.issue, ours, changed)) if ours else ()
    return WebhookContent(acts=acts, remark="" if acts else _remark(body, body.issue, ours, "status" in changed))


def _acts(request: Request, body: _Body, issue: Issue, ours: tuple[str, str], changed: set[str]) -> Iterator[VendorAct]:
    """What it says of our item: where it is now, and what became of it; a move into another project changes both."""
    if "key" in changed:
        move = MoveItem(**_signed(request, body, "key"), item=ours[1], ref=issue.key, url=issue.url)
        yield VendorAct(incident=ours[0], act=move)
    if "status" in changed:
        yield (_closed if issue.fields.state != "open" else _reopened)(request, body, issue, *ours)
    elif act := _changed(request, body, issue, ours[1], changed):
        yield VendorAct(incident=ours[0], act=act)


def _changed(request: Request, body: _Body, issue: Issue, item: str, changed: set[str]) -> ChangeItem | None:
    """It is somebody else's, or due on another day; None where neither is said."""
    there = issue.fields.item
    owner = (there.owner or None) if "assignee" in changed else None
    due_at = there.due_at if "duedate" in changed else None
    if not (owner or due_at):
        return None
    return ChangeItem(
        **_signed(request, body),
        item=item,
        reason=f"{issue.key} was changed in Jira",
        owner=owner,
        due_at=due_at,
    )


def _closed(request: Request, body: _Body, issue: Issue, incident: str, item: str) -> VendorAct:
    resolution = issue.fields.resolution
    act = CloseItem(
        **_signed(request, body),
        item=item,
        state="declined" if issue.fields.state == "declined" else "done",
        reason=f"{issue.key} is {issue.fields.status.name}" + (f" ({resolution.name})" if resolution else ""),
    )
    return VendorAct(incident=incident, act=act)


def _reopened(request: Request, body: _Body, issue: Issue, incident: str, item: str) -> VendorAct:
    """What goes back to work was not done; of one that was open it is nothing new."""
    act = ReopenItem(
        **_signed(request, body),
        item=item,
        reason=f"{issue.key} is {issue.fields.status.name}",
    )
    return VendorAct(incident=incident, act=act)


def _signed(request: Request, body: _Body, about: str = "") -> dict[str, Any]:
    """Who did it, through what and when; `about` tells several acts of one delivery apart."""
    who = body.user.email or body.user.name or body.user.account or "jira"
    at = min(body.timestamp, request.received_at) if body.timestamp != NEVER else request.received_at
    sent = request.headers.get("x-atlassian-webhook-identifier", "")
    return {"id": f"{sent}/{about}" if sent and about else sent, "by": who, "via": "jira", "at": at}


def _remark(body: _Body, issue: Issue, ours: tuple[str, str] | None, moved: bool) -> str:
    whose = f"action item {ours[1]} of {ours[0]}" if ours else "not one of our action items"
    what = f"went to {issue.fields.status.name}" if moved else body.event.removeprefix("jira:").replace("_", " ")
    return f"Jira {issue.key} “{issue.fields.summary}” ({whose}): {what}."
