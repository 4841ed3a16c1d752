"""What PagerDuty tells us: its V3 webhooks, verified on their raw bytes and turned into alerts and acts.

Three things look like news and are none. Our own page comes back as an incident: it is known by its key, or by the
mark at the end of its title, because incidents made by events show no key. An act by an integration or an API key is a
program's, perhaps our own: only a person acknowledges. A merge resolves an incident whose outage is not over.

An escalation counts whoever caused it: the people were paged (ACK-3), and we never escalate there ourselves.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from domain.alerting.alert import Alert, Heard, State, VendorAct
from domain.company.catalog import Link
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.findings import Note
from domain.procedure.paging import PageEscalated
from domain.value.act import Act
from vendors import door
from vendors.pagerduty.client import Settings

OWN_KEY = re.compile(r"(INC-[0-9A-HJKMNP-TV-Z]{5})/page/[\w-]+")
OWN_TITLE = re.compile(rf"\[{OWN_KEY.pattern}\]$")
TEXT = 3000
"""Longest text of a note in the timeline."""

Model = TypeVar("Model", bound=BaseModel)


class _Thing(BaseModel):
    """Something PagerDuty refers to."""

    id: str
    type: str = ""
    summary: str | None = None
    html_url: str | None = None


class _Client(BaseModel):
    """The program an incident came through."""

    name: str | None = None


class _Event(BaseModel):
    """The envelope of every V3 webhook; the data's shape depends on the type."""

    id: str
    event_type: str
    occurred_at: AwareDatetime
    agent: _Thing | None = None
    client: _Client | None = None
    data: dict[str, Any] = Field(default_factory=dict)

    @property
    def person(self) -> str:
        """The PagerDuty id of the person who did this; empty for programs and for PagerDuty itself."""
        return self.agent.id if self.agent and self.agent.type in ("user_reference", "user") else ""


class _Webhook(BaseModel):
    """The whole body."""

    event: _Event


class _Incident(BaseModel):
    """An incident, as the data of an event or as what the data is about."""

    id: str
    title: str | None = None
    summary: str | None = None
    incident_key: str | None = None
    created_at: AwareDatetime | None = None
    reopened_at: AwareDatetime | None = None
    html_url: str | None = None
    service: _Thing | None = None
    assignees: tuple[_Thing, ...] = ()
    escalation_policy: _Thing | None = None
    priority: _Thing | None = None
    urgency: str | None = None
    resolve_reason: Any = None

    @property
    def own(self) -> str:
        """Our incident whose page this is; empty when it is none of ours."""
        found = OWN_KEY.fullmatch(self.incident_key or "") or OWN_TITLE.search(self.title or self.summary or "")
        return found.group(1) if found else ""

    @property
    def merged_into(self) -> str:
        """The incident this one went into; empty when it was resolved for itself."""
        reason = self.resolve_reason if isinstance(self.resolve_reason, Mapping) else {}
        target = reason.get("incident")
        if reason.get("type") != "merge_resolve_reason":
            return ""
        return str(target.get("id", "")) if isinstance(target, Mapping) else "unknown"

    @property
    def labels(self) -> dict[str, str]:
        """What runbooks are matched on and people look at."""
        named = {"service": self.service, "priority": self.priority, "escalation_policy": self.escalation_policy}
        labels = {name: thing.summary or thing.id for name, thing in named.items() if thing}
        more = {"urgency": self.urgency, "incident_key": self.incident_key, "merged_into": self.merged_into}
        return labels | {name: value for name, value in more.items() if value}


class _Note(BaseModel):
    """What somebody wrote on an incident."""

    incident: _Incident
    content: str = ""


def verify(request: door.Request, settings: Settings) -> None:
    """Accept when one of the `v1` signatures is that of the raw body with one of our secrets (docs/webhooks/04)."""
    secrets = [secret.get_secret_value() for secret in settings.pagerduty_webhook_secrets]
    if not any(secrets):
        raise door.Closed("this door is closed: set PAGERDUTY_WEBHOOK_SECRETS")
    found = [part.strip() for part in request.headers.get("x-pagerduty-signature", "").split(",")]
    expected = [f"v1={door.signed_hex(secret, request.body)}" for secret in secrets if secret]
    door.verify_any(found, expected)


def read(request: door.Request) -> Heard:
    """Turn one webhook into alerts and acts, or into a remark when it is neither."""
    body = door.read_json(request.body)
    if isinstance(body, dict) and "messages" in body and "event" not in body:
        raise door.Unreadable("messages", "a V2 webhook", "`event`: subscribe with a V3 webhook")
    event = _parse(_Webhook, body).event
    return READERS.get(event.event_type, _no_use)(event)


def _parse(model: type[Model], value: Any, at: str = "") -> Model:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        found = door.unreadable(error)
        raise door.Unreadable(at + found.path, found.found, found.expected) from None


def _incident(event: _Event) -> _Incident:
    return _parse(_Incident, event.data, "event.data.")


def _no_use(event: _Event) -> Heard:
    return Heard(remark=f"PagerDuty says {event.event_type}, for which there is no use here")


def _ping(event: _Event) -> Heard:
    return Heard(remark=f"test message from PagerDuty: {event.data.get('message', '')}".strip())


def _firing(event: _Event) -> Heard:
    return _alert(event, _incident(event), "firing")


def _resolved(event: _Event) -> Heard:
    incident = _incident(event)
    return _alert(event, incident, "merged" if incident.merged_into else "resolved")


def _alert(event: _Event, incident: _Incident, state: State) -> Heard:
    if incident.own:
        return Heard(remark=f"PagerDuty says {event.event_type} of our own page for {incident.own}")
    client = {"client": event.client.name} if event.client and event.client.name else {}
    alert = Alert(
        source="pagerduty",
        key=incident.id,
        episode=incident.reopened_at.isoformat() if incident.reopened_at else "",
        state=state,
        title=incident.title or f"PagerDuty incident {incident.id}",
        service=incident.service.id if incident.service else "",
        severity=(incident.priority and incident.priority.summary) or incident.urgency or "",
        labels=incident.labels | client,
        links=(Link(label="PagerDuty", url=incident.html_url),) if incident.html_url else (),
        fired_at=incident.reopened_at or incident.created_at or event.occurred_at,
        at=event.occurred_at,
        paged=tuple(one.id for one in incident.assignees),
        page=incident.id,
    )
    return Heard(alerts=(alert,))


def _act(incident: _Incident, act: Act) -> Heard:
    if incident.own:
        return Heard(acts=(VendorAct(incident=incident.own, act=act),))
    service = incident.service.id if incident.service else ""
    return Heard(acts=(VendorAct(alert=incident.id, service=service, act=act),))


def _signed(event: _Event) -> dict[str, Any]:
    """Who did it, through what and when; the event's id makes a second delivery the same act."""
    by = event.person or (event.agent.id if event.agent else "pagerduty")
    return {"id": f"pagerduty:{event.id}", "by": by, "via": "pagerduty", "at": event.occurred_at}


def _acknowledged(event: _Event) -> Heard:
    if not event.person:
        return Heard(remark="a program, and no person, acknowledged a page in PagerDuty")
    return _act(_incident(event), Acknowledge(**_signed(event)))


def _escalated(event: _Event) -> Heard:
    """Who has the page now; a delegation may name its escalation policy only."""
    incident = _incident(event)
    policy = (incident.escalation_policy,) if incident.escalation_policy else ()
    people = tuple(one.id for one in incident.assignees or policy)
    if not people:
        return Heard(remark=f"PagerDuty says {event.event_type} without saying to whom")
    return _act(incident, PageEscalated(people=people, **_signed(event)))


def _annotated(event: _Event) -> Heard:
    note = _parse(_Note, event.data, "event.data.")
    text = note.content.strip()[:TEXT]
    if not event.person or not text:
        return Heard(remark="a program's note, or an empty one, on a PagerDuty incident")
    return _act(note.incident, Note(text=text, url=note.incident.html_url or "", **_signed(event)))


def _priority(event: _Event) -> Heard:
    """A priority set in PagerDuty is a person's word for the timeline; severity is declared here (TRI-3)."""
    incident = _incident(event)
    name = incident.priority.summary or incident.priority.id if incident.priority else "none"
    if not event.person:
        return Heard(remark=f"a program set the priority of a PagerDuty incident to {name}")
    return _act(incident, Note(text=f"Priority in PagerDuty: {name}", url=incident.html_url or "", **_signed(event)))


READERS: dict[str, Callable[[_Event], Heard]] = {
    "incident.triggered": _firing,
    "incident.reopened": _firing,
    "incident.resolved": _resolved,
    "incident.acknowledged": _acknowledged,
    "incident.escalated": _escalated,
    "incident.delegated": _escalated,
    "incident.reassigned": _escalated,
    "incident.annotated": _annotated,
    "incident.priority_updated": _priority,
    "pagey.ping": _ping,
}
"""What is heard; other types, and types to come, are remarks (docs/webhooks/01: the set is open)."""
