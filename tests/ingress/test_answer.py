"""Each sender's own signed request opens its real door, and is answered with the status which that sender wants."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from activities.company import SHIPPED, load
from domain.catalog import Catalog
from ingress.app import app
from ingress.inbox import Inbox
from ingress.serve import doors
from tests.ingress.setting import START, Clock
from vendors.alertmanager.standin import Standin as Alertmanager
from vendors.cast import Cast
from vendors.datadog.standin import Monitor
from vendors.directory import DIRECTORY
from vendors.door import Request
from vendors.generic.standin import Standin as Generic
from vendors.github.standin import Standin as GitHub
from vendors.grafana.standin import Rule
from vendors.grafana.standin import Standin as Grafana
from vendors.stage import SECRETS
from vendors.zendesk.standin import Standin as Zendesk

KEY = "a-secret"
MORE = dict.fromkeys(("GRAFANA_WEBHOOK_SECRET", "ZENDESK_WEBHOOK_SECRET", "GITHUB_WEBHOOK_SECRET"), KEY)
CAST = Cast(load(SHIPPED / "catalog.yaml", Catalog), SECRETS, lambda: START)
SAM = "sam@harbourline.example"


def jira() -> Request:
    site = CAST.jira()
    return site.press_move(site.press_open("By hand"), "Done", SAM)


def linear() -> Request:
    team = CAST.linear()
    return team.press_move(team.press_open("By hand"), "Done", SAM)


def statuspage() -> Request:
    page = CAST.statuspage()
    return page.press_update(page.press_open("By hand"), "resolved", "Over.")


def instatus() -> Request:
    page = CAST.instatus()
    return page.press_update(page.press_open("By hand"), "RESOLVED", "Over.")


SENDERS: dict[str, Callable[[], Request]] = {
    "pagerduty": lambda: CAST.pagerduty().press_trigger("PSVCCHK", "Checkout 5xx"),
    "opsgenie": lambda: CAST.opsgenie().press_create("Checkout 5xx"),
    "statuspage": statuspage,
    "instatus": instatus,
    "jira": jira,
    "linear": linear,
    "notion": lambda: CAST.notion().press_subscribe(),
    "alertmanager": lambda: Alertmanager(SECRETS["ALERTMANAGER_WEBHOOK_TOKEN"]).press_fire(START, alertname="Errors"),
    "datadog": lambda: CAST.datadog().press_trigger(START, Monitor(1, "Errors")),
    "grafana": lambda: Grafana(KEY).press_fire(START, Rule("r1", "Errors")),
    "zendesk": lambda: Zendesk(KEY).press_escalate(START, "7", "Cannot pay"),
    "github": lambda: GitHub(KEY).press_ping(START),
    "generic": lambda: Generic(SECRETS["GENERIC_WEBHOOK_SECRET"]).press_fire(START, "disk", "Disk full"),
}
BY_CERTIFICATE = {"cloudwatch"}
"""Whose proof needs Amazon's certificates: tests/vendors/cloudwatch."""


def test_every_sender_is_asked() -> None:
    assert {*SENDERS, *BY_CERTIFICATE} == {name for name, vendor in DIRECTORY.items() if vendor.hears}


@pytest.mark.sop("DET-6")
@pytest.mark.parametrize("name", SENDERS)
async def test_a_signed_request_is_answered_as_its_sender_wants_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for setting, value in (SECRETS | MORE).items():
        monkeypatch.setenv(setting, value)
    clock, request = Clock(), SENDERS[name]()
    inbox = Inbox(str(tmp_path / "inbox.db"), now=clock)
    transport = httpx.ASGITransport(app(inbox, doors(), now=clock))
    async with httpx.AsyncClient(transport=transport, base_url="http://standfast", params=request.query) as http:
        answer = await http.post(f"/webhooks/{name}", content=request.body, headers=request.headers)
        forged = await http.post(f"/webhooks/{name}", content=request.body, params={"token": "guess"})
    assert answer.status_code == (200 if name == "linear" else 202)
    assert forged.status_code == 401
    assert [row.door for row in await inbox.unrelayed(10)] == [name]
    await inbox.close()
