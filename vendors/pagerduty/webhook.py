"""What PagerDuty tells us: its V3 webhooks, verified on their raw bytes and turned into alerts and acts.

Three things look like news and are none. Our own page comes back as an incident: it is known by its key, or by the
mark at the end of its title, because incidents made by events show no key. An act by an integration or an API key is a
program's, perhaps our own: only a person acknowledges. A merge resolves an incident whose outage is not over.

An escalation counts whoever caused it: the people were paged (ACK-3), and we never escalate there ourselves.
"""

import re
from collections.abc import Callable
from typing import Any

from domain.alerting.alert import Alert, State, VendorAct, WebhookContent
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.acknowledgement_lapse import Unacknowledge
from domain.procedure.findings import Note as NoteAct
from domain.procedure.matrix import HearSeverity
from domain.procedure.paging import PageEscalated
from domain.value.act import Act
from domain.value.model import comma_list
from vendors import door, said
from vendors.hearing import hearing
from vendors.pagerduty.client import Settings
from vendors.pagerduty.event import Event, Incident, Note, Said, Webhook

EVENT = re.compile(r"[a-z_]{1,40}(\.[a-z_]{1,40})+")
"""What the types of events look like, also those to come."""
TEXT = 3000
"""Longest text of a note in the timeline."""
WORD = 100
"""Longest name of a priority that is kept."""


def verify(request: door.Request, settings: Settings) -> None:
    """Accept when one of the `v1` signatures is that of the raw body with one of our secrets (docs/webhooks/04)."""
    secrets = [secret.get_secret_value() for secret in settings.pagerduty_webhook_secrets]
    if not any(secrets):
        raise door.DoorClosed("this door is closed: set PAGERDUTY_WEBHOOK_SECRETS")
    found = comma_list(request.headers.get("x-pagerduty-signature", ""))
    expected = [f"v1={door.signed_hex(secret, request.body)}" for secret in secrets if secret]
    door.verify_any(found, expected)


@hearing("pagerduty")
def read(request: door.Request) -> WebhookContent:
    """Turn one webhook into alerts and acts, or into a remark when it is neither."""
    body = door.read_json(request.body)
    if isinstance(body, dict) and "messages" in body and "event" not in body:
        raise door.Unreadable("messages", "a V2 webhook", "`event`: subscribe with a V3 webhook")
    event = door.parse(Webhook, body).event
    if not EVENT.fullmatch(event.event_type):
        raise door.Unreadable("event.event_type", repr(event.event_type)[:80], "a type such as incident.triggered")
    return READERS.get(event.event_type, _no_use)(event)


def _incident(event: Event) -> Incident:
    return door.parse(Incident, event.data, "event.data")


def _no_use(event: Event) -> WebhookContent:
    return WebhookContent(remark=f"PagerDuty says {event.event_type}, for which there is no use here")


def _ping(event: Event) -> WebhookContent:
    return WebhookContent(remark=f"test message from PagerDuty: {event.data.get('message', '')}".strip())


def _firing(event: Event) -> WebhookContent:
    return _alert(event, _incident(event), "firing")


def _reopened(event: Event) -> WebhookContent:
    """It fires anew from then on; where the incident does not say since when, the event does.

    That a person reopened our own page is a line of its incident's timeline (WAR-6).
    """
    incident = _incident(event)
    if incident.own and event.person:
        note = NoteAct(text="The page was reopened in PagerDuty", url=incident.html_url or "", **_signed(event))
        return _act(incident, note)
    if incident.reopened_at == said.NEVER:
        incident = incident.model_copy(update={"reopened_at": event.occurred_at})
    return _alert(event, incident, "firing")


def _resolved(event: Event) -> WebhookContent:
    incident = _incident(event)
    return _alert(event, incident, "merged" if incident.merged_into else "resolved")


def _alert(event: Event, incident: Incident, state: State) -> WebhookContent:
    if incident.own:
        return WebhookContent(remark=f"PagerDuty says {event.event_type} of our own page for {incident.own}")
    client = {"client": event.client.name} if event.client and event.client.name else {}
    alert = Alert(
        source="pagerduty",
        key=incident.id,
        episode=incident.reopened_at.isoformat() if incident.reopened_at != said.NEVER else "",
        state=state,
        title=incident.title or f"PagerDuty incident {incident.id}",
        service=_service(incident),
        environment=said.environment(incident.details),
        severity=incident.severity,
        labels=incident.labels | client,
        links=door.links(("PagerDuty", incident.html_url)),
        fired_at=incident.began_at if incident.began_at != said.NEVER else event.occurred_at,
        at=event.occurred_at,
        paged=tuple(one.id for one in incident.assignees if one.id),
        page=incident.id,
    )
    return WebhookContent(alerts=(alert,))


def _act(incident: Incident, act: Act) -> WebhookContent:
    if incident.own:
        return WebhookContent(acts=(VendorAct(incident=incident.own, act=act),))
    where = {"service": _service(incident), "environment": said.environment(incident.details)}
    return WebhookContent(acts=(VendorAct(alert=incident.id, **where, act=act),))


def _service(incident: Incident) -> str:
    """The service by PagerDuty's id, which the catalog has, or its name; the details' word where it says none."""
    named = (incident.service.id or incident.service.summary) if incident.service else ""
    return named or said.service(incident.details)


def _signed(event: Event) -> dict[str, Any]:
    """Who did it, through what and when; the event's id makes a second delivery the same act."""
    by = event.person or (event.agent.id if event.agent else "pagerduty")
    return {
        "id": f"pagerduty:{event.id or said.mark(event.event_type, event.data)}",
        "by": by,
        "via": "pagerduty",
        "at": event.occurred_at,
    }


def _acknowledged(event: Event) -> WebhookContent:
    if not event.person:
        return WebhookContent(remark="a program, and no person, acknowledged a page in PagerDuty")
    incident = _incident(event)
    return _act(incident, Acknowledge(page=incident.page, **_signed(event)))


def _unacknowledged(event: Event) -> WebhookContent:
    """The acknowledgement was taken back by a person, or ran out at PagerDuty, which then names nobody (ACK-6)."""
    incident = _incident(event)
    reason = "taken back in PagerDuty" if event.person else "its time ran out in PagerDuty"
    return _act(incident, Unacknowledge(page=incident.page, reason=reason, **_signed(event)))


def _escalated(event: Event) -> WebhookContent:
    """Who has the page now; a delegation may name its escalation policy only."""
    incident = _incident(event)
    policy = (incident.escalation_policy,) if incident.escalation_policy else ()
    people = tuple(one.id for one in incident.assignees or policy)
    if not people:
        return WebhookContent(remark=f"PagerDuty says {event.event_type} without saying to whom")
    return _act(incident, PageEscalated(people=people, page=incident.page, **_signed(event)))


def _annotated(event: Event) -> WebhookContent:
    note = door.parse(Note, event.data, "event.data")
    text = note.content.strip()[:TEXT]
    if not event.person or not text:
        return WebhookContent(remark="a program's note, or an empty one, on a PagerDuty incident")
    return _act(note.incident, NoteAct(text=text, url=note.incident.html_url or "", **_signed(event)))


def _said(event: Event) -> WebhookContent:
    """Whom somebody asks for there, what they answer, and what stakeholders read there (WAR-6)."""
    told = door.parse(Said, event.data, "event.data")
    if not event.person:
        return WebhookContent(remark=f"PagerDuty says {event.event_type}, and no person does")
    whom = told.whom and (told.whom.summary or told.whom.id)
    words = {
        "incident.responder.added": f"{whom or 'Somebody'} was asked in PagerDuty to help",
        "incident.responder.replied": f"{whom or 'Somebody'} answered in PagerDuty: {told.state}",
    }
    text = ": ".join(part for part in (words.get(event.event_type, "Status update in PagerDuty"), told.message) if part)
    return _act(told.incident, NoteAct(text=text[:TEXT], url=told.incident.html_url, **_signed(event)))


def _priority(event: Event) -> WebhookContent:
    """A priority set in PagerDuty, by a person or a rule there: what is worse than was known counts (TRI-6)."""
    incident = _incident(event)
    name = (incident.priority.summary or incident.priority.id) if incident.priority else ""
    if not name:
        return WebhookContent(remark="the priority of a PagerDuty incident was taken away")
    word = {"word": name[:WORD], "where": "PagerDuty", "url": incident.html_url or ""}
    return _act(incident, HearSeverity(**word, **_signed(event)))


def _urgency(event: Event) -> WebhookContent:
    """A person no longer lets it wait: what its sender called low is so no more (TRI-6).

    High is what every incident is where nobody cares, and no severity. PagerDuty's own support hours raise it as well,
    in the morning, and say nothing new by that.
    """
    incident = _incident(event)
    if not event.person or incident.urgency != "high":
        return WebhookContent(remark=f"the urgency of a PagerDuty incident is {incident.urgency or 'another'} now")
    word = {"word": "high urgency", "lifted": True, "where": "PagerDuty", "url": incident.html_url}
    return _act(incident, HearSeverity(**word, **_signed(event)))


def _moved(event: Event) -> WebhookContent:
    """The incident is another service's now: it fires there, for whom PagerDuty has paged; our own page stays ours.

    Where it was its people are told. PagerDuty does not say where that is: what it said before does.
    """
    incident = _incident(event)
    name = (incident.service.summary or incident.service.id) if incident.service else "another service"
    what = "The page" if incident.own else incident.title or f"PagerDuty incident {incident.id}"
    note = NoteAct(text=f"{what} was moved to {name} in PagerDuty"[:TEXT], url=incident.html_url, **_signed(event))
    if incident.own:
        return _act(incident, note)
    if incident.status == "resolved":
        return WebhookContent(remark="a resolved PagerDuty incident was moved to another service")
    return _alert(event, incident, "firing").model_copy(update={"moved": _act(incident, note).acts})


READERS: dict[str, Callable[[Event], WebhookContent]] = {
    "incident.triggered": _firing,
    "incident.reopened": _reopened,
    "incident.resolved": _resolved,
    "incident.acknowledged": _acknowledged,
    "incident.unacknowledged": _unacknowledged,
    "incident.escalated": _escalated,
    "incident.delegated": _escalated,
    "incident.reassigned": _escalated,
    "incident.annotated": _annotated,
    "incident.responder.added": _said,
    "incident.responder.replied": _said,
    "incident.status_update_published": _said,
    "incident.priority_updated": _priority,
    "incident.urgency_updated": _urgency,
    "incident.service_updated": _moved,
    "pagey.ping": _ping,
}
"""What is heard; other types, and types to come, are remarks (docs/webhooks/01: the set is open)."""
