"""What is answered to an act that cannot be done (any more): how it stands now, or whose act it is."""

from domain.procedure.acknowledgement import Acknowledge
from domain.report.view import View
from domain.rule.act import IncidentAct
from domain.rule.explain import allowing
from ingress.board.frame import PageFrame


def standing(seen: View, frame: PageFrame) -> str:
    """How the incident stands, in a sentence."""
    naming = frame.naming
    commands = f"{naming.person(seen.commander)} commands" if seen.commander else "nobody commands"
    if seen.closed_at:
        return f"It is closed since {seen.closed_at:%d %b %H:%M} UTC."
    if seen.resolved_at:
        return f"It is solved since {seen.resolved_at:%d %b %H:%M} UTC: {seen.summary}"
    if seen.severity:
        return f"It is {seen.severity} and being fought; {commands}."
    if seen.acknowledged_at:
        who = naming.person(seen.roles.get(frame.policy.role("on_call"), "")) or "Somebody"
        return f"{who} is on it since {seen.acknowledged_at:%H:%M} UTC; nobody has said yet how bad it is."
    return "Nobody is on it yet."


def is_over(act: type[IncidentAct], seen: View) -> bool:
    """Whether its time has passed, whoever presses it: the phase is another, or it was answered."""
    answered = act is Acknowledge and seen.acknowledged_at is not None
    return answered or seen.phase not in (act.phases or (seen.phase,)) or seen.phase == "closed"


def may_not(act: type[IncidentAct] | None, seen: View, frame: PageFrame) -> str:
    """Whose act it is, and who that is."""
    if act is None:
        return "There is no such act."
    roles = [role for role in allowing(frame.policy, act) if role in frame.policy.roles]
    if not roles:
        return "You cannot do this here now."
    titles = " or ".join(frame.naming.role(role, seen.role_titles) for role in roles)
    holders = frame.naming.people(dict.fromkeys(seen.roles[role] for role in roles if role in seen.roles))
    return f"“{act.label}” is for the {titles}: {holders or 'nobody yet'}."
