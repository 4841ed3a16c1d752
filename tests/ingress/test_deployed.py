"""What was deployed reaches the records whatever they are doing, and nobody waits for it."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pytest

from domain.alerting.alert import WebhookContent
from domain.company.deployment import Deployment
from ingress.webhook.deployments import Shelf
from ingress.webhook.inbox import Inbox
from ingress.webhook.relay import Relay
from records.refusal import RecordsUnavailable
from records.store import Records
from tests.domain.test_deployment import ALERT_AT, CHECKOUT, deployed
from tests.ingress.relaying import ERRORS, pass_until
from tests.ingress.setting import START, Clock, MemoryEngine, monitor, relay_of
from vendors.door import Request


class MemoryShelf:
    """Records that are away as often as told."""

    def __init__(self) -> None:
        self.kept: list[Deployment] = []
        self.fails: list[Exception] = []

    async def keep(self, deployments: Iterable[Deployment], now: datetime) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.kept += deployments


@pytest.fixture
def shelf() -> MemoryShelf:
    return MemoryShelf()


@pytest.fixture
def relay(inbox: Inbox, engine: MemoryEngine, clock: Clock, shelf: MemoryShelf) -> Relay:
    return relay_of(inbox, engine, clock, shelf=shelf)


async def put(inbox: Inbox, *deployments: Deployment) -> int:
    body = WebhookContent(deployments=deployments).model_dump_json().encode()
    return await inbox.put("acts", Request(headers={}, body=body, received_at=START))


async def test_a_deployment_is_kept_and_its_row_is_done(inbox: Inbox, relay: Relay, shelf: MemoryShelf) -> None:
    for number in range(3):
        await put(inbox, deployed(str(number), 1))
    await relay.step()
    assert [one.id for one in shelf.kept] == ["0", "1", "2"]
    assert not await inbox.unrelayed(10)


async def test_records_that_are_away_hold_up_no_alert_and_get_it_later(
    inbox: Inbox, relay: Relay, shelf: MemoryShelf, engine: MemoryEngine, clock: Clock
) -> None:
    shelf.fails = [RecordsUnavailable("here", "locked")] * 3
    row = await put(inbox, deployed("1", 1))
    await inbox.put("alertmanager", monitor().press_fire(START, **ERRORS))
    await relay.step()
    assert len(engine.asked) == 1
    assert [one.row for one in await inbox.unrelayed(10)] == [row]
    await pass_until(relay, clock, 89)
    assert (len(shelf.fails), shelf.kept) == (0, [])
    await pass_until(relay, clock, 91)
    assert [one.id for one in shelf.kept] == ["1"]
    assert not await inbox.unrelayed(10)


async def test_what_the_records_do_not_take_for_a_fault_of_ours_waits_and_holds_up_nobody(
    inbox: Inbox, relay: Relay, shelf: MemoryShelf, clock: Clock
) -> None:
    shelf.fails = [ValueError("nobody foresaw this")] * 10
    await put(inbox, deployed("1", 1))
    await pass_until(relay, clock, 600, every=2)
    assert await inbox.unreadable() == await inbox.held_back() == []
    await put(inbox, deployed("2", 1))
    await relay.step()
    assert [one.id for one in shelf.kept] == ["1", "2"]


@pytest.mark.sop("TRI-1")
async def test_the_records_are_made_ready_by_whoever_comes_first(tmp_path: Path) -> None:
    url, shelf = f"sqlite:///{tmp_path}/records.db", Shelf(f"sqlite:///{tmp_path}/records.db")
    async with shelf.open():
        for _ in range(2):
            await shelf.keep([deployed("1", 1)], ALERT_AT)
    async with await Records.open(url) as records:
        await records.migrate()
        assert [one.id for one in await records.deployments(CHECKOUT, ALERT_AT)] == ["1"]
