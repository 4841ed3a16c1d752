"""What a storm costs: many alerts of one service through one door, its relay, its group and its incident.

`python -m bench.storm [--keys N]`: everything fires, all but one recover, the last one recovers; prints after each what
the group was told and what the incident concludes. The time between the rows is made, so it ends by itself.
"""

import argparse
import asyncio
import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.company import SHIPPED, load
from domain.alerting.alert import Alert, VendorAct
from domain.alerting.alert_group import AlertGroup
from domain.alerting.digest import AlertDigest
from domain.alerting.grouping import Group, group_of
from domain.alerting.sifting import GroupAction
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.procedure.detection import opened
from domain.run.progress import open_incident
from domain.simulation.incident import SimulatedIncident, SimulatedVendors
from domain.value.act import Act
from domain.value.incident_id import incident_id
from ingress.webhook.door import Door
from ingress.webhook.inbox import Inbox
from ingress.webhook.relay import Relay
from vendors.alertmanager import webhook
from vendors.door import Request

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
IN_ONE = 500
"""Alerts in one message."""
MEGA = 1_000_000


class Clock:
    """The made time."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


class Receiver:
    """One group and its incident, told as the engine tells them, with what that weighs."""

    def __init__(self, clock: Clock, policy: Policy, catalog: Catalog) -> None:
        self._clock, self._policy, self._catalog = clock, policy, catalog
        self.watch = AlertGroup(group="checkout/production", service="checkout", environment="production")
        self.plays: list[SimulatedIncident] = []
        self.signals, self.heaviest, self.passed_on = 0, 0, 0

    async def tell_group(self, group: str, digest: AlertDigest) -> None:
        """A signal, through its bytes."""
        body = digest.model_dump_json()
        self.signals, self.heaviest = self.signals + 1, max(self.heaviest, len(body))
        self.watch, steps = self.watch.read(AlertDigest.model_validate_json(body), self._clock())
        for step in steps:
            self._do(step)

    async def signal(self, incident: str, act: Act) -> None:
        """Nobody acts in this storm."""

    def _do(self, step: GroupAction) -> None:
        if step.opens:
            incident = incident_id(self.watch.seed)
            first = opened(incident, step.alerts, "checkout", self._catalog, self._policy, group=self.watch.group)
            self.plays.append(
                SimulatedIncident(
                    open_incident(first, first.source, self._clock()), SimulatedVendors(START), self._clock()
                )
            )
            self.watch = self.watch.opened(incident)
        elif self.watch.incident:
            self.passed_on += 1
            self.plays[-1].now = self._clock()
            self.plays[-1].hear(step.alerts, step.count, step.unseen)


def messages(keys: range, state: str, at: datetime) -> Iterator[Request]:
    """What Alertmanager posts about these pods."""
    for start in range(keys.start, keys.stop, IN_ONE):
        told = [_told(number, state, at) for number in range(start, min(start + IN_ONE, keys.stop))]
        body = {
            "version": "4",
            "status": "firing",
            "groupKey": "{}",
            "externalURL": "https://am.example",
            "alerts": told,
        }
        yield Request(headers={}, body=json.dumps(body).encode(), received_at=at)


def _told(number: int, state: str, at: datetime) -> dict[str, object]:
    labels = {"alertname": "PodDown", "service": "checkout", "severity": "critical", "pod": f"checkout-{number}"}
    return {
        "status": state,
        "labels": labels,
        "annotations": {"summary": f"pod checkout-{number} is down"},
        "startsAt": START.isoformat(),
        "endsAt": at.isoformat() if state == "resolved" else "0001-01-01T00:00:00Z",
        "generatorURL": "https://prometheus.example/graph?g0.expr=up",
        "fingerprint": f"{number:016x}",
    }


def by(catalog: Catalog) -> Callable[[Alert | VendorAct], tuple[Group, ...]]:
    """Sorts by a catalog, and remembers nothing."""
    return lambda heard: (group_of(heard, catalog),)


async def run(folder: Path, keys: int) -> None:
    clock = Clock()
    policy, catalog = load(SHIPPED / "policy.yaml", Policy), load(SHIPPED / "catalog.yaml", Catalog)
    receiver, inbox = Receiver(clock, policy, catalog), Inbox(str(folder / "inbox.db"), now=clock)
    door = Door(lambda request: None, webhook.read)
    relay = Relay(inbox, {"alertmanager": door}, receiver, by(catalog), holder="bench", now=clock)
    began = time.monotonic()

    async def hear(what: str, some: range, state: str) -> None:
        for request in messages(some, state, clock.now):
            await inbox.put("alertmanager", request)
            await relay.step()
            clock.now += timedelta(seconds=0.1)
        for _ in range(60):
            await relay.step()
            clock.now += timedelta(seconds=1)
        _say(what, receiver, time.monotonic() - began)

    await hear(f"{keys:,} fire", range(keys), "firing")
    await hear("all but one recover", range(keys - 1), "resolved")
    await hear("the last one recovers", range(keys - 1, keys), "resolved")
    waits = (await inbox.count()).rows["new"]
    await inbox.close()
    print(f"{waits} row(s) wait, {len(receiver.plays)} incident(s) were opened")


def _say(what: str, receiver: Receiver, seconds: float) -> None:
    incident, watch = receiver.plays[-1].incident, receiver.watch
    state = len(watch.model_dump_json())
    whole = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(
        f"{what}: incident {incident.phase}, {watch.unseen_count:,} unseen and "
        f"{sum(not one.calm for one in watch.known.values())} followed fire; {receiver.signals} signals to the group "
        f"(the heaviest {receiver.heaviest / MEGA:.2f} MB), {receiver.passed_on} to the incident, which has "
        f"{incident.number} events; the group's state {state / MEGA:.2f} MB, the process {whole / MEGA:.0f} MB, "
        f"{seconds:.0f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=100_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="standfast-") as folder:
        asyncio.run(run(Path(folder), arguments.keys))


if __name__ == "__main__":
    main()
