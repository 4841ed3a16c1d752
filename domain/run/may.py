"""Who may do what: the policy's table, read for one person and one incident."""

from domain.incident.incident import Incident
from domain.procedure.severity import Declare, seconds
from domain.rule.act import IncidentAct
from domain.rule.explain import allowing
from domain.rule.refusal import Refusal
from domain.value.act import WAYS, Act


def forbidden(incident: Incident, act: Act) -> Refusal | None:
    """The refusal for somebody unknown, not proved enough, or whose roles do not allow it; None when they do."""
    return _unknown(incident, act) or _unproved(incident, act) or _without_right(incident, act)


def _unknown(incident: Incident, act: Act) -> Refusal | None:
    """SOC-1: what needs a person takes only people of the catalog; for whom a vendor names, the vendor answers."""
    needs_one = isinstance(act, IncidentAct) and bool(act.label) and not act.anybodys
    if not needs_one or act.via not in WAYS or act.by in incident.catalog.people:
        return None
    return Refusal(f"by: found {act.by!r}, nobody of the catalog; expected {incident.catalog.nearest(act.by)}")


def _unproved(incident: Incident, act: Act) -> Refusal | None:
    """SOC-1: which ways are enough of a proof for an act is the policy's to say."""
    ways = incident.policy.proof.get(act.kind, ())
    if not ways or act.via in ways:
        return None
    return Refusal(
        f"{act.kind.replace('_', ' ')} by {act.via} is not proof enough of who it is; do it by {' or '.join(ways)}"
    )


def _without_right(incident: Incident, act: Act) -> Refusal | None:
    allowed = allowing(incident.policy, type(act))
    if "anyone" in allowed or (isinstance(act, Declare) and seconds(incident, act)):
        return None
    roles = [role for role in allowed if role in incident.policy.roles]
    holders = [incident.holders[role] for role in roles if role in incident.holders]
    if act.by in holders or (not holders and "anyone_if_vacant" in allowed):
        return None
    titles = " or ".join(incident.policy.roles[role].title for role in roles)
    who = ", ".join(map(incident.called, holders)) or "nobody, so take the role first"
    return Refusal(f"only the {titles} may {act.kind.replace('_', ' ')}; that is {who}")
