"""The doctor's look at how long things are kept: whether a store keeps less than the policy says (SOC-1)."""

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from config.company import InvalidFile, load
from config.company import Settings as CompanySettings
from console.check import CheckResult
from domain.company.policy import Policy
from domain.company.policy_retention import RetentionRule
from domain.value.model import format_duration, spoken
from ingress.serve import Settings as IngressSettings


def rule() -> RetentionRule:
    """What the policy says; what is shipped where the policy cannot be read, which is said elsewhere."""
    try:
        return load(CompanySettings().standfast_policy, Policy).retention
    except InvalidFile:
        return RetentionRule()


async def histories(client: Client) -> list[CheckResult]:
    """Whether Temporal keeps closed incidents for as long as the policy says; nothing where it does not tell."""
    try:
        told = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
    except RPCError:
        return []
    kept, wanted = told.config.workflow_execution_retention_ttl.ToTimedelta(), rule().histories
    said = f"closed incidents are kept for {spoken(kept)}"
    if kept >= wanted:
        return [CheckResult(what="histories", said=said)]
    span = format_duration(wanted)
    mend = f"temporal operator namespace update -n {client.namespace} --retention {span}"
    do = f"run `{mend}`, or change retention.histories"
    return [CheckResult(what="histories", state="warn", said=f"{said}; the policy says {span}", do=do)]


def webhooks() -> list[CheckResult]:
    """Whether a setting of this machine lets webhooks go sooner than the policy says."""
    kept, wanted = IngressSettings().standfast_inbox_keep, rule().inbox
    if kept is None or kept >= wanted:
        return []
    said = f"STANDFAST_INBOX_KEEP={format_duration(kept)}, and the policy says {format_duration(wanted)}"
    return [
        CheckResult(
            what="webhooks kept", state="warn", said=said, do="leave the setting out, or change retention.inbox"
        )
    ]
