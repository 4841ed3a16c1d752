"""A release takes its share in steps: what is open and what begins now comes to it by so many in a hundred, then all.

How far it has come is kept by the engine, so that each worker of a release can take the next step, and one that comes
back goes on where the last stood. Where something that it decides stands still, its share is taken back.
"""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, NamedTuple

from pydantic import AfterValidator
from temporalio.api.deployment.v1 import RoutingConfig
from temporalio.api.workflowservice.v1 import (
    DescribeWorkerDeploymentRequest,
    SetWorkerDeploymentRampingVersionRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from workflows.override import DEPLOYMENT

log = logging.getLogger("standfast.ramp")
TROUBLED = (
    "ExecutionStatus = 'Running' AND TaskQueue = '{queue}' AND TemporalWorkerDeploymentVersion = '{version}' "
    "AND TemporalReportedProblems IS NOT NULL"
)


class Ramp(NamedTuple):
    """The shares that a release has one after the other, in per cent, and how long it has each."""

    steps: tuple[int, ...] = ()
    every: timedelta = timedelta(minutes=10)

    @classmethod
    def read(cls, words: str, every: timedelta) -> "Ramp":
        """The steps as they are written, `10,50`; raises `ValueError` for what are none."""
        steps = tuple(int(word) if word.strip().isdigit() else 0 for word in words.split(",")) if words.strip() else ()
        if list(steps) != sorted(set(steps)) or not all(0 < step < 100 for step in steps):
            raise ValueError(f"STANDFAST_RAMP: found {words!r}, expected per cents that grow, as in 10,50")
        return cls(steps, every)


def _written(words: str) -> str:
    Ramp.read(words, timedelta())
    return words


AT_ONCE = Ramp()
Steps = Annotated[str, AfterValidator(_written)]
"""Steps as a setting has them; what are none is refused before anything begins."""


async def routing(client: Client) -> RoutingConfig:
    """Which release is current, and which has a share beside it."""
    request = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=DEPLOYMENT)
    described = await client.workflow_service.describe_worker_deployment(request)
    return described.worker_deployment_info.routing_config


async def has_ramped(client: Client, queue: str, build: str, ramp: Ramp, known: RoutingConfig) -> bool:
    """Take the next step when it is due; whether the last has been held for its time."""
    ours = known.ramping_deployment_version.build_id == build
    share = known.ramping_version_percentage if ours else 0
    if share and await _is_troubled(client, queue, build):
        log.error("something that release %s decides stands still: its %d %% are taken back", build, share)
        await take_back(client)
        return False
    if share and datetime.now(UTC) < known.ramping_version_percentage_changed_time.ToDatetime(UTC) + ramp.every:
        return False
    step = _next(ramp.steps, share)
    if step is None:
        return True
    await _set(client, build, step)
    log.info("release %s has %d %% of what is open and begins, for %s", build, step, ramp.every)
    return False


async def take_back(client: Client) -> None:
    """No release has a share beside the current one."""
    await _set(client, "", 0)


def _next(steps: Iterable[int], share: float) -> int | None:
    return next((step for step in steps if step > share), None)


async def _is_troubled(client: Client, queue: str, build: str) -> bool:
    """Whether the engine reports a problem of something that this release decides; not where it reports none at all."""
    query = TROUBLED.format(queue=queue, version=f"{DEPLOYMENT}:{build}")
    try:
        return (await client.count_workflows(query)).count > 0
    except RPCError as error:
        if error.status != RPCStatusCode.INVALID_ARGUMENT:
            raise
        return False


async def _set(client: Client, build: str, share: int) -> None:
    await client.workflow_service.set_worker_deployment_ramping_version(
        SetWorkerDeploymentRampingVersionRequest(
            namespace=client.namespace,
            deployment_name=DEPLOYMENT,
            build_id=build,
            percentage=share,
            ignore_missing_task_queues=True,
        )
    )
