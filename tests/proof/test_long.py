"""Twenty days and five thousand acts are one incident, within the engine's limits."""

import time
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from activities.starting import TASK_TIMEOUT
from tests.stories.story import QUIET, Story, told
from tests.stories.test_long import noted
from workflows.converter import converter
from workflows.incident import IncidentWorkflow
from workflows.limit import LONGEST_RUN

ACTS, DAYS = 5_000, 20


@pytest.mark.slow
async def test_twenty_days_and_five_thousand_acts_stay_within_the_engines_limits(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, policy=QUIET) as story:
        await story.alert()
        await story.acts("acknowledge", "dana")
        await story.acts("declare", "jonas", severity="P2", reason="One region only.")
        await story.acts("declare", "mira", severity="P2")
        await story.acts("approve_update", "jonas")
        for day in range(DAYS):
            await noted(story, ACTS // DAYS)
            await story.passes(days=1)
            await _show(story, day)
        assert len(await story.events("noted")) == ACTS
        view = await story.view()
        assert len(await story.records.events(story.incident)) == view.events
        assert (await story.acts("resolve", "jonas", summary="The last of it is mended.")).accepted
        await story.follows_up()
        await story.passes(hours=1, minutes=1)
        assert (await story.view()).phase == "closed"


async def _show(story: Story, day: int) -> None:
    """Measure this run, and hold it to what a worker that takes over must manage."""
    history = await story.handle.fetch_history()
    size = (await story.handle.describe()).raw_description.workflow_execution_info.history_size_bytes
    started = history.events[0].workflow_execution_started_event_attributes
    carried = sum(payload.ByteSize() for payload in started.input.payloads)
    took = await _replay(WorkflowHistory(story.incident, history.events))
    events = (await story.view()).events
    print(
        f"day {day + 1}: {events} events; this run: {len(history.events)} of history, {size / 1e6:.1f} MB, "
        f"carried {carried / 1e6:.2f} MB, replayed in {took:.2f} s"
    )
    assert len(history.events) < LONGEST_RUN
    assert carried < 2_000_000
    assert took < TASK_TIMEOUT.total_seconds()


async def _replay(history: WorkflowHistory) -> float:
    """How many seconds of a core a replay takes; how long that lasts is the machine's affair."""
    begun = time.process_time()
    await Replayer(workflows=[IncidentWorkflow], data_converter=converter(), debug_mode=True).replay_workflow(history)
    return time.process_time() - begun
