"""Whether another release reads what is open: a busy machine is no answer to that, and is asked again."""

from typing import Any, cast

import pytest
from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.worker import _workflow

from tests import histories
from tests.stories.environment import environment
from tests.stories.record import GOLDEN
from workflows.sample import TRIES, otherwise

NAME = next(iter(GOLDEN))


class Handle:
    async def fetch_history(self) -> WorkflowHistory:
        return WorkflowHistory.from_json(f"golden-{NAME}", histories.read(NAME))


class Machine:
    """So busy that the first replays take longer than the SDK's watch allows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, slow: int) -> None:
        self.made, self._slow = 0, slow
        begun = _workflow._WorkflowWorker.__init__

        def begin(worker: Any, **options: Any) -> None:
            begun(worker, **options)
            self.made += 1
            if self.made <= self._slow:
                worker._deadlock_timeout_seconds = 1e-9

        monkeypatch.setattr(_workflow._WorkflowWorker, "__init__", begin)


@pytest.mark.parametrize(("slow", "made"), [(0, 1), (1, 2), (TRIES, TRIES)])
async def test_a_replay_that_a_busy_machine_broke_off_is_made_again(
    monkeypatch: pytest.MonkeyPatch, slow: int, made: int
) -> None:
    machine = Machine(monkeypatch, slow)
    with environment(histories.KEYS):
        why = await otherwise(cast("WorkflowHandle[Any, Any]", Handle()))
    assert (machine.made, bool(why)) == (made, slow == TRIES)
