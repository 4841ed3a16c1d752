"""Who may do what: the policy's table, read for one person and one incident."""

from domain.incident.incident import Incident
from domain.incident.tenure import is_vacant
from domain.procedure.severity import Declare, is_anybodys
from domain.rule.act import IncidentAct
from domain.rule.deputies import stands_in
from domain.rule.explain import allowing
from domain.rule.people import candidates
from domain.rule.refusal import Refusal
from domain.value.act import WAYS, Act


def forbidden(incident: Incident, act: Act) -> Refusal | None:
    """The refusal for somebody unknown, not proved enough, or whose roles do not allow it; None when they do."""
    return _unknown(incident, act) or _unproved(incident, act.kind, act.via) or _without_right(incident, act)


def is_theirs(incident: Incident, kind: str, by: str, via: str) -> bool:
    """Whether somebody of the company tried an act of a kind themselves, and the way is proof enough of that."""
    person = incident.catalog.people.get(by)
    return via in WAYS and person is not None and not person.left and not _unproved(incident, kind, via)


def _unknown(incident: Incident, act: Act) -> Refusal | None:
    """SOC-1: what needs a person takes only people of the catalog; for whom a vendor names, the vendor answers."""
    person = incident.catalog.people.get(act.by)
    if person and person.left and act.via in WAYS:
        return Refusal(f"{person.name} has left the company")
    needs_one = isinstance(act, IncidentAct) and bool(act.label) and not act.anybodys
    if not needs_one or act.via not in WAYS or person:
        return None
    near = incident.catalog.near(act.by)
    meant = f"Did you mean {near.id} ({near.name})?" if near else f"There are {', '.join(incident.catalog.people)}."
    return Refusal(f"nobody is called {act.by!r}. {meant} Nothing was counted")


def _unproved(incident: Incident, kind: str, via: str) -> Refusal | None:
    """SOC-1: which ways are enough of a proof for an act is the policy's to say."""
    ways = incident.policy.proof.get(kind, ())
    if not ways or via in ways:
        return None
    return Refusal(f"{kind.replace('_', ' ')} by {via} is not proof enough of who it is; do it by {' or '.join(ways)}")


def taken_by(incident: Incident, act: Act) -> str:
    """WAR-3: the vacant role that a press takes of whom the team lists for it, where the act is that role's first.

    Who is asked to publish because they are listed must not be told first to take the role.
    """
    allowed = allowing(incident.policy, type(act))
    roles = [role for role in allowed if role in incident.policy.roles]
    own = act.by in (incident.holders.get(role) for role in roles)
    if own or {"anyone", "anyone_if_vacant"} & {*allowed} or act.via not in WAYS:
        return ""
    first = next(iter(roles), "")
    takes = bool(first) and incident.policy.roles[first].by_press and act.by in candidates(incident, first)
    return first if takes and is_vacant(incident, first) else ""


def _without_right(incident: Incident, act: Act) -> Refusal | None:
    if taken_by(incident, act):
        return None
    allowed = allowing(incident.policy, type(act))
    if "anyone" in allowed or (isinstance(act, Declare) and is_anybodys(incident, act)):
        return None
    roles = [role for role in allowed if role in incident.policy.roles]
    holders = [incident.holders[role] for role in roles if role in incident.holders]
    vacant = all(is_vacant(incident, role) for role in roles)
    if act.by in holders or (vacant and "anyone_if_vacant" in allowed) or stands_in(incident, act):
        return None
    titles = " or ".join(incident.policy.roles[role].title for role in roles)
    who = " or ".join(dict.fromkeys(map(incident.catalog.short, holders)))
    if not who:
        return Refusal(f"only the {titles} may {_deed(act)}, and nobody is that yet: take the role first")
    return Refusal(f"only {who} may {_deed(act)}, as {titles}")


def _deed(act: Act) -> str:
    """What was tried, in a sentence about rights."""
    said = (act.deed or act.label) if isinstance(act, IncidentAct) else ""
    return f"{said[:1].lower()}{said[1:]}" or act.kind.replace("_", " ")
