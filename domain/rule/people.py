"""Who is called by name in a message: whoever holds a role, may do an act, or could take what is vacant."""

from domain.company.catalog import Person
from domain.company.core_role import CoreRole
from domain.incident.incident import Incident


def holders(incident: Incident, *roles: str) -> tuple[Person, ...]:
    """Who holds these roles of the policy."""
    return incident.people(incident.holders[role] for role in roles if role in incident.holders)


def held_by(incident: Incident, *parts: CoreRole) -> tuple[Person, ...]:
    """Who plays these parts."""
    return holders(incident, *(incident.policy.role(part) for part in parts))


def allowed_to(incident: Incident, act: str) -> tuple[Person, ...]:
    """Who may do an act by the policy; the manager where anybody may."""
    return holders(incident, *incident.policy.may.get(act, ())) or held_by(incident, "manager")


def candidates(incident: Incident, role: str) -> tuple[str, ...]:
    """Whom the team lists for a role, by their ids."""
    team, policy = incident.catalog.teams[incident.service.team], incident.policy
    if role == policy.role("comms"):
        return team.comms
    return team.commanders if role == policy.role("commander") else team.candidates.get(role, ())
