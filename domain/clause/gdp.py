"""GDP: was personal data breached, and the 72 hours of GDPR Article 33."""

from domain.act import AnswerBreach
from domain.event import What
from domain.incident import Incident
from domain.refusal import Refusal
from domain.what.closed import BreachAnswered


def answer_breach(incident: Incident, act: AnswerBreach) -> tuple[What, ...] | Refusal:
    """GDP-1: an answer with its reason; a later one replaces it, a yes is never taken back silently."""
    if incident.breach and incident.breach.breach == act.breach:
        return Refusal(f"it was answered {'yes' if act.breach else 'no'} already: {incident.breach.reason}")
    aware_at = act.aware_at or act.at or incident.events[-1].at
    return (BreachAnswered(breach=act.breach, reason=act.reason, aware_at=aware_at),)
