"""The guard before every workflow: nothing is decided under the clock of a task that is over.

What waits for a workflow when a query of it is handed out (a timer, a signal, a result) comes to it with the query, and
`workflow.now()` is still what it was in the task before. What it decides then is taken for the outcome of the next
task, which has another time: no worker can replay the run any more (docs/adr/0012-stale-clock.md).
"""

import logging
from typing import Any

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import SerializationContext, StorageDriverStoreContext
from temporalio.worker import UnsandboxedWorkflowRunner, WorkflowInstance, WorkflowInstanceDetails
from temporalio.workflow import Info

from workflows.query_retry import STALE

log = logging.getLogger("standfast.guard")

DECIDES_NOTHING = frozenset({"query_workflow", "remove_from_cache"})
"""Jobs of an activation under which a workflow decides nothing."""


class GuardedRunner(UnsandboxedWorkflowRunner):
    """Runs workflows, each behind a guard, without the SDK's sandbox (docs/adr/0101-no-sandbox.md)."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """A workflow whose every activation the guard sees first."""
        return Guarded(super().create_instance(det))


class Guarded(WorkflowInstance):
    """Fails an activation with news for the workflow and no new time; the query fails with it, and may be asked again.

    The engine's own task follows in any case. It finds nothing decided, replays the run and has the right time.
    """

    def __init__(self, workflow: WorkflowInstance) -> None:
        self._workflow = workflow
        self._length, self._time = 0, 0

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """Pass an activation on, unless the history has grown and the clock stands still."""
        if all(job.WhichOneof("variant") in DECIDES_NOTHING for job in act.jobs):
            return self._workflow.activate(act)
        length, time = act.history_length, act.timestamp.ToNanoseconds()
        if length > self._length and time == self._time:
            return _refused(act, f"the history has grown from {self._length} to {length} events, the clock has not")
        self._length, self._time = length, time
        return self._workflow.activate(act)

    def get_serialization_context(self, command_info: Any) -> SerializationContext | None:
        """None: no converter and no codec of ours asks whose payload it is, and this is asked for every payload."""
        return None

    def get_external_store_context(self, command_info: Any) -> StorageDriverStoreContext:
        """As without a guard."""
        return self._workflow.get_external_store_context(command_info)

    def get_info(self) -> Info:
        """As without a guard."""
        return self._workflow.get_info()

    def get_thread_id(self) -> int | None:
        """As without a guard."""
        return self._workflow.get_thread_id()


def _refused(act: WorkflowActivation, why: str) -> WorkflowActivationCompletion:
    """The answer to an activation that must not decide anything."""
    log.info("run %s: %s; the question that came with it is refused", act.run_id, why)
    completion = WorkflowActivationCompletion(run_id=act.run_id)
    completion.failed.failure.message = f"{STALE}: {why}; ask again in a moment"
    completion.failed.failure.application_failure_info.type = STALE
    return completion
