"""SOC-1: alerts that are taken while nobody works wake the last resort, whatever stands in between; once, and back."""

from datetime import datetime

import httpx
import pytest

from activities.company import Company, Settings
from activities.trouble import Trouble
from client.port import EngineUnavailable
from domain.port.duty import VendorError
from domain.port.pager import Pager
from ingress.inbox import Inbox
from ingress.watchdog import PATIENCE, Watchdog
from standins.cast import Cast
from standins.pagerduty.standin import Standin
from standins.stage import SECRETS
from standins.standin import Fault
from tests.ingress.setting import START, Clock
from vendors.door import Request
from vendors.pagerduty.client import Client
from vendors.pagerduty.client import Settings as PagerDuty

WAIT = PATIENCE.total_seconds()
GONE = Trouble(workflow="standfast", kind="unpolled", said="no worker asks for work", do="start one", since=START)


class Workers:
    """Whether somebody asks for work."""

    def __init__(self) -> None:
        self.gone, self.unknown = False, False

    async def polled(self, now: datetime) -> tuple[Trouble, ...]:
        if self.unknown:
            raise EngineUnavailable("no engine")
        return (GONE,) if self.gone else ()


@pytest.fixture
def workers() -> Workers:
    return Workers()


@pytest.fixture
def pagerduty(clock: Clock) -> Standin:
    return Cast(Company(Settings()).catalog, SECRETS, clock).pagerduty()


@pytest.fixture
async def dog(inbox: Inbox, clock: Clock, workers: Workers, pagerduty: Standin) -> Watchdog:
    settings = {name.lower(): SECRETS[name] for name in SECRETS if name.startswith("PAGERDUTY_")}
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app=pagerduty.app))
    pager: Pager = Client(PagerDuty.model_validate(settings), http)
    return Watchdog(inbox, Company(Settings()), workers.polled, lambda name: pager, clock)


async def heard(inbox: Inbox, clock: Clock) -> int:
    clock.passes(1)
    return await inbox.put("alertmanager", Request(headers={}, body=b"{}", received_at=clock()))


async def test_alerts_that_nobody_relays_wake_the_last_resort_once(
    dog: Watchdog, inbox: Inbox, clock: Clock, pagerduty: Standin
) -> None:
    await heard(inbox, clock)
    clock.passes(WAIT - 5)
    await dog.look()
    assert pagerduty.pages == []
    clock.passes(10)
    for _ in range(3):
        await dog.look()
    [page] = pagerduty.pages
    assert page.title.startswith("Standfast stands still: alerts: nobody relays")
    assert page.who == ("PPRIYA6",)  # the last level of the ladder


async def test_two_ingresses_send_one_page_and_take_it_back_when_work_goes_on(
    dog: Watchdog, inbox: Inbox, clock: Clock, pagerduty: Standin
) -> None:
    other = Watchdog(inbox, dog.company, dog.polled, dog.pager, clock)
    row = await heard(inbox, clock)
    clock.passes(2 * WAIT)
    await dog.look()
    await other.look()
    assert len(pagerduty.pages) == 1
    await inbox.mark_relayed([row], "")
    await dog.look()
    await other.look()
    assert pagerduty.open_pages == []
    await dog.look()
    assert (len(pagerduty.pages), dog.rung) == (1, {})


async def test_what_was_relayed_to_an_engine_without_a_worker_is_noticed_too(
    dog: Watchdog, inbox: Inbox, clock: Clock, workers: Workers, pagerduty: Standin
) -> None:
    workers.gone = True
    clock.passes(2 * WAIT)
    await dog.look()
    assert pagerduty.pages == []
    await inbox.mark_relayed([await heard(inbox, clock)], "")
    clock.passes(WAIT)
    await dog.look()
    [page] = pagerduty.pages
    assert "no worker asks for work" in page.title
    workers.unknown = True
    await dog.look()
    workers.gone = workers.unknown = False
    await dog.look()
    assert pagerduty.open_pages == []


async def test_a_page_that_could_not_leave_is_tried_again(
    dog: Watchdog, inbox: Inbox, clock: Clock, pagerduty: Standin
) -> None:
    await heard(inbox, clock)
    clock.passes(2 * WAIT)
    pagerduty.fail(*[Fault("refuse")] * 9)
    with pytest.raises(VendorError):
        await dog.look()
    pagerduty.faults.clear()
    await dog.look()
    assert len(pagerduty.pages) == 1
