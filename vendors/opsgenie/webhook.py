"""What Opsgenie tells us: its outgoing webhooks, admitted by a token and turned into alerts and acts.

Set up: Settings > Integrations > Add integration > Webhook, the address `/webhooks/opsgenie`, and under "Custom
Headers" the header `Authorization` with the value `Bearer <one of OPSGENIE_WEBHOOK_TOKEN>`. Opsgenie signs nothing, so
that token is all there is; without a configured one the door is closed. Tick the alert actions create, acknowledge,
unacknowledge, close, add note, update priority and both escalations, and "Add alert details to payload".

What looks like news and is none: our own page comes back as an alert, known by its alias; a program's acknowledgement
may be ours; a second Create of an alert means that another team was added; a deletion ends no outage. An escalation's
own step names nothing but the alert's id and the escalation, so the escalation's name stands for the service: list it
under the service's `aliases`. There is no delivery id: what was done to which alert when makes two deliveries one act.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from domain.alerting.alert import Alert, State, VendorAct, WebhookContent
from domain.company.catalog import Link
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.acknowledgement_lapse import Unacknowledge
from domain.procedure.findings import Note
from domain.procedure.matrix import HearSeverity
from domain.procedure.paging import PageEscalated
from domain.value.act import Act
from vendors import door
from vendors.hearing import hearing
from vendors.opsgenie.client import Settings
from vendors.opsgenie.delivery import Delivery
from vendors.said import NEVER

TEXT = 3000
"""Longest text of a note in the timeline."""
WORD = 100
"""Longest name of a priority that is kept."""
QUIET = frozenset(
    {
        *("AddTags", "RemoveTags", "AddDetails", "RemoveDetails", "AddTeam", "AddRecipient"),
        *("AddResponder", "AssignOwnership", "TakeOwnership", "Assign", "Seen", "Snooze", "SnoozeEnded", "UnSnooze"),
        *("UpdateMessage", "UpdateDescription", "EscalateBack"),
    }
)
"""Opsgenie's own actions for which there is no use here; any other unknown one is the company's own."""


def verify(request: door.Request, settings: Settings) -> None:
    """Accept one of the configured tokens as bearer."""
    door.verify_bearer(request, door.secrets_of(settings.opsgenie_webhook_token, "OPSGENIE_WEBHOOK_TOKEN"))


@hearing("opsgenie")
def read(request: door.Request) -> WebhookContent:
    """Turn one webhook into alerts and acts, or into a remark when it is neither."""
    said = door.parse(Delivery, door.read_json(request.body))
    said = said.model_copy(update={"received_at": request.received_at})
    action = NAMED.get(said.action.lower(), said.action)
    if action in QUIET:
        return WebhookContent(remark=f"Opsgenie says {said.action}, for which there is no use here")
    return READERS.get(action, _custom)(said)


def _alert(said: Delivery, state: State) -> WebhookContent:
    if said.own:
        return WebhookContent(remark=f"Opsgenie says {said.action} of our own page for {said.own}")
    shown = said.alert
    links = [Link(label=name, url=value) for name, value in shown.facts.items() if value.startswith("https://")]
    alert = Alert(
        source="opsgenie",
        key=shown.id,
        state=state,
        title=shown.message or f"Opsgenie alert {shown.id}",
        description=shown.description or "",
        service=said.service,
        environment=shown.environment,
        severity=shown.severity,
        labels=shown.labels,
        links=tuple(links),
        fired_at=shown.created_at if shown.created_at != NEVER else said.at,
        at=said.at,
        paged=shown.paged,
        page=shown.id,
    )
    return WebhookContent(alerts=(alert,))


def _act(said: Delivery, act: Act) -> WebhookContent:
    if said.own:
        return WebhookContent(acts=(VendorAct(incident=said.own, act=act),))
    found = VendorAct(alert=said.alert.id, service=said.service, environment=said.alert.environment, act=act)
    return WebhookContent(acts=(found,))


def _signed(said: Delivery) -> dict[str, Any]:
    """Who did it, through what and when."""
    return {"id": f"opsgenie:{said.mark}", "by": said.person or "opsgenie", "via": "opsgenie", "at": said.at}


def _acknowledged(said: Delivery) -> WebhookContent:
    if not said.person:
        return WebhookContent(remark="a program, and no person, acknowledged an alert in Opsgenie")
    return _act(said, Acknowledge(page=said.page, **_signed(said)))


def _unacknowledged(said: Delivery) -> WebhookContent:
    """The acknowledgement was taken back, by a person or by a rule of Opsgenie's (ACK-6)."""
    reason = "taken back in Opsgenie" if said.person else "Opsgenie took it back by itself"
    return _act(said, Unacknowledge(page=said.page, reason=reason, **_signed(said)))


def _escalated(said: Delivery) -> WebhookContent:
    """Whom the step wakes; where it does not say, the escalation itself."""
    notified = said.notify.name if said.notify and said.notify.name else said.escalation
    if not notified:
        return WebhookContent(remark=f"Opsgenie says {said.action} without saying to whom")
    return _act(said, PageEscalated(people=(notified,), page=said.page, **_signed(said)))


def _noted(said: Delivery) -> WebhookContent:
    text = (said.alert.note or "").strip()[:TEXT]
    if not said.person or not text:
        return WebhookContent(remark="a program's note, or an empty one, on an Opsgenie alert")
    return _act(said, Note(text=text, **_signed(said)))


def _priority(said: Delivery) -> WebhookContent:
    """A priority set in Opsgenie, by a person or a rule there: what is worse than was known counts (TRI-6)."""
    name = said.alert.rank
    if not name:
        return WebhookContent(remark="the priority of an Opsgenie alert was set to none that has a name")
    return _act(said, HearSeverity(word=name[:WORD], where="Opsgenie", **_signed(said)))


def _custom(said: Delivery) -> WebhookContent:
    """The company's own action, run by a person, belongs into the timeline (WAR-6)."""
    if not said.person:
        return WebhookContent(remark=f"Opsgenie says {said.action}, for which there is no use here")
    return _act(said, Note(text=f"Action in Opsgenie: {said.action}"[:TEXT], **_signed(said)))


READERS: dict[str, Callable[[Delivery], WebhookContent]] = {
    "Create": partial(_alert, state="firing"),
    "Close": partial(_alert, state="resolved"),
    "Delete": partial(_alert, state="merged"),  # nobody has seen a recovery: it is calm, and ends nothing by itself
    "Acknowledge": _acknowledged,
    "UnAcknowledge": _unacknowledged,
    "Escalate": _escalated,
    "EscalateNext": _escalated,
    "AddNote": _noted,
    "UpdatePriority": _priority,
}
"""What is heard, by the exact name: custom actions may contain these words."""
NAMED = {name.lower(): name for name in (*READERS, *QUIET)}
"""The names in whatever case an integration of one's own writes them."""
