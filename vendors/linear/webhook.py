"""Listens to Linear: what becomes of an item there, its owner and its day are told here; the rest is a remark.

Deliveries are signed with one of LINEAR_WEBHOOK_SECRET (several, comma-separated, while one is replaced) and carry the
moment of sending inside the signed body; the header that repeats it can be forged and is not read. A delivery whose
moment is more than a minute away is somebody's recording. Whether Linear stamps its own later tries anew is not
published: if not, one that comes late is refused, and the polling of open items (ACT-2) hears of it instead.
`Linear-Delivery` stays the same when a delivery is repeated and becomes the act's id.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pydantic import Field, ValidationError

from domain.alerting.alert import VendorAct, WebhookContent
from domain.procedure.action_items import CloseItem
from domain.procedure.item_changes import ChangeItem, MoveItem, ReopenItem
from vendors.door import Request, Unreadable, Unverified, read_json, secrets_of, signed_hex, unreadable, verify_any
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
    try:
        body = _Body.model_validate(read_json(request.body))
    except ValidationError as error:
        raise unreadable(error) from None
    if body.type != "Issue":
        return WebhookContent(remark=f"Linear sent {body.type} {body.action}. {body.url or ''}".rstrip())
    ours = item_of(body.data.id, body.data.description or "")
    acts = tuple(_acts(request, body, ours)) if ours and body.action == "update" else ()
    moved = body.action == "update" and "stateId" in (body.before or {})
    return WebhookContent(acts=acts, remark="" if acts else _remark(body, ours, moved))


def _acts(request: Request, body: _Body, ours: tuple[str, str]) -> Iterator[VendorAct]:
    """What it says of our item: where it is now, and what became of it; another team has states of its own."""
    before = body.before or {}
    if "teamId" in before and body.url:
        move = MoveItem(**_signed(request, body, "team"), item=ours[1], ref=body.data.id, url=body.url)
        yield VendorAct(incident=ours[0], act=move)
    if "stateId" in before:
        yield (_closed if body.data.state.meaning != "open" else _reopened)(request, body, *ours)
    elif act := _changed(request, body, ours[1]):
        yield VendorAct(incident=ours[0], act=act)


def _changed(request: Request, body: _Body, item: str) -> ChangeItem | None:
    """It is somebody else's, or due on another day; None where neither is said."""
    whose, before = body.data.assignee, body.before or {}
    owner = (whose.email or whose.name or None) if whose and "assigneeId" in before else None
    due_at = end_of_day(body.data.due) if "dueDate" in before else None
    if not (owner or due_at):
        return None
    return ChangeItem(
        **_signed(request, body),
        item=item,
        reason=f"{_named(body)} was changed in Linear",
        owner=owner,
        due_at=due_at,
    )


def _closed(request: Request, body: _Body, incident: str, item: str) -> VendorAct:
    issue = body.data
    act = CloseItem(
        **_signed(request, body),
        item=item,
        state="declined" if issue.state.meaning == "declined" else "done",
        reason=f"{_named(body)} is {issue.state.name}",
    )
    return VendorAct(incident=incident, act=act)


def _reopened(request: Request, body: _Body, incident: str, item: str) -> VendorAct:
    """What goes back to work was not done; of one that was open it is nothing new."""
    issue = body.data
    act = ReopenItem(
        **_signed(request, body),
        item=item,
        reason=f"{_named(body)} is {issue.state.name}",
    )
    return VendorAct(incident=incident, act=act)


def _signed(request: Request, body: _Body, about: str = "") -> dict[str, Any]:
    """Who did it, through what and when; `about` tells several acts of one delivery apart."""
    actor = body.actor or _Actor()
    who = actor.email or actor.name or actor.id or "linear"
    sent = request.headers.get("linear-delivery", "")
    at = body.at if body.at != NEVER else request.received_at
    return {"id": f"{sent}/{about}" if sent and about else sent, "by": who, "via": "linear", "at": at}


def _named(body: _Body) -> str:
    """The issue as people call it; deliveries of old lack its identifier, which the address has too."""
    parts = (body.url or "").split("/issue/")
    return body.data.identifier or (parts[1].split("/")[0] if len(parts) > 1 else body.data.id)


def _remark(body: _Body, ours: tuple[str, str] | None, moved: bool) -> str:
    whose = f"action item {ours[1]} of {ours[0]}" if ours else "not one of our action items"
    what = f"went to {body.data.state.name}" if moved else f"issue {body.action}"
    return f"Linear {_named(body)} “{body.data.title or ''}” ({whose}): {what}."
