"""Where a pager's incident was before it was moved to another service, its people are told (DET-4, DET-7)."""

from datetime import timedelta

import pytest

from domain.alerting.alert import Alert, VendorAct, WebhookContent
from domain.procedure.findings import Note
from ingress.webhook.inbox import Inbox
from tests.ingress.relaying import pass_until
from tests.ingress.setting import START, Clock, MemoryEngine, relay_of
from vendors.door import Request


def alert(service: str, minutes: int = 0, key: str = "Q1") -> Alert:
    at = START + timedelta(minutes=minutes)
    return Alert(source="pagerduty", key=key, title="Errors", service=service, fired_at=START, at=at, page=key)


def request(*alerts: Alert, moved: bool = False) -> Request:
    note = Note(id="pagerduty:E1", by="PADA", via="pagerduty", at=START, text="Errors was moved to Search in PagerDuty")
    acts = (VendorAct(alert="Q1", act=note),) if moved else ()
    said = WebhookContent(alerts=alerts, moved=acts)
    return Request(headers={}, body=said.model_dump_json().encode(), received_at=START)


@pytest.mark.sop("DET-4", "DET-7")
async def test_what_is_moved_fires_there_and_is_calm_and_said_where_it_was(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    await inbox.put("acts", request(alert("checkout")))
    await inbox.put("acts", request(alert("checkout", key="Q2")))
    await pass_until(relay_of(inbox, engine, clock), clock, 5)
    engine.taken.clear()
    await inbox.put("acts", request(alert("search", 1), moved=True))
    await pass_until(relay_of(inbox, engine, clock, "after a restart"), clock, 30)
    told = {one.group: one for one in engine.taken}
    assert {group: [(a.key, a.state) for a in one.alerts] for group, one in told.items()} == {
        "checkout/production": [("Q1", "merged")],
        "search/production": [("Q1", "firing")],
    }
    assert [one.act.kind for one in told["checkout/production"].acts] == ["note"]
    assert told["search/production"].acts == ()


@pytest.mark.sop("DET-4")
async def test_what_comes_back_is_calm_at_each_place_where_it_was(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    for number, service in enumerate(("checkout", "search", "checkout")):
        await inbox.put("acts", request(alert(service, number), moved=bool(number)))
    await pass_until(relay_of(inbox, engine, clock), clock, 30)
    states = {one.group: [a.state for a in one.alerts] for one in engine.taken}
    assert states == {"checkout/production": ["firing"], "search/production": ["merged"]}
    assert not await inbox.unrelayed(10)
