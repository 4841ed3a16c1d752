"""Every history ever recorded can be replayed by this release; one that forgot something cannot."""

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from domain.procedure import headline, war_room
from domain.procedure.findings import PostFinding
from domain.procedure.sop import PROCEDURE
from tests import histories
from tests.other_rules import follow
from tests.stories.environment import environment
from tests.stories.record import GOLDEN
from workflows.checkpoint import CheckpointWorkflow
from workflows.converter import converter
from workflows.drill import DrillWorkflow
from workflows.group import AlertGroupWorkflow
from workflows.guard import GuardedRunner
from workflows.incident import IncidentWorkflow

WORKFLOWS = [IncidentWorkflow, AlertGroupWorkflow, DrillWorkflow, CheckpointWorkflow]


def golden(name: str) -> WorkflowHistory:
    """A history as it was recorded."""
    return WorkflowHistory.from_json(f"golden-{name}", histories.read(name))


async def replay(history: WorkflowHistory, runner: WorkflowRunner | None = None) -> Exception | None:
    """Replay a history, as a worker does; answers why it could not be."""
    runner = runner or GuardedRunner()
    with environment(histories.KEYS):
        # On a busy machine a replay may take longer than the SDK's watch over live workflows allows.
        replayer = Replayer(workflows=WORKFLOWS, workflow_runner=runner, data_converter=converter(), debug_mode=True)
    return (await replayer.replay_workflow(history, raise_on_replay_failure=False)).replay_failure


@pytest.mark.parametrize("name", [*histories.names(), *histories.tagged()])
async def test_a_recorded_history_is_replayed(name: str) -> None:
    assert await replay(golden(name)) is None


@pytest.mark.parametrize("name", ["incident", "group", "v0.1.0/drill", "v0.1.0/checkpoint"])
async def test_each_workflow_touches_nothing_that_the_sandbox_of_the_sdk_watches(name: str) -> None:
    assert await replay(golden(name), SandboxedWorkflowRunner()) is None


def test_a_history_of_each_kind_is_recorded() -> None:
    assert set(histories.names()) >= GOLDEN.keys()


@pytest.mark.parametrize("name", ["incident", "continued"])
async def test_a_release_that_forgot_a_duty_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(monkeypatch, *(one for one in PROCEDURE.rulesets if one is not war_room.RULES))
    failure = await replay(golden(name))
    assert failure is not None
    assert "ondeterminism" in str(failure)


@pytest.mark.sop("SOC-1")
async def test_a_release_with_other_words_on_its_cards_goes_on_with_a_run_that_continued_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What an earlier run showed is known by whether it was up to date, not by its words."""
    monkeypatch.setattr(PostFinding, "label", "Tell the room")
    monkeypatch.setattr(headline, "WORDS", {phase: f"it is {word}" for phase, word in headline.WORDS.items()})
    assert await replay(golden("settled")) is None


async def test_a_release_whose_groups_open_nothing_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.alerting.alert_group.AlertGroup._opening", lambda self, firing: (self, ()))
    failure = await replay(golden("group"))
    assert failure is not None
    assert "ondeterminism" in str(failure)


@pytest.mark.parametrize("name", [one for one in histories.names() if one.startswith(("several", "in-a-row"))])
def test_what_is_never_encrypted_names_nobody(name: str) -> None:
    scheduled = [one.activity_task_scheduled_event_attributes for one in golden(name).events]
    found = [one.activity_id for one in scheduled if one.activity_id]
    assert found
    assert [one for one in found if set(one) - set("0123456789abcdef")] == []
