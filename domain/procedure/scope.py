"""SCP-1, SCP-2: what is in scope; it is asked before there is an incident (`domain.alerting.scope`)."""

from domain.rule.clause import Clause
from domain.rule.ruleset import Ruleset

SCP_1 = Clause(
    "SCP-1",
    "In scope: production incidents of customer-facing services, internal outages that block "
    "customer-impacting work, security incidents.",
)
SCP_2 = Clause(
    "SCP-2",
    "Out of scope: planned maintenance windows and non-production environments. Such alerts open nothing,"
    " page nobody, and are kept as suppressed with the reason, so that an auditor can see them.",
)
RULES = Ruleset(
    clauses=(
        SCP_1,
        SCP_2,
    )
)
