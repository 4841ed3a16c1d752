"""What somebody may do in an incident now: the acts of its menu, by phase and person.

Today's policy says so, for the menu is read where the incident is not; the incident itself decides, by its own.
"""

from domain.company.catalog import Catalog
from domain.company.core_role import CoreRole
from domain.company.policy import Policy
from domain.procedure.acknowledgement import Acknowledge
from domain.report.view import View
from domain.rule.act import IncidentAct, people_do
from domain.rule.explain import allowing

FIRST = 5
"""Acts that a menu begins with."""
Acts = tuple[type[IncidentAct], ...]


def offered(seen: View, person: str, policy: Policy, catalog: Catalog) -> Acts:
    """Every act of the menu that this person may do now, those first that are usual here."""
    acts = [act for act in people_do().values() if act.in_menu and _fits(act, seen, person)]
    held = _held(seen, person, policy, catalog)
    parts = {part for part in ("commander", "on_call", "comms", "manager") if policy.role(part) in held}
    mine = [act for act in acts if is_allowed(act, seen, person, policy, catalog)]
    return tuple(sorted(mine, key=lambda act: (seen.phase not in act.main_in, act.usually not in parts)))


def main(acts: Acts, seen: View) -> Acts:
    """Those that the menu begins with; the rest is one press away."""
    first = tuple(act for act in acts if seen.phase in act.main_in)
    return first[:FIRST] or acts[:FIRST]


def _fits(act: type[IncidentAct], seen: View, person: str) -> bool:
    """Whether the phase is one of its own, and whoever can only do it with a role has one."""
    in_phase = seen.phase in act.phases if act.phases else seen.phase != "closed"
    answered = act is Acknowledge and seen.acknowledged_at is not None
    return in_phase and not answered and (not act.of_holders or person in seen.roles.values())


def is_allowed(act: type[IncidentAct], seen: View, person: str, policy: Policy, catalog: Catalog) -> bool:
    """Whether an act is this person's to do, as the incident stands."""
    held, manages = _held(seen, person, policy, catalog), _is_manager(seen, person, catalog)
    allowed = allowing(policy, act)
    roles = {role for role in allowed if role in policy.roles}
    vacant = "anyone_if_vacant" in allowed and not roles & seen.roles.keys()
    return "anyone" in allowed or vacant or bool(held & roles) or (manages and policy.role("manager") in roles)


def who_may(act: type[IncidentAct], seen: View, policy: Policy, catalog: Catalog) -> tuple[str, ...]:
    """Whose an act is: who holds a role that may, else whom the team lists for one."""
    roles = [role for role in allowing(policy, act) if role in policy.roles]
    holders = [seen.roles[role] for role in roles if role in seen.roles]
    team = catalog.teams.get(seen.team)
    lists: dict[CoreRole, tuple[str, ...]] = {}
    if team:
        lists = {"commander": team.commanders, "comms": team.comms, "manager": team.managers}
    listed = {policy.role(part): people for part, people in lists.items()}
    return tuple(dict.fromkeys(holders or [one for role in roles for one in listed.get(role, ())]))


def _held(seen: View, person: str, policy: Policy, catalog: Catalog) -> set[str]:
    """The roles that somebody has, or takes with the press itself."""
    return {role for role, holder in seen.roles.items() if holder == person} | _listed(seen, person, policy, catalog)


def _listed(seen: View, person: str, policy: Policy, catalog: Catalog) -> set[str]:
    """The vacant roles that their press takes (WAR-3)."""
    team = catalog.teams.get(seen.team)
    names = {policy.role("comms"): team.comms, policy.role("commander"): team.commanders} if team else {}
    vacant = {role: listed for role, listed in names.items() if role in policy.roles and role not in seen.roles}
    return {role for role, listed in vacant.items() if policy.roles[role].by_press and person in listed}


def _is_manager(seen: View, person: str, catalog: Catalog) -> bool:
    """Whether somebody manages the team, in whatever role they are there."""
    return seen.team in catalog.teams and person in catalog.teams[seen.team].managers
