"""What somebody may do in an incident now, by phase and person: the acts of its menu, and what else there is to answer.

Today's policy says so, for the menu is read where the incident is not; the incident itself decides, by its own.
"""

from itertools import chain
from typing import Literal

from domain.company.catalog import Catalog
from domain.company.core_role import CORE_ROLES, CoreRole
from domain.company.policy import Policy
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.action_items import AddItem
from domain.procedure.changes import RecordChange
from domain.procedure.data_breach import AnswerBreach
from domain.procedure.evidence import Snooze, WaiveClause
from domain.procedure.findings import Note, PostFinding, WithdrawFinding
from domain.procedure.page_by_hand import PagePerson
from domain.procedure.postmortem import CompletePostmortem, NameCause, WaiveItems
from domain.procedure.relief import Relieve
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.retraction import CloseAs
from domain.procedure.roles import OfferRole, TakeRole
from domain.procedure.severity import Declare
from domain.procedure.status_page import ApproveUpdate, DraftUpdate
from domain.report.view import View
from domain.rule.act import IncidentAct, people_do
from domain.rule.explain import allowing
from domain.value.kind import kind_of

FIRST = 5
"""Acts that a menu begins with; the rest is one press away."""
Acts = tuple[type[IncidentAct], ...]
FIGHT, AFTER, EVER = "While it is fought", "Afterwards", "At any time"
"""When an act is for, as a long menu has it."""
Part = Literal["commander", "on_call", "comms", "manager", ""]
"""What somebody is in an incident; everybody is the last, which is nothing of these."""
LOOKED_AT: dict[Part, Acts] = {
    "commander": (Declare, CloseAs),
    "on_call": (Acknowledge, Declare, OfferRole),
    "": (Acknowledge, Declare, PagePerson, Note),
}
FOUGHT_NOW: dict[Part, Acts] = {
    "commander": (Resolve, RecordChange, Declare, PagePerson, OfferRole, DraftUpdate),
    "on_call": (PostFinding, PagePerson, RecordChange, OfferRole, Snooze),
    "comms": (DraftUpdate, ApproveUpdate, OfferRole, PostFinding),
    "manager": (PagePerson, Declare, WaiveClause),
    "": (PostFinding, Note, PagePerson),
}
OVER: dict[Part, Acts] = {
    "commander": (Reopen, AddItem, NameCause),
    "on_call": (AddItem, NameCause),
    "comms": (Note,),
    "manager": (CompletePostmortem, AnswerBreach, NameCause, WaiveItems, WaiveClause),
    "": (AddItem, Note, Reopen),
}
BEGINS: dict[str, dict[Part, Acts]] = {
    "alerting": LOOKED_AT, "triage": LOOKED_AT, "active": FOUGHT_NOW, "resolved": OVER,
}  # fmt: skip
"""By phase and part, what a menu begins with: what that person most often reaches for then, the first first."""

LATER = frozenset(chain(*OVER.values())) - frozenset(chain(*LOOKED_AT.values(), *FOUGHT_NOW.values()))
"""What a menu begins with only once it is over."""


def offered(
    seen: View, person: str, policy: Policy, catalog: Catalog, *, every: bool = False, usual: bool = False
) -> Acts:
    """Every act of the menu that this person may do now: first what is their part's here, then anybody's, then all.

    `every` adds at the end what is a press in some message elsewhere, where what it is about is there; `usual` leaves
    out what no part of theirs begins with.
    """
    policy = as_opened(seen, policy)
    listed = [act for act in people_do().values() if act.in_menu or (every and getattr(seen, act.there, True))]
    acts = [act for act in sorted(listed, key=lambda act: not act.in_menu) if _fits(act, seen, person)]
    held = _held(seen, person, policy, catalog)
    held |= {policy.role("manager")} if _is_manager(seen, person, policy, catalog) else set()
    parts: list[Part] = [part for part in CORE_ROLES if policy.role(part) in held]
    begins = BEGINS.get(seen.phase, {})
    first = list(dict.fromkeys(act for part in (*parts, "") for act in begins.get(part, ())))
    wanted = [act for act in acts if act in first or not (usual and first)]
    mine = [act for act in wanted if is_allowed(act, seen, person, policy, catalog)]
    return tuple(sorted(mine, key=lambda act: first.index(act) if act in first else len(first)))


def by_phase(acts: Acts) -> dict[str, Acts]:
    """The acts of a long menu by when they are for: the fight, what follows it, or any time."""
    found = {when: tuple(act for act in acts if _when(act) == when) for when in (FIGHT, AFTER, EVER)}
    return {when: some for when, some in found.items() if some}


def _when(act: type[IncidentAct]) -> str:
    if act.phases and "resolved" not in act.phases:
        return FIGHT
    return AFTER if act.phases == ("resolved",) or "items" in act.there or act in LATER else EVER


def _fits(act: type[IncidentAct], seen: View, person: str) -> bool:
    """Whether the phase is one of its own, and whoever can only do it with a role has one."""
    in_phase = seen.phase in act.phases if act.phases else seen.phase != "closed"
    nothing = (act is WithdrawFinding and not seen.findings) or (act is ApproveUpdate and not seen.draft)
    needless = (act is Acknowledge and seen.acknowledged_at) or nothing
    return in_phase and not needless and (not act.of_holders or person in seen.roles.values())


def is_allowed(act: type[IncidentAct], seen: View, person: str, policy: Policy, catalog: Catalog) -> bool:
    """Whether an act is this person's to do, as the incident stands and by its own policy."""
    policy = as_opened(seen, policy)
    held, manages = _held(seen, person, policy, catalog), _is_manager(seen, person, policy, catalog)
    allowed = allowing(policy, act)
    roles = {role for role in allowed if role in policy.roles}
    vacant = "anyone_if_vacant" in allowed and not roles & seen.roles.keys()
    return "anyone" in allowed or vacant or bool(held & roles) or (manages and policy.role("manager") in roles)


def who_may(act: type[IncidentAct], seen: View, policy: Policy, catalog: Catalog) -> tuple[str, ...]:
    """Whose an act is: who holds a role that may, else whom the team lists for one."""
    policy = as_opened(seen, policy)
    roles = [role for role in allowing(policy, act) if role in policy.roles]
    holders = [seen.roles[role] for role in roles if role in seen.roles]
    team = catalog.teams.get(seen.team)
    lists: dict[CoreRole, tuple[str, ...]] = {}
    if team:
        lists = {"commander": team.commanders, "comms": team.comms, "manager": team.managers}
    listed = {policy.role(part): people for part, people in lists.items()}
    return tuple(dict.fromkeys(holders or [one for role in roles for one in listed.get(role, ())]))


def relievable(sent: str, role: str, seen: View, person: str, policy: Policy) -> str:
    """The role that was tried and is another's, who may be relieved of it (WAR-7); empty where that is not so."""
    name = as_opened(seen, policy).role_called(role)
    tried = sent == kind_of(TakeRole) and seen.phase in Relieve.phases
    return name if tried and seen.roles.get(name, person) != person else ""


def as_opened(seen: View, today: Policy) -> Policy:
    """Who may do what by the policy that the incident keeps; today's where nothing is known of that."""
    return today.model_copy(update={"roles": seen.role_rules, "may": seen.may}) if seen.role_rules else today


def _held(seen: View, person: str, policy: Policy, catalog: Catalog) -> set[str]:
    """The roles that somebody has, or takes with the press itself."""
    return {role for role, holder in seen.roles.items() if holder == person} | _listed(seen, person, policy, catalog)


def _listed(seen: View, person: str, policy: Policy, catalog: Catalog) -> set[str]:
    """The vacant roles that their press takes (WAR-3)."""
    team = catalog.teams.get(seen.team)
    names = {policy.role("comms"): team.comms, policy.role("commander"): team.commanders} if team else {}
    vacant = {role: listed for role, listed in names.items() if role in policy.roles and role not in seen.roles}
    return {role for role, listed in vacant.items() if policy.roles[role].by_press and person in listed}


def _is_manager(seen: View, person: str, policy: Policy, catalog: Catalog) -> bool:
    """Whether somebody manages the team, or is its last resort, who stands in for the manager at any time (WAR-7)."""
    team = catalog.teams.get(seen.team)
    if team is None:
        return False
    last = team.levels.get(team.last_resort(policy.ladder))
    return person in team.managers or (last is not None and person in last.everybody)
