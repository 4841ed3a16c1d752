"""The way out of a refusal: the command that would help whoever was refused."""

from client.port import IncidentClient, NotTaken, Unanswered
from config.company import Company, Settings
from console.ending import Ending
from domain.procedure.resolution import Reopen
from domain.report.offer import is_allowed, relievable, who_may
from domain.report.view import View
from domain.rule.act import IncidentAct
from domain.rule.explain import allowing
from domain.value.act import Act


async def way(link: IncidentClient, incident: str, act: Act) -> str:
    """What may be done instead; empty where this house does not know."""
    if not isinstance(act, IncidentAct):
        return ""
    try:
        return _instead(act, await link.view(incident), Company(Settings()))
    except (Ending, NotTaken, Unanswered, OSError):
        return ""


def _instead(sent: IncidentAct, seen: View, company: Company) -> str:
    policy, catalog, act, by = company.policy, company.catalog, type(sent), sent.by
    if by not in catalog.people:
        return ""
    if act.phases and seen.phase not in act.phases:
        over = seen.phase in Reopen.phases
        return f"Not over after all: standfast reopen {seen.id} REASON" if over else f"See: standfast show {seen.id}"
    if role := relievable(sent.kind, getattr(sent, "role", ""), seen, by, policy):
        return f"Whoever is absent is relieved: standfast role relieve {seen.id} {role} REASON"
    if is_allowed(act, seen, by, policy, catalog):
        return ""
    roles = [role for role in allowing(policy, act) if role in policy.roles]
    if vacant := next((role for role in roles if role not in seen.roles), ""):
        return f"Take the role first: standfast role take {seen.id} {vacant}"
    others = " or ".join(map(catalog.short, who_may(act, seen, policy, catalog)))
    return f"Ask {others}; of whoever is absent, take it back: standfast role relieve {seen.id} {roles[0]} REASON"
