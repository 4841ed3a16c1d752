"""Listens to Linear: what becomes of an item there, its owner and its day are told here; the rest is a remark.

Deliveries are signed with one of LINEAR_WEBHOOK_SECRET (several, comma-separated, while one is replaced) and carry the
moment of sending inside the signed body; the header that repeats it can be forged and is not read. A delivery whose
moment is more than a minute away is somebody's recording. Whether Linear stamps its own later tries anew is not
published: if not, one that comes late is refused, and the polling of open items (ACT-2) hears of it instead.
`Linear-Delivery` stays the same when a delivery is repeated and becomes the act's id.
"""

from collections.abc import Iterator
from datetime import timedelta

from pydantic import Field

from domain.alerting.alert import VendorAct, WebhookContent
from vendors.door import Request, Unreadable, Unverified, parse, read_json, secrets_of, signed_hex, verify_any
from vendors.item import ItemNews, item_remark
from vendors.linear.client import Settings
from vendors.linear.issue import State, item_of
from vendors.said import NEVER, Part, Text, When, end_of_day

WINDOW = timedelta(seconds=60)
"""How far the moment of sending may be away (linear.app/developers/webhooks)."""


class _Actor(Part):
    """Who did it: a person, an application or an integration."""

    id: Text = ""
    name: Text = ""
    email: Text = ""


class _Subject(Part):
    """What it is about; of an issue, the fields that we read."""

    id: Text = ""
    identifier: Text = ""
    title: Text = ""
    description: Text = ""
    state: State = State()
    assignee: _Actor | None = None
    due: str | None = Field(None, alias="dueDate")
    """A day, such as 2026-12-07."""


class _Body(Part):
    """One delivery. Old ones lack the actor and more."""

    action: str
    type: str
    at: When = Field(NEVER, alias="createdAt")
    data: _Subject = _Subject()
    actor: _Actor | None = None
    before: dict[str, object] | None = Field(None, alias="updatedFrom")
    url: Text = ""


def verify(request: Request, settings: Settings) -> None:
    """Accept `Linear-Signature: <hex>` over the raw body with any of the secrets, sent within a minute."""
    secrets = secrets_of(settings.linear_webhook_secret, "LINEAR_WEBHOOK_SECRET")
    expected = [signed_hex(secret, request.body) for secret in secrets]
    verify_any([request.headers.get("linear-signature", "")], expected)
    if abs(request.received_at.timestamp() - _sent_at(request)) > WINDOW.total_seconds():
        raise Unverified("signed more than a minute away from now: a recording, or a clock that is wrong")


def _sent_at(request: Request) -> float:
    """The signed moment of sending, in seconds since 1970."""
    try:
        return float(read_json(request.body)["webhookTimestamp"]) / 1000
    except (Unreadable, KeyError, TypeError, ValueError):
        raise Unverified("the body says no webhookTimestamp, so its age cannot be proved") from None


def read(request: Request) -> WebhookContent:
    """Turn Linear's words into the act they mean, or into a remark."""
    body = parse(_Body, read_json(request.body))
    if body.type != "Issue":
        return WebhookContent(remark=f"Linear sent {body.type} {body.action}. {body.url or ''}".rstrip())
    ours = item_of(body.data.id, body.data.description or "")
    acts = tuple(_acts(_news(request, body, *ours), body)) if ours and body.action == "update" else ()
    moved = body.action == "update" and "stateId" in (body.before or {})
    what = f"went to {body.data.state.name}" if moved else f"issue {body.action}"
    remark = item_remark(f"Linear {_named(body)}", body.data.title or "", ours, what)
    return WebhookContent(acts=acts, remark="" if acts else remark)


def _news(request: Request, body: _Body, incident: str, item: str) -> ItemNews:
    actor = body.actor or _Actor()
    return ItemNews(
        incident=incident,
        item=item,
        tracker="Linear",
        named=_named(body),
        delivery=request.headers.get("linear-delivery", ""),
        by=actor.email or actor.name or actor.id or "linear",
        at=body.at if body.at != NEVER else request.received_at,
    )


def _acts(news: ItemNews, body: _Body) -> Iterator[VendorAct]:
    """What it says of our item: where it is now, and what became of it; another team has states of its own."""
    issue, before = body.data, body.before or {}
    if "teamId" in before and body.url:
        yield news.moved("team", issue.id, body.url)
    if "stateId" in before:
        yield news.stands(issue.state.meaning, issue.state.name)
        return
    owner = (issue.assignee.email or issue.assignee.name) if issue.assignee and "assigneeId" in before else None
    if act := news.changed(owner, end_of_day(issue.due) if "dueDate" in before else None):
        yield act


def _named(body: _Body) -> str:
    """The issue as people call it; deliveries of old lack its identifier, which the address has too."""
    parts = (body.url or "").split("/issue/")
    return body.data.identifier or (parts[1].split("/")[0] if len(parts) > 1 else body.data.id)
