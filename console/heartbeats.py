"""The doctor's look at monitors' heartbeats: whether what the policy waits for is heard (DET-1)."""

from collections.abc import Iterable

from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError

from config.company import InvalidFile, load
from config.company import Settings as CompanySettings
from console.check import CheckResult
from domain.alerting.alert_group import AlertGroup
from domain.alerting.heartbeat import is_of
from domain.alerting.sifting import HeldAlert
from domain.company.alert_rule import Heartbeat
from domain.company.policy import Policy

GROUPS = "WorkflowType = 'AlertGroup' AND TaskQueue = '{queue}' AND ExecutionStatus = 'Running'"
LOOKED_AT = 200
"""Groups of alerts that are asked; few have heartbeats, and those that have are never over."""


async def heartbeats(client: Client, queue: str) -> list[CheckResult]:
    """One result for each heartbeat of the policy; nothing where it names none, or cannot be read."""
    try:
        wanted = load(CompanySettings().standfast_policy, Policy).alerts.heartbeats
    except InvalidFile:
        return []
    held = [one for group in await _groups(client, queue) for one in group.heartbeats.values()] if wanted else []
    return [heard(one, held) for one in wanted]


def heard(beat: Heartbeat, held: Iterable[HeldAlert]) -> CheckResult:
    """Whether a heartbeat is among those that are waited for; one that never came is missed by nobody else."""
    what, until = f"heartbeat {beat.name} of {beat.door}", [one.until for one in held if is_of(one.alert, beat)]
    if until:
        return CheckResult(what=what, said=f"heard; its silence wakes somebody at {min(until):%d %b %H:%M:%S} UTC")
    do = "see that its route names Standfast's webhook, and `standfast inbox list`"
    return CheckResult(what=what, state="warn", said="not heard: it never was, or it is silent now", do=do)


async def _groups(client: Client, queue: str) -> list[AlertGroup]:
    """The groups of alerts that answer."""
    found = []
    async for one in client.list_workflows(GROUPS.format(queue=queue), limit=LOOKED_AT):
        try:
            found.append(await client.get_workflow_handle(one.id).query("watch", result_type=AlertGroup))
        except (RPCError, WorkflowQueryFailedError):
            continue
    return found
