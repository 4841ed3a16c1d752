"""Questions to workflows are asked again when the guard before a workflow refuses one, or a run has just begun."""

import asyncio
from typing import Any

from temporalio.client import Interceptor, OutboundInterceptor, QueryWorkflowInput, WorkflowQueryFailedError
from temporalio.service import RPCError

STALE = "StaleClock"
"""How the guard's refusal begins: the question came with news that the engine's own task has yet to bring."""
NEW_RUN = "Workflow task is not scheduled yet"
"""How the engine refuses a question to a run that has just continued as new."""
PAUSES = (0.1, 0.3, 1.0, 2.0)
"""Seconds between the tries; a worker that has just come back has many tasks before it."""


class AskAgain(Interceptor):
    """A client whose questions outlast the guard's refusal (docs/adr/0012-stale-clock.md) and a run's first moment."""

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        """The client, asking again."""
        return _Asking(next)


class _Asking(OutboundInterceptor):
    """Each question, until it is answered or refused for another reason."""

    async def query_workflow(self, input: QueryWorkflowInput) -> Any:
        for pause in PAUSES:
            try:
                return await super().query_workflow(input)
            except WorkflowQueryFailedError as error:
                if not error.message.startswith(STALE):
                    raise
            except RPCError as error:
                if not error.message.startswith(NEW_RUN):
                    raise
            await asyncio.sleep(pause)
        return await super().query_workflow(input)
