"""Many alerts, one incident: which incident an alert belongs to, and what never reaches one."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from client.port import Declaration
from config.company import SHIPPED
from domain.alerting.grouping import Group
from domain.exchange import AlertsForwarded
from tests.stories.story import QUIET, alert, is_open, told


@pytest.mark.sop("DET-3", "DET-4")
async def test_a_hundred_alerts_of_one_service_are_one_incident_one_page_and_one_room(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        storm = [alert(f"checkout pod {number} down", key=f"pod-{number}") for number in range(100)]
        for start in range(0, 100, 10):
            await story.tells(*storm[start : start + 10])
        await story.settles()
        await story.acts("acknowledge", "dana")
        await story.acts("declare", "jonas", severity="P1")
        view = await story.view()
        assert view.alerts == 100
        assert story.paged() == ["PDANA01"]
        assert sorted(story.stage.slack.rooms) == [story.room, "incidents"]
        assert (await story.watch()).count == 1


@pytest.mark.sop("DET-3")
async def test_the_same_rows_told_ten_times_are_told_once(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        one = alert()
        for _ in range(10):
            await story.monitors(one, row=1)
        await story.monitors(one, row=2)
        assert (await story.view()).alerts == 1
        assert story.paged() == ["PDANA01"]
        assert not await story.events("alerts_joined")


@pytest.mark.sop("DET-4")
async def test_a_new_alert_joins_the_open_incident_and_the_headline_counts_it(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.monitors(alert())
        await story.monitors(alert("checkout latency above 2 s", key="k2"))
        await story.passes(seconds=11)
        assert (await story.view()).alerts == 2
        (headline,) = [one for one in story.stage.slack.messages("incidents") if "thread_ts" not in one]
        assert "2 alerts" in str(headline)
        assert story.paged() == ["PDANA01"]


def company(folder: Path, ends_at: datetime) -> Path:
    """The company with a maintenance window that is open now."""
    file = folder / "catalog.yaml"
    starts_at = ends_at - timedelta(hours=2)
    window = f"{{service: checkout, starts_at: {starts_at:%FT%TZ}, ends_at: {ends_at:%FT%TZ}, reason: new database}}"
    file.write_text(f"extends: {SHIPPED / 'catalog.yaml'}\nmaintenance: [{window}]\n")
    return file


@pytest.mark.sop("SCP-2")
async def test_planned_maintenance_opens_nothing_until_it_is_over(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    catalog = company(tmp_path, now + timedelta(minutes=30))
    async with told(engine, tmp_path, policy=QUIET, catalog=catalog) as story:
        await story.monitors(alert())
        await story.monitors(alert(key="k2"))
        await story.monitors(alert(key="k2", state="resolved"))
        assert story.incident == ""
        assert story.stage.pagerduty.calls == story.stage.slack.calls == []
        suppressed = await story.records.suppressed(now - timedelta(hours=1), now + timedelta(hours=1))
        assert [one.reason for one in suppressed] == ["planned maintenance: new database"] * 2
        await story.passes(minutes=31)
        assert story.paged() == ["PDANA01"]
        assert (await story.view()).alerts == 1


@pytest.mark.sop("SCP-2")
async def test_what_is_not_production_opens_nothing(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.monitors(alert(), environment="staging")
        await story.passes(hours=1)
        assert story.incident == ""
        assert story.stage.pagerduty.calls == story.stage.slack.calls == []
        now = datetime.now(UTC)
        (kept,) = await story.records.suppressed(now - timedelta(hours=1), now + timedelta(hours=1))
        assert kept.reason == "environment 'staging' is not production"


@pytest.mark.slow
async def test_an_alert_that_flaps_pages_once_and_recovers_when_it_has_been_quiet(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.monitors(alert(episode="0"))
        await story.acts("acknowledge", "dana")
        for number in range(1, 7):
            await story.tells(alert(state="resolved", episode=str(number - 1)))
            await story.tells(alert(episode=str(number)))
        await story.monitors(alert(state="resolved", episode="6"))
        told_of = len(await story.events("recovered"))
        assert story.paged() == ["PDANA01"]
        assert told_of < 6
        await story.passes(minutes=10, seconds=1)
        assert len(await story.events("recovered")) == told_of + 1


@pytest.mark.sop("DET-3")
async def test_a_new_episode_after_the_close_opens_a_new_incident(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.monitors(alert(episode="1"))
        first = story.incident
        await story.monitors(alert(state="resolved", episode="1"))
        assert (await story.watch()).incident == ""
        await story.monitors(alert(episode="2"))
        assert story.incident != first
        assert (await story.view()).phase == "alerting"
        assert story.paged() == ["PDANA01", "PDANA01"]


@pytest.mark.sop("RES-3")
async def test_a_recurrence_that_reaches_the_group_reopens_its_incident(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.monitors(alert(episode="1"))
        first = story.incident
        await story.acts("acknowledge", "dana")
        await story.acts("declare", "jonas", severity="P1")
        await story.monitors(alert(state="resolved", episode="1"))
        await story.acts("resolve", "jonas", summary="A restart mended it.")
        assert (await story.watch()).phase == "resolved"
        await story.passes(minutes=30)
        await story.monitors(alert(episode="2"))
        assert (story.incident, (await story.view()).phase) == (first, "active")
        assert (await story.watch()).phase == "active"


@pytest.mark.sop("DET-2", "DET-4")
async def test_a_declared_incident_takes_the_alerts_of_its_service(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        story.group = f"checkout/{story.queue}"
        group = Group(story.group, "checkout", "production")
        report = alert("Customers cannot pay", key="", source="slack", labels={"kind": "escalation"})
        order = Declaration(alert=report, seed=story.queue, by="jonas", group=group)
        declared = {(await story.ingress.declare(order)).incident for _ in range(2)}
        await story.monitors(alert())
        assert declared == {story.incident}
        view = await story.view()
        assert (view.title, view.alerts) == ("Customers cannot pay", 1)
        assert story.paged() == ["PDANA01"]
        assert (await story.watch()).count == 1


@pytest.mark.parametrize("how", ["closing", "gone"])
@pytest.mark.sop("DET-3")
async def test_an_alert_that_fires_while_its_incident_ends_opens_the_next(
    engine: WorkflowEnvironment, tmp_path: Path, how: str
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.monitors(alert(episode="1"))
        first = story.incident
        if how == "gone":
            await story.handle.terminate("an operator's mistake")
        else:
            await story.handle.signal("hear_alerts", AlertsForwarded(alerts=(alert(state="resolved", episode="1"),)))
        await story.monitors(alert(episode="2"))
        assert story.incident != first
        assert story.paged() == ["PDANA01", "PDANA01"]


async def test_a_group_continues_as_new_and_remembers(
    engine: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.group.LONG_RUN", 30)
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.monitors(alert())
        first = (await story.alerts.describe()).run_id
        for number in range(12):
            await story.tells(alert(key=f"other-{number}"))
        await story.settles()
        await story.monitors(alert(key="other-3"), row=4)
        watch = await story.watch()
        assert (await story.alerts.describe()).run_id != first
        assert (watch.incident, watch.count, len(watch.known)) == (story.incident, 1, 13)
        assert (await story.view()).alerts == 13
        assert story.paged() == ["PDANA01"]


@pytest.mark.sop("SCP-2")
async def test_a_group_that_stays_quiet_ends_and_the_next_alert_begins_it_anew(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await story.monitors(alert(), environment="staging")
        await story.passes(days=6)
        assert await is_open(story.alerts)
        with suppress(RPCError):  # it ends while time passes
            await story.passes(days=2)
        assert not await is_open(story.alerts)
        await story.monitors(alert())
        assert await is_open(story.alerts)
        assert story.incident
