"""SOC-1: the doctor says which release has a share of what begins, and that nobody runs one that has."""

from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.api.workflowservice.v1 import DescribeWorkerDeploymentResponse

from activities.poller import SAID_EVERY
from console.releases import releases
from tests.activities.test_poller import engine, word

SILENT = 3 * SAID_EVERY.total_seconds()


def ramping(*, dies: bool) -> Any:
    """An engine on which one release is current and another has a tenth, whose worker may have died."""
    one = engine({"old": 1, "new": 1}, word("old", 1, 10), word("new", SILENT if dies else 1, 10))
    routed = DescribeWorkerDeploymentResponse()
    known = routed.worker_deployment_info.routing_config
    known.current_deployment_version.build_id, known.ramping_deployment_version.build_id = "old", "new"
    known.ramping_version_percentage = 10

    async def describe_worker_deployment(_: object) -> DescribeWorkerDeploymentResponse:
        return routed

    async def describe_task_queue(asked: object) -> Any:
        described = await one.workflow_service.describe_task_queue(asked)
        for poller in described.pollers:
            poller.deployment_options.build_id = poller.identity
        return described

    asked = {"describe_worker_deployment": describe_worker_deployment, "describe_task_queue": describe_task_queue}
    service = SimpleNamespace(**{**vars(one.workflow_service), **asked})
    return SimpleNamespace(namespace="default", workflow_service=service)


@pytest.mark.sop("SOC-1")
@pytest.mark.parametrize("dies", [False, True])
async def test_a_share_that_nobody_runs_is_a_failure(dies: bool) -> None:
    current, share = await releases(ramping(dies=dies), "standfast")
    assert (current.state, current.said) == ("ok", "old is current")
    assert share.said.startswith("new has 10 % of what is open and begins")
    assert (share.state, share.said.endswith("and no worker runs it")) == (("failed", True) if dies else ("ok", False))
