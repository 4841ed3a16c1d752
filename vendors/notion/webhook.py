"""Listens to Notion: what people change there is context for people, never an act.

Deliveries are signed with the verification token that Notion sends once, when the subscription is made, and that a
person pastes into Notion: it is one of NOTION_WEBHOOK_TOKEN (several, comma-separated, while one is replaced). Without
one the door is closed. To receive the token in the first place the setting may be the word `awaited`: then nothing but
that first request is let in, which is kept where `standfast inbox` shows it, and it proves nothing about its sender.

No header says when a delivery was sent, and Notion tries again for a day, so an old one is no recording; the event's id
stays the same when it is repeated.
"""

from pydantic import Field

from domain.alerting.alert import WebhookContent
from vendors.door import Request, Unreadable, Unverified, parse, read_json, secrets_of, signed_hex, verify_any
from vendors.notion.client import Settings
from vendors.said import Part

AWAITED = "awaited"


class _Entity(Part):
    """What it is about; the event says its id only."""

    id: str = ""
    type: str = ""


class _Event(Part):
    """One event, or the one request that carries the token."""

    token: str = Field("", alias="verification_token", repr=False)
    id: str = ""
    type: str = ""
    entity: _Entity = _Entity()


def verify(request: Request, settings: Settings) -> None:
    """Accept `X-Notion-Signature: sha256=<hex>` over the raw body with any of the tokens."""
    tokens = secrets_of(settings.notion_webhook_token, "NOTION_WEBHOOK_TOKEN")
    keys = [token for token in tokens if token != AWAITED]
    if AWAITED in tokens and _own_token(request):
        keys.append(_own_token(request))
    expected = [f"sha256={signed_hex(key, request.body)}" for key in keys]
    verify_any([request.headers.get("x-notion-signature", "")], expected)


def _own_token(request: Request) -> str:
    """The token that the first request brings and is signed with."""
    try:
        return _read(request).token
    except Unreadable:
        raise Unverified("the body is no request of Notion's") from None


def read(request: Request) -> WebhookContent:
    """Turn the event into a remark; the token itself is not repeated."""
    event = _read(request)
    if event.token:
        said = "Notion has sent its verification token: paste it into Notion and set NOTION_WEBHOOK_TOKEN to it."
        return WebhookContent(remark=said)
    if not event.type:
        raise Unreadable("type", "nothing", "the type of an event, or a verification_token")
    return WebhookContent(remark=f"Notion sent {event.type} of {event.entity.type} {event.entity.id}.")


def _read(request: Request) -> _Event:
    return parse(_Event, read_json(request.body))
