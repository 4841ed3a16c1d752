"""Who is woken, until somebody takes it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from standins.standin import Fault
from tests.stories.story import QUIET, alert, told


@pytest.mark.slow
@pytest.mark.sop("ACK-1", "ACK-2")
async def test_nobody_acknowledges_and_the_ladder_is_climbed_until_somebody_does(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert()
        assert story.paged() == ["PDANA01"]
        await story.passes(minutes=5, seconds=1)
        assert story.paged() == ["PDANA01", "PSAM002"]
        await story.passes(minutes=20)
        assert story.paged() == ["PDANA01", "PSAM002", "PMIRA03", "PPRIYA6", "PPRIYA6", "PPRIYA6"]
        answer = await story.acts("acknowledge", "sam")
        assert answer.accepted
        assert {page.status for page in story.stage.pagerduty.pages} == {"acknowledged"}
        await story.passes(minutes=9)
        assert len(story.paged()) == 6


@pytest.mark.sop("DET-5")
async def test_an_alert_that_ends_by_itself_takes_its_page_back(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert()
        await story.hears(alert(state="resolved"))
        assert (await story.view()).phase == "resolved"
        assert [page.status for page in story.stage.pagerduty.pages] == ["resolved"]
        await story.acts("answer_breach", "mira", breach=False, reason="Nobody reached it.")
        assert (await story.view()).phase == "closed"
        assert [what.kind for what in await story.whats("closed", "missed")] == ["closed"]
        await story.ends()
        assert story.paged() == ["PDANA01"]


@pytest.mark.sop("ACK-3")
async def test_a_level_that_the_vendor_paged_by_itself_is_not_paged_again(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert(source="pagerduty", paged=("PDANA01",), page="QMONITOR")
        assert story.paged() == []
        await story.acts("page_escalated", "pagerduty", people=("PSAM002",))
        await story.passes(minutes=5, seconds=1)
        assert story.paged() == []
        await story.passes(minutes=6)  # the pager's own escalation is given a minute
        assert story.paged() == ["PMIRA03"]


@pytest.mark.sop("ACK-1")
@pytest.mark.parametrize(("late", "kind"), [(0, "kept"), (1, "missed")])
async def test_an_acknowledgement_of_the_very_deadline_is_in_time_and_a_second_later_is_not(
    engine: WorkflowEnvironment, tmp_path: Path, late: int, kind: str
) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert()
        due = (await story.view()).opened_at + timedelta(minutes=5)
        await story.passes(minutes=6)
        assert (await story.acts("acknowledge", "dana", at=due + timedelta(seconds=late))).accepted
        assert (await story.view()).acknowledged_at == due + timedelta(seconds=late)
        verdicts = [event for event in await story.events("kept", "missed") if event.clause == "ACK-1"]
        assert [event.what.kind for event in verdicts][-1:] == [kind]


@pytest.mark.sop("ACK-4")
async def test_the_clock_of_the_incident_is_read_from_when_its_alert_fired(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        fired_at = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
        await story.alert(fired_at=fired_at)
        await story.acts("acknowledge", "dana")
        view = await story.view()
        assert view.fired_at == fired_at
        assert view.acknowledged_at
        assert view.acknowledged_at > view.opened_at > fired_at


@pytest.mark.slow
@pytest.mark.sop("ACK-5")
async def test_silence_after_an_acknowledgement_is_chased(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert()
        await story.acts("acknowledge", "dana")
        await story.passes(minutes=20, seconds=1)
        missed = {what.key: what.owner for what in await story.whats("missed")}
        assert missed["ACK-5/1"] == "on_call"
        assert any("Where are you? The room was" in text and "U01DANA" in text for text in story.said())


@pytest.mark.sop("ACK-1")
async def test_nobody_is_woken_after_the_acknowledgement_by_a_page_that_had_not_left(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        story.stage.pagerduty.down = Fault(status=503)
        await story.alert()
        assert (await story.acts("acknowledge", "dana")).accepted
        story.stage.pagerduty.down = None
        await story.passes(minutes=2)
        assert story.paged() == []
        assert not await story.events("failed")
        assert (await story.view()).owed == ()
