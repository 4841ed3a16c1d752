"""Where the ingress's tests take place: a clock that is told, an engine in memory, inboxes on two databases."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from client.port import GroupClient
from domain.alerting.alert import Alert, VendorAct, WebhookContent
from domain.alerting.digest import AlertDigest
from domain.alerting.grouping import Group, group_of
from domain.company.catalog import Catalog
from domain.value.act import Act
from ingress.webhook.door import Door, door_of
from ingress.webhook.inbox import Inbox
from ingress.webhook.outbox import Shelved
from ingress.webhook.relay import Relay
from standins.alertmanager.standin import Standin as Alertmanager
from standins.generic.standin import Standin as Sender
from vendors.alertmanager import webhook as alertmanager
from vendors.door import Request
from vendors.generic import webhook as generic

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
TOKEN, SECRET = "s3cr3t-token", "s3cr3t-key"
CATALOG = Catalog.model_validate(
    {
        "people": {"ada": {"name": "Ada"}},
        "teams": {"all": {"name": "All", "levels": {}, "manager": "ada"}},
        "services": {
            "checkout": {"title": "Checkout", "team": "all"},
            "search": {"title": "Search", "team": "all"},
        },
    }
)


class Clock:
    """Time that passes only when told."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class MemoryEngine:
    """An engine that does as Temporal's groups do: it drops a digest that ends at a row it has read."""

    def __init__(self) -> None:
        self.asked: list[AlertDigest] = []
        self.acts: list[tuple[str, Act]] = []
        self.read_up_to: dict[str, int] = {}
        self.taken: list[AlertDigest] = []
        self.told = asyncio.Event()
        self.fails: list[Exception] = []
        """Raised one by one, before anything is taken."""
        self.loses: list[BaseException] = []
        """Raised one by one, after it was taken: the answer was lost."""

    async def tell_group(self, group: str, digest: AlertDigest) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.asked.append(digest)
        self.told.set()
        if digest.last_row > self.read_up_to.get(group, 0):
            self.read_up_to[group] = digest.last_row
            self.taken.append(digest)
        if self.loses:
            raise self.loses.pop(0)

    async def signal(self, incident: str, act: Act) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.acts.append((incident, act))


def doors() -> dict[str, Door]:
    """Alertmanager's door, our own, and one that carries acts."""
    bearer = alertmanager.Settings.model_validate({"alertmanager_webhook_token": TOKEN})
    signed = generic.Settings.model_validate({"generic_webhook_secret": SECRET})
    closed = alertmanager.Settings.model_validate({"alertmanager_webhook_token": ""})
    return {
        "alertmanager": door_of(alertmanager, bearer),
        "generic": door_of(generic, signed, tells_unreadable=True),
        "closed": door_of(alertmanager, closed),
        "acts": Door(lambda request: None, read_acts),
        "broken": Door(lambda request: None, broken),
    }


def sort(heard: Alert | VendorAct) -> tuple[Group, ...]:
    """The one group by the catalog, of a sorter that remembers nothing."""
    return (group_of(heard, CATALOG),)


def relay_of(
    inbox: Inbox, engine: GroupClient, clock: Clock, holder: str = "one", shelf: Shelved | None = None, **more: Any
) -> Relay:
    return Relay(inbox, doors(), engine, sort, holder=holder, now=clock, shelf=shelf, **more)


def sender() -> Sender:
    return Sender(SECRET)


def monitor() -> Alertmanager:
    return Alertmanager(TOKEN)


def read_acts(request: Request) -> WebhookContent:
    """Reads a `WebhookContent` as it is, so that tests can send acts without a vendor that has some."""
    return WebhookContent.model_validate_json(request.body)


def broken(request: Request) -> WebhookContent:
    raise ZeroDivisionError("a reader with a fault")
