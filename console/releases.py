"""The doctor's look at releases: which is current, which has a share, and which runs and waits to be current."""

from collections.abc import Container
from datetime import UTC, datetime

from temporalio.api.deployment.v1 import RoutingConfig
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.poller import pollers
from console.check import CheckResult
from workflows.override import SET_CURRENT
from workflows.ramp import routing
from workflows.rollout import was_current

UNKNOWN = frozenset({RPCStatusCode.NOT_FOUND, RPCStatusCode.UNIMPLEMENTED})
"""What a server says that knows no release of ours, or is too old for any."""


async def releases(client: Client, queue: str) -> list[CheckResult]:
    """What the engine says of the releases whose workers live; nothing where it knows of none."""
    try:
        return await _asked(client, queue)
    except RPCError as error:
        if error.status in UNKNOWN:
            return []
        do = "run `standfast doctor` again in a moment"
        return [CheckResult(what="release", state="warn", said=f"could not be asked: {error.message}"[:500], do=do)]


async def _asked(client: Client, queue: str) -> list[CheckResult]:
    now, known = datetime.now(UTC), await routing(client)
    living = {one.build for one in await pollers(client, queue) if one.build and one.lives(now)}
    idle = [build for build in sorted(living) if not _has_work(known, build)]
    waiting = [build for build in idle if not await was_current(client, build)]
    return [_current(known, living), *_share(known, living), *(_waits(build) for build in waiting)]


def _has_work(known: RoutingConfig, build: str) -> bool:
    return build in (known.current_deployment_version.build_id, known.ramping_deployment_version.build_id)


def _current(known: RoutingConfig, living: set[str]) -> CheckResult:
    """The release that takes what begins now."""
    build = known.current_deployment_version.build_id
    if build in living:
        return CheckResult(what="release", said=f"{build} is current")
    said = f"{build} is current and no worker runs it" if build else "none is current"
    do = "start `standfast worker`: its release becomes current, and what is open goes on with it"
    return CheckResult(what="release", state="failed", said=f"{said}: no new incident is decided", do=do)


def _share(known: RoutingConfig, living: Container[str]) -> list[CheckResult]:
    """The release that takes some of what begins now, on its way to all of it."""
    build, share = known.ramping_deployment_version.build_id, known.ramping_version_percentage
    if not build:
        return []
    since = known.ramping_version_percentage_changed_time.ToDatetime(UTC)
    said = f"{build} has {share:g} % of what is open and begins, since {since:%d %b %H:%M:%S} UTC"
    if build in living:
        return [CheckResult(what="release", said=said)]
    do = "a worker of the current release takes it back within a minute; `standfast worker` of either release helps"
    return [CheckResult(what="release", state="failed", said=f"{said}, and no worker runs it", do=do)]


def _waits(build: str) -> CheckResult:
    """A release that runs, has never been current, and takes nothing."""
    do = f"its worker's log says why, or it is about to be current. To make it so: `{SET_CURRENT.format(build=build)}`"
    return CheckResult(what="release", state="warn", said=f"{build} runs, and is given nothing to decide", do=do)
