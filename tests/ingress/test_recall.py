"""A relay that begins knows where the alerts were that have fired before it (DET-5)."""

from datetime import timedelta

import pytest

from config.company import SHIPPED, Company, Settings
from domain.alerting.alert import Alert, WebhookContent
from ingress.webhook.inbox import Inbox
from ingress.webhook.relay import Relay
from ingress.webhook.sorting import Sorter
from tests.ingress.relaying import pass_until
from tests.ingress.setting import START, Clock, MemoryEngine, doors
from vendors.door import Request


def begun(inbox: Inbox, engine: MemoryEngine, clock: Clock) -> Relay:
    """A relay as a process that starts has it."""
    files = Settings(standfast_policy=SHIPPED / "policy.yaml", standfast_catalog=SHIPPED / "catalog.yaml")
    return Relay(inbox, doors(), engine, Sorter(Company(files)), holder="anew", now=clock)


def request(alert: Alert) -> Request:
    return Request(headers={}, body=WebhookContent(alerts=(alert,)).model_dump_json().encode(), received_at=START)


@pytest.mark.sop("DET-5")
async def test_an_end_that_names_no_service_is_where_its_alert_was_also_after_a_restart(
    inbox: Inbox, clock: Clock, engine: MemoryEngine
) -> None:
    fired = Alert(source="opsgenie", key="a1", title="Errors", service="billing", fired_at=START, at=START)
    await inbox.put("acts", request(fired))
    await pass_until(begun(inbox, engine, clock), clock, 5)
    over = fired.model_copy(update={"state": "resolved", "service": "", "at": START + timedelta(minutes=1)})
    await inbox.put("acts", request(over))
    await pass_until(begun(inbox, engine, clock), clock, 30)
    assert [(one.group, one.alerts[0].state) for one in engine.taken] == [
        ("billing/production", "firing"),
        ("billing/production", "resolved"),
    ]


@pytest.mark.sop("DET-5")
async def test_a_row_that_cannot_be_read_any_more_hides_no_other_and_is_said(
    inbox: Inbox, clock: Clock, engine: MemoryEngine, caplog: pytest.LogCaptureFixture
) -> None:
    fired = Alert(source="opsgenie", key="a1", title="Errors", service="billing", fired_at=START, at=START)
    await inbox.put("acts", request(fired))
    row = await inbox.put("gone", request(fired))
    await inbox.mark_relayed([row], "")
    await pass_until(begun(inbox, engine, clock), clock, 5)
    over = fired.model_copy(update={"state": "resolved", "service": "", "at": START + timedelta(minutes=1)})
    await inbox.put("acts", request(over))
    await pass_until(begun(inbox, engine, clock), clock, 30)
    assert [one.group for one in engine.taken] == ["billing/production"] * 2
    assert "1 relayed row cannot be read again" in caplog.text
