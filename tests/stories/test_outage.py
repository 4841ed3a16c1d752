"""A vendor that is away: it is said, everything else goes on, and what was owed happens once when it is back."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.common import RetryPolicy
from temporalio.testing import WorkflowEnvironment

from domain.procedure.findings import PostFinding
from standins.standin import Fault
from tests.stories.story import QUIET, Story, told
from workflows import limit

SELDOM = RetryPolicy(initial_interval=timedelta(minutes=1))
"""How a vendor that is away is asked in stories that are told by the minute: every ask costs them real time."""


async def declared(story: Story) -> None:
    """A P1 with its roles, so that what follows has somebody to be told to."""
    await story.alert()
    await story.acts("acknowledge", "dana")
    await story.acts("declare", "jonas", severity="P1")
    await story.acts("take_role", "ines", role="comms")


@pytest.mark.sop("COM-1")
@pytest.mark.parametrize("minutes", [3, pytest.param(59, marks=pytest.mark.slow)])
async def test_a_status_page_that_is_away_is_said_and_gets_its_update_once_when_it_is_back(
    engine: WorkflowEnvironment, tmp_path: Path, minutes: int
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await declared(story)
        story.stage.statuspage.down = Fault(status=503)
        assert (await story.acts("approve_update", "ines")).accepted
        await story.passes(minutes=minutes)
        (failure,) = [text for text in story.said() if "could not publish" in text]
        assert "By hand: post on the status page as investigating" in failure
        assert (
            "Some customers may not be able to pay. We are looking into it and will write again within 720 hours."
            in failure
        )
        assert "U04JONAS" in failure
        assert minutes < 10 or "COM-1" in [what.key for what in await story.whats("missed")]
        assert story.stage.statuspage.notified == []
        story.stage.statuspage.down = None
        await story.passes(minutes=6)
        assert story.stage.statuspage.notified == [
            "Some customers may not be able to pay. We are looking into it and will write again within 720 hours."
        ]


@pytest.mark.sop("SOC-1")
async def test_the_records_do_not_wait_for_a_chat_that_is_away_though_nothing_else_happens(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await declared(story)
        await story.passes(minutes=1)
        story.stage.slack.down = Fault(status=503)
        assert (await story.acts("post_finding", "dana", conditions="errors on one node")).accepted
        await story.passes(seconds=20)
        assert await story.whats("failed") == []
        recorded = {one.kind for one in await story.records.events(story.incident)}
        assert "finding_posted" in recorded


@pytest.mark.sop("WAR-1")
async def test_an_invitation_that_fails_keeps_nothing_back_that_was_asked_with_it_and_follows_by_itself(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.alert()
        await story.acts("acknowledge", "dana")
        invite, jonas = "/conversations.invite", "U04JONAS"
        story.stage.slack.fail(Fault("refuse", path=invite, says="U01DANA"), Fault("lose", path=invite, says=jonas))
        await story.acts("declare", "jonas", severity="P1")
        await story.passes(minutes=1)
        room = story.stage.slack.rooms[story.room]
        assert {"U01DANA", jonas, "U05INES", "U03MIRA"} <= room.members
        assert len(room.pins) == 1
        assert await story.whats("failed") == []
        asked = [
            one
            for one in (await story.handle.fetch_history()).events
            if one.activity_task_scheduled_event_attributes.activity_type.name == "invite"
        ]
        assert len(asked) == 2


@pytest.mark.sop("WAR-1")
async def test_a_chat_that_wants_patience_is_asked_again_when_it_said_and_not_before(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.alert()
        await story.acts("acknowledge", "dana")
        invite = "/conversations.invite"
        story.stage.slack.fail(Fault(path=invite, says="U01DANA", status=429, retry_after=40))
        await story.acts("declare", "jonas", severity="P1")
        room = story.stage.slack.rooms[story.room]
        assert {"U04JONAS", "U05INES", "U03MIRA"} <= room.members
        for seconds, times in ((30, 1), (11, 2)):
            await story.passes(seconds=seconds)
            asked = [call for call in story.stage.slack.calls if invite in call.path and b"U01DANA" in call.body]
            assert len(asked) == times
        assert "U01DANA" in room.members
        assert await story.whats("failed") == []


@pytest.mark.sop("WAR-4")
async def test_what_goes_to_a_room_together_is_read_in_order_though_one_of_it_fails(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await declared(story)
        post = "/chat.postMessage"
        story.stage.slack.fail(Fault("hang", path=post, says="the first", seconds=1))
        story.stage.slack.fail(Fault(status=503, path=post, says="the second"))
        for word in ("first", "second", "third"):
            found = PostFinding(by="dana", id=word, via="cli", conditions=f"the {word} of three")
            await story.ingress.update(story.incident, found)
        await story.passes(seconds=5)
        words = [text.partition("found*: ")[2] for text in story.said() if "found*: the" in text]
        assert words == ["the first of three", "the second of three", "the third of three"]
        assert await story.whats("failed") == []


async def test_an_update_whose_answer_was_lost_is_published_once(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await declared(story)
        story.stage.statuspage.fail(*[Fault("lose", path="/incidents", method="POST")] * 2)
        await story.acts("approve_update", "ines")
        await story.passes(minutes=1)
        assert len(story.stage.statuspage.notified) == 1
        assert len(story.stage.statuspage.incidents) == 1
        assert [what.number for what in await story.whats("update_approved")] == [1]


async def test_every_answer_lost_once_changes_nothing_but_the_time(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        stage = story.stage
        stage.pagerduty.fail(Fault("lose", path="/incidents", method="POST"))
        stage.slack.fail(*[Fault("lose", path=f"/{method}") for method in ("chat.postMessage", "conversations.create")])
        stage.jira.fail(Fault("lose", path="/issue", method="POST"))
        stage.smtp.fail(Fault("lose", path="DATA"))
        await story.alert()
        await story.passes(seconds=20)
        assert story.paged() == ["PDANA01"]
        await story.acts("acknowledge", "dana")
        await story.acts("declare", "jonas", severity="P1")
        await story.passes(seconds=20)
        await story.acts("approve_mail", "jonas")
        await story.acts("record_change", "jonas", change="hotfix", description="Flag off", bypass=True)
        await story.acts("authorise_change", "mira", number=1)
        await story.passes(minutes=2)
        assert len(stage.jira.issues) == 1
        assert len(stage.smtp.delivered()) == 2
        assert sorted(stage.slack.rooms) == [story.room, "incidents"]
        assert not await story.events("failed")


async def test_without_slack_people_are_paged_and_the_page_follows(
    engine: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limit.BY_ROLE, "room", replace(limit.TALKING, retry=SELDOM))
    async with told(engine, tmp_path, policy=QUIET) as story:
        story.stage.slack.down = Fault(status=503)
        await story.alert()
        await story.passes(minutes=5, seconds=1)
        assert story.paged() == ["PDANA01", "PSAM002"]
        await story.acts("acknowledge", "dana")
        await story.acts("declare", "jonas", severity="P1")
        await story.acts("approve_update", "jonas")
        assert len(story.stage.statuspage.notified) == 1
        story.stage.slack.down = None
        await story.passes(minutes=6)
        assert story.room in story.stage.slack.rooms
        assert len([one for one in story.stage.slack.messages("incidents") if "thread_ts" not in one]) == 1
        assert any("told customers* at" in text for text in story.said())


@pytest.mark.sop("SOC-1")
async def test_records_that_are_away_catch_up_in_order_and_complete(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.alert()
        held, database = tmp_path / "held.db", tmp_path / "records.db"
        before = len(await story.records.events(story.incident))
        await story.records.engine.dispose()
        database.rename(held)
        database.mkdir()
        await story.acts("acknowledge", "dana")
        await story.acts("declare", "jonas", severity="P1")
        await story.passes(minutes=1)
        assert story.room in story.stage.slack.rooms
        database.rmdir()
        held.rename(database)
        await story.passes(minutes=2)
        view, recorded = await story.view(), await story.records.events(story.incident)
        assert [record.number for record in recorded] == list(range(1, view.events + 1))
        assert len(recorded) > before
        overview = await story.records.incident(story.incident)
        assert overview
        assert overview.severity == "P1"
