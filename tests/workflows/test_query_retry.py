"""A question that cannot be answered yet is asked again; one that is refused for another reason is not."""

from typing import Any

import pytest
from temporalio.client import OutboundInterceptor, QueryWorkflowInput, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from workflows import query_retry
from workflows.query_retry import AskAgain

BEGUN = RPCError("Workflow task is not scheduled yet.", RPCStatusCode.FAILED_PRECONDITION, b"")
NOBODY = RPCError("no poller seen for task queue recently", RPCStatusCode.FAILED_PRECONDITION, b"")
QUESTION = QueryWorkflowInput("INC-1", None, "incident", [], None, {}, None, {}, None)


class Engine(OutboundInterceptor):
    """Refuses so often, then answers."""

    def __init__(self, *refusals: Exception) -> None:
        self.refusals = list(refusals)

    async def query_workflow(self, input: QueryWorkflowInput) -> Any:
        if self.refusals:
            raise self.refusals.pop(0)
        return input.query


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_retry, "PAUSES", (0.0, 0.0))


@pytest.mark.parametrize("refusal", [BEGUN, WorkflowQueryFailedError(f"{query_retry.STALE}: wait")])
async def test_a_question_that_came_too_early_is_asked_again(refusal: Exception) -> None:
    assert await AskAgain().intercept_client(Engine(refusal, refusal)).query_workflow(QUESTION) == "incident"
    with pytest.raises(type(refusal)):
        await AskAgain().intercept_client(Engine(*[refusal] * 3)).query_workflow(QUESTION)


@pytest.mark.parametrize("refusal", [NOBODY, WorkflowQueryFailedError("unknown query")])
async def test_a_question_that_is_refused_otherwise_is_not_asked_again(refusal: Exception) -> None:
    with pytest.raises(type(refusal)):
        await AskAgain().intercept_client(Engine(refusal)).query_workflow(QUESTION)
