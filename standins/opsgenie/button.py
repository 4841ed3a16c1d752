"""The buttons people press in Opsgenie, and its own moves: each changes the account and is a webhook with our token."""

import json
from datetime import datetime
from typing import Any

from standins.opsgenie.accepted import Create
from standins.opsgenie.account import Account, Alert
from vendors.door import Request

WEB = {"name": "", "type": "web"}


class Buttons:
    """What the Opsgenie stand-in offers to tests and to the demo beside its API."""

    def __init__(self, account: Account, token: str) -> None:
        self.account = account
        self._token = token

    def press_create(self, message: str, via: str = "datadog", **wanted: Any) -> Request:
        """A monitor fires through Opsgenie, which pages the responders."""
        alert = self.account.create(Create.model_validate({"message": message, "source": via, **wanted}), via)
        return self._made(alert)

    def press_acknowledge(self, ref: str, by: str) -> Request:
        """A person says "I am on it"."""
        return self._press(ref, "acknowledge", "Acknowledge", by)

    def press_unacknowledge(self, ref: str, by: str) -> Request:
        """A person says that nobody is on it after all."""
        return self._press(ref, "unacknowledge", "UnAcknowledge", by)

    def press_close(self, ref: str, by: str = "") -> Request:
        """A person closes the alert, or without one the monitor that fired it does."""
        return self._press(ref, "close", "Close", by)

    def press_note(self, ref: str, by: str, text: str) -> Request:
        """A person writes a note on the alert."""
        self.account.act(self.account.find(ref), "note", by, text)
        return self._say("AddNote", self.account.find(ref), by, {"note": text})

    def press_priority(self, ref: str, by: str, priority: str) -> Request:
        """A person sets another priority."""
        alert = self.account.find(ref)
        old, alert.priority = alert.priority, priority
        return self._say("UpdatePriority", alert, by, {"oldPriority": old})

    def press_action(self, ref: str, by: str, action: str) -> Request:
        """A person runs one of the company's own actions."""
        return self._press(ref, "custom", action, by)

    def press_delete(self, ref: str, by: str) -> Request:
        """A person deletes the alert, which says nothing about the outage."""
        alert = self.account.find(ref)
        self.account.alerts.remove(alert)
        return self._say("Delete", alert, by)

    def press_escalate_next(self, ref: str, by: str, to: str, escalation: str) -> Request:
        """A person passes the alert to the next step of an escalation."""
        alert = self._wake(ref, to)
        return self._say("EscalateNext", alert, by, {}, {"escalationName": escalation})

    def escalate(self, ref: str, to: str, escalation: str, repeat: int = 0) -> Request:
        """Nobody answered: a step of an escalation wakes somebody else. Only the alert's id is said of it."""
        alert = self._wake(ref, to)
        notify = {"name": to, "id": self.account.user(to).id, "type": "default", "entity": "user"}
        step = {"escalationName": escalation, "escalationNotify": notify, "escalationTime": 5, "repeatCount": repeat}
        escalated = {"action": "Escalate", "alert": {"alertId": alert.id}, "escalationId": f"id-of-{escalation}"}
        return self._send(escalated | step)

    def announce(self, ref: str) -> Request:
        """The webhook by which Opsgenie tells of an alert that was made through its API."""
        return self._made(self.account.find(ref))

    def _wake(self, ref: str, to: str) -> Alert:
        alert = self.account.find(ref)
        alert.who = (*alert.who, self.account.user(to).username)
        return alert

    def _press(self, ref: str, act: str, action: str, by: str) -> Request:
        alert = self.account.find(ref)
        self.account.act(alert, act, by or alert.via)
        return self._say(action, alert, by)

    def _made(self, alert: Alert) -> Request:
        wanted = alert.wanted
        return self._say("Create", alert, "", {"description": wanted.description[:1000], "details": wanted.details})

    def _say(
        self,
        action: str,
        alert: Alert,
        by: str,
        more: dict[str, Any] | None = None,
        beside: dict[str, Any] | None = None,
    ) -> Request:
        """Tell of an action; without a person the integration that made the alert did it."""
        wanted = alert.wanted
        shown: dict[str, Any] = {
            "alertId": alert.id,
            "message": wanted.message,
            "tags": list(wanted.tags),
            "tinyId": str(alert.number),
            "entity": wanted.entity,
            "alias": alert.alias,
            "createdAt": _millis(alert.created_at),
            "updatedAt": _millis(alert.changed_at) * 1_000_000,
            "username": by or alert.via,
            "source": wanted.source,
            "priority": alert.priority,
            "responders": [self.account.responder(one) | {"name": one.called} for one in wanted.responders],
        }
        source = WEB if by else {"name": alert.via, "type": "API"}
        return self._send({"action": action, "alert": shown | (more or {}), "source": source} | (beside or {}))

    def _send(self, said: dict[str, Any]) -> Request:
        integration = {"integrationName": "standfast-outgoing", "integrationId": "out-1", "integrationType": "Webhook"}
        return Request(
            headers={
                "content-type": "application/json",
                "user-agent": "Opsgenie Http Client",
                "authorization": f"Bearer {self._token}",
            },
            body=json.dumps(said | integration).encode(),
            received_at=self.account.clock(),
        )


def _millis(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
