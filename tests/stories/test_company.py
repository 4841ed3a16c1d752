"""The example companies on the real engine: their own words, office hours and shifts, kept by real timers."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from domain.report.due import Due
from domain.report.scorecard import scorecard
from domain.run import read as fold
from tests.domain.company import FOLDER, catalog_of, policy_of
from tests.stories.story import Story, told
from workflows.converter import converter
from workflows.incident import IncidentWorkflow

pytestmark = pytest.mark.story


def telling(company: str, engine: WorkflowEnvironment, folder: Path) -> AbstractAsyncContextManager[Story]:
    """A story under a company's own two files."""
    place = FOLDER / company
    return told(engine, folder, policy=place / "policy.yaml", catalog=place / "catalog.yaml")


async def due(story: Story, clause: str) -> Due:
    return next(one for one in (await story.view()).due if one.clause == clause)


async def passes_until(story: Story, moment: datetime) -> None:
    """Let time pass until a moment and a minute more; the incident's clock tells what is left."""
    now = (await story.events())[-1].at
    await story.passes(seconds=(moment - now).total_seconds() + 60)


async def verdicts(story: Story) -> dict[str, str]:
    ended = fold.read(await story.events())
    return {one.clause: one.verdict for one in scorecard(ended, ended.events[-1].at)}


async def is_replayed(story: Story) -> bool:
    """Whether another worker would read the same from the history: time zones change nothing."""
    replayer = Replayer(workflows=[IncidentWorkflow], data_converter=converter(), debug_mode=True)
    history = await story.handle.fetch_history()
    return (await replayer.replay_workflow(history, raise_on_replay_failure=False)).replay_failure is None


async def test_northgate_lets_a_p5_wait_for_the_office_and_fights_the_p0_that_it_becomes(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    office = policy_of("northgate").calendars["office"]
    async with telling("northgate", engine, tmp_path) as story:
        await story.alert("back-office", title="a label is wrong", severity="info")
        opened = await story.view()
        assert opened.proposed == "P5"
        first = await due(story, "ACK-1")
        assert first.due_at == office.after(opened.opened_at, timedelta(hours=9))
        await passes_until(story, first.due_at)
        assert story.paged() == ["PALBA01", "PBRUNO2"]
        await story.acts("acknowledge", "bruno")
        await story.acts("declare", "carla", severity="P0")
        assert (await story.view()).roles["incident_manager"] == "carla"
        for person, role in (("elena", "comms"), ("farid", "scribe"), ("greta", "data_protection")):
            assert (await story.acts("take_role", person, role=role)).accepted
        await story.acts("approve_update", "elena")
        await story.acts("resolve", "carla", summary="The label is right again.")
        resolved = await story.view()
        assert resolved.postmortem_due_at == office.after(resolved.resolved_at or first.due_at, timedelta(hours=45))
        await story.acts("answer_breach", "greta", breach=False, reason="A label.")
        await story.acts("waive_items", "dmitri", reason="Nothing to be done.")
        assert (await story.acts("complete_postmortem", "dmitri", cause="deployment")).accepted
        assert (await story.ends()).phase == "closed"
        said = await verdicts(story)
        assert {said[clause] for clause in ("ACK-2", "TRI-4", "WAR-3", "PM-1", "GDP-1")} == {"met"}
        assert (said["ACK-1"], said["COM-1"]) == ("late", "not_applicable")
        assert await is_replayed(story)


@pytest.mark.slow
async def test_tidepool_talks_in_a_thread_and_learns_in_office_hours(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    office = policy_of("tidepool").calendars["office"]
    async with telling("tidepool", engine, tmp_path) as story:
        await story.alert("app")
        await story.acts("acknowledge", "ada")
        await story.acts("declare", "cleo", severity="P1")
        await story.acts("resolve", "cleo", summary="Restarted.")
        await story.acts("answer_breach", "dora", breach=False, reason="Nothing left the house.")
        review, resolved = await due(story, "PM-1"), await story.view()
        assert review.due_at == office.after(resolved.resolved_at or review.due_at, timedelta(hours=24))
        await passes_until(story, review.due_at)
        reminded = [event.at for event in await story.events("reminded") if event.clause == "PM-1"]
        assert [round(office.between(at, review.due_at).total_seconds() / 60) for at in reminded] == [480, 120]
        assert [event.clause for event in await story.events("missed")] == ["PM-1"]
        await story.acts("waive_items", "cleo", reason="Nothing to be done.")
        assert (await story.acts("complete_postmortem", "cleo", cause="dependency")).accepted
        assert (await story.ends()).phase == "closed"
        assert [room.name for room in story.stage.slack.workspace.rooms if room.name.startswith("incident-")] == []
        assert any("is on it" in said for said in story.said("incidents"))
        said = await verdicts(story)
        assert (said["PM-1"], said["ACK-1"], said["COM-1"], said["WAR-1"]) == ("late", "met", *["not_applicable"] * 2)
        assert await is_replayed(story)


@pytest.mark.slow
async def test_meridian_wakes_whoever_is_at_work_through_opsgenie(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    levels = catalog_of("meridian").teams["platform"].levels
    async with telling("meridian", engine, tmp_path) as story:
        await story.alert("api")
        await story.passes(minutes=4, seconds=10)
        opened, missed = (await story.view()).opened_at, (await story.events("missed"))[0].at
        first = levels["primary"].on_call(opened)
        above = (levels[name].on_call(missed) for name in ("secondary", "manager"))  # one may be at both on a Sunday
        expected = [first, next(people for people in above if not {*people} <= {*first})]
        woken = [[who.partition("@")[0] for who in alert.who] for alert in story.stage.opsgenie.alerts]
        assert [set(names) for names in woken] == [set(names) for names in expected]
        await story.acts("acknowledge", "rita")
        await story.acts("declare", "rita", severity="P1")
        await story.acts("take_role", "tomas", role="comms")
        await story.acts("approve_update", "tomas")
        await story.acts("approve_mail", "tomas")
        await story.acts("resolve", "rita", summary="Rolled back.")
        await story.acts("approve_update", "tomas", body="It works again.")
        await story.acts("answer_breach", "ruth", breach=False, reason="Nothing personal.")
        await story.acts("waive_items", "ruth", reason="The rollback is all.")
        assert (await story.acts("complete_postmortem", "ruth", cause="deployment")).accepted
        assert "It works again." in story.stage.instatus.account.notified[-1]
        assert story.stage.opsgenie.open_alerts == []
        assert (await story.ends()).phase == "closed"
        assert {(await verdicts(story))[clause] for clause in ("ACK-2", "COM-1", "RES-2", "PM-1")} == {"met"}
        assert await is_replayed(story)
