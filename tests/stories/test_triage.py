"""How severe it is, who says so, and what follows from it."""

from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.stories.story import told


@pytest.mark.sop("WAR-1")
async def test_a_p3_needs_no_room_and_no_status_page(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert(severity="warn", service="billing", key="k3")
        await story.acts("acknowledge", "dana")
        assert (await story.acts("declare", "dana", severity="P3")).accepted
        assert story.room not in story.stage.slack.rooms
        assert (await story.acts("resolve", "dana", summary="A retry mended it.")).accepted
        await story.follows_up()
        await story.passes(hours=1, minutes=1)
        assert (await story.ends()).phase == "closed"
        assert list(story.stage.slack.rooms) == ["incidents"]
        assert story.stage.statuspage.notified == []
        assert story.stage.smtp.messages == []


@pytest.mark.slow
@pytest.mark.sop("TRI-4")
async def test_what_nobody_classifies_is_treated_as_the_matrix_proposes(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert()
        await story.acts("acknowledge", "dana")
        await story.passes(minutes=10, seconds=1)
        view = await story.view()
        assert (view.severity, view.commander) == ("P1", "")
        assert story.room in story.stage.slack.rooms
        (declared,) = await story.events("severity_declared")
        assert (declared.by, declared.clause) == ("standfast", "TRI-4")


@pytest.mark.slow
@pytest.mark.sop("TRI-4")
async def test_a_lower_severity_takes_a_reason_and_a_second_person(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert()
        await story.acts("acknowledge", "dana")
        assert not (await story.acts("declare", "jonas", severity="P2")).accepted
        asked = await story.acts("declare", "jonas", severity="P2", reason="Only one region.")
        assert asked.accepted
        assert (await story.view()).severity is None
        await story.acts("declare", "jonas", severity="P2", reason="Only one region.")
        assert (await story.view()).severity is None
        assert (await story.acts("declare", "mira", severity="P2")).accepted
        view = await story.view()
        assert (view.severity, view.commander) == ("P2", "jonas")


@pytest.mark.slow
@pytest.mark.sop("TRI-5", "WAR-5")
async def test_raising_a_p2_to_a_p1_is_one_decision_and_brings_the_manager(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert(severity="warn")
        await story.acts("acknowledge", "dana")
        await story.acts("declare", "jonas", severity="P2")
        assert "U03MIRA" not in story.stage.slack.rooms[story.room].members
        assert (await story.acts("declare", "jonas", severity="P1")).accepted
        assert "U03MIRA" in story.stage.slack.rooms[story.room].members
        assert [event.clause for event in await story.events("severity_declared")] == ["TRI-3", "TRI-5"]
        assert len(await story.events("mail_drafted")) == 1


@pytest.mark.sop("SCP-3")
async def test_a_security_incident_is_private_and_cannot_pass_its_checkpoint_unanswered(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert(title="Intrusion at the bastion host", description="root shell from 203.0.113.9")
        room = story.stage.slack.rooms[story.room]
        assert room.private
        await story.acts("acknowledge", "dana")
        await story.acts("declare", "jonas", severity="P1")
        public = str(story.stage.slack.messages("incidents"))
        assert "security incident, private" in public
        assert "Intrusion" not in public
        assert "203.0.113.9" not in public
        assert story.room not in public
        assert story.stage.statuspage.notified == []
        await story.acts("resolve", "jonas", summary="The host was rebuilt.")
        await story.passes(hours=1, minutes=1)
        assert not (await story.acts("complete_postmortem", "mira", cause="attack")).accepted
        assert not (await story.acts("waive_clause", "mira", clause="SCP-3", reason="No time.")).accepted
        assert (await story.view()).phase == "resolved"
        await story.follows_up()
        assert (await story.view()).phase == "closed"
        assert "Intrusion" not in str(story.stage.slack.messages("incidents"))
