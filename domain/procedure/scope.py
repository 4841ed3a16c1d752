"""SCP-1, SCP-2: what is in scope; it is asked before there is an incident (`domain.alerting.scope`)."""

from domain.company.policy import Policy
from domain.incident.incident import Incident
from domain.rule.clause import Clause
from domain.rule.ruleset import Ruleset


def _in_scope(incident: Incident) -> bool:
    return not incident.policy.alerts.keeps_back(incident.opened.environment)


def _explain_scope(policy: Policy) -> list[str]:
    names, kept = ", ".join(policy.alerts.environments), ", ".join(policy.alerts.not_production)
    return [
        f"Alerts of these environments open nothing, page nobody, and are kept as suppressed: {kept or 'none'}.",
        "So are alerts in a planned maintenance window.",
        f"Production by name: {names}. A word that stands in neither list opens an incident, which says so.",
    ]


SCP_1 = Clause(
    "SCP-1",
    "In scope: production incidents of customer-facing services, internal outages that block "
    "customer-impacting work, security incidents.",
    judged_by="the environment is none that the policy keeps back",
    judge=_in_scope,
)
SCP_2 = Clause(
    "SCP-2",
    "Out of scope: planned maintenance windows and non-production environments. Such alerts open nothing,"
    " page nobody, and are kept as suppressed with the reason, so that an auditor can see them.",
    judged_by="held before there is an incident: what is out of scope opens none",
    explain=_explain_scope,
)
SCP_4 = Clause(
    "SCP-4",
    "What is unknown is in scope: an environment, service or moment that nobody has named opens an incident and"
    " is said; only what the policy names as non-production is kept back.",
    judged_by="held before there is an incident: what nobody has named opens one",
)
RULES = Ruleset(
    clauses=(
        SCP_1,
        SCP_2,
        SCP_4,
    )
)
