"""Who may do what: the policy's table, read for one person and one incident."""

from domain.incident.incident import Incident
from domain.procedure.severity import Declare, seconds
from domain.rule.refusal import Refusal
from domain.value.act import Act


def forbidden(incident: Incident, act: Act) -> Refusal | None:
    """The refusal for a person whose roles do not allow this act; None when they do."""
    allowed = incident.policy.may.get(act.kind, ("anyone",))
    if "anyone" in allowed or (isinstance(act, Declare) and seconds(incident, act)):
        return None
    roles = [role for role in allowed if role in incident.policy.roles]
    holders = [incident.holders[role] for role in roles if role in incident.holders]
    if act.by in holders or (not holders and "anyone_if_vacant" in allowed):
        return None
    titles = " or ".join(incident.policy.roles[role].title for role in roles)
    who = ", ".join(map(incident.called, holders)) or "nobody, so take the role first"
    return Refusal(f"only the {titles} may {act.kind.replace('_', ' ')}; that is {who}")
