"""What somebody may do in an incident now: the acts of its menu, by phase and person.

Today's policy says so, for the menu is read where the incident is not; the incident itself decides, by its own.
"""

from domain.company.catalog import Catalog
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
    held = {role for role, holder in seen.roles.items() if holder == person} | _listed(seen, person, policy, catalog)
    parts = {part for part in ("commander", "on_call", "comms", "manager") if policy.role(part) in held}
    mine = [act for act in acts if _may(act, seen, held, _is_manager(seen, person, catalog), policy)]
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


def _may(act: type[IncidentAct], seen: View, held: set[str], manages: bool, policy: Policy) -> bool:
    allowed = allowing(policy, act)
    roles = {role for role in allowed if role in policy.roles}
    vacant = "anyone_if_vacant" in allowed and not roles & seen.roles.keys()
    return "anyone" in allowed or vacant or bool(held & roles) or (manages and policy.role("manager") in roles)


def _listed(seen: View, person: str, policy: Policy, catalog: Catalog) -> set[str]:
    """The vacant roles that their press takes (WAR-3)."""
    team = catalog.teams.get(seen.team)
    names = {policy.role("comms"): team.comms, policy.role("commander"): team.commanders} if team else {}
    vacant = {role: listed for role, listed in names.items() if role in policy.roles and role not in seen.roles}
    return {role for role, listed in vacant.items() if policy.roles[role].by_press and person in listed}


def _is_manager(seen: View, person: str, catalog: Catalog) -> bool:
    """Whether somebody manages the team, in whatever role they are there."""
    return seen.team in catalog.teams and person in catalog.teams[seen.team].managers
