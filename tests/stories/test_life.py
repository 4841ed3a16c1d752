"""One P1 from its alert to its close."""

from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from records.overview import overview
from tests.stories.story import Story, told


@pytest.mark.sop(
    "DET-1", "ACK-1", "TRI-1", "TRI-2", "TRI-3", "WAR-1", "WAR-2", "WAR-3", "WAR-4", "WAR-5", "COM-1", "COM-2", "COM-3"
)
@pytest.mark.sop("COM-4", "COM-5", "COM-6", "FIX-1", "FIX-2", "RES-1")
async def test_a_p1_from_its_alert_to_its_close(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    async with told(engine, tmp_path) as story:
        await _an_alert_pages_dana_who_acknowledges(story)
        await _jonas_declares_a_p1_and_the_room_fills(story)
        await _customers_are_told_from_the_pages_template(story)
        await _each_account_is_written_to_once(story)
        await _a_change_past_the_deployment_needs_the_manager(story)
        await _the_next_update_is_missed_and_then_published(story)
        await _the_resolution_reaches_everybody(story)
        await _what_is_left_is_followed_to_its_end(story)


async def _an_alert_pages_dana_who_acknowledges(story: Story) -> None:
    await story.alert(description="Orders fail at the fraud check.")
    assert story.paged() == ["PDANA01"]
    await _nothing_was_begun_before_the_page_had_left(story)
    assert [message["text"] for message in story.stage.slack.messages("incidents")]
    assert (await story.acts("acknowledge", "dana", via="slack")).accepted
    assert [page.status for page in story.stage.pagerduty.pages] == ["acknowledged"]
    handed = next(text for text in _thread(story) if "Where to look is below" in text)
    assert "Error rate after a deployment" in handed


async def _nothing_was_begun_before_the_page_had_left(story: Story) -> None:
    events = (await story.handle.fetch_history()).events
    moves = [str(one.WhichOneof("attributes")).removesuffix("_event_attributes") for one in events]
    begun = [one.activity_task_scheduled_event_attributes for one in events]
    (page,) = (number for number, one in enumerate(begun) if one.activity_type.name == "page")
    assert moves.index("activity_task_scheduled") == page
    assert "activity_task_scheduled" not in moves[page + 1 : moves.index("activity_task_completed")]
    assert begun[page].priority.priority_key == 1


def _thread(story: Story) -> list[str]:
    return [str(message) for message in story.stage.slack.messages("incidents") if "thread_ts" in message]


async def _jonas_declares_a_p1_and_the_room_fills(story: Story) -> None:
    assert (await story.view()).proposed == "P1"
    assert (await story.acts("declare", "jonas", severity="P1")).accepted
    room = story.stage.slack.rooms[story.room]
    assert {"U01DANA", "U04JONAS", "U05INES", "U03MIRA"} <= room.members
    assert not room.private
    assert "P1" in room.topic
    assert len(room.pins) == 1
    await story.acts("take_role", "ines", role="comms")
    await story.acts("post_finding", "dana", conditions="The fraud check times out.")
    view = await story.view()
    assert view.roles == {"commander": "jonas", "on_call": "dana", "comms": "ines", "manager": "mira"}


async def _customers_are_told_from_the_pages_template(story: Story) -> None:
    draft = "Some customers may not be able to pay. We are looking into it and will write again within 30 minutes."
    assert any(draft in str(message) for message in story.stage.slack.messages(story.room))
    refused = await story.acts("approve_update", "dana")
    assert not refused.accepted
    assert "communications lead" in refused.text
    assert (await story.acts("approve_update", "ines")).accepted
    assert story.stage.statuspage.notified == [draft]
    assert story.stage.statuspage.components["cmpcheckout1"] == "major_outage"


async def _each_account_is_written_to_once(story: Story) -> None:
    assert story.stage.smtp.messages == []
    assert (await story.acts("approve_mail", "ines")).accepted
    assert not (await story.acts("approve_mail", "ines")).accepted
    to = sorted(str(mail["To"]) for mail in story.stage.smtp.messages)
    assert len(to) == 2
    assert "ops@northwind.example" in to[1]


async def _a_change_past_the_deployment_needs_the_manager(story: Story) -> None:
    asked = {"change": "hotfix", "description": "Switch the fraud check off", "bypass": True}
    assert not (await story.acts("record_change", "dana", **asked)).accepted
    assert (await story.acts("record_change", "jonas", **asked)).accepted
    assert not (await story.acts("authorise_change", "jonas", number=1)).accepted
    assert not story.stage.jira.issues
    assert (await story.acts("authorise_change", "mira", number=1)).accepted
    (issue,) = story.stage.jira.issues.values()
    assert "CI/CD" in issue["fields"]["summary"]


async def _the_next_update_is_missed_and_then_published(story: Story) -> None:
    await story.passes(minutes=30, seconds=1)
    missed = [what.key for what in await story.whats("missed")]
    assert {"COM-2/1", "WAR-4/2"} <= set(missed)
    (said,) = [text for text in story.said() if "Customers were to hear again" in text]
    assert said.startswith("<@U05INES> <@U04JONAS>")
    assert (await story.acts("approve_update", "ines", body="The fraud check is off; orders go through.")).accepted
    assert story.stage.statuspage.notified[1:] == ["The fraud check is off; orders go through."]


async def _the_resolution_reaches_everybody(story: Story) -> None:
    assert not (await story.acts("resolve", "dana", summary="Over.")).accepted
    assert (await story.acts("resolve", "jonas", summary="A fraud check timed out; it was switched off.")).accepted
    stage = story.stage
    assert (await story.acts("approve_update", "ines", body="The problem with payments is solved.")).accepted
    assert stage.statuspage.notified[2] == "The problem with payments is solved."
    assert [shown["status"] for shown in stage.statuspage.incidents.values()] == ["resolved"]
    assert {page.status for page in stage.pagerduty.pages} == {"resolved"}
    await story.passes(seconds=11)
    (headline,) = [message for message in stage.slack.messages("incidents") if "thread_ts" not in message]
    assert "Over · " in str(headline)
    assert "over, follow-up" in stage.slack.rooms[story.room].topic


async def _what_is_left_is_followed_to_its_end(story: Story) -> None:
    await story.passes(hours=1, minutes=1)
    assert (await story.view()).phase == "resolved"
    await story.follows_up()
    view = await story.ends()
    assert view.phase == "closed"
    assert not view.due
    assert not view.owed
    assert story.stage.slack.rooms[story.room].archived
    assert len(await story.records.events(story.incident)) == view.events
    assert await story.records.incident(story.incident) == overview(view).model_copy(update={"parts": ()})
    assert len(story.stage.statuspage.notified) == 4
    assert len([mail for mail in story.stage.smtp.messages if "may not be able to pay" in str(mail["Subject"])]) == 2
