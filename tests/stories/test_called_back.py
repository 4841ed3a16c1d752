"""What is called back may have left before: it is looked for, and what follows from it is done."""

from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from standins.standin import Call, Fault, Standin
from tests.stories.story import QUIET, Story, alert, told

LOST = Fault("lose", path="/incidents", method="POST")
AWAY = Fault(status=503)


async def rings_unknown(story: Story) -> None:
    """A page that rings, whose answer was lost, at a pager that says nothing more."""
    story.stage.pagerduty.fail(LOST)
    await story.alert()
    story.stage.pagerduty.down = AWAY


async def room_opens_unknown(story: Story) -> None:
    """A P1 whose room opens, at a chat that says nothing more from then on."""
    falls_silent(story.stage.slack, "conversations.create")
    await story.acts("declare", "jonas", severity="P1")


def falls_silent(vendor: Standin, path: str) -> None:
    """It does what it is asked on this path, and says nothing more."""

    async def is_lost(call: Call) -> None:
        if call.method == "POST" and call.path.endswith(path):
            vendor.down, vendor.answering = AWAY, None

    vendor.fail(Fault("lose", path=path, method="POST"))
    vendor.answering = is_lost


async def declared(story: Story, severity: str) -> None:
    await story.alert()
    await story.acts("acknowledge", "dana")
    await story.acts("declare", "jonas", severity=severity)


def states(story: Story) -> list[str]:
    return [page.status for page in story.stage.pagerduty.pages]


@pytest.mark.sop("ACK-1", "RES-1")
async def test_a_page_whose_answer_was_lost_rings_no_more_once_somebody_is_on_it(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await rings_unknown(story)
        assert (await story.acts("acknowledge", "dana")).accepted
        await story.passes(seconds=100)
        assert states(story) == ["triggered"]
        story.stage.pagerduty.down = None
        await story.passes(minutes=3)
        assert states(story) == ["acknowledged"]
        assert not await story.events("failed")


@pytest.mark.sop("ACK-1")
async def test_a_page_that_failed_and_rings_all_the_same_is_found_once_somebody_is_on_it(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await rings_unknown(story)
        await story.passes(seconds=70)
        assert [what.duty for what in await story.whats("failed")] == ["page"]
        assert (await story.acts("acknowledge", "dana")).accepted
        story.stage.pagerduty.down = None
        await story.passes(minutes=3)
        assert states(story) == ["acknowledged"]


@pytest.mark.sop("ACK-1")
async def test_the_next_run_goes_on_looking_for_a_page(
    engine: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await rings_unknown(story)
        assert (await story.acts("acknowledge", "dana")).accepted
        first = (await story.handle.describe()).run_id
        with monkeypatch.context() as patched:
            patched.setattr("workflows.incident.LONG_RUN", 1)
            await story.passes(seconds=65)
        assert (await story.handle.describe()).run_id != first
        assert states(story) == ["triggered"]
        story.stage.pagerduty.down = None
        await story.passes(minutes=3)
        assert states(story) == ["acknowledged"]


@pytest.mark.sop("DET-5")
async def test_an_alert_that_ends_by_itself_takes_back_a_page_whose_answer_was_lost_and_the_incident_ends(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await rings_unknown(story)
        await story.hears(alert(state="resolved"))
        await story.acts("answer_breach", "mira", breach=False, reason="Nobody reached it.")
        assert states(story) == ["triggered"]
        story.stage.pagerduty.down = None
        await story.passes(minutes=3)
        assert states(story) == ["resolved"]
        assert (await story.view()).phase == "closed"


@pytest.mark.sop("ACK-1")
async def test_a_pager_that_will_not_say_whether_it_rings_is_told_of_and_asked_no_more(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await rings_unknown(story)
        assert (await story.acts("acknowledge", "dana")).accepted
        story.stage.pagerduty.down = Fault(status=403)
        await story.passes(minutes=3)
        (failed,) = await story.whats("failed")
        assert failed.given_up
        assert failed.summary.startswith("look whether this had happened: page ")
        assert any("See there whether it has." in text for text in story.said("incidents"))
        assert (await story.view()).owed == ()


@pytest.mark.sop("COM-3")
async def test_an_update_that_was_withdrawn_when_customers_had_read_it_is_known_to_be_on_the_page(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await declared(story, "P1")
        page = story.stage.statuspage
        page.fail(Fault("lose", path="/incidents", method="POST"))
        await story.acts("approve_update", "jonas")
        page.down = AWAY
        assert (await story.acts("withdraw_update", "jonas", because="Wrong service.")).accepted
        page.down = None
        await story.passes(minutes=3)
        assert len(page.notified) == 1
        assert not await story.events("failed")
        assert "COM-1" in {what.key for what in await story.whats("kept")}
        assert any("told customers* at" in text for text in story.said())


@pytest.mark.sop("COM-5", "DET-7")
async def test_first_words_that_had_not_left_do_not_arrive_after_those_that_it_is_over(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await declared(story, "P1")
        await story.passes(seconds=10)
        story.stage.smtp.down = Fault(status=451)
        await story.acts("approve_mail", "jonas")
        await story.passes(seconds=3)
        assert (await story.acts("close_as", "jonas", how="false_alarm", reason="the load test")).accepted
        story.stage.smtp.down = None
        await story.passes(minutes=8)
        assert [str(mail["Subject"]) for mail in story.stage.smtp.delivered()] == ["Checkout: solved"] * 2


@pytest.mark.sop("SCP-3", "WAR-1")
@pytest.mark.parametrize("seconds", [1, 240])
async def test_an_open_room_whose_answer_was_lost_is_archived_once_the_incident_is_a_secret(
    engine: WorkflowEnvironment, tmp_path: Path, seconds: int
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.alert()
        await story.acts("acknowledge", "dana")
        await room_opens_unknown(story)
        await story.passes(seconds=seconds)
        await story.acts("mark_security", "dana", reason="somebody is in")
        story.stage.slack.down = None
        await story.passes(minutes=8)
        rooms = [room for room in story.stage.slack.workspace.rooms if room.name.startswith(story.room)]
        assert [(room.private, room.archived) for room in rooms] == [(False, True), (True, False)]
        assert [
            one["text"] for one in story.stage.slack.messages(story.room) if story.incident not in one["text"]
        ] == []


@pytest.mark.sop("WAR-1", "DET-7")
async def test_a_room_whose_answer_was_lost_is_known_to_an_incident_that_is_none(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.alert()
        await story.acts("acknowledge", "dana")
        await room_opens_unknown(story)
        await story.acts("close_as", "jonas", how="false_alarm", reason="the load test")
        await story.passes(minutes=3)
        story.stage.slack.down = None
        await story.passes(minutes=2)
        assert (await story.view()).room == story.room


@pytest.mark.sop("ACT-1", "ACT-2")
@pytest.mark.parametrize("made", [True, False])
async def test_an_item_that_is_declined_while_the_tracker_is_away_gets_no_issue_and_one_that_has_it_is_known(
    engine: WorkflowEnvironment, tmp_path: Path, made: bool
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        jira = story.stage.jira
        await declared(story, "P2")
        if made:
            falls_silent(jira, "/issue")
        else:
            jira.down = AWAY
        await story.acts("add_item", "jonas", title="A larger pool", owner="sam")
        assert jira.down
        assert (await story.acts("close_item", "jonas", item="item-1", state="declined", reason="small")).accepted
        jira.down = None
        await story.passes(minutes=8)
        opened = [what.outcome.ref for what in await story.whats("done") if what.duty == "open_item"]
        assert opened == list(jira.issues) == (["OPS-1"] if made else [])
        assert not await story.events("failed")


@pytest.mark.sop("WAR-1", "DET-7")
async def test_what_a_chat_made_wait_and_nobody_wants_any_more_is_looked_for_at_once_with_nothing_else_to_do(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.alert()
        await story.acts("acknowledge", "dana")
        story.stage.slack.fail(Fault(path="conversations.create", status=429, retry_after=40))
        await story.acts("declare", "jonas", severity="P1")
        await story.acts("close_as", "jonas", how="false_alarm", reason="the load test")
        await engine.fast_forward(story.handle, timedelta(seconds=41))
        await story.settles()
        assert [call for call in story.stage.slack.calls if call.path.endswith("conversations.list")]
