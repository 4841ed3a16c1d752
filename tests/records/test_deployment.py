"""What was deployed is known in each of its states, once, for a while."""

from datetime import timedelta
from typing import Any

import pytest

from domain.company.catalog import Service
from domain.company.deployment import Deployment, before
from records.deployment import KEPT
from records.store import Records
from tests.domain.test_deployment import ALERT_AT, CHECKOUT, deployed


async def kept(store: Records, *deployments: Deployment, **later: float) -> None:
    """Everything is delivered twice."""
    for _ in range(2):
        await store.keep_deployments(deployments, ALERT_AT + timedelta(**later), KEPT)


async def known(store: Records, service: Service = CHECKOUT) -> list[tuple[str, str]]:
    return [(one.id, one.state) for one in await store.deployments(service, ALERT_AT)]


@pytest.mark.sop("TRI-1")
async def test_each_state_is_kept_once_and_the_state_before_the_alert_can_be_told(records: Records) -> None:
    states = [deployed("1", 9, state="started"), deployed("1", 5), deployed("1", -1, state="failed")]
    await kept(records, *states)
    assert await known(records) == [("1", "succeeded"), ("1", "started")]
    found = await records.deployments(CHECKOUT, ALERT_AT)
    assert before(found, CHECKOUT, ALERT_AT) == (states[1],)


async def test_a_state_that_is_told_with_another_time_keeps_the_newest(records: Records) -> None:
    await kept(records, deployed("1", 5, state="started"))
    await kept(records, deployed("1", 3, state="started", url="https://ci.example/2"))
    await kept(records, deployed("1", 4, state="started"))
    (one,) = await records.deployments(CHECKOUT, ALERT_AT)
    assert one == deployed("1", 3, state="started", url="https://ci.example/2")


@pytest.mark.parametrize(
    "said",
    [
        {"repository": "Acme/Checkout"},
        {"repository": "acme/mono", "service": "Cart"},
        {"repository": "acme/checkout", "service": "checkout"},
    ],
)
async def test_a_service_finds_its_own(records: Records, said: dict[str, Any]) -> None:
    await kept(records, deployed("1", 1, **said))
    assert await known(records) == [("1", "succeeded")]


@pytest.mark.parametrize("said", [{"repository": "acme/mono"}, {"service": "search"}])
async def test_and_not_anothers(records: Records, said: dict[str, Any]) -> None:
    await kept(records, deployed("1", 1, **said))
    assert await known(records) == []


async def test_what_is_old_goes_when_the_next_one_comes(records: Records) -> None:
    await kept(records, deployed("old", 5))
    await kept(records, deployed("new", 1), days=KEPT.days, minutes=-2)
    assert await known(records) == [("new", "succeeded")]
