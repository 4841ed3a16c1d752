"""The doctor says what is well, what is not, and what to do about it."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from temporalio.client import Client as Temporal
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

import worker
from config.trust import authorities
from console import examination, vendor_check
from console.check import CheckResult, patient
from console.heartbeats import heartbeats
from domain.alerting.alert import Alert
from domain.alerting.alert_group import AlertGroup
from domain.alerting.heartbeat import promised
from domain.alerting.sifting import HeldAlert
from domain.company.alert_rule import AlertRule, Heartbeat
from domain.company.catalog import Catalog
from domain.port.duty import VendorError
from records.refusal import RecordsUnready
from records.store import Records
from tests.console.company import spoilt
from tests.console.conftest import Standfast
from tests.console.errand import forget
from tests.postgres import Cluster
from vendors.lack import Lack
from vendors.vendor import Vendor


class Client:
    """A vendor's client whose cheap question answers, or is refused."""

    def __init__(self, refusal: VendorError | None = None) -> None:
        self.refusal = refusal

    async def probe(self) -> str:
        if self.refusal:
            raise self.refusal
        return "who we are"


class Played(Vendor):
    """A vendor of the directory with such a client."""

    def client(self, http: httpx.AsyncClient) -> Any:
        return CLIENTS[self.name]


CLIENTS: dict[str, object] = {
    "well": Client(),
    "refused": Client(VendorError("refused", "invalid_auth", retryable=False)),
    "away": Client(VendorError("away", "503", retryable=True)),
    "advised": Client(VendorError("advised", "401", retryable=False, do="set KEY to another")),
    "mute": object(),
}


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(verify=authorities()) as client:
        yield client


@pytest.mark.parametrize(
    ("name", "state", "words"),
    [
        ("well", "ok", "who we are"),
        ("refused", "failed", "check TOKEN"),
        ("away", "failed", "try again"),
        ("advised", "failed", "set KEY to another"),
        ("mute", "ok", "no cheap question"),
    ],
)
async def test_a_vendor_is_asked_the_cheap_question(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, name: str, state: str, words: str
) -> None:
    monkeypatch.setenv("TOKEN", "t")
    seen = await vendor_check.vendor(Played(name, ("pager",), ("TOKEN",)), True, http)
    assert seen.state == state
    assert words in f"{seen.said} {seen.do}"


async def test_a_vendor_without_settings_is_not_configured_and_half_of_them_are_a_fault(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Played("well", ("pager",), ("SITE", "TOKEN"))
    asked = await vendor_check.vendor(one, True, http)
    assert (asked.state, asked.said) == ("failed", "not set: SITE, TOKEN")
    assert "its duties fail and people are told" in asked.do
    monkeypatch.setenv("SITE", "here")
    assert (await vendor_check.vendor(one, False, http)).state == "absent"
    seen = await vendor_check.vendor(one, True, http)
    assert (seen.state, seen.said) == ("failed", "not set: TOKEN")


@pytest.mark.parametrize("fails", [True, False])
async def test_what_the_first_incident_would_miss_is_a_finding_with_what_to_do(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    class Foreseeing(Client):
        async def lacks(self, catalog: Catalog) -> tuple[Lack, ...]:
            return (Lack(said=f"{len(catalog.services)} would be missed", do="make them", fails=fails),)

    monkeypatch.setitem(CLIENTS, "foreseeing", Foreseeing())
    [seen] = await vendor_check.lacks(Played("foreseeing", ("pager",)), http)
    assert (seen.state, seen.do) == ("failed" if fails else "warn", "make them")
    assert seen.said.endswith(" would be missed")
    assert await vendor_check.lacks(Played("well", ("pager",)), http) == []


def test_company_and_inbox_are_well_and_missing_records_are_not(
    standfast: Standfast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDFAST_INBOX", str(tmp_path / "inbox.db"))
    monkeypatch.setenv("STANDFAST_DATABASE_URL", f"sqlite:///{tmp_path}/records.db")
    assert standfast("doctor", "--only", "company").exit_code == 0
    assert standfast("doctor", "--only", "inbox").exit_code == 0
    told = standfast("doctor", "--only", "records", "--json")
    assert told.exit_code == 1
    [seen] = json.loads(told.stdout)
    assert seen["said"].startswith("there is no ")
    assert "STANDFAST_DATABASE_URL" in seen["do"]
    assert not (tmp_path / "records.db").exists()


async def test_records_that_open_are_well_and_a_stranger_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDFAST_DATABASE_URL", f"sqlite:///{tmp_path}/records.db")
    async with await Records.open(f"sqlite:///{tmp_path}/records.db") as records:
        await records.migrate()
    assert [seen.state for seen in await examination.records()] == ["ok"]
    async with await Records.open(f"sqlite:///{tmp_path}/records.db") as records, records.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    [seen] = await examination.records()
    assert (seen.state, "made by a later release (9999)" in seen.said) == ("ok", True)
    monkeypatch.setenv("STANDFAST_DATABASE_URL", "oracle://scott:tiger@host/db")
    [seen] = await examination.records()
    assert seen.state == "failed"
    assert "tiger" not in f"{seen.said} {seen.do}"


@pytest.mark.sop("SOC-1")
async def test_who_could_alter_the_evidence_is_said_and_so_is_what_a_role_may_not_do(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDFAST_DATABASE_URL", await cluster.fresh())
    [none] = await examination.records()
    assert (none.state, none.do) == ("failed", RecordsUnready.then)
    monkeypatch.setenv("STANDFAST_DATABASE_URL", await cluster.migrated())
    [seen] = await examination.records()
    assert (seen.state, "owner owns them" in seen.said) == ("warn", True)
    monkeypatch.setenv("STANDFAST_DATABASE_URL", await cluster.granted())
    assert [seen.state for seen in await examination.records()] == ["ok"]


def test_the_key_that_signs_evidence_is_well_absent_or_a_fault(
    standfast: Standfast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STANDFAST_SIGNING_KEY", raising=False)
    told = standfast("doctor", "--only", "evidence")
    assert "standfast audit key --new FILE" in told.stdout
    assert told.exit_code == 0
    monkeypatch.setenv("STANDFAST_SIGNING_KEY", base64.b64encode(bytes(32)).decode())
    assert (
        "its public half is O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik="
        in standfast("doctor", "--only", "evidence").stdout
    )
    monkeypatch.setenv("STANDFAST_SIGNING_KEY", "hush")
    told = standfast("doctor", "--only", "evidence")
    assert told.exit_code == 1
    assert "hush" not in told.stdout


def test_an_unfit_policy_is_named_with_the_next_step(
    standfast: Standfast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDFAST_POLICY", str(spoilt(tmp_path, "policy.yaml", {"clocks.ACK-1.tell": ["boss"]})))
    told = standfast("doctor", "--only", "company")
    assert told.exit_code == 1
    assert "standfast policy check" in told.stdout


def test_an_inbox_that_cannot_be_written_is_a_fault(
    standfast: Standfast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("STANDFAST_INBOX", str(tmp_path / "file" / "inbox.db"))
    told = standfast("doctor", "--only", "inbox")
    assert told.exit_code == 1
    assert "inbox" in told.stdout


async def test_queues_are_well_where_a_worker_asks_for_work(live_engine: WorkflowEnvironment, queue: str) -> None:
    async with Worker(live_engine.client, task_queue=f"{queue}-records", activities=[forget]):
        seen = {one.what: one for one in await examination.engine(queue)}
    assert seen["Temporal"].state == seen["search attributes"].state == "ok"
    assert seen[f"worker on {queue}"].state == "failed"
    assert "standfast worker" in seen[f"worker on {queue}"].do


async def test_an_engine_that_is_away_is_one_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    [seen] = await examination.engine("standfast")
    assert (seen.state, seen.said) == ("failed", "Temporal does not answer at 127.0.0.1:1 (Connection refused)")
    assert "TEMPORAL_ADDRESS" in seen.do


async def test_that_no_worker_is_at_work_is_said_once(live_engine: WorkflowEnvironment, queue: str) -> None:
    seen = [one for one in await examination.engine(queue) if "worker" in one.what]
    assert [(one.what, one.state) for one in seen] == [("workers", "failed")]
    assert f"nobody asks for work on {queue}, nor on any other" in seen[0].said


async def test_a_vendor_that_breaks_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Client):
        async def probe(self) -> str:
            raise OSError("Name or service not known")

    monkeypatch.setitem(CLIENTS, "broken", Broken())
    played = {name: Played(name, ("pager",)) for name in ("broken", "well")}
    monkeypatch.setattr(vendor_check, "DIRECTORY", played)
    seen = await vendor_check.vendors()
    assert [(one.what, one.state) for one in seen] == [("broken", "failed"), ("well", "ok")]
    assert seen[0].said == "OSError: Name or service not known"


async def test_an_examination_that_breaks_is_a_finding_too() -> None:
    async def breaks() -> list[CheckResult]:
        raise RuntimeError("a wire is loose\nwith more lines")

    [seen] = await patient("engine", breaks)
    assert (seen.state, seen.said) == ("failed", "RuntimeError: a wire is loose")


def test_an_unknown_part_is_refused_with_those_there_are(standfast: Standfast) -> None:
    told = standfast("doctor", "--only", "garden")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "found 'garden', expected one of company, engine, records," in told.stderr


def test_a_server_on_which_incidents_do_not_reach_the_next_release_is_said() -> None:
    assert [examination.server(one, "here", "10.0.0.4:7233").state for one in ("1.32.0", "1.31.2", "2.0.0")] == [
        "ok"
    ] * 3
    old = examination.server("1.30.2", "here", "10.0.0.4:7233")
    assert (old.state, old.said) == ("warn", "here, server 1.30.2: open incidents may not reach a new release")
    assert examination.server("1.30.2", "here", "shop.a1b2c.tmprl.cloud:7233").state == "ok"


@pytest.mark.sop("DET-1")
async def test_a_heartbeat_that_the_policy_waits_for_is_said_to_be_heard_or_not(
    queue: str, live_engine: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that never came opens nothing, for nothing waits for it; here it is seen."""
    beats = [{"name": "Watchdog"}, {"name": "DeadMansSwitch"}, {"name": "Watchdog", "door": "grafana"}]
    monkeypatch.setenv("STANDFAST_POLICY", str(spoilt(tmp_path, "policy.yaml", {"alerts.heartbeats": beats})))
    client, now = live_engine.client, datetime.now(UTC)
    rule = AlertRule(heartbeats=(Heartbeat(name="Watchdog"),))
    told = Alert(source="alertmanager", key="w", title="Watchdog", fired_at=now, at=now)
    held = HeldAlert(alert=promised(told, rule), until=datetime(2100, 1, 1, 3, 4, 5, tzinfo=UTC))
    group = AlertGroup(group="checkout/production", rule=rule, heartbeats={"heartbeat/w": held})
    async with worker.deciders(client, queue, []):
        name = f"alerts/{queue}"
        await client.start_workflow(
            "AlertGroup", group, id=name, task_queue=queue, execution_timeout=timedelta(minutes=1)
        )
        await listed(client, name)
        seen = await heartbeats(client, queue)
    assert [(one.what, one.state) for one in seen] == [
        ("heartbeat Watchdog of alertmanager", "ok"),
        ("heartbeat DeadMansSwitch of alertmanager", "warn"),
        ("heartbeat Watchdog of grafana", "warn"),
    ]
    assert seen[0].said == "heard; its silence wakes somebody at 01 Jan 03:04:05 UTC"


async def listed(client: Temporal, workflow: str) -> None:
    """Visibility lags behind by a moment."""
    for _ in range(600):
        if [one async for one in client.list_workflows(f"WorkflowId = '{workflow}'")]:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{workflow} was never listed")
