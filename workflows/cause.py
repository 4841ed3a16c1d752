"""What a workflow asks for belongs to the trace of what it heard last: the header of that is handed on.

Nothing but headers is touched, so that a history replays with this and without. The SDK's own workflow interceptor
would have everything that a group or an incident does for weeks in the trace of its first alert.
"""

from collections.abc import Mapping
from typing import Any, NoReturn

from temporalio.api.common.v1 import Payload
from temporalio.worker import (
    ContinueAsNewInput,
    ExecuteWorkflowInput,
    HandleSignalInput,
    HandleUpdateInput,
    SignalExternalWorkflowInput,
    StartActivityInput,
    StartLocalActivityInput,
    WorkflowInboundInterceptor,
    WorkflowOutboundInterceptor,
)
from temporalio.workflow import ActivityHandle

HEADER = "_tracer-data"
"""As the SDK's interceptor of clients and activities calls it."""
Headers = Mapping[str, Payload]


class Caused(WorkflowInboundInterceptor):
    """Remembers the header of the start, and of each message that has one."""

    cause: Payload | None = None

    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        """What is asked for from now on is handed the cause."""
        super().init(_Handed(outbound, self))

    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:
        """A run that was started by a message has heard that one already."""
        self._hear(input.headers if self.cause is None else {})
        return await super().execute_workflow(input)

    async def handle_signal(self, input: HandleSignalInput) -> None:
        """Alerts, acts, reports."""
        self._hear(input.headers)
        await super().handle_signal(input)

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:
        """An act that is answered."""
        self._hear(input.headers)
        return await super().handle_update_handler(input)

    def _hear(self, headers: Headers) -> None:
        self.cause = headers.get(HEADER, self.cause)

    def with_cause(self, headers: Headers) -> Headers:
        """Headers of what is asked for."""
        return {**headers, HEADER: self.cause} if self.cause is not None else headers


class _Handed(WorkflowOutboundInterceptor):
    """Hands the cause on with everything that the workflow asks for."""

    def __init__(self, next: WorkflowOutboundInterceptor, heard: Caused) -> None:
        super().__init__(next)
        self._heard = heard

    def start_activity(self, input: StartActivityInput) -> ActivityHandle[Any]:
        input.headers = self._heard.with_cause(input.headers)
        return super().start_activity(input)

    def start_local_activity(self, input: StartLocalActivityInput) -> ActivityHandle[Any]:
        input.headers = self._heard.with_cause(input.headers)
        return super().start_local_activity(input)

    async def signal_external_workflow(self, input: SignalExternalWorkflowInput) -> None:
        input.headers = self._heard.with_cause(input.headers)
        await super().signal_external_workflow(input)

    def continue_as_new(self, input: ContinueAsNewInput) -> NoReturn:
        input.headers = self._heard.with_cause(input.headers)
        super().continue_as_new(input)
