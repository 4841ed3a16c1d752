"""Traces of what is asked of Temporal, by the SDK's interceptor; imported only where traces are wanted."""

from typing import Any

from temporalio.client import OutboundInterceptor, QueryWorkflowInput, SignalWorkflowInput
from temporalio.contrib.opentelemetry import TracingInterceptor
from temporalio.worker import WorkflowInboundInterceptor, WorkflowInterceptorClassInput

from workflows.cause import Caused

WOKEN = frozenset({"nudge"})
"""Signals that are no cause of anything."""


class Traced(TracingInterceptor):
    """The SDK's spans of clients and activities; within a workflow the cause is handed on."""

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        """Messages have a span, questions none: the board asks hundreds."""
        return _Told(super().intercept_client(next), next)

    def workflow_interceptor_class(  # type: ignore[override]
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor]:
        """What hands the cause on."""
        return Caused


class _Told(OutboundInterceptor):
    """Past the SDK's spans goes what is asked often and changes nothing."""

    def __init__(self, traced: OutboundInterceptor, plain: OutboundInterceptor) -> None:
        super().__init__(traced)
        self._plain = plain

    async def query_workflow(self, input: QueryWorkflowInput) -> Any:
        return await self._plain.query_workflow(input)

    async def signal_workflow(self, input: SignalWorkflowInput) -> None:
        await (self._plain if input.signal in WOKEN else self.next).signal_workflow(input)
