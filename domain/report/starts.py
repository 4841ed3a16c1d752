"""What a severity starts, in a line for whoever chooses one: who is woken, how often customers hear (TRI-3)."""

from domain.company.policy import Policy
from domain.procedure.update_clocks import COM_1, COM_2
from domain.value.model import said_span

WAKES = {"at_once": "Wakes the on-call alone", "office_hours": "Wakes nobody at night", "no": "Wakes nobody"}


def starts(policy: Policy, severity: str) -> str:
    """Whom it wakes, and by when customers hear first and again."""
    rule = policy.severities[severity]
    woken = ", ".join(name.replace("_", " ") for name in rule.wake)
    wakes = f"Wakes {woken}" if woken else WAKES[rule.page]
    return f"{wakes}; {_customers(policy, severity)}"


def _customers(policy: Policy, severity: str) -> str:
    if not policy.severities[severity].status_page:
        return "customers read nothing"
    first, again = (rule.span(severity) if (rule := policy.clock(one.id)) else None for one in (COM_1, COM_2))
    spans = (f"in {said_span(first)}" if first else "", f"every {said_span(again)}" if again else "")
    return f"customers hear {', '.join(filter(None, spans)) or 'when somebody writes'}"
