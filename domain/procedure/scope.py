"""SCP-1, SCP-2: what is in scope; it is asked before there is an incident (`domain.alerting.scope`)."""

from domain.company.policy import Policy
from domain.incident.incident import Incident
from domain.rule.clause import Clause
from domain.rule.ruleset import Ruleset


def _in_scope(incident: Incident) -> bool:
    return incident.opened.environment.lower() in incident.policy.alerts.environments


def _explain_scope(policy: Policy) -> list[str]:
    names = ", ".join(policy.alerts.environments)
    return [
        f"Alerts open incidents only in these environments: {names}.",
        "Others, and alerts in a planned maintenance window, open nothing, page nobody, and are kept as suppressed.",
    ]


SCP_1 = Clause(
    "SCP-1",
    "In scope: production incidents of customer-facing services, internal outages that block "
    "customer-impacting work, security incidents.",
    judged_by="the environment is a production one of the policy",
    judge=_in_scope,
)
SCP_2 = Clause(
    "SCP-2",
    "Out of scope: planned maintenance windows and non-production environments. Such alerts open nothing,"
    " page nobody, and are kept as suppressed with the reason, so that an auditor can see them.",
    judged_by="held before there is an incident: what is out of scope opens none",
    explain=_explain_scope,
)
RULES = Ruleset(
    clauses=(
        SCP_1,
        SCP_2,
    )
)
