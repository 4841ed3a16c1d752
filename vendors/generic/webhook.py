"""Reads our own webhook: alerts of any monitor, and customer reports that support has escalated as S1 (DET-2).

`X-Standfast-Timestamp` is in Unix seconds; `X-Standfast-Signature` is `v1=` and the HMAC-SHA256, in hex, of the
timestamp, a full stop and the raw body. Docs and schema: docs/webhook.md, docs/webhook.schema.json.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import Field, HttpUrl, SecretStr, StringConstraints, TypeAdapter, ValidationError
from pydantic_settings import BaseSettings

from domain.alerting.alert import Alert, WebhookContent
from domain.company.catalog import Link
from domain.value.model import Instant, Model, ShortText, comma_list
from vendors.door import (
    SMALL,
    Request,
    Unreadable,
    read_lax,
    secrets_of,
    signed_hex,
    unix_time,
    unreadable,
    verify_any,
    verify_recent,
)
from vendors.generic.leniency import is_s1, taken
from vendors.generic.state import MERGED, QUIET
from vendors.generic.translation import batch
from vendors.hearing import each, elsewhere, hearing

_Key = Annotated[str, StringConstraints(min_length=1, max_length=250)]
_State = Literal["firing", "resolved"]


class Settings(BaseSettings):
    """The secrets senders may sign with, comma-separated so that they can be rotated."""

    generic_webhook_secret: SecretStr = SecretStr("")


class _Place(Model):
    """A place to look, opened by people in a browser."""

    label: ShortText
    url: HttpUrl


class AlertBody(Model):
    """An alert that fires or has resolved."""

    kind: Literal["alert"]
    key: _Key = Field(description="Says that this is the same alert: the same key again is no second incident.")
    state: _State = "firing"
    title: ShortText
    description: str = Field(default="", max_length=10_000)
    service: str = Field(default="", description="The service by name or alias, as the catalog knows it.")
    environment: str = Field(default="", description="Without one, production is meant.")
    severity: str = Field(default="", description="Your own word; the severity matrix says what it means.")
    labels: dict[str, str] = Field(default_factory=dict)
    links: tuple[_Place, ...] = Field(default=(), max_length=20)
    fired_at: Instant = Field(description="When the alert fired at its source: acknowledgement is measured from here.")
    at: Instant | None = Field(
        default=None, description="When it came into this state; else `fired_at`, or for `resolved` when it arrived."
    )


class EscalationBody(Model):
    """A customer report that support has escalated as S1: it opens an incident; other severities do not."""

    kind: Literal["escalation"]
    ticket: _Key = Field(description="The ticket's id: the same ticket again is no second incident.")
    state: _State = Field(default="firing", description="`resolved` takes the escalation back.")
    severity: Literal["S1"] = "S1"
    title: ShortText
    description: str = Field(default="", max_length=10_000)
    customer: str = ""
    service: str = Field(default="", description="The service by name or alias, as the catalog knows it.")
    environment: str = Field(default="", description="Without one, production is meant.")
    url: HttpUrl | None = Field(default=None, description="The ticket, for people.")
    escalated_at: Instant
    at: Instant | None = Field(default=None, description="When it came into this state; left out as in an alert.")


Body = TypeAdapter[AlertBody | EscalationBody](
    Annotated[AlertBody | EscalationBody, Field(discriminator="kind", title="Standfast's webhook")]
)


def verify(request: Request, settings: Settings) -> None:
    """Accept a signature with any of the secrets, of a moment at most five minutes away."""
    secrets = secrets_of(settings.generic_webhook_secret, "GENERIC_WEBHOOK_SECRET")
    stamp = request.headers.get("x-standfast-timestamp", "")
    found = comma_list(request.headers.get("x-standfast-signature", ""))
    verify_any(found, [signature(secret, stamp, request.body) for secret in secrets])
    verify_recent(request, unix_time(stamp))


def signature(secret: str, stamp: str, body: bytes) -> str:
    """What a sender writes into `X-Standfast-Signature`; several, for a rotation, are separated by commas."""
    return "v1=" + signed_hex(secret, stamp.encode() + b"." + body)


@hearing("generic")
def read(request: Request) -> WebhookContent:
    """Turn the alert or escalation of the body into ours, or each of a list; what is no S1 escalates nothing.

    Another monitor's own shape is read by the names that monitors have in common (translation.py).
    """
    content, remarks = read_lax(request.body), list[str]()

    def heard(told: Any, _: str = "") -> Alert | None:
        if other := elsewhere(told):
            raise Unreadable("kind", f"a message of {other}", "`alert` or `escalation`")
        one = _meant(request.body) if told is content and len(request.body) <= SMALL else taken(told)
        severity = one.get("severity", "S1")
        if one.get("state") in QUIET:
            remarks.append(f"{one['title']} is {one['state']}, which is no firing and no recovery")
            return None
        if one.get("state") == MERGED:
            return _read({**one, "state": "resolved"}, request.received_at).model_copy(update={"state": "merged"})
        if one.get("kind") != "escalation":
            return _read(one, request.received_at)
        if not is_s1(severity):
            remarks.append(f"an escalation of {severity}, which is no S1")
            return None
        return _read({**one, "severity": "S1"}, request.received_at)

    told = content if elsewhere(content) else batch(content) or content
    several = isinstance(told, list) and bool(told)
    alerts, wrong = each(told, heard, "body") if several else ([one] if (one := heard(told)) else [], ())
    return WebhookContent(alerts=tuple(alerts), unread=wrong, remark="" if alerts else "; ".join(remarks[:1]))


@lru_cache(maxsize=1_000)
def _meant(body: bytes) -> Mapping[str, Any]:
    """One alert as it is meant; of the same bytes, which a storm brings again and again, as it was read before."""
    return taken(read_lax(body))


def _read(content: Mapping[str, Any], received_at: datetime) -> Alert:
    try:
        body = Body.validate_python(content)
    except ValidationError as error:
        raise unreadable(error) from None
    resolved_at = received_at if body.state == "resolved" else None
    return _alert(body, resolved_at) if isinstance(body, AlertBody) else _escalation(body, resolved_at)


def schema() -> dict[str, Any]:
    """The JSON Schema of the body, for senders."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Body.json_schema()}


def _alert(body: AlertBody, resolved_at: datetime | None) -> Alert:
    return Alert(
        source="generic",
        key=f"alert:{body.key}",
        episode=body.fired_at.astimezone(UTC).isoformat(),
        links=tuple(Link(label=place.label, url=str(place.url)) for place in body.links),
        at=body.at or resolved_at or body.fired_at,
        **body.model_dump(exclude={"kind", "key", "links", "at"}),
    )


def _escalation(body: EscalationBody, resolved_at: datetime | None) -> Alert:
    labels = {"kind": "escalation", "ticket": body.ticket}
    return Alert(
        source="generic",
        key=f"escalation:{body.ticket}",
        episode=body.escalated_at.astimezone(UTC).isoformat(),
        labels=labels | ({"customer": body.customer} if body.customer else {}),
        ticket=body.ticket,
        links=(Link(label="Ticket", url=str(body.url)),) if body.url else (),
        fired_at=body.escalated_at,
        at=body.at or resolved_at or body.escalated_at,
        **body.model_dump(include={"state", "severity", "title", "description", "service", "environment"}),
    )
