"""An incident that has ended answers for itself, though nobody is at work of the release that it ended under."""

import asyncio
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

import worker
from activities.engine import IncidentActivities
from domain.port.internal import TellIncident
from domain.procedure.joining import TakeIn
from tests.stories.story import told

pytestmark = pytest.mark.story

PATIENCE = 60.0
"""Seconds within which it answers, on however busy a machine; nobody would answer a question to it at all."""


@pytest.mark.sop("DET-7", "REP-1")
async def test_what_is_to_be_told_to_an_incident_that_has_ended_waits_for_no_worker(
    engine: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with told(engine, tmp_path, working=False) as story:
        async with worker.working(engine.client, story.company, story.records, story.settings):
            await story.alert()
            await story.acts("close_as", "dana", how="false_alarm", reason="a test of the probe")
            seen = await story.ends()
            assert seen.phase == "closed"
        act = TakeIn(by="standfast", incident="INC-00001", title="It fails again")
        duty = TellIncident(
            key="tell_incident/merged",
            incident="INC-00001",
            clause="DET-7",
            summary="tell",
            other=story.incident,
            act=act,
        )
        errands = IncidentActivities(engine.client, story.company, story.queue, story.records)
        async with asyncio.timeout(PATIENCE):
            outcome = await errands.tell_incident(duty)
            assert await story.ingress.view(story.incident) == seen
        assert (outcome.ref, outcome.text) == ("", "there is no such incident, or it has ended")
