"""What can be said to an incident from outside, and what an operator reads of it."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.testing import WorkflowEnvironment

from activities.attribute import COMMANDER, KIND, NEXT_DUE, PHASE, SERVICE, SEVERITY
from domain.report.due import Due
from domain.run.progress import ActResult
from tests.stories.story import told
from workflows.handler import ACTS


@pytest.mark.sop("ACK-1")
async def test_an_operator_acts_with_a_name_and_bare_json(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert()
        await story.signals("acknowledge", {"by": "dana"})
        await story.signals("declare", {"by": "Jonas Weber", "severity": "P1"})
        view = await story.view()
        assert (view.phase, view.severity, view.commander) == ("active", "P1", "jonas")
        assert story.stage.pagerduty.pages[0].status == "acknowledged"


@pytest.mark.sop("SOC-1")
async def test_a_signal_that_makes_no_sense_is_refused_in_the_timeline_and_in_the_room(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert()
        await story.acts("acknowledge", "dana")
        await story.acts("declare", "jonas", severity="P1")
        for kind, payload in (
            ("post_finding", {"by": 7}),
            ("post_finding", "dana"),
            ("declare", {"by": "dana", "severity": "the worst"}),
            ("dance", {"by": "dana"}),
            ("hear_alerts", {"alerts": "none"}),
        ):
            await story.signals(kind, payload)
        await story.handle.signal("resolve", args=[{"by": "dana"}, "and more"])
        await story.handle.signal("note", args=[])
        await story.handle.signal("nudge", "an argument nobody asked for")
        await story.settles()
        refused = await story.whats("refused")
        assert [one.act for one in refused] == [
            "post_finding",
            "post_finding",
            "declare",
            "dance",
            "hear_alerts",
            "resolve",
            "note",
        ]
        assert refused[2].reason.startswith("severity: found 'the worst', expected: ")
        said = "\n".join(story.said())
        assert all(one.reason in said for one in refused)


@pytest.mark.sop("SOC-1")
async def test_what_holds_nothing_or_never_ends_stops_no_incident(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    endless = RawValue(Payload(metadata={"encoding": b"json/plain"}, data=b"[" * 100_000))
    async with told(engine, tmp_path) as story:
        await story.alert()
        for said in (None, b"dana", endless):
            await story.signals("note", said)
            with pytest.raises(WorkflowUpdateFailedError):
                await story.handle.execute_update("note", said)
        refused = await story.whats("refused")
        reasons = [one.reason.partition(", ")[0][:40] for one in refused]
        assert reasons[:4] == ["argument: found nothing"] * 2 + ["argument: found bytes"] * 2
        assert len(reasons) == 6
        assert [one.unanswered for one in refused] == [True, False] * 3
        await story.acts("acknowledge", "dana")
        assert (await story.view()).phase != "alerting"


@pytest.mark.sop("SOC-1")
@pytest.mark.parametrize(
    ("name", "said", "path"),
    [
        ("note", [{"by": 3, "text": "odd"}], "by: found 3, expected: "),
        ("declare", [{"by": "dana", "severity": "the worst"}], "severity: found 'the worst', expected: "),
        ("note", [{"by": "dana"}], "text: found nothing, expected: "),
        ("note", ["dana", "and more"], "arguments: found 2, expected 1"),
        ("dance", [{"by": "dana"}], "update: found 'dance', expected one of those the Web UI lists"),
    ],
)
async def test_an_update_that_does_not_fit_is_answered_and_refused_with_what_was_found(
    engine: WorkflowEnvironment, tmp_path: Path, name: str, said: list[Any], path: str
) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert()
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await story.handle.execute_update(name, args=said)
        assert str(refused.value.cause).startswith(f"Unread: {name}: {path}")
        (noted,) = await story.whats("refused")
        assert (noted.act, noted.reason.startswith(path)) == (name, True)


@pytest.mark.sop("ACK-1")
async def test_a_field_too_much_and_a_severity_in_lower_case_are_read(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert()
        await story.signals("acknowledge", {"by": "dana", "surprise": True})
        await story.signals("declare", {"by": "jonas", "severity": "p1", "mood": "grim"})
        assert ((await story.view()).severity, await story.whats("refused")) == ("P1", [])


async def test_the_same_act_twice_is_one_event_and_one_answer(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert()
        act = ACTS["acknowledge"].model_validate({"by": "dana", "id": uuid.uuid4().hex})
        first = await story.ingress.update(story.incident, act)
        again = await story.ingress.update(story.incident, act)
        by_another_way = await story.handle.execute_update("acknowledge", act, result_type=ActResult)
        await story.handle.signal("acknowledge", act)
        await story.settles()
        assert first == again
        assert by_another_way.accepted
        assert len(await story.events("acknowledged", "refused")) == 1


async def test_a_refused_act_is_answered_with_its_reason_and_recorded(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert()
        answer = await story.acts("resolve", "dana", summary="Over.")
        await story.acts("acknowledge", "dana")
        late = await story.acts("acknowledge", "sam")
        assert answer.accepted  # nobody commands yet, so anybody may
        assert not late.accepted
        assert [what.reason for what in await story.whats("refused")][-1] == late.text


async def test_the_queries_answer_what_is_due_and_what_happened(engine: WorkflowEnvironment, tmp_path: Path) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert()
        due: list[Due] = await story.handle.query("due", result_type=list[Due])
        assert [(one.key, one.owner) for one in due] == [("ACK-1", "on_call")]
        events = await story.events()
        assert [event.number for event in events] == list(range(1, len(events) + 1))
        assert events[0].what.kind == "opened"


async def test_an_operator_reads_the_procedure_in_temporals_own_words(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert()
        described = await story.handle.describe()
        shown = described.typed_search_attributes
        assert (shown[SEVERITY], shown[PHASE], shown[SERVICE]) == ("P1?", "alerting", "checkout")
        assert (shown[COMMANDER], shown[KIND]) == ("nobody", "incident")
        assert shown[NEXT_DUE] == (await story.view()).due[0].due_at
        assert await described.static_summary() == "checkout 5xx error rate above 5 %"
        metadata: WorkflowMetadata = await story.handle.query(
            "__temporal_workflow_metadata", result_type=WorkflowMetadata
        )
        assert "**Nobody is on it yet.**" in metadata.current_details
        assert "the on-call engineer answers (`ACK-1`)" in metadata.current_details
        assert {signal.name for signal in metadata.definition.signal_definitions} >= ACTS.keys()


async def test_one_timer_waits_for_all_deadlines_and_says_whose_it_is(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path) as story:
        await story.alert()
        assert any(said.startswith("ACK-1 acknowledge · on_call") for said in await _timers(story.handle))
        await story.acts("acknowledge", "dana")
        await story.acts("declare", "jonas", severity="P1")
        await story.passes(seconds=4)
        timers = await _timers(story.handle)
        assert all(timers), "a timer without a word"
        assert any(said.startswith("ACK-2/") for said in timers)
        assert len((await story.view()).due) > 5
        for number in range(3):
            await story.acts("post_finding", "dana", conditions=f"Errors on node {number}.")
        later = await _timers(story.handle)
        assert not [said for said in later[len(timers) :] if not said.startswith(("next duty", "records"))]
        await story.passes(minutes=2)
        assert (await _timers(story.handle))[len(later) :], "it rang with nothing due, and was not set again"


async def _timers(handle: WorkflowHandle[Any, Any]) -> list[str]:
    """What the timers in the history say of themselves."""
    history = await handle.fetch_history()
    started = [event for event in history.events if event.HasField("timer_started_event_attributes")]
    return [str(json.loads(event.user_metadata.summary.data or b'""')) for event in started]
