"""The alerts that can be sent from the stage, each as the tool would send it that watches the services."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from stage.desk import Desk
from standins.datadog.standin import Monitor

TIMES = 3
"""How often a webhook is delivered: senders repeat what they are not sure of."""
STORM = 40
DOOR = "/webhooks/datadog"


class Alert(NamedTuple):
    """One button: what it says, and what it does."""

    name: str
    label: str
    hint: str
    send: Callable[[], Awaitable[None]]


@dataclass
class Alerts:
    """What can go wrong in this company, and get well again."""

    desk: Desk

    def __post_init__(self) -> None:
        self._firing: list[Monitor] = []

    def all(self) -> list[Alert]:
        """The buttons, in the order of a first look."""
        return [
            Alert("errors", "5xx on the Checkout API", f"sent {TIMES} times, as senders do", self._errors),
            Alert("slow", "Billing is slow", "a warning of Datadog, no page", self._slow),
            Alert("storm", f"{STORM} alerts at once", "a service per node, all of one cause", self._storm),
            Alert("security", "Unauthorised access", "a security incident: its room is private", self._intrusion),
            Alert("green", "Everything is green again", "whatever was sent recovers", self._green),
        ]

    async def send(self, name: str) -> None:
        """Press the button of this name."""
        await next(one for one in self.all() if one.name == name).send()

    async def _errors(self) -> None:
        """PagerDuty's own integration where that pages, else Datadog."""
        catalog, on = self.desk.catalog, self.desk.on
        service = next((one for one in catalog.services.values() if one.tier == 1), None)
        title = "5xx error rate above 5 %"
        if catalog.vendors["pager"] == "pagerduty" and service and service.at("pagerduty"):
            request = on.pagerduty.press_trigger(service.at("pagerduty"), title, key="stage/5xx", priority="P1")
            await self.desk.deliver("/webhooks/pagerduty", request, TIMES)
            self.desk.note(f"PagerDuty's webhook came {TIMES} times, the same each time")
            return
        await self._fire(Monitor(4711, title, "P1", self._tags(0)), TIMES)
        self.desk.note(f"Datadog's webhook came {TIMES} times, the same each time")

    async def _slow(self) -> None:
        await self._fire(Monitor(4712, "p99 latency above 2 s", "P3", self._tags(1)))
        self.desk.note("Datadog's monitor fired for billing")

    async def _storm(self) -> None:
        nodes = [
            Monitor(5000 + number, f"node-{number:02} is not ready", "P2", self._tags(2)) for number in range(STORM)
        ]
        await asyncio.gather(*[self._fire(node) for node in nodes])
        self.desk.note(f"{STORM} alerts came within seconds, each of another node")

    async def _intrusion(self) -> None:
        title = "Unauthorised access to the customer database"
        apart = "env:live"  # of an open incident there it would make a private one
        await self._fire(Monitor(4713, title, "P1", (*self._tags(0)[:1], apart, "security:true")))
        self.desk.note("Datadog's monitor fired: unauthorised access")

    async def _green(self) -> None:
        on, now = self.desk.on, datetime.now(UTC)
        recover = [on.datadog.press_recover(now, monitor) for monitor in self._firing]
        await asyncio.gather(*[self.desk.deliver(DOOR, request) for request in recover])
        self._firing.clear()
        for page in [page for page in on.pagerduty.open_pages if page.via == "event"]:
            await self.desk.deliver("/webhooks/pagerduty", on.pagerduty.press_resolve(page.id))
        self.desk.note("Every alert that was sent from here recovered")

    async def _fire(self, monitor: Monitor, times: int = 1) -> None:
        if monitor not in self._firing:
            self._firing.append(monitor)
        await self.desk.deliver(DOOR, self.desk.on.datadog.press_trigger(datetime.now(UTC), monitor), times)

    def _tags(self, number: int) -> tuple[str, ...]:
        """The service of this place in the catalog, as monitors name it."""
        services = list(self.desk.catalog.services)
        return (f"service:{services[min(number, len(services) - 1)]}", "env:prod")
