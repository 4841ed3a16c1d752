"""The buttons people press in PagerDuty, and its own moves: each changes the account and is a signed webhook."""

import json
from typing import Any

from standins.pagerduty.account import Account, Page, Status
from standins.standin import written
from vendors.door import Request, signed_hex


class Buttons:
    """What the PagerDuty stand-in offers to tests and to the demo beside its API."""

    def __init__(self, account: Account, secret: str) -> None:
        self.account = account
        self._secret, self._sent = secret, 0

    def press_trigger(self, service: str, title: str, *, key: str = "", priority: str = "") -> Request:
        """A monitor fires through PagerDuty, whose policy pages the first level."""
        page = self.account.new(key, title, service, (), "event")
        page.priority = priority
        return self._say("incident.triggered", page, self._integration(page))

    def press_acknowledge(self, ref: str, by: str) -> Request:
        """A person says "I am on it"."""
        return self._press(ref, "acknowledged", by)

    def press_resolve(self, ref: str, by: str = "") -> Request:
        """A person resolves the page, or without one the monitor that fired it does."""
        return self._press(ref, "resolved", by)

    def press_merge(self, ref: str, into: str, by: str) -> Request:
        """A person merges a page into another, which resolves it and ends nothing."""
        page = self.account.find(ref)
        page.merged_into = into
        self.account.move(page, "resolved")
        return self._say("incident.resolved", page, self.account.user(by), {"resolve_reason": self.account.merge(page)})

    def press_note(self, ref: str, by: str, text: str) -> Request:
        """A person writes a note on the page."""
        page = self.account.find(ref)
        about = self.account.reference("incident", page.id, page.title)
        note = {"id": "PNOTE", "type": "incident_note", "content": text, "trimmed": False, "incident": about}
        return self._send("incident.annotated", self.account.user(by), note)

    def press_priority(self, ref: str, by: str, priority: str) -> Request:
        """A person sets another priority, or a rule of PagerDuty's where nobody is named."""
        page = self.account.find(ref)
        page.priority = priority
        return self._say("incident.priority_updated", page, self.account.user(by) if by else None)

    def press_move(self, ref: str, by: str, service: str) -> Request:
        """A person moves the page to another service."""
        page = self.account.find(ref)
        page.service = service
        return self._say("incident.service_updated", page, self.account.user(by))

    def press_reopen(self, ref: str, by: str) -> Request:
        """A person reopens a resolved page, which rings again."""
        page = self.account.find(ref)
        self.account.move(page, "triggered")
        return self._say("incident.reopened", page, self.account.user(by))

    def press_test(self) -> Request:
        """Somebody sends a test message from the subscription's settings."""
        return self._send("pagey.ping", None, {"type": "ping", "message": "Hello from your friend Pagey!"})

    def escalate(self, ref: str, to: str) -> Request:
        """Nobody answered: PagerDuty itself pages somebody else."""
        page = self.account.find(ref)
        page.who = (to,)
        return self._say("incident.escalated", page, None)

    def announce(self, ref: str) -> Request:
        """The webhook by which PagerDuty tells of a page that was opened through its API."""
        page = self.account.find(ref)
        return self._say("incident.triggered", page, self._integration(page))

    def _press(self, ref: str, status: Status, by: str) -> Request:
        page = self.account.find(ref)
        self.account.move(page, status, by=by)
        return self._say(f"incident.{status}", page, self.account.user(by) if by else self._integration(page))

    def _integration(self, page: Page) -> dict[str, Any]:
        service = self.account.reference("service", page.service, "Events API V2")
        return service | {"id": "PINTEGRATION", "type": "inbound_integration_reference"}

    def _say(self, kind: str, page: Page, agent: Any, more: dict[str, Any] | None = None) -> Request:
        return self._send(kind, agent, self.account.event_data(page) | (more or {}))

    def _send(self, kind: str, agent: Any, data: dict[str, Any]) -> Request:
        self._sent += 1
        now = self.account.clock()
        event = {
            "id": f"01STANDIN{self._sent:017}",
            "event_type": kind,
            "resource_type": kind.split(".")[0],
            "occurred_at": written(now),
            "agent": agent,
            "client": None,
            "data": data,
        }
        body = json.dumps({"event": event}).encode()
        headers = {
            "content-type": "application/json",
            "user-agent": "PagerDuty-Webhook/V3.0",
            "x-webhook-id": f"standin-{self._sent}",
            "x-pagerduty-signature": f"v1={signed_hex(self._secret, body)}",
        }
        return Request(headers=headers, body=body, received_at=now)
