"""SOC-1: alerts that are taken while nobody works wake the last resort, whatever stands in between; once, and back."""

from dataclasses import replace
from datetime import datetime

import httpx
import pytest
from starlette.types import ASGIApp

from activities.trouble import Trouble
from client.port import EngineUnavailable
from config.company import Company, Settings
from domain.port.duty import VendorError
from domain.port.pager import PagerPort
from ingress.watchdog import EVERY, LEASE, Watchdog
from ingress.webhook.inbox import Inbox
from standins.cast import Cast
from standins.pagerduty.standin import Standin
from standins.stage import SECRETS
from standins.standin import Fault
from tests.ingress.setting import Clock
from vendors.door import Request
from vendors.opsgenie.client import Client as Opsgenie
from vendors.opsgenie.client import Settings as OpsgenieSettings
from vendors.pagerduty import webhook
from vendors.pagerduty.client import Client as PagerDuty
from vendors.pagerduty.client import Settings as PagerDutySettings


class Workers:
    """Whether somebody asks for work."""

    def __init__(self) -> None:
        self.gone: datetime | None = None
        self.unknown = False

    async def polled(self, now: datetime) -> tuple[Trouble, ...]:
        if self.unknown:
            raise EngineUnavailable("no engine")
        said = {"kind": "unpolled", "said": "no worker asks for work", "do": "start one"}
        return (Trouble.model_validate({"workflow": "standfast", "since": self.gone, **said}),) if self.gone else ()


@pytest.fixture
def workers() -> Workers:
    return Workers()


@pytest.fixture
def pagerduty(clock: Clock) -> Standin:
    return Cast(Company(Settings()).catalog, SECRETS, clock).pagerduty()


@pytest.fixture
def pager(pagerduty: Standin) -> PagerPort:
    settings = {name.lower(): SECRETS[name] for name in SECRETS if name.startswith("PAGERDUTY_")}
    return PagerDuty(PagerDutySettings.model_validate(settings), through(pagerduty.app))


@pytest.fixture
def dog(inbox: Inbox, clock: Clock, workers: Workers, pager: PagerPort) -> Watchdog:
    return Watchdog(inbox, Company(Settings()), workers.polled, lambda name: pager, clock, "one")


def through(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app))


async def heard(inbox: Inbox, clock: Clock) -> int:
    clock.passes(1)
    return await inbox.put("alertmanager", Request(headers={}, body=b"{}", received_at=clock()))


async def looks(dog: Watchdog, clock: Clock, times: int = 12) -> None:
    """As it looks by itself: every few seconds, here for two minutes."""
    for _ in range(times):
        await dog.look()
        clock.passes(EVERY.total_seconds())


async def test_alerts_that_nobody_relays_wake_the_last_resort_once(
    dog: Watchdog, inbox: Inbox, clock: Clock, pagerduty: Standin
) -> None:
    await looks(dog, clock)
    await heard(inbox, clock)
    await looks(dog, clock, times=6)
    assert pagerduty.pages == []
    await looks(dog, clock)
    [page] = pagerduty.pages
    assert page.title.startswith("Standfast stands still: alerts: nobody relays")
    assert page.who == ("PPRIYA6",)  # the last level of the ladder


async def test_one_ingress_looks_at_a_time_and_its_page_is_taken_back_when_work_goes_on(
    dog: Watchdog, inbox: Inbox, clock: Clock, pagerduty: Standin
) -> None:
    other = replace(dog, holder="two")
    row = await heard(inbox, clock)
    for _ in range(12):
        await looks(dog, clock, times=1)
        await other.look()
    assert len(pagerduty.pages) == 1
    await inbox.mark_relayed([row], "")
    await other.look()
    assert len(pagerduty.open_pages) == 1
    await looks(dog, clock, times=2)
    assert pagerduty.open_pages == []
    assert len(pagerduty.pages) == 1


async def test_whoever_takes_over_sends_no_second_page(
    dog: Watchdog, inbox: Inbox, clock: Clock, pagerduty: Standin
) -> None:
    await heard(inbox, clock)
    await looks(dog, clock)
    clock.passes(LEASE.total_seconds())
    await looks(replace(dog, holder="two", seen_at=None, rung=None), clock)
    assert len(pagerduty.pages) == 1


async def test_what_was_relayed_to_an_engine_without_a_worker_is_noticed_too(
    dog: Watchdog, inbox: Inbox, clock: Clock, workers: Workers, pagerduty: Standin
) -> None:
    await inbox.mark_relayed([await heard(inbox, clock)], "")
    clock.passes(3600)
    workers.gone = clock()
    await looks(dog, clock)
    assert pagerduty.pages == []
    await inbox.mark_relayed([await heard(inbox, clock)], "")
    await looks(dog, clock)
    [page] = pagerduty.pages
    assert "no worker asks for work" in page.title


async def test_while_the_engine_cannot_be_asked_nothing_is_taken_back(
    dog: Watchdog, inbox: Inbox, clock: Clock, workers: Workers, pagerduty: Standin
) -> None:
    workers.gone = clock()
    await inbox.mark_relayed([await heard(inbox, clock)], "")
    await looks(dog, clock)
    workers.unknown = True
    await looks(dog, clock)
    assert len(pagerduty.open_pages) == 1
    workers.unknown, workers.gone = False, None
    await looks(dog, clock, times=1)
    assert pagerduty.open_pages == []
    workers.gone = clock()
    await inbox.mark_relayed([await heard(inbox, clock)], "")
    await looks(dog, clock)
    assert len(pagerduty.open_pages) == 1
    assert len(pagerduty.pages) == 2


async def test_a_page_that_could_not_leave_is_tried_again(
    dog: Watchdog, inbox: Inbox, clock: Clock, pagerduty: Standin
) -> None:
    await heard(inbox, clock)
    await looks(dog, clock, times=6)
    pagerduty.fail(*[Fault("refuse")] * 9)
    with pytest.raises(VendorError):
        await dog.look()
    pagerduty.faults.clear()
    await dog.look()
    assert len(pagerduty.pages) == 1


async def test_the_pagers_own_word_of_our_page_opens_no_incident(
    dog: Watchdog, inbox: Inbox, clock: Clock, pagerduty: Standin
) -> None:
    await heard(inbox, clock)
    await looks(dog, clock)
    said = webhook.read(pagerduty.press_acknowledge(pagerduty.pages[0].id, "PPRIYA6"))
    assert said.alerts == ()


async def test_opsgenie_and_pagerduty_by_events_take_it_back_too(
    dog: Watchdog, inbox: Inbox, clock: Clock, pagerduty: Standin
) -> None:
    played = Cast(Company(Settings()).catalog, SECRETS, clock).opsgenie()
    opsgenie = Opsgenie(OpsgenieSettings(opsgenie_api_key=SECRETS["OPSGENIE_API_KEY"]), through(played.app))
    routing = PagerDutySettings(pagerduty_routing_key=SECRETS["PAGERDUTY_ROUTING_KEY"])
    pagers: tuple[PagerPort, ...] = (opsgenie, PagerDuty(routing, through(pagerduty.app)))
    for number, one in enumerate(pagers):
        row = await heard(inbox, clock)
        alone = replace(dog, pager={"pagerduty": one}.__getitem__, seen_at=None, rung=None)
        await looks(alone, clock)
        assert (len(played.open_alerts), len(pagerduty.open_pages)) == (1 - number, number)
        await inbox.mark_relayed([row], "")
        await looks(alone, clock, times=1)
        assert (len(played.open_alerts), len(pagerduty.open_pages)) == (0, 0)
