"""Plays a sender that has no folder of its own: any monitor, or a support desk, that signs with our secret."""

import json
from datetime import datetime
from typing import Any

from standins.standin import Standin as _Standin
from vendors.door import Request
from vendors.generic.webhook import signature


class Standin(_Standin):
    """A sender that remembers since when its alerts and tickets are open."""

    name = "generic"

    def __init__(self, secret: str) -> None:
        super().__init__([])
        self._secret = secret
        self._since: dict[str, datetime] = {}

    def press_fire(self, at: datetime, key: str, title: str, **more: Any) -> Request:
        """A monitor says that something is wrong; said again, it fired when it first did."""
        since = self._since.setdefault(key, at)
        return self.sign(at, {"kind": "alert", "key": key, "title": title, "fired_at": since.isoformat(), **more})

    def press_resolve(self, at: datetime, key: str, title: str, **more: Any) -> Request:
        """The monitor says that it is over."""
        since = self._since.pop(key)
        over = {"state": "resolved", "fired_at": since.isoformat(), "at": at.isoformat()}
        return self.sign(at, {"kind": "alert", "key": key, "title": title, **over, **more})

    def press_escalate(self, at: datetime, ticket: str, title: str, **more: Any) -> Request:
        """Support escalates a customer's report as S1."""
        body = {"kind": "escalation", "ticket": ticket, "title": title, "escalated_at": at.isoformat()}
        return self.sign(at, {**body, **more})

    def sign(self, at: datetime, body: Any) -> Request:
        """Sign and send any body at all."""
        raw, stamp = json.dumps(body).encode(), str(int(at.timestamp()))
        headers = {
            "content-type": "application/json",
            "x-standfast-timestamp": stamp,
            "x-standfast-signature": signature(self._secret, stamp, raw),
        }
        return Request(headers=headers, body=raw, received_at=at)
